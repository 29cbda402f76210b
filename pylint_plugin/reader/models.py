"""Keras models: how they are made, grown, built and copied."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from astroid import nodes

from pylint_plugin.facts import Place, Reset, Train
from pylint_plugin.places import UNKNOWN, Called, Loop, Step, Unknown
from pylint_plugin.reader.functions import unknown_model
from pylint_plugin.reader.layers import first_of, told_with
from pylint_plugin.reader.machine import Machine
from pylint_plugin.reader.operators import through
from pylint_plugin.reader.snapshot import model_of
from pylint_plugin.reader.values import (
    NONE,
    NOTHING,
    Args,
    Const,
    OneOf,
    Ref,
    SomeLayer,
    Tensor,
    Tup,
    Value,
    is_none,
)

# A model of more layers is not followed to its end: what it does is unknown by then.
_LAYERS = 200


def make_model(machine: Machine, name: str, args: Args, node: nodes.NodeNG) -> Value:
    """Make a model from the call of a library class or function."""
    if name == "keras.Sequential":
        this = machine.new("model", node, "sequential")
    elif name == "keras.Model":
        this = machine.new("model", node, "functional")
    else:
        return unknown_model(machine, node)
    init_model(machine, this, args, node)
    return this


def init_model(machine: Machine, this: Ref, args: Args, node: nodes.NodeNG) -> None:
    """Do what the `__init__` of Sequential or Model does."""
    if machine.made[this.uid].kind == "sequential":
        given = args.get("layers", 0)
        items = machine.listed(given)
        if isinstance(given, Ref) and given.kind == "list" and items is None:
            machine.store.put(this.uid, "#layers", Tup(machine.held(given)))
            machine.store.put(this.uid, "#complete", Const(False))
        elif (items is None and not is_none(given)) or args.opaque:
            machine.store.put(this.uid, "#complete", Const(False))
        else:
            _put_layers(machine, this, items or (), node)
        return
    outputs = args.get("outputs", 1) or args.get("output")
    inputs = args.get("inputs", 0) or args.get("input")
    if outputs is None and inputs is None:
        return
    made = machine.made[this.uid]
    if made.cls is not None:
        machine.made[this.uid] = replace(made, kind="functional")
    passed = tuple(machine.held(outputs)) or ((outputs,) if outputs is not None else ())
    tensor = through(machine, passed, straight=True)
    layers: list[Value] = list(tensor.layers)
    entries = tuple(machine.held(inputs)) or ((inputs,) if inputs is not None else ())
    for each in entries:
        if isinstance(each, Tensor):
            layers += [layer for layer in each.layers if layer not in layers]
    machine.store.put(this.uid, "#layers", Tup(tuple(layers)))
    if not tensor.known or args.opaque or not passed:
        machine.store.put(this.uid, "#complete", Const(False))
    if not tensor.straight:
        machine.store.put(this.uid, "#bent", Const(True))


def _place(
    machine: Machine, this: Ref, item: Value, node: nodes.NodeNG, first: bool | Unknown
) -> None:
    """Record that a layer is put into a Sequential."""
    if not isinstance(item, Ref) or item.kind != "layer":
        return
    made = {step.uid for step in machine.made[this.uid].path if isinstance(step, Loop)}
    again = any(isinstance(step, Loop) and step.uid not in made for step in machine.path)
    if (first is True and again) or (first is False and not _is_followed(machine, this)):
        first = UNKNOWN
    machine.events.append(
        Place(
            site=machine.site(node),
            path=machine.path,
            layers=told_with(machine, item),
            first=first,
            model=this.uid,
        )
    )


def _is_followed(machine: Machine, this: Ref) -> bool:
    """Whether a layer surely stands in a Sequential: not only one of a loop that may not run."""
    around = set(machine.path)

    def runs(step: Step) -> bool:
        once = isinstance(step, Loop) and step.times not in {0, UNKNOWN}
        return step in around or once or isinstance(step, Called)

    return any(
        isinstance(each, Place) and each.model == this.uid and all(map(runs, each.path))
        for each in machine.events
    )


def _put_layers(machine: Machine, this: Ref, items: tuple[Value, ...], node: nodes.NodeNG) -> None:
    flat: list[Value] = []
    for item in items:
        flat += item.layers[-1:] if isinstance(item, Tensor) else [item]
    machine.store.put(this.uid, "#layers", Tup(tuple(flat)))
    for index, each in enumerate(flat):
        _place(machine, this, each, node, first=index == 0)


def _add(machine: Machine, this: Ref, args: Args, node: nodes.NodeNG) -> Value:
    item = args.get("layer", 0)
    before = machine.store.get(this.uid, "#layers") or Tup()
    rows = before.values if isinstance(before, OneOf) else (before,)
    longest = max(len(machine.held(row)) for row in rows)
    if item is None or args.opaque or longest >= _LAYERS:
        machine.store.put(this.uid, "#complete", Const(False))
        return NONE
    if isinstance(item, Tensor):
        item = item.layers[-1] if item.layers else NOTHING
    counts = {len(machine.held(row)) for row in rows}
    known = machine.store.get(this.uid, "#complete") is None
    first = False if 0 not in counts else UNKNOWN if len(counts) > 1 or not known else True
    _place(machine, this, item, node, first)
    grown = tuple(Tup((*row.items, item)) if isinstance(row, Tup) else row for row in rows)
    machine.store.put(this.uid, "#layers", grown[0] if len(grown) == 1 else OneOf(grown))
    return NONE


def _pop(machine: Machine, this: Ref, args: Args, node: nodes.NodeNG) -> Value:
    before = machine.store.get(this.uid, "#layers")
    if isinstance(before, Tup):
        machine.store.put(this.uid, "#layers", Tup(before.items[:-1]))
    else:
        machine.store.put(this.uid, "#complete", Const(False))
    return NOTHING


def _build(machine: Machine, this: Ref, args: Args, node: nodes.NodeNG) -> Value:
    shape = args.get("input_shape", 0) or args.get("batch_input_shape")
    if isinstance(shape, Ref | Tup):
        first = first_of(machine, shape)
        machine.store.put(this.uid, "#built", NOTHING if first is UNKNOWN else Const(first))
    else:
        machine.store.put(this.uid, "#built", NOTHING)
    return NONE


def _reset(name: str) -> Callable[[Machine, Ref, Args, nodes.NodeNG], Value]:
    def run(machine: Machine, this: Ref, args: Args, node: nodes.NodeNG) -> Value:
        reset(machine, this, node, name)
        return NONE

    return run


def reset(
    machine: Machine,
    model: Ref | None,
    node: nodes.NodeNG,
    name: str,
    layer: bool = False,
    argument: bool = False,
) -> None:
    """Record a reset of a model, by its own method or by a layer's."""
    machine.events.append(
        Reset(
            site=machine.site(node),
            path=machine.path,
            model=None if model is None else model_of(machine, model),
            name=name,
            of="layer" if layer else "guard" if name.startswith("keras_") else "model",
            argument=argument,
            generator=machine.generator > 0,
        )
    )


def _some_layer(machine: Machine, this: Ref, args: Args, node: nodes.NodeNG) -> Value:
    return SomeLayer(this)


def _unchanged(machine: Machine, this: Ref, args: Args, node: nodes.NodeNG) -> Value:
    return NONE


def call_model(machine: Machine, this: Ref, args: Args, node: nodes.NodeNG) -> Value:
    """Call a model: on tensors it is a layer of a larger one, under a tape a training step."""
    passed = args.positional[:1]
    items = machine.held(passed[0]) if passed else ()
    if any(isinstance(each, Tensor) for each in items or passed):
        before = through(machine, items or passed, straight=True)
        return Tensor(
            (*(x for x in before.layers if x != this), this), before.known, before.straight
        )
    if machine.tape:
        machine.events.append(
            Train(
                site=machine.site(node),
                path=machine.path,
                model=model_of(machine, this),
                data=machine.data(passed[0] if passed else None),
                name="GradientTape",
            )
        )
    return machine.fresh(*args.all())


METHODS: Mapping[str, Callable[[Machine, Ref, Args, nodes.NodeNG], Value]] = {
    "add": _add,
    "pop": _pop,
    "build": _build,
    "reset_states": _reset("reset_states"),
    "reset_state": _reset("reset_state"),
    "get_layer": _some_layer,
    "compile": _unchanged,
    "summary": _unchanged,
    "load_weights": _unchanged,
    "save_weights": _unchanged,
    "set_weights": _unchanged,
    "save": _unchanged,
}
