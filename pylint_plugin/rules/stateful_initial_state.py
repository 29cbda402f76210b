"""A stateful layer that is given its state.

What: a layer with `stateful=True` is called with `initial_state`.

Why: the state it keeps is never used: every batch starts from the given one.

Instead: drop `initial_state`, or drop `stateful=True` and pass the states yourself.
"""

from __future__ import annotations

from collections.abc import Iterator

from pylint_plugin.facts import Apply, Finding, Trace


def stateful_initial_state(trace: Trace) -> Iterator[Finding]:
    """Find stateful layers whose kept state is never used."""
    for event in trace.every():
        if isinstance(event, Apply) and event.initial_state and event.layer.stateful is True:
            yield Finding(
                event.site,
                f"{event.layer.kind} is stateful, yet initial_state is given: its own state is "
                "never used; drop one of the two",
                "HIGH" if len(event.path) == len(event.loops) else "INFERENCE",
            )
