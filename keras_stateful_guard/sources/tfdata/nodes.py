"""The nodes of a tf.data pipeline as plain values; the only file that knows their private names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from keras_stateful_guard import laid_out
from keras_stateful_guard.sources.request import class_names
from keras_stateful_guard.sources.runs import ENDLESS

_TRANSPARENT = (
    "AssertCardinality AssertNext Cache CopyToDevice MaxIntraOpParallelism Model NonSerializable "
    "Options Prefetch PrivateThreadPool Restructured Sleep"
)
TRANSPARENT = frozenset(_TRANSPARENT.split()) | {""}
DATASETS = ("DatasetV2", "DistributedDataset", "DistributedDatasetsFromFunction")
METHODS = {
    "directed_interleave": "choose_from_datasets()",
    "generator": "from_generator()",
    "group_by_window": "group_by_window() or bucketing",
    "t_f_record": "TFRecordDataset",
    "tensor": "from_tensors()",
    "tensor_slice": "from_tensor_slices()",
    "text_line": "TextLineDataset",
}
TIMESERIES = {"ParallelMap", "Prefetch", "Range", "Repeat", "Shuffle", "Tensor", "Zip"}
INPUTS, FUNCTIONS = "_inputs", "_functions"
TOO_MANY_TO_END = 2**62


def is_dataset(x: Any) -> bool:
    """Return whether x is a tf.data or a distributed dataset."""
    return any(
        name.startswith("tensorflow.") and name.rpartition(".")[2] in DATASETS
        for name in class_names(x)
    )


def undistributed(x: Any) -> Any:
    """Return the dataset that was distributed, None where a function made one for each worker."""
    if hasattr(x, INPUTS):
        return x
    return getattr(x, "_original_dataset", None)


def kind(node: Any) -> str:
    """Return what a node is, such as `"ParallelMap"`; empty for one that only holds another.

    Args:
        node: A dataset, or the type of an operation inside a function.
    """
    name = node if isinstance(node, str) else type(node).__name__
    return re.sub(r"^_|(Experimental|Legacy)|Dataset(V\d+)?(Adapter)?$", "", name)


def method(kind: str) -> str:
    """Return the method of a dataset that makes a node of this kind, as a user writes it."""
    name = re.sub(r"(?<!^)(?=[A-Z])", "_", kind.removeprefix("Parallel")).lower()
    return METHODS.get(name, f"{name}()")


def inputs(node: Any) -> tuple[Any, ...]:
    """Return the nodes that feed a node, wrappers that only hold another node included."""
    for held in ("_dataset", "_impl"):
        if is_dataset(getattr(node, held, None)):
            return (getattr(node, held),)
    return tuple(getattr(node, INPUTS)())


def functions(node: Any) -> tuple[Any, ...]:
    """Return the graph of each Python function of a node; None for one that cannot be read."""
    held = getattr(node, FUNCTIONS, None)
    if held is None:
        return (None,)
    found = (getattr(each, "function", None) for each in held())
    return tuple(getattr(each, "graph", None) for each in found)


def operations(graph: Any) -> Iterator[Any]:
    """Yield the operations of a function's graph and of the functions it calls."""
    waiting, seen = [graph], set()
    while waiting:
        graph = waiting.pop()
        if graph is None or id(graph) in seen:
            continue
        seen.add(id(graph))
        yield from graph.get_operations()
        called = getattr(graph, "_functions", {}).values()
        waiting.extend(getattr(each, "graph", None) for each in called)


def number(node: Any, name: str) -> int | None:
    """Return a number that a node was made with, None where only the run can tell."""
    return as_number(getattr(node, name, None))


def as_number(value: Any) -> int | None:
    """Return a tensor of one number as it is, None where only the run can tell."""
    try:
        return None if value is None else int(value)
    except (TypeError, ValueError):  # a symbolic tensor, or one of several numbers
        return None


def count(node: Any) -> int | None:
    """Return how many elements a node yields, ENDLESS, or None where it is not known."""
    found = as_number(node.cardinality())
    if found is None:
        return None
    if found == ENDLESS or found > TOO_MANY_TO_END:
        return ENDLESS
    return found if found >= 0 else None


def upstream(node: Any) -> Iterator[Any]:
    """Yield a node and each node that feeds it, once; what `stateful_batches` made is a source."""
    waiting, seen = [node], set()
    while waiting:
        node = waiting.pop()
        if id(node) not in seen:
            seen.add(id(node))
            yield node
            waiting.extend(() if laid_out.find(node) else inputs(node))


def is_timeseries(batch_node: Any) -> bool:
    """Return whether `timeseries_dataset_from_array` made this batch node, which has no option."""
    _, *made_of = [kind(each) for each in upstream(batch_node)]
    return made_of[made_of[:1] == ["Shuffle"] :][:1] == ["Prefetch"] and (
        {"Zip", "Repeat", "Tensor", "Range"} <= set(made_of) <= TIMESERIES
    )


def rows(spec: Any) -> int | None:
    """Return the rows that each element is declared to have, None where they may differ.

    Of `(x, y)` and `(x, y, sample_weight)` only x is looked at.
    """
    x = spec[0] if isinstance(spec, tuple) and spec else spec
    found = {rows_of(leaf) for leaf in leaves(x)} - {None}
    return found.pop() if len(found) == 1 else None


def rows_of(leaf: Any) -> int | None:
    """Return the declared rows of one tensor spec."""
    shape: Any = getattr(leaf, "shape", None)
    if shape is None or not shape.rank or shape[0] is None:
        return None
    return int(shape[0])


def leaves(spec: Any) -> Iterator[Any]:
    """Yield the tensor specs of a nest."""
    if isinstance(spec, dict):
        for each in spec.values():
            yield from leaves(each)
    elif isinstance(spec, (list, tuple)):
        for each in spec:
            yield from leaves(each)
    else:
        yield spec
