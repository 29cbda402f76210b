"""stateful-backend: this backend drops the states, or nobody has made the guard fit for it."""

from __future__ import annotations

from keras_stateful_guard.backends import MODULES
from keras_stateful_guard.errors import Finding
from keras_stateful_guard.plan import FitPlan, Unknown

SYMBOL = "stateful-backend"
WHY = {
    "jax": "whose training step drops the states, so that stateful=True does nothing",
    "torch": "on which stateful LSTM and GRU cannot be trained by default",
}


def check(plan: FitPlan) -> Finding | Unknown | None:
    """Judge whether states are carried and can be kept right on this backend."""
    if plan.backend in MODULES:
        return None
    why = WHY.get(plan.backend, "on which nobody has looked at states")
    return Finding(
        SYMBOL,
        f"{plan.model.stateful_layer} on the {plan.backend} backend, {why}",
        f"one of {', '.join(MODULES)}",
        "KERAS_BACKEND=tensorflow python ...",
    )
