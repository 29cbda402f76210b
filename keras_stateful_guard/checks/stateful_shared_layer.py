"""stateful-shared-layer: one stateful layer is called at several places of a model."""

from __future__ import annotations

from keras_stateful_guard.errors import Finding
from keras_stateful_guard.plan import FitPlan, Unknown, named

SYMBOL = "stateful-shared-layer"


def check(plan: FitPlan) -> Finding | Unknown | None:
    """Judge whether any call of a stateful layer goes on from the state of another."""
    layers = plan.model.layers
    shared = [each for each in layers if isinstance(each.calls, int) and each.calls > 1]
    if not shared:
        unknown = (each.calls for each in layers)
        return next((each for each in unknown if isinstance(each, Unknown)), None)
    return Finding(
        SYMBOL,
        f"{named(shared)} called at {shared[0].calls} places of the model, so that each call goes "
        "on from the state that another has just left",
        "one place for each stateful layer",
        f"first, second = layers.{shared[0].kind}(...), layers.{shared[0].kind}(...)",
    )
