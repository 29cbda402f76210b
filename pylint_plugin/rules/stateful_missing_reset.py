"""Several passes over the data, and nothing resets the states between them.

What: `fit` with more than one epoch, or fits and training steps in a loop, without a reset.

Why: each pass starts from the state in which the last one ended, so the beginning of the series is
learned as the continuation of its end. A reset after `fit(epochs=n)` comes too late.

Instead: `model.fit(..., callbacks=[StatefulGuard()])`, or one epoch per fit and a reset after.
"""

from __future__ import annotations

from collections.abc import Iterator

from pylint_plugin.facts import Finding, Fit, Model, Reset, Trace, Train
from pylint_plugin.mends import AddGuard
from pylint_plugin.rules.common import (
    alone,
    epochs_of,
    outer_loops,
    repeats,
    resets_between_epochs,
    resets_within,
)
from pylint_plugin.sharing import touches

_REMEDY = "pass callbacks=[StatefulGuard()]"


def stateful_missing_reset(trace: Trace) -> Iterator[Finding]:
    """Find models that pass over their data again without a reset."""
    if not trace.complete:
        return
    told: set[int] = set()
    for event in trace.events:
        if not isinstance(event, Fit | Train) or event.model.stateful is not True:
            continue
        if any(
            isinstance(each, Reset) and each.generator and touches(each, event.model)
            for each in trace.events
        ):
            continue  # A reset that is misplaced, not missing.
        text = _epochs(event) if isinstance(event, Fit) else None
        text = text or _loop(trace, event, event.model)
        if text is not None and not (isinstance(event, Train) and event.model.uid in told):
            told.add(event.model.uid)
            sure = isinstance(event, Fit) and alone(trace, event)
            yield Finding(event.site, text, "CONTROL_FLOW", AddGuard() if sure else None)


def _epochs(event: Fit) -> str | None:
    epochs = epochs_of(event)
    if epochs in {0, 1} or resets_between_epochs(event):
        return None
    count = f"{epochs} epochs" if isinstance(epochs, int) else "several epochs"
    return f"{event.name}() runs {count} and nothing resets the states between them; {_REMEDY}"


def _loop(trace: Trace, event: Fit | Train, model: Model) -> str | None:
    loops = [loop for loop in outer_loops(event, model) if repeats(loop)]
    if not loops or (isinstance(event, Fit) and resets_between_epochs(event)):
        return None
    # A loop may walk over the pieces of one long series: only where the same data come again, or
    # around that walk, are there several passes.
    passes = [loop for loop in loops if loop.uid not in event.data.varies]
    passes += loops[:1] if len(loops) > 1 else []
    if all(resets_within(trace, loop, model) for loop in passes):
        return None
    remedy = "reset the states at every pass, keras_stateful_guard.reset_states(model)"
    return f"{event.name} runs in a loop over the data and nothing resets the states; {remedy}"
