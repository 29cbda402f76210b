"""tf.data: which steps of a pipeline permute, batch or window the data."""

from __future__ import annotations

from dataclasses import replace

from astroid import nodes

from pylint_plugin.facts import Batches, Data, Shuffle, Windows
from pylint_plugin.places import UNKNOWN, Unknown
from pylint_plugin.reader.functions import run_generator
from pylint_plugin.reader.machine import Machine
from pylint_plugin.reader.values import Args, Func, Gen, Tup, Value, blend, integer, scalar

_RECUT = frozenset(
    {"flat_map", "interleave", "unbatch", "filter", "rebatch", "scan", "group_by_window"}
)
_DATASETS = ("tensorflow.data.", "tensorflow.compat.v1.data.", "tensorflow_datasets.load")


def is_dataset(name: str) -> bool:
    """Tell whether calling this name gives a dataset."""
    if name.startswith("keras.") and name.endswith(("dataset_from_directory",)):
        return True
    return name.startswith(_DATASETS) and ("Dataset" in name or name.endswith("load"))


def make_dataset(machine: Machine, name: str, args: Args, node: nodes.Call) -> Value:
    """Begin a pipeline."""
    given = [machine.data(each) for each in args.all()]
    if name.endswith(".from_generator") and args.positional:
        source = args.positional[0]
        if isinstance(source, Func):
            source = machine.call(source, Args(), node)
        if isinstance(source, Gen):
            run_generator(machine, source, node, feeding=True)
        return Data("dataset", varies=blend(*given).varies)
    known = blend(*given)
    if name.endswith(".zip"):
        parts = _datasets(args)
        batches = next((part.batches for part in parts if part.batches), ())
        windows = frozenset(w for part in parts for w in part.windows)
        return Data("dataset", None, known.shuffles, windows, batches, known.varies)
    rows: int | None = None
    if name.endswith(("from_tensor_slices", "from_tensors")):
        rows = next(
            (each.rows for value in args.positional for each in _parts(machine, value)), None
        )
        rows = rows if name.endswith("slices") else 1
    elif name.endswith(".range") and len(args.positional) == 1:
        count = integer(args.positional[0])
        rows = count if isinstance(count, int) else None
    windows = frozenset(
        w for value in args.positional for p in _parts(machine, value) for w in p.windows
    )
    return Data("dataset", (rows,), known.shuffles, windows, (), known.varies)


def _parts(machine: Machine, value: Value) -> tuple[Data, ...]:
    return tuple(machine.data(each) for each in machine.listed(value) or (value,))


def _datasets(args: Args) -> list[Data]:
    flat = [
        each
        for value in args.all()
        for each in (value.items if isinstance(value, Tup) else (value,))
    ]
    return [each for each in flat if isinstance(each, Data)]


def dataset_method(machine: Machine, data: Data, name: str, args: Args, node: nodes.Call) -> Value:
    """Add one step to a pipeline."""
    if name in {"batch", "padded_batch"}:
        return _batch(machine, data, name, args, node)
    if name == "shuffle":
        if integer(args.get("buffer_size", 0)) == 1:
            return data
        mark = Shuffle(machine.site(node), "Dataset.shuffle")
        return replace(data, shuffles=data.shuffles | {mark})
    if name == "window":
        size = integer(args.get("size", 0))
        shift_value = args.get("shift", 1)
        shift = size if shift_value is None else integer(shift_value)
        cut = frozenset[Windows]()
        if isinstance(size, int) and isinstance(shift, int):
            cut = frozenset({Windows(machine.site(node), size, shift, target=True)})
        return replace(data, shape=None, windows=cut, batches=(), shuffles=frozenset())
    if name in {
        "flat_map",
        "interleave",
        "unbatch",
        "filter",
        "rebatch",
        "scan",
        "group_by_window",
    }:
        kept = data.shuffles if name in {"filter", "unbatch"} else frozenset[Shuffle]()
        return replace(data, shape=None, batches=(), shuffles=kept)
    if name == "repeat":
        endless = not args.positional and "count" not in args.keywords
        return replace(data, shape=(-1,) if endless else None)
    if name == "map" and scalar(args.get("deterministic")) is False:
        mark = Shuffle(machine.site(node), f"Dataset.{name}(deterministic=False)")
        data = replace(data, shuffles=data.shuffles | {mark})
    if name in {"map", "prefetch", "cache", "with_options", "enumerate", "as_numpy_iterator"}:
        return data
    if name in {"take", "skip", "shard", "apply", "concatenate"}:
        batches = data.batches if name != "apply" else ()
        return replace(data, shape=None, batches=batches)
    return Data(varies=data.varies)


def _batch(machine: Machine, data: Data, name: str, args: Args, node: nodes.Call) -> Data:
    size = integer(args.get("batch_size", 0))
    drop = args.get("drop_remainder", 1 if name == "batch" else 3)
    dropped: bool | Unknown = False
    if drop is not None:
        known = scalar(drop)
        dropped = known if isinstance(known, bool) else UNKNOWN
    elif args.opaque:
        dropped = UNKNOWN
    rows = data.rows
    if rows == -1 or (rows is not None and isinstance(size, int) and size > 0 and rows % size == 0):
        dropped = True
    step = Batches(machine.site(node), size, dropped)
    return replace(data, shape=None, batches=(*data.batches, step))
