"""stateful-reset-every-batch: boundaries at every batch leave nothing to carry."""

from __future__ import annotations

from keras_stateful_guard.errors import Finding
from keras_stateful_guard.plan import FitPlan, Unknown

SYMBOL = "stateful-reset-every-batch"


def check(plan: FitPlan) -> Finding | Unknown | None:
    """Judge whether the declared boundaries leave any state to carry."""
    if plan.boundaries is None or not plan.boundaries.everywhere(plan.data.steps):
        return None
    return Finding(
        SYMBOL,
        f"{plan.boundaries.name} at every batch, so that {plan.model.stateful_layer} never carries "
        "a state",
        "boundaries only where a sequence begins",
        "drop stateful=True: a stateless layer computes the same, with any batch size and order",
    )
