"""A last batch that is short.

What: the rows are no multiple of the batch size, also after validation_split, or `Dataset.batch`
may leave a rest.

Why: a last batch of one row is broadcast over all slots and trains without a word; several rows
fail only when they are reached, after the weights were updated.

Instead: cut the data to a multiple of the batch size, or `dataset.batch(n, drop_remainder=True)`.
"""

from __future__ import annotations

from collections.abc import Iterator

from pylint_plugin.facts import Data, Finding, Fit, Run, Trace
from pylint_plugin.mends import DropRest
from pylint_plugin.rules.common import DEFAULT_BATCH, confidence_of


def stateful_partial_batch(trace: Trace) -> Iterator[Finding]:
    """Find data that end in a short batch."""
    for event in trace.events:
        if not isinstance(event, Fit | Run) or event.model.stateful is not True or event.opaque:
            continue
        confidence = confidence_of(event.model, event)
        for rows, what in _pieces(event):
            size = _size(event)
            if size is not None and rows > size and rows % size:
                yield Finding(
                    event.site,
                    f"{rows} {what} in batches of {size} leave {rows % size} over; "
                    f"cut them to {rows - rows % size}",
                    confidence,
                )
                break
        for data in (event.data, getattr(event, "validation", None)):
            if isinstance(data, Data) and _may_be_short(data, event):
                yield Finding(
                    data.batches[-1].site,
                    "the last batch for a stateful model may be short; "
                    f"pass {data.batches[-1].drop}",
                    confidence,
                    DropRest(data.batches[-1].drop),
                )


def _size(event: Fit | Run) -> int | None:
    """Give the batch size, where it is the model's own: another one is another fault."""
    size = DEFAULT_BATCH if event.batch_size is None else event.batch_size
    own = event.model.batch
    return size if isinstance(size, int) and (size == own or not isinstance(own, int)) else None


def _pieces(event: Fit | Run) -> Iterator[tuple[int, str]]:
    rows = event.data.rows
    if rows is None or event.data.kind not in {"array", "frame"}:
        return
    if isinstance(event, Run) or event.validation_split is None:
        yield rows, "rows"
    elif isinstance(event.validation_split, float) and 0 < event.validation_split < 1:
        kept = int(rows * (1 - event.validation_split))
        yield kept, "rows of training"
        yield rows - kept, "rows of validation"
    validation = getattr(event, "validation", None)
    if isinstance(validation, Data) and validation.rows and validation.kind == "array":
        yield validation.rows, "rows of validation"


def _may_be_short(data: Data, event: Fit | Run) -> bool:
    if data.kind != "dataset" or not data.batches or not data.batches[-1].drop:
        return False
    step, own = data.batches[-1], event.model.batch
    if step.drop_remainder is not False or step.size == 1:
        return False
    if isinstance(step.size, int):
        return not isinstance(own, int) or own == step.size
    return isinstance(own, int) and own > 1
