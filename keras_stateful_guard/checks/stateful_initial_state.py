"""stateful-initial-state: a stateful layer is handed the state to start from."""

from __future__ import annotations

from keras_stateful_guard.errors import Finding
from keras_stateful_guard.plan import FitPlan, Unknown, named

SYMBOL = "stateful-initial-state"


def check(plan: FitPlan) -> Finding | Unknown | None:
    """Judge whether any stateful layer never uses the state that it keeps."""
    layers = plan.model.layers
    handed = [each for each in layers if each.initial_state is True]
    if not handed:
        unknown = (each.initial_state for each in layers)
        return next((each for each in unknown if isinstance(each, Unknown)), None)
    return Finding(
        SYMBOL,
        f"{named(handed)} called with initial_state, so every batch starts from the given state "
        "and the kept one is never used",
        "one source of states",
        f"{handed[0].kind.lower()}(x) without initial_state, or layers.{handed[0].kind}(...) "
        "without stateful=True",
    )
