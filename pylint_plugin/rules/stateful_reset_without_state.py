"""A reset on a model that keeps no states.

What: the states of a model are reset that has no stateful layer.

Why: the reset does nothing: `stateful=True` was forgotten, and every batch starts from zero.

Instead: give the recurrent layers `stateful=True`, or drop the reset.
"""

from __future__ import annotations

from collections.abc import Iterator

from pylint_plugin.facts import Finding, Reset, Trace


def stateful_reset_without_state(trace: Trace) -> Iterator[Finding]:
    """Find resets that have nothing to reset, whichever model they are called on."""
    resets = [event for event in trace.every() if isinstance(event, Reset)]
    useful = {
        each.site for each in resets if each.model is None or each.model.stateful is not False
    }
    for event in resets:
        model = event.model
        if event.site in useful or model is None or not model.layers or event.arms:
            continue
        yield Finding(
            event.site,
            f"{event.name}() on a model without stateful layer does nothing; give its recurrent "
            "layers stateful=True, or drop the reset",
            "INFERENCE" if len(event.path) > len(event.loops) else "HIGH",
        )
