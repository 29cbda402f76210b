"""stateful-missing-reset: an epoch starts from the states in which the last one ended."""

from __future__ import annotations

from keras_stateful_guard.errors import Finding
from keras_stateful_guard.plan import FitPlan, Unknown

SYMBOL = "stateful-missing-reset"


def check(plan: FitPlan) -> Finding | Unknown | None:
    """Judge whether the states are reset between epochs, where only the run shows it."""
    if plan.epochs == 1 or plan.resets is not None:
        return None
    if plan.seen is None or plan.seen.phase != "train":
        return Unknown("judged when the second epoch begins")
    if not plan.seen.carried:
        return None
    return Finding(
        SYMBOL,
        f"epoch {plan.seen.epoch + 1} of {plan.epochs} starts from the states that the batches "
        f"before it left in {plan.model.stateful_layer}",
        "zero states at every epoch begin",
        "model.fit(..., callbacks=[StatefulGuard()])",
    )
