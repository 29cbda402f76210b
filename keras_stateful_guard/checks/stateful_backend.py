"""stateful-backend: this backend drops the states, or cannot train with them, and is not mended."""

from __future__ import annotations

from keras_stateful_guard.errors import Finding
from keras_stateful_guard.plan import FitPlan, Unknown

SYMBOL = "stateful-backend"


def check(plan: FitPlan) -> Finding | Unknown | None:
    """Judge whether states are carried and can be kept right on this backend."""
    if not plan.backend_fault:
        return None
    return finding(plan.model.stateful_layer, plan.backend, plan.backend_fault)


def finding(what: str, backend: str, why: str) -> Finding:
    """Return the finding of what cannot be carried on a backend, and why."""
    return Finding(
        SYMBOL,
        f"{what} on the {backend} backend, {why}",
        "a backend whose steps carry states",
        "KERAS_BACKEND=tensorflow python ...",
    )
