"""stateful-shuffled-data: the data comes shuffled or in no fixed order."""

from __future__ import annotations

from keras_stateful_guard.errors import Finding
from keras_stateful_guard.plan import FitPlan, Shuffled, Unknown

SYMBOL = "stateful-shuffled-data"
LEAVE_OUT = (
    "leave the shuffle out; only whole sequences may be shuffled, before they are cut: "
    f"StatefulGuard(ignore={{'{SYMBOL}'}}) says so"
)


def check(plan: FitPlan) -> Finding | Unknown | None:
    """Judge whether the data of the call, or its validation data, comes shuffled."""
    shuffled = [
        (f"{name} ({data.kind}) is shuffled by {data.order.how}", data.order.remedy or LEAVE_OUT)
        for name, data in plan.parts()
        if isinstance(data.order, Shuffled) and data.order.by == "data"
    ]
    if shuffled:
        return Finding(
            SYMBOL,
            f"{' and '.join(found for found, _ in shuffled)}, with {plan.model.stateful_layer}",
            "batches in the order of time",
            shuffled[0][1],
        )
    for name, data in plan.parts():
        if isinstance(data.order, Unknown):
            return Unknown(f"{name}: {data.order.why}")
    return None
