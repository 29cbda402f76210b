"""tf.data: the pipeline alone decides the batches and their order; fit's shuffle is ignored."""

from __future__ import annotations

from typing import Any

from keras_stateful_guard import laid_out
from keras_stateful_guard.plan import DataPlan, Unknown
from keras_stateful_guard.sources import epoch, rows_lie, runs
from keras_stateful_guard.sources.request import Request, unknown
from keras_stateful_guard.sources.tfdata import batches, nodes
from keras_stateful_guard.sources.tfdata.order import order

KEEPS_REMAINDER = Unknown(
    "the dataset's length is not known and batch() has no drop_remainder=True"
)
KIND = "tf.data.Dataset"
EACH_WORKER = "a function makes a dataset for each worker"


def accepts(x: Any) -> bool:
    """Return whether x is a tf.data dataset, distributed or not."""
    return nodes.is_dataset(x)


def read(request: Request) -> DataPlan:
    """Return the batches of a pipeline, by walking its nodes; none of it is run."""
    node = nodes.undistributed(request.x)
    if node is None:
        return unknown(KIND, EACH_WORKER)
    found = batches.read(node)
    if request.reads_at_most is not None:
        found = batches.first(found, request.reads_at_most)
    declared = nodes.rows(node.element_spec) or nodes.number(found.batch_node, "_batch_size")
    known = epoch.figures(found.batches, declared)
    if known.left_over is epoch.MAY_BE_SHORT and found.drops_remainder is False:
        known = known._replace(left_over=KEEPS_REMAINDER)
    return DataPlan(
        kind=KIND,
        batch_size=known.batch_size,
        left_over=known.left_over,
        order=order(node),
        rows=known.rows,
        steps=_steps(request, node, known.steps),
        remedy=_remedy(found, known.left_over),
        drops_remainder=found.drops_remainder,
        wrapped_rows=found.wrap.rows,
        period=found.wrap.period,
        packing=laid_out.find(_undressed(node)),
        layout=rows_lie.known(_undressed(node)),
    )


def _undressed(node: Any) -> Any:
    """Return the node that `stateful_batches` made where only such stand behind it as prefetch."""
    while laid_out.find(node) is None and nodes.kind(node) in nodes.TRANSPARENT:
        (node,) = nodes.inputs(node)
    return node


def _steps(request: Request, node: Any, steps: int | Unknown) -> int | Unknown:
    """Return the batches in an epoch, which tensorflow may know where their rows are unknown."""
    if isinstance(steps, int) or steps is epoch.ENDLESS or request.reads_at_most is not None:
        return steps
    count = nodes.count(node)
    return steps if count is None else epoch.ENDLESS if count == runs.ENDLESS else count


def _remedy(found: batches.Found, left_over: int | Unknown) -> str:
    rows = nodes.number(found.batch_node, "_batch_size")
    if rows is None:
        again = nodes.number(found.batch_node, "_batch_sizes")
        return f"dataset.rebatch({again}, drop_remainder=True)" if again and left_over else ""
    if found.wrap.rows != 0:
        return f"dataset.batch({rows}, drop_remainder=True).repeat()"
    if left_over == 0:
        return ""
    made = "timeseries_dataset_from_array(..., batch_size=None)"
    source = made if nodes.is_timeseries(found.batch_node) else "dataset"
    return f"{source}.batch({rows}, drop_remainder=True)"
