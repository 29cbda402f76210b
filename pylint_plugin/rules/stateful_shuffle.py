"""`fit` shuffles the data of a stateful model.

What: `shuffle` is missing, True or 'batch', and the data are arrays or a PyDataset / Sequence.

Why: row i of a batch must continue row i of the batch before; permuted, states run into sequences
they do not belong to. Datasets and generators keep their own order: there `shuffle` is ignored.

Instead: `model.fit(..., shuffle=False)`.
"""

from __future__ import annotations

from collections.abc import Iterator

from pylint_plugin.facts import Finding, Fit, Trace
from pylint_plugin.mends import NoShuffle
from pylint_plugin.rules.common import alone, confidence_of, is_array, name_of


def stateful_shuffle(trace: Trace) -> Iterator[Finding]:
    """Find fits that permute what a stateful model must see in order."""
    for event in trace.events:
        if not isinstance(event, Fit) or event.model.stateful is not True or event.opaque:
            continue
        if event.shuffle not in {None, True, "batch"} or not _permuted(event):
            continue
        how = (
            "shuffles by default" if event.shuffle is None else f"is told shuffle={event.shuffle!r}"
        )
        yield Finding(
            event.site,
            f"{event.name}() {how}, with stateful layer {name_of(event.model)}; pass shuffle=False",
            confidence_of(event.model, event),
            NoShuffle(event.shuffle is not None) if alone(trace, event) else None,
        )


def _permuted(event: Fit) -> bool:
    """Arrays and sequences are permuted, if there is more than one row."""
    return event.data.kind == "sequence" or (is_array(event) and not _one_row(event))


def _one_row(event: Fit) -> bool:
    # A model of batch size 1, fed in a loop with no batch size named: only one row would fit.
    single = event.model.batch == 1 and event.batch_size is None and bool(event.data.varies)
    return event.data.rows == 1 or (event.data.rows is None and single)
