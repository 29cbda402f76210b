"""stateful-time-distributed: a stateful layer stands inside TimeDistributed."""

from __future__ import annotations

from keras_stateful_guard.errors import Finding
from keras_stateful_guard.plan import FitPlan, Unknown, named

SYMBOL = "stateful-time-distributed"


def check(plan: FitPlan) -> Finding | Unknown | None:
    """Judge whether a layer keeps its state from one outer step to the next."""
    inside = plan.model.inside("TimeDistributed")
    if not inside:
        return None
    return Finding(
        SYMBOL,
        f"{named(inside)} inside TimeDistributed, so each outer step starts from the state of the "
        "step before",
        "outer steps that know nothing of each other",
        f"layers.TimeDistributed(layers.{inside[0].kind}(...)) without stateful=True",
    )
