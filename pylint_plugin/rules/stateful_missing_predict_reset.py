"""The first prediction goes on where training stopped.

What: predict or evaluate follow fit, and nothing resets the states between.

Why: the first predictions continue the last training batch, and a second call gives other numbers
than the first.

Instead: reset the states first, or `model.predict(..., callbacks=[StatefulGuard()])`.
"""

from __future__ import annotations

from collections.abc import Iterator

from pylint_plugin.facts import Finding, Fit, Run, Trace, Train
from pylint_plugin.rules.common import guards_itself, outer_loops
from pylint_plugin.sharing import touches

_ENDS = ("on_train_end", "on_epoch_end", "on_test_begin", "on_predict_begin")


def stateful_missing_predict_reset(trace: Trace) -> Iterator[Finding]:
    """Find uses of a model that go on from the states of its training."""
    if not trace.complete:
        return
    for place, event in enumerate(trace.events):
        if not isinstance(event, Run) or event.model.stateful is not True or guards_itself(event):
            continue
        fit = _last_training(trace, place, event)
        if fit is not None:
            name = fit.name if isinstance(fit, Fit) else "training"
            yield Finding(
                event.site,
                f"{event.name}() after {name} starts from the states of training; reset them "
                "first, keras_stateful_guard.reset_states(model)",
                "CONTROL_FLOW",
            )


def _last_training(trace: Trace, place: int, event: Run) -> Fit | Train | None:
    """Give the training that leaves its states to this use of the model."""
    for earlier in reversed(trace.events[:place]):
        if earlier.excludes(event):
            continue
        if touches(earlier, event.model):
            return None
        if isinstance(earlier, Run) and earlier.model.uid == event.model.uid:
            return None
        if isinstance(earlier, Fit | Train) and earlier.model.uid == event.model.uid:
            shared = {loop.uid for loop in outer_loops(earlier, event.model)}
            if shared & {loop.uid for loop in event.loops}:
                return None
            return None if isinstance(earlier, Fit) and _ends_clean(earlier) else earlier
    return None


def _ends_clean(event: Fit) -> bool:
    return event.opaque or any(not each.known or each.resets_in(*_ENDS) for each in event.callbacks)
