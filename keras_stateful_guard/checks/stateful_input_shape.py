"""stateful-input-shape: nothing fixes the batch size of what feeds a stateful layer."""

from __future__ import annotations

from keras_stateful_guard.errors import Finding
from keras_stateful_guard.plan import FitPlan, Unknown

SYMBOL = "stateful-input-shape"


def check(plan: FitPlan) -> Finding | Unknown | None:
    """Judge whether every input that leads to a stateful layer declares the batch size."""
    fixed = plan.model.batch_size
    if fixed is None:
        if plan.declared_batch_size is not None:
            return None
        rows = plan.data.batch_size
        taken = f"the {rows} rows" if isinstance(rows, int) else "whatever rows"
        size = rows if isinstance(rows, int) else "batch_size"
        return Finding(
            SYMBOL,
            f"no batch size is declared for {plan.model.stateful_layer}, so it takes {taken} of "
            "the first batch for good",
            "a declared batch size",
            f"keras.Input(batch_shape=({size}, timesteps, features)) before the first layer, or "
            f"StatefulGuard(batch_size={size}) for a model without Input",
        )
    free = [each.name for each in plan.model.inputs if each.batch_size is None and each.leads]
    if not free:
        return None
    names = ", ".join(f"'{name}'" for name in free)
    return Finding(
        SYMBOL,
        f"input {names} has no batch size beside others of {fixed} rows",
        f"batch_size={fixed} on every Input",
        f"keras.Input(..., batch_size={fixed}, name='{free[0]}')",
    )
