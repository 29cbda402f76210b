"""Arrays and frames: which calls keep their order, permute it, or cut them into windows."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TypeAlias

from astroid import nodes

from pylint_plugin.facts import Batches, Data, DataKind, Shuffle, Windows
from pylint_plugin.places import UNKNOWN, Unknown
from pylint_plugin.reader.machine import Machine
from pylint_plugin.reader.values import (
    NONE,
    NOTHING,
    Args,
    Const,
    Ref,
    Tup,
    Value,
    blend,
    integer,
    scalar,
)

Handler: TypeAlias = Callable[[Machine, Args, nodes.Call], Value]


def dimensions(machine: Machine, shape: Value | None) -> tuple[int | None, ...] | None:
    """Give the sizes of a shape argument; None in place of those that are not known."""
    if isinstance(shape, Const) and isinstance(shape.value, int):
        return (shape.value,)
    items = machine.listed(shape)
    if items is None:
        return None
    sizes = [integer(item) for item in items]
    return tuple(size if isinstance(size, int) and size >= 0 else None for size in sizes)


def reshaped(machine: Machine, data: Data, shape: tuple[int | None, ...] | None) -> Data:
    """Give data in another shape; windows stay where the second dimension still is their length."""
    steps = shape[1] if shape is not None and len(shape) > 1 else None
    windows = frozenset(each for each in data.windows if steps == each.length)
    kind: DataKind = "array" if data.kind in {"array", "frame"} else data.kind
    if shape and shape[0] is None and data.shape and len(data.shape) == len(shape):
        shape = (
            data.rows
            if None not in data.shape[1:] + shape[1:] and data.shape[1:] == shape[1:]
            else None,
            *shape[1:],
        )
    shuffles = frozenset() if _cut(data.shape, shape) else data.shuffles
    return Data(kind, shape, shuffles, windows, varies=data.varies)


def _cut(before: tuple[int | None, ...] | None, after: tuple[int | None, ...] | None) -> bool:
    """Whether every row is cut into several: then it was whole sequences that were permuted."""
    if not before or not after or None in before[1:] or None in after[1:]:
        return False
    size, part = math.prod(before[1:]), math.prod(after[1:])  # type: ignore[arg-type]
    return 0 < part < size and size % part == 0


def _filled(machine: Machine, args: Args, node: nodes.Call) -> Value:
    return Data("array", dimensions(machine, args.get("shape", 0)))


def _random(machine: Machine, args: Args, node: nodes.Call) -> Value:
    size = args.get("size")
    if size is None:
        size = args.positional[-1] if args.positional else None
    return Data("array", dimensions(machine, size), varies=machine.fresh().varies)


def _rand(machine: Machine, args: Args, node: nodes.Call) -> Value:
    return Data("array", dimensions(machine, Tup(args.positional)), varies=machine.fresh().varies)


def _arange(machine: Machine, args: Args, node: nodes.Call) -> Value:
    counts = [integer(each) for each in args.positional]
    known = [each for each in counts if isinstance(each, int)]
    if len(known) == len(counts) and 0 < len(known) <= 3 and known[2:] != [0]:
        return Data("array", (len(range(*known)),))
    return Data("array", varies=blend(*args.all()).varies)


def _array(machine: Machine, args: Args, node: nodes.Call) -> Value:
    given = args.get("object", 0) or args.get("a", 0)
    if isinstance(given, Data):
        return replace(given, kind="array")
    items = machine.listed(given)
    held = machine.held(given)
    parts = [each for each in held if isinstance(each, Data)]
    windows = frozenset(w for part in parts for w in part.windows)
    inner = parts[0].shape if windows and parts[0].shape else None
    rows = len(items) if items is not None else None
    shape = (rows, *inner) if inner is not None else ((rows,) if rows is not None else None)
    known = machine.data(given)
    return Data("array", shape, known.shuffles, windows, varies=known.varies)


def _reshape(machine: Machine, args: Args, node: nodes.Call) -> Value:
    data = machine.data(args.get("a", 0))
    return reshaped(
        machine, data, dimensions(machine, args.get("newshape", 1) or args.get("shape"))
    )


def _split(machine: Machine, args: Args, node: nodes.Call) -> Value:
    ordered = scalar(args.get("shuffle")) if args.get("shuffle") is not None else True
    if args.opaque or not args.positional:
        return NOTHING
    mark = (
        frozenset({Shuffle(machine.site(node), "train_test_split")})
        if ordered is True
        else frozenset()
    )
    halves: list[Value] = []
    for each in args.positional:
        data = machine.data(each)
        shape = (None, *data.shape[1:]) if data.shape else None
        half = Data("array", shape, data.shuffles | mark, data.windows, varies=data.varies)
        halves += [half, half]
    return Tup(tuple(halves))


def _mixed(name: str) -> Handler:
    def run(machine: Machine, args: Args, node: nodes.Call) -> Value:
        mark = frozenset({Shuffle(machine.site(node), name)})
        mixed = [_permuted(machine.data(each), mark) for each in args.positional]
        return mixed[0] if len(mixed) == 1 else Tup(tuple(mixed))

    return run


def _permuted(data: Data, mark: frozenset[Shuffle]) -> Data:
    kind: DataKind = "array" if data.kind == "unknown" else data.kind
    return replace(data, kind=kind, shuffles=data.shuffles | mark)


def shuffle_in_place(name: str) -> Handler:
    """Give the handler of a function that permutes its argument where it is."""

    def run(machine: Machine, args: Args, node: nodes.Call) -> Value:
        if not args.positional or not node.args:
            return NONE
        mark = frozenset({Shuffle(machine.site(node), name)})
        value = args.positional[0]
        if isinstance(value, Ref) and value.kind == "list":
            machine.store.put(
                value.uid, "#shuffled", Data(shuffles=machine.data(value).shuffles | mark)
            )
        elif isinstance(value, Data) and isinstance(node.args[0], nodes.Name):
            machine.assign(node.args[0].name, _permuted(value, mark))
        elif isinstance(value, Data) and isinstance(node.args[0], nodes.Attribute):
            owner = machine.evaluate(node.args[0].expr)
            if isinstance(owner, Ref):
                machine.store.put(owner.uid, node.args[0].attrname, _permuted(value, mark))
        return NONE

    return run


def _timeseries(kind: DataKind, length_at: int, stride_at: int, name: str) -> Handler:
    def run(machine: Machine, args: Args, node: nodes.Call) -> Value:
        site = machine.site(node)
        data = machine.data(args.get("data", 0))
        length = integer(args.get("sequence_length" if kind == "dataset" else "length", length_at))
        stride_value = args.get("sequence_stride" if kind == "dataset" else "stride", stride_at)
        stride = 1 if stride_value is None else integer(stride_value)
        batch = args.get("batch_size")
        size = 128 if batch is None else integer(batch)
        mixed = args.get("shuffle") is not None and scalar(args.get("shuffle")) is True
        windows = (
            frozenset({Windows(site, length, stride)})
            if isinstance(length, int) and isinstance(stride, int) and not args.opaque
            else frozenset()
        )
        shuffles = frozenset({Shuffle(site, f"{name}(shuffle=True)")}) if mixed else frozenset()
        drop = UNKNOWN if args.opaque else False
        batches = (Batches(site, size, drop, drop=""),)
        return Data(kind, None, data.shuffles | shuffles, windows, batches, data.varies)

    return run


def _loader(machine: Machine, args: Args, node: nodes.Call) -> Value:
    """A torch DataLoader: in order unless told to shuffle."""
    site = machine.site(node)
    data = machine.data(args.get("dataset", 0))
    given = args.get("batch_size", 1)
    size = 1 if given is None else integer(given)
    last = args.get("drop_last")
    dropped = False if last is None else scalar(last)
    known: bool | Unknown = dropped if isinstance(dropped, bool) and not args.opaque else UNKNOWN
    mixed = args.get("shuffle", 2) is not None and scalar(args.get("shuffle", 2)) is True
    shuffles = frozenset({Shuffle(site, "DataLoader(shuffle=True)")}) if mixed else frozenset()
    batches = (Batches(site, size, known, drop="drop_last=True"),)
    return Data("dataset", None, data.shuffles | shuffles, batches=batches, varies=data.varies)


def _expand(machine: Machine, args: Args, node: nodes.Call) -> Value:
    data = machine.data(args.get("a", 0))
    axis = integer(args.get("axis", 1))
    shape = data.shape
    if shape is not None and isinstance(axis, int) and -len(shape) - 1 <= axis <= len(shape):
        at = axis if axis >= 0 else len(shape) + 1 + axis
        return reshaped(machine, data, (*shape[:at], 1, *shape[at:]))
    return Data("array", (1, None, None) if axis == 0 else None, data.shuffles, varies=data.varies)


FUNCTIONS: Mapping[str, Handler] = {
    "numpy.zeros": _filled,
    "numpy.ones": _filled,
    "numpy.empty": _filled,
    "numpy.full": _filled,
    "numpy.arange": _arange,
    "numpy.array": _array,
    "numpy.asarray": _array,
    "numpy.reshape": _reshape,
    "numpy.expand_dims": _expand,
    "numpy.random.rand": _rand,
    "numpy.random.randn": _rand,
    "numpy.random.random": _random,
    "numpy.random.normal": _random,
    "numpy.random.uniform": _random,
    "numpy.random.randint": _random,
    "numpy.random.permutation": _mixed("np.random.permutation"),
    "numpy.random.shuffle": shuffle_in_place("np.random.shuffle"),
    "torch.utils.data.DataLoader": _loader,
    "random.shuffle": shuffle_in_place("random.shuffle"),
    "sklearn.utils.shuffle": _mixed("sklearn.utils.shuffle"),
    "sklearn.model_selection.train_test_split": _split,
    "sklearn.cross_validation.train_test_split": _split,
    "keras.utils.timeseries_dataset_from_array": _timeseries(
        "dataset", 2, 3, "timeseries_dataset_from_array"
    ),
    "keras.preprocessing.timeseries_dataset_from_array": _timeseries(
        "dataset", 2, 3, "timeseries_dataset_from_array"
    ),
    "keras.preprocessing.sequence.TimeseriesGenerator": _timeseries(
        "sequence", 2, 4, "TimeseriesGenerator"
    ),
}


def array_method(machine: Machine, data: Data, name: str, args: Args, node: nodes.Call) -> Data:
    """Call a method of an array or a frame."""
    if name == "reshape":
        shape = args.get("shape") or (
            args.positional[0] if len(args.positional) == 1 else Tup(args.positional)
        )
        return reshaped(machine, data, dimensions(machine, shape))
    if name == "sample" and data.kind == "frame" and scalar(args.get("frac")) == 1:
        return _permuted(data, frozenset({Shuffle(machine.site(node), "DataFrame.sample")}))
    if name in {"astype", "copy", "to_numpy", "fillna", "dropna", "reset_index", "float"}:
        kind: DataKind = "array" if name == "to_numpy" else data.kind
        return replace(data, kind=kind, shape=data.shape if name in {"astype", "copy"} else None)
    if name in {"sort_index", "sort_values"}:
        return replace(data, shuffles=frozenset(), shape=None)
    known = blend(data, *(machine.data(each) for each in args.all()))
    return Data(data.kind, None, known.shuffles, varies=known.varies)
