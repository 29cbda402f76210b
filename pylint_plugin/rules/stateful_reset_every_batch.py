"""A reset at every batch.

What: a callback resets in a batch hook without a condition, or a training loop resets after every
step.

Why: nothing is ever carried over, so the model computes what a stateless one would.

Instead: drop `stateful=True`, or reset only where a sequence begins.
"""

from __future__ import annotations

from collections.abc import Iterator

from pylint_plugin.facts import Callback, Finding, Fit, Reset, Trace, Train

_REMEDY = "drop stateful=True, or reset only where a sequence begins"


def stateful_reset_every_batch(trace: Trace) -> Iterator[Finding]:
    """Find resets that leave nothing to carry over."""
    for event in trace.events:
        if isinstance(event, Fit) and event.model.stateful is True:
            for callback in event.callbacks:
                yield from _callback(callback, event)
        if isinstance(event, Train) and event.model.stateful is True and event.loops:
            for reset in trace.events:
                if isinstance(reset, Reset) and _at_each_step(reset, event):
                    yield Finding(
                        reset.site,
                        f"{reset.name}() after every {event.name}: nothing is carried over; "
                        f"{_REMEDY}",
                        "CONTROL_FLOW",
                    )


def _callback(callback: Callback, event: Fit) -> Iterator[Finding]:
    if not callback.every_batch:
        return
    text = f"{callback.name} resets at every batch: nothing is carried over; {_REMEDY}"
    resets = [
        each
        for hook, each in callback.events
        if isinstance(each, Reset) and "batch" in hook and not each.arms
    ]
    for place in dict.fromkeys(each.site for each in resets):
        yield Finding(place, text, "INFERENCE")
    if not resets:
        yield Finding(event.site, text)


def _at_each_step(reset: Reset, step: Train) -> bool:
    """Whether a reset stands in the innermost loop of a step, under no further condition."""
    if reset.model is None or reset.model.uid != step.model.uid or reset.generator:
        return False
    inner = step.loops[-1].uid
    loops = [loop.uid for loop in reset.loops]
    if inner not in loops or not set(reset.arms.items()) <= set(step.arms.items()):
        return False
    # A loop over the layers of the model may stand between.
    return reset.of != "model" or loops[-1] == inner
