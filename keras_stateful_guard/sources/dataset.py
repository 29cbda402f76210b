"""tf.data: the pipeline alone decides the batches and their order; fit's shuffle is ignored."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from keras_stateful_guard.plan import DataPlan, Unknown
from keras_stateful_guard.sources import runs
from keras_stateful_guard.sources.request import Request
from keras_stateful_guard.sources.tfdata import batches, nodes
from keras_stateful_guard.sources.tfdata.order import order

KIND = "tf.data.Dataset"
ENDLESS = Unknown("the dataset repeats without end")
NOT_COUNTED = Unknown("the dataset's length is not known")


def accepts(x: Any) -> bool:
    """Return whether x is a tf.data dataset, distributed or not."""
    return nodes.is_dataset(x)


def read(request: Request) -> DataPlan:
    """Return the batches of a pipeline, by walking its nodes; none of it is run."""
    node = nodes.undistributed(request.x)
    if node is None:
        why = Unknown("a function makes a dataset for each worker")
        return DataPlan(KIND, why, why, why, why, why)
    found = batches.read(node)
    if request.reads_at_most is not None:
        found = replace(found, batches=runs.take(found.batches, request.reads_at_most))
    plan = _plan(request, node, found)
    return replace(plan, remedy=_remedy(found, plan))


def _plan(request: Request, node: Any, found: batches.Found) -> DataPlan:
    plan = DataPlan(
        kind=KIND,
        batch_size=NOT_COUNTED,
        left_over=0,
        order=order(node),
        rows=NOT_COUNTED,
        steps=NOT_COUNTED,
        drops_remainder=found.drops_remainder,
        wrapped_rows=found.wrapped,
        period=found.period,
    )
    read = found.batches
    count = nodes.count(node) if request.reads_at_most is None else None
    if count is not None and not isinstance(read, runs.Counted):
        plan = replace(plan, steps=ENDLESS if count == runs.ENDLESS else count)
    if isinstance(read, Unknown):
        return replace(plan, batch_size=read, left_over=read)
    if isinstance(read, runs.Uncounted):
        short = Unknown(batches.NO_LENGTH) if read.left_over is None else read.left_over
        return replace(plan, batch_size=read.rows, left_over=short)
    plan = replace(plan, left_over=runs.short_rows(read), rows=ENDLESS, steps=ENDLESS)
    if not read.cycle:
        rows = sum(rows * times for rows, times in read.runs)
        plan = replace(plan, rows=rows, steps=sum(times for _, times in read.runs))
    whole = runs.whole_rows(read) or _declared(node, found)
    return replace(plan, batch_size=whole or Unknown("the dataset is empty"))


def _declared(node: Any, found: batches.Found) -> int | None:
    """Return the rows that the batches of an empty dataset would have."""
    return nodes.rows(node.element_spec) or nodes.number(found.batch_node, "_batch_size")


def _remedy(found: batches.Found, plan: DataPlan) -> str:
    rows = nodes.number(found.batch_node, "_batch_size")
    if rows is None:
        return ""
    if plan.wrapped_rows != 0:
        return f"dataset.batch({rows}, drop_remainder=True).repeat()"
    if plan.left_over == 0:
        return ""
    return f"dataset.batch({rows}, drop_remainder=True)"
