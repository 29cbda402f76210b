"""stateful-bidirectional: a stateful layer stands inside Bidirectional, or runs backwards."""

from __future__ import annotations

from keras_stateful_guard.errors import Finding
from keras_stateful_guard.layout_report import LayoutReport
from keras_stateful_guard.plan import DataPlan, FitPlan, Unknown, named

SYMBOL = "stateful-bidirectional"


def check(plan: FitPlan) -> Finding | Unknown | None:
    """Judge whether any direction of a Bidirectional keeps states."""
    inside = plan.model.inside("Bidirectional")
    if not inside:
        return _backwards(plan)
    return Finding(
        SYMBOL,
        f"{named(inside)} inside Bidirectional, whose backward direction takes the state of the "
        "chunk before for that of the chunk to come",
        "a stateful layer that runs forward only, or whole sequences without state",
        f"layers.{inside[0].kind}(..., stateful=True) alone, or "
        f"layers.Bidirectional(layers.{inside[0].kind}(...)) over whole sequences",
    )


def _backwards(plan: FitPlan) -> Finding | Unknown | None:
    """Judge layers that run backwards: right only where the last chunk comes first."""
    layers = [each for each in plan.model.layers if each.backwards]
    if not layers:
        return None
    if not any(_comes_forward(data) for _, data in plan.parts()):
        return Unknown(f"{named(layers)} with go_backwards=True: right if the last chunk is first")
    return Finding(
        SYMBOL,
        f"{named(layers)} with go_backwards=True, on chunks in the order of time: it goes "
        "on from the first time step of the chunk before, not of the chunk to come",
        "a stateful layer that runs forward, or whole sequences without state",
        f"layers.{layers[0].kind}(..., stateful=True)  # without go_backwards=True",
    )


def _comes_forward(data: DataPlan) -> bool:
    seen = data.layout.layout if isinstance(data.layout, LayoutReport) else ""
    return data.packing is not None or seen == "consecutive"
