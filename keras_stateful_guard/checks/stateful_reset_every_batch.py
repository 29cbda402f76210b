"""stateful-reset-every-batch: boundaries at every batch leave nothing to carry."""

from __future__ import annotations

from keras_stateful_guard.boundaries import Boundaries
from keras_stateful_guard.errors import Finding
from keras_stateful_guard.plan import FitPlan, Unknown

SYMBOL = "stateful-reset-every-batch"


def check(plan: FitPlan) -> Finding | Unknown | None:
    """Judge whether the declared boundaries leave any state to carry."""
    given, steps = plan.boundaries, plan.steps_per_epoch
    if given is not None and given.everywhere(plan.data.steps if steps is None else steps):
        return _pointless(
            plan,
            given.name,
            "drop stateful=True: a stateless layer computes the same, with any batch size and "
            "order",
        )
    held_out, validation = plan.validation_boundaries, plan.validation
    if held_out is not None and validation is not None and _is_one(held_out, validation.steps):
        remedy = f"StatefulGuard({held_out.name}=n), n being the batches of a sequence"
        return _pointless(plan, held_out.name, remedy)
    if given is not None and given.is_function:
        return Unknown(f"{given.name} is a function, which may say so at every batch")
    return None


def _is_one(boundaries: Boundaries, steps: int | Unknown) -> bool:
    """Return whether a number says so.

    Batches named one by one may well be sequences of one chunk each, beside longer ones in fit.
    """
    return boundaries.every is not None and boundaries.everywhere(steps)


def _pointless(plan: FitPlan, name: str, remedy: str) -> Finding:
    return Finding(
        SYMBOL,
        f"{name} at every batch, so that {plan.model.stateful_layer} never carries a state",
        f"{name} only where a sequence begins",
        remedy,
    )
