"""Resets that Keras 3 took away.

What: `Model.reset_states()`, `Model.reset_state()`, or a layer's `reset_state(states=...)`.

Why: the call raises AttributeError or TypeError, often only at the end of the first epoch.

Instead: `keras_stateful_guard.reset_states(model)`, or `layer.reset_state()` on each layer.
"""

from __future__ import annotations

from collections.abc import Iterator

from pylint_plugin.facts import Finding, Model, Reset, Trace
from pylint_plugin.mends import ResetStates


def stateful_removed_reset(trace: Trace) -> Iterator[Finding]:
    """Find resets that no longer exist."""
    if trace.keras < 3:
        return
    # The function refuses a model without states, which the method let pass.
    stateless = {
        each.site
        for each in trace.every()
        if isinstance(each, Reset) and each.model is not None and _keeps_none(each.model)
    }
    for event in trace.every():
        if not isinstance(event, Reset):
            continue
        if event.of == "model":
            yield Finding(
                event.site,
                f"Model.{event.name}() does not exist in Keras 3; call "
                "keras_stateful_guard.reset_states(model)",
                "HIGH" if len(event.path) == len(event.loops) else "INFERENCE",
                None if event.site in stateless else _mend(event),
            )
        elif event.of == "layer" and event.argument:
            yield Finding(
                event.site,
                f"{event.name}() of a layer takes no states in Keras 3; call "
                "keras_stateful_guard.set_states(model, states)",
            )


def _mend(event: Reset) -> ResetStates | None:
    model = event.model
    return None if event.argument or model is None else ResetStates(_lists_all(model))


def _keeps_none(model: Model) -> bool:
    return model.stateful is False and bool(model.layers)


def _lists_all(model: Model) -> bool:
    """Whether `model.layers` holds every stateful layer, each with a `reset_state` that works."""
    return (
        model.kind in {"sequential", "functional"}
        and model.complete
        and not model.nested
        and model.stateful is True
        # That of RNN fails in Keras 3; those of wrapped layers are out of reach.
        and all(not each.inner and each.kind != "RNN" for each in model.layers)
    )
