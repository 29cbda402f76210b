"""stateful-validation-leak: validation and training see each other's states."""

from __future__ import annotations

from keras_stateful_guard.errors import Finding
from keras_stateful_guard.plan import FitPlan, Unknown

SYMBOL = "stateful-validation-leak"


def check(plan: FitPlan) -> Finding | Unknown | None:
    """Judge whether validation inside fit is kept apart, where only the run shows it."""
    if plan.validation is None or plan.isolates:
        return None
    seen = plan.seen
    if seen is None or not (seen.phase == "test" or seen.after_evaluation):
        return Unknown("judged when validation and the epoch after it begin")
    if not seen.carried:
        return None
    found = (
        "validation starts from training's states"
        if seen.phase == "test"
        else "training goes on from validation's states"
    )
    return Finding(
        SYMBOL,
        f"{found} in {plan.model.stateful_layer}",
        "states of their own for both",
        "model.fit(..., callbacks=[StatefulGuard()])",
    )
