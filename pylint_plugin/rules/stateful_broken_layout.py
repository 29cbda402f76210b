"""Rows that do not continue each other from batch to batch.

What: windows that overlap, or consecutive windows laid row after row into one batch.

Why: row i of a batch must continue row i of the batch before; here it starts from the state of
another piece of the series.

Instead: cut the series into batch_size streams and lay chunk k of stream i at row
k * batch_size + i, `keras_stateful_guard.stateful_batches(...)`.
"""

from __future__ import annotations

from collections.abc import Iterator

from pylint_plugin.facts import Data, Finding, Fit, Trace, Train, Windows
from pylint_plugin.rules.common import confidence_of

_REMEDY = "lay them out with keras_stateful_guard.stateful_batches"


def stateful_broken_layout(trace: Trace) -> Iterator[Finding]:
    """Find the calls that cut a series into windows no stateful model can join again."""
    for event in trace.events:
        if not isinstance(event, Fit | Train) or event.model.stateful is not True:
            continue
        for windows in sorted(event.data.windows, key=lambda each: each.site):
            text = _fault(windows, _rows(event))
            if text is not None:
                confidence = confidence_of(event.model, event)
                yield Finding(
                    windows.site,
                    f"{text}: a stateful model goes on from another place; {_REMEDY}",
                    "INFERENCE" if confidence == "INFERENCE" else "HIGH",
                )


def _fault(windows: Windows, rows: int | None) -> str | None:
    steps = windows.length - windows.target
    if (
        rows is not None
        and windows.stride < steps
        and windows.stride * rows in {steps, windows.length}
    ):
        return None  # the same row of the next batch begins where this one ends
    if windows.stride < steps:
        return f"windows of {windows.length} steps overlap, each begins {windows.stride} later"
    if windows.stride in {steps, windows.length} and rows is not None and rows > 1:
        return f"{rows} consecutive windows lie in one batch"
    return None


def _rows(event: Fit | Train) -> int | None:
    data: Data = event.data
    if data.batches:
        size = data.batches[-1].size
        return size if isinstance(size, int) else None
    return event.model.batch if isinstance(event.model.batch, int) else None
