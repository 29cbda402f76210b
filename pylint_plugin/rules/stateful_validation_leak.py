"""Validation and training that share their states.

What: validation inside fit, or evaluate and predict in the training loop, start from the states of
training or leave their own to the next pass.

Why: the validation loss depends on where training stopped, and training goes on from the end of the
validation series.

Instead: `model.fit(..., callbacks=[StatefulGuard()])`, which keeps the states of both apart.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pylint_plugin.facts import Event, Finding, Fit, Run, Trace, Train
from pylint_plugin.mends import AddGuard
from pylint_plugin.places import Loop, Unknown
from pylint_plugin.rules.common import (
    alone,
    epochs_of,
    guards_itself,
    outer_loops,
    repeats,
    resets_between_epochs,
    resets_within,
)
from pylint_plugin.sharing import touches

_REMEDY = "pass callbacks=[StatefulGuard()]"


def stateful_validation_leak(trace: Trace) -> Iterator[Finding]:
    """Find validation that is not kept apart from training."""
    for event in trace.events:
        if isinstance(event, Fit) and event.model.stateful is True and _leaks(event):
            rest = " and leaves its own to the next epoch" if _goes_on(trace, event) else ""
            yield Finding(
                event.site,
                f"validation in {event.name}() starts from the states of training{rest}; {_REMEDY}",
                "CONTROL_FLOW",
                AddGuard() if alone(trace, event) else None,
            )
        if isinstance(event, Run) and event.model.stateful is True and trace.complete:
            text = _in_training(trace, event)
            if text is not None:
                yield Finding(event.site, text, "CONTROL_FLOW")


def _leaks(event: Fit) -> bool:
    if event.opaque or any(not each.known or each.isolates for each in event.callbacks):
        return False
    if any(each.resets_in("on_test_begin") for each in event.callbacks):
        return False
    given = event.validation is not None and not isinstance(event.validation, Unknown)
    split = isinstance(event.validation_split, float) and event.validation_split > 0
    return given or split


def _goes_on(trace: Trace, event: Fit) -> bool:
    """Whether training goes on from the states of validation."""
    if any(each.resets for each in event.callbacks):
        return False
    loops = [loop for loop in outer_loops(event, event.model) if repeats(loop)]
    again = any(not resets_within(trace, loop, event.model) for loop in loops[:1])
    return again or epochs_of(event) not in {0, 1}


def _in_training(trace: Trace, event: Run) -> str | None:
    """Tell what is wrong with a use of the model between two passes of training."""
    if guards_itself(event):
        return None
    for loop in outer_loops(event, event.model):
        if not repeats(loop):
            continue
        body = [each for each in trace.events if loop.uid in {step.uid for step in each.loops}]
        place = body.index(event)
        after = body[place + 1 :] + body[:place]
        before = after[::-1]
        if not any(_trains(each, event) for each in body) or _walks(body, event, loop):
            continue
        if _reaches(before, event):
            what = "starts from the states of training"
        elif _reaches(after, event):
            what = "leaves its states to training"
        else:
            return None
        return f"{event.name}() in the training loop {what}; {_REMEDY}"
    return None


def _walks(body: Sequence[Event], run: Run, loop: Loop) -> bool:
    """Whether each turn predicts a piece of the series and trains on a piece: time goes on."""
    if loop.uid not in run.data.varies:
        return False
    steps = [each for each in body if isinstance(each, Fit | Train) and _trains(each, run)]
    return all(loop.uid in each.data.varies for each in steps)


def _trains(event: Event, run: Run) -> bool:
    return (
        isinstance(event, Fit | Train)
        and event.model.uid == run.model.uid
        and not event.excludes(run)
    )


def _reaches(events: Sequence[Event], run: Run) -> bool:
    """Whether training comes next in this direction, with no reset before it."""
    for each in events:
        if touches(each, run.model):
            return False
        if isinstance(each, Run) and each.model.uid == run.model.uid and not guards_itself(each):
            return False
        if _trains(each, run):
            return not (isinstance(each, Fit) and resets_between_epochs(each))
    return False
