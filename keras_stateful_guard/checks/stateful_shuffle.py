"""stateful-shuffle: `fit` itself permutes rows or batches."""

from __future__ import annotations

from keras_stateful_guard.errors import Finding
from keras_stateful_guard.plan import FitPlan, Shuffled, Unknown

SYMBOL = "stateful-shuffle"


def check(plan: FitPlan) -> Finding | Unknown | None:
    """Judge whether `fit` shuffles the training data."""
    order = plan.data.order
    if not isinstance(order, Shuffled) or order.by != "fit":
        return None
    return Finding(
        SYMBOL,
        f"fit({order.how}) with {plan.model.stateful_layer}",
        "shuffle=False",
        "model.fit(..., shuffle=False)",
    )
