"""stateful-bidirectional: a stateful layer stands inside Bidirectional."""

from __future__ import annotations

from keras_stateful_guard.errors import Finding
from keras_stateful_guard.plan import FitPlan, Unknown, named

SYMBOL = "stateful-bidirectional"


def check(plan: FitPlan) -> Finding | Unknown | None:
    """Judge whether any direction of a Bidirectional keeps states."""
    inside = plan.model.inside("Bidirectional")
    if not inside:
        return None
    return Finding(
        SYMBOL,
        f"{named(inside)} inside Bidirectional, whose backward direction takes the state of the "
        "chunk before for that of the chunk to come",
        "a stateful layer that runs forward only, or whole sequences without state",
        f"layers.{inside[0].kind}(..., stateful=True) alone, or "
        f"layers.Bidirectional(layers.{inside[0].kind}(...)) over whole sequences",
    )
