"""Resets that Keras 3 took away.

What: `Model.reset_states()`, `Model.reset_state()`, or a layer's `reset_state(states=...)`.

Why: the call raises AttributeError or TypeError, often only at the end of the first epoch.

Instead: `keras_stateful_guard.reset_states(model)`, or `layer.reset_state()` on each layer.
"""

from __future__ import annotations

from collections.abc import Iterator

from pylint_plugin.facts import Finding, Reset, Trace


def stateful_removed_reset(trace: Trace) -> Iterator[Finding]:
    """Find resets that no longer exist."""
    if trace.keras < 3:
        return
    for event in trace.every():
        if not isinstance(event, Reset):
            continue
        if event.of == "model":
            yield Finding(
                event.site,
                f"Model.{event.name}() does not exist in Keras 3; call "
                "keras_stateful_guard.reset_states(model)",
                "HIGH" if len(event.path) == len(event.loops) else "INFERENCE",
            )
        elif event.of == "layer" and event.argument:
            yield Finding(
                event.site,
                f"{event.name}() of a layer takes no states in Keras 3; call "
                "keras_stateful_guard.set_states(model, states)",
            )
