"""stateful-shuffled-data: the data comes shuffled or in no fixed order."""

from __future__ import annotations

from keras_stateful_guard.errors import Finding
from keras_stateful_guard.plan import FitPlan, Shuffled, Unknown

SYMBOL = "stateful-shuffled-data"


def check(plan: FitPlan) -> Finding | Unknown | None:
    """Judge whether the data of the call, or its validation data, comes shuffled."""
    shuffled = [
        f"{name} ({data.kind}) is shuffled by {data.order.how}"
        for name, data in plan.parts()
        if isinstance(data.order, Shuffled) and data.order.by == "data"
    ]
    if shuffled:
        return Finding(
            SYMBOL,
            f"{' and '.join(shuffled)}, with {plan.model.stateful_layer}",
            "batches in the order of time",
            "leave the shuffle out; only whole sequences may be shuffled, before they are cut: "
            f"StatefulGuard(ignore={{'{SYMBOL}'}}) says so",
        )
    for name, data in plan.parts():
        if isinstance(data.order, Unknown):
            return Unknown(f"{name}: {data.order.why}")
    return None
