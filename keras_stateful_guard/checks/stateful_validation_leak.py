"""stateful-validation-leak: validation and training see each other's states."""

from __future__ import annotations

from keras_stateful_guard.errors import Finding
from keras_stateful_guard.plan import FitPlan, Unknown

SYMBOL = "stateful-validation-leak"


def check(plan: FitPlan) -> Finding | Unknown | None:
    """Judge whether validation inside fit is kept apart, where only the run shows it."""
    if plan.validation is None or plan.isolates:
        return _runs(plan)
    seen = plan.seen
    if seen is None or not (seen.phase == "test" or seen.after_evaluation):
        return Unknown("judged when validation and the epoch after it begin")
    if not seen.carried:
        return None
    found = (
        "validation starts from training's states"
        if seen.phase == "test"
        else "training goes on from validation's states"
    )
    return Finding(
        SYMBOL,
        f"{found} in {plan.model.stateful_layer}",
        "states of their own for both",
        "model.fit(..., callbacks=[StatefulGuard()])",
    )


def _runs(plan: FitPlan) -> Unknown | None:
    """Return what other callbacks run on the states of training, where their code shows it."""
    runs = (f"{each.where} calls {each.runs}()" for each in plan.meddling if each.runs)
    found = next(runs, "")
    whose = "training" if plan.call == "fit" else plan.call
    why = f"{found} on the states of {whose}; `with preserve_states(model):` keeps them apart"
    return Unknown(why) if found else None
