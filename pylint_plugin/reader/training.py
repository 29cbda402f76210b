"""Calls that train or use a model: fit and its old names, evaluate, predict, steps by hand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

from astroid import nodes

from pylint_plugin.facts import Data, DataKind, Fit, Run, Train
from pylint_plugin.places import UNKNOWN, Unknown
from pylint_plugin.reader.callbacks import callbacks_of, of_sequence
from pylint_plugin.reader.classes import find, role
from pylint_plugin.reader.functions import call_function, run_generator
from pylint_plugin.reader.machine import Machine
from pylint_plugin.reader.snapshot import model_of
from pylint_plugin.reader.values import (
    NOTHING,
    Args,
    Func,
    Gen,
    OneOf,
    Ref,
    Value,
    blend,
    integer,
    is_none,
    scalar,
)

_NESTING = 3
Handler: TypeAlias = Callable[[Machine, Ref, Args, nodes.NodeNG], Value]


def as_data(
    machine: Machine, value: Value | None, node: nodes.NodeNG, depth: int = _NESTING
) -> Data:
    """Give what is known of the data passed to a call; generators are run once, as Keras draws."""
    if value is None:
        return NOTHING
    if isinstance(value, Gen):
        run_generator(machine, value, node, feeding=True)
        return Data("generator", varies=blend(*value.args.all()).varies)
    if isinstance(value, Ref) and value.kind == "instance":
        cls = machine.made[value.uid].cls
        if cls is not None and role(cls) == "sequence":
            _draw(machine, value, node)
            return Data("sequence")
        return NOTHING
    items = machine.listed(value)
    if items and depth > 0:
        parts = [as_data(machine, item, node, depth - 1) for item in items]
        known = blend(*parts)
        arrays = isinstance(value, Ref) or all(part.kind == "array" for part in parts)
        kind: DataKind = "array" if arrays else "unknown"
        windows = frozenset(w for part in parts for w in part.windows)
        return Data(kind, parts[0].shape, known.shuffles, windows, varies=known.varies)
    return machine.data(value)


def _draw(machine: Machine, sequence: Ref, node: nodes.NodeNG) -> None:
    cls = machine.made[sequence.uid].cls
    found = find(machine, cls, "__getitem__") if cls is not None else None
    if isinstance(found, Func):
        machine.generator += 1
        call_function(machine, found, Args((NOTHING,)), node, sequence)
        machine.generator -= 1


def _count(value: Value | None) -> int | Unknown | None:
    return None if is_none(value) else integer(value)


def _given(machine: Machine, value: Value | None, node: nodes.NodeNG) -> Data | Unknown | None:
    if is_none(value):
        return None
    if isinstance(value, OneOf) and any(is_none(each) for each in value.values):
        return UNKNOWN
    data = as_data(machine, value, node)
    return UNKNOWN if data.default is None else data


def _epochs(args: Args, position: int) -> int | Unknown | Data | None:
    value = args.get("epochs", position)
    if value is None:
        value = args.get("nb_epoch")
    start = args.get("initial_epoch")
    if start is not None and not is_none(start):
        first, last = integer(start), integer(value)
        return last - first if isinstance(first, int) and isinstance(last, int) else 1
    return value if isinstance(value, Data) else _count(value)


def _targets(value: Value | None) -> bool | Unknown:
    if is_none(value):
        return False
    return (
        UNKNOWN
        if isinstance(value, OneOf) or (isinstance(value, Data) and value.default is None)
        else True
    )


def _fit(machine: Machine, this: Ref, args: Args, node: nodes.NodeNG) -> Value:
    shuffle = args.get("shuffle", 8)
    order = None if shuffle is None else scalar(shuffle)
    split = args.get("validation_split", 6)
    share = None if split is None else scalar(split)
    targets = args.get("y", 1)
    data = as_data(machine, args.get("x", 0), node)
    labels = as_data(machine, targets, node)
    validation = _given(machine, args.get("validation_data", 7), node)
    machine.events.append(
        Fit(
            site=machine.site(node),
            path=machine.path,
            model=model_of(machine, this),
            data=_with(data, labels),
            targets=_targets(targets),
            batch_size=_count(args.get("batch_size", 2)),
            epochs=_epochs(args, 3),
            shuffle=order if isinstance(order, bool | str | Unknown) or order is None else UNKNOWN,
            callbacks=callbacks_of(machine, args.get("callbacks", 5), this, node)
            + of_sequence(machine, args.get("x", 0), this, node),
            validation=validation,
            validation_split=share
            if isinstance(share, float | int | Unknown) or share is None
            else UNKNOWN,
            validation_batch_size=_count(args.get("validation_batch_size")),
            opaque=args.opaque,
        )
    )
    return machine.fresh()


def _with(data: Data, labels: Data) -> Data:
    varies = data.varies | labels.varies
    shuffles = data.shuffles | labels.shuffles if data.kind == "unknown" else data.shuffles
    return Data(
        data.kind,
        data.shape,
        shuffles,
        data.windows,
        data.batches,
        varies,
        data.default,
    )


def _fit_generator(machine: Machine, this: Ref, args: Args, node: nodes.NodeNG) -> Value:
    shuffle = args.get("shuffle", 11)
    order = None if shuffle is None else scalar(shuffle)
    data = as_data(machine, args.get("generator", 0), node)
    machine.events.append(
        Fit(
            site=machine.site(node),
            path=machine.path,
            model=model_of(machine, this),
            data=data,
            epochs=_epochs(args, 2),
            shuffle=order if isinstance(order, bool | str | Unknown) or order is None else UNKNOWN,
            callbacks=callbacks_of(machine, args.get("callbacks", 4), this, node)
            + of_sequence(machine, args.get("generator", 0), this, node),
            validation=_given(machine, args.get("validation_data", 5), node),
            opaque=args.opaque,
            name="fit_generator",
        )
    )
    return machine.fresh()


def _run(name: str, size: int | None, callbacks: int) -> Handler:
    def run(machine: Machine, this: Ref, args: Args, node: nodes.NodeNG) -> Value:
        data = as_data(machine, args.get("x", 0), node)
        machine.events.append(
            Run(
                site=machine.site(node),
                path=machine.path,
                model=model_of(machine, this),
                data=data,
                name=name,
                batch_size=_count(args.get("batch_size", size)),
                callbacks=callbacks_of(machine, args.get("callbacks", callbacks), this, node),
                opaque=args.opaque,
            )
        )
        return (
            Data("array", varies=machine.fresh().varies)
            if name.startswith("predict")
            else machine.fresh()
        )

    return run


def _train(machine: Machine, this: Ref, args: Args, node: nodes.NodeNG) -> Value:
    data = _with(machine.data(args.get("x", 0)), machine.data(args.get("y", 1)))
    machine.events.append(
        Train(site=machine.site(node), path=machine.path, model=model_of(machine, this), data=data)
    )
    return machine.fresh()


def _plain(machine: Machine, this: Ref, args: Args, node: nodes.NodeNG) -> Value:
    return machine.fresh(*args.all())


METHODS: Mapping[str, Handler] = {
    "fit": _fit,
    "fit_generator": _fit_generator,
    "evaluate": _run("evaluate", 2, 6),
    "predict": _run("predict", 1, 4),
    "predict_classes": _run("predict", 1, 99),
    "predict_proba": _run("predict", 1, 99),
    "evaluate_generator": _run("evaluate", None, 99),
    "predict_generator": _run("predict", None, 99),
    "train_on_batch": _train,
    "test_on_batch": _plain,
    "predict_on_batch": _plain,
}
