"""Another batch size than the one the model was built for.

What: fit, evaluate, predict or a dataset use another batch size than the model's; none given means
32. One sample into a model of batch size 1 is fine.

Why: states have one row for each slot of the batch. Another size fails with a message that does not
mention it, or is broadcast over the states in silence.

Instead: give every call the model's own batch size; for another one, copy the weights into a model
built for it, `keras_stateful_guard.rebatch(model, 1)`.
"""

from __future__ import annotations

from collections.abc import Iterator

from pylint_plugin.facts import Data, Finding, Fit, Run, Trace
from pylint_plugin.mends import GiveBatchSize
from pylint_plugin.rules.common import DEFAULT_BATCH, alone, confidence_of, is_array


def stateful_batch_size_mismatch(trace: Trace) -> Iterator[Finding]:
    """Find calls and datasets whose batch size is not the model's."""
    for event in trace.events:
        if not isinstance(event, Fit | Run) or event.model.stateful is not True or event.opaque:
            continue
        size = event.model.batch
        if not isinstance(size, int):
            continue
        confidence = confidence_of(event.model, event)
        used = _used(event, size)
        if used is not None and used != size:
            given = "" if event.batch_size is not None else ", as none is given"
            yield Finding(
                event.site,
                f"{event.name}() takes batches of {used}{given}, the stateful model is built for "
                f"{size}; pass batch_size={size}",
                confidence,
                _mend(trace, event, size),
            )
        for data in (event.data, getattr(event, "validation", None)):
            yield from _pipeline(data, size, confidence)


def _mend(trace: Trace, event: Fit | Run, size: int) -> GiveBatchSize | None:
    if event.batch_size is not None or not alone(trace, event):
        return None
    return GiveBatchSize(size, event.model.feeds[0].site)


def _used(event: Fit | Run, size: int) -> int | None:
    """Give the rows of a full batch, as far as they are known."""
    if event.data.kind in {"dataset", "generator", "sequence"}:
        return None
    asked = DEFAULT_BATCH if event.batch_size is None else event.batch_size
    if not isinstance(asked, int):
        return None
    rows = event.data.rows
    if rows is not None:
        return min(asked, rows)
    if event.batch_size is not None:
        return None if size == 1 and event.data.varies else asked
    # How many rows there are is not known: one batch of just the right size would be fine.
    sure = isinstance(event, Fit) and is_array(event) and not event.loops and not event.data.varies
    return asked if sure else None


def _pipeline(data: object, size: int, confidence: str) -> Iterator[Finding]:
    if not isinstance(data, Data) or not data.batches:
        return
    step = data.batches[-1]
    if isinstance(step.size, int) and step.size != size:
        yield Finding(
            step.site,
            f"batches of {step.size} feed a stateful model that is built for {size}; "
            f"make batches of {size}",
            "HIGH" if confidence == "HIGH" else "INFERENCE",
        )
