"""Whether a tf.data pipeline hands out its rows in one fixed order."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from keras_stateful_guard.plan import Order, Shuffled, Stable, Unknown
from keras_stateful_guard.sources.tfdata import nodes

_IN_ORDER = (
    "Batch CSV Concatenate Csv DenseToRagged DenseToSparse DenseToSparseBatch Filter "
    "FixedLengthRecord FlatMap IgnoreErrors Interleave List Map PaddedBatch ParseExample Range "
    "Rebatch Reduce Repeat Scan Shard Skip SparseTensorSlice TFRecord Take TakeWhile Tensor "
    "TensorSlice TextLine Unbatch Unique Window Zip"
)
IN_ORDER = frozenset(_IN_ORDER.split()) | nodes.TRANSPARENT
PARALLEL = frozenset({"MapAndBatch", "ParallelBatch", "ParallelInterleave", "ParallelMap"})
OPAQUE = {
    "ParallelInterleave": "interleave(num_parallel_calls=...) may be deterministic or not",
    "GroupByWindow": "group_by_window() or bucketing sorts rows by a key",
    "DirectedInterleave": "choose_from_datasets() takes rows in an order of its own",
    "Generator": "from_generator: Python decides the order",
}
JUDGED_APART = ("Random", "Variant")
RANDOM_ROWS = Shuffled("data", "Dataset.random")
RANDOM = re.compile(r"Random|Multinomial|TruncatedNormal|^Stateful(Uniform|StandardNormal)|^Rng")


def order(dataset: Any) -> Order:
    """Return the order of the rows; what surely shuffles comes before what is not known."""
    unordered = dataset.options().deterministic is False
    every = list(nodes.upstream(dataset))
    found = [each for node in every for each in _judged(node, unordered)]
    if any(nodes.kind(node) == "Random" for node in every):
        zipped = any(nodes.kind(node) == "Zip" for node in every)
        found.append(Unknown("Dataset.random is zipped in") if zipped else RANDOM_ROWS)
    shuffled = [each for each in found if isinstance(each, Shuffled)]
    return (shuffled or found or [Stable()])[0]


def _judged(node: Any, unordered: bool) -> Iterator[Shuffled | Unknown]:
    kind = nodes.kind(node)
    method = nodes.method(kind)
    if "Shuffle" in kind:
        if nodes.number(node, "_buffer_size") != 1:
            yield Shuffled("data", "Dataset.shuffle")
    elif kind == "DirectedInterleave" and _draws(nodes.inputs(node)[0]):
        yield Shuffled("data", "Dataset.sample_from_datasets")
    elif kind in PARALLEL:
        yield from _parallel(kind, getattr(node, "_deterministic", "unknown"), unordered)
    elif kind == "Variant" and not _is_counter(node):
        yield Unknown("a dataset that was made from a variant hides what it does")
    elif kind not in IN_ORDER and kind not in JUDGED_APART:
        yield Unknown(OPAQUE.get(kind, f"the order that {method} keeps is not known"))
    for graph in nodes.functions(node):
        yield from _in_function(graph, method, unordered)


def _parallel(kind: str, deterministic: str, unordered: bool) -> Iterator[Shuffled | Unknown]:
    method = nodes.method(kind)
    if deterministic == "false":
        yield Shuffled("data", f"{method.strip('()')}(deterministic=False)")
    elif unordered and deterministic != "true":
        yield Shuffled("data", f"options().deterministic=False with a parallel {method}")
    elif deterministic == "unknown":
        yield Unknown(OPAQUE.get(kind, f"a parallel {method} may be deterministic or not"))


def _in_function(graph: Any, method: str, unordered: bool) -> Iterator[Shuffled | Unknown]:
    if graph is None:
        yield Unknown(f"the function of a {method} cannot be read")
        return
    for operation in nodes.operations(graph):
        name = operation.type
        if name.endswith("PyFunc") or name == "PyFuncStateless":
            yield Unknown(f"Python code inside {method} cannot be looked into")
        elif re.search(r"Dataset(V\d+)?$", name):
            yield from _dataset_operation(operation, method, unordered)
        elif RANDOM.search(name):
            yield Unknown(f"the function of a {method} draws random numbers")


def _dataset_operation(
    operation: Any, method: str, unordered: bool
) -> Iterator[Shuffled | Unknown]:
    kind = nodes.kind(operation.type)
    if "Shuffle" in kind:
        yield Shuffled("data", f"Dataset.shuffle inside {method}")
    elif kind in PARALLEL:
        attributes = operation.op_def.attr
        declared = any(each.name == "deterministic" for each in attributes)
        value = operation.get_attr("deterministic").decode() if declared else "unknown"
        yield from _parallel(kind, value, unordered)
    elif kind not in IN_ORDER or kind == "Options":
        yield Unknown(OPAQUE.get(kind, f"the order that {nodes.method(kind)} keeps is not known"))


def _draws(selector: Any) -> bool:
    return any(nodes.kind(each) == "Random" for each in nodes.upstream(selector))


def _is_counter(node: Any) -> bool:
    """Return whether a node can only be the counter that enumerate() zips in."""
    spec = node.element_spec
    return getattr(spec, "dtype", None) == "int64" and nodes.count(node) == -1
