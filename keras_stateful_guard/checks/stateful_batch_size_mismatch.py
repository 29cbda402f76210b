"""stateful-batch-size-mismatch: a call has another batch size than the model's states."""

from __future__ import annotations

from keras_stateful_guard.errors import Finding
from keras_stateful_guard.plan import DataPlan, FitPlan, Unknown

SYMBOL = "stateful-batch-size-mismatch"


def check(plan: FitPlan) -> Finding | Unknown | None:
    """Judge whether every whole batch has the rows the model is fixed to."""
    expected, declared = plan.batch_size, plan.declared_batch_size
    if expected is None:
        return Unknown("nothing fixes the model's batch size yet")
    if declared is not None and declared != expected:
        return Finding(
            SYMBOL,
            f"the guard was told batch_size={declared}",
            _needed(plan, expected),
            f"StatefulGuard(batch_size={expected})",
        )
    wrong = [
        (name, data)
        for name, data in plan.parts()
        if isinstance(data.batch_size, int)
        and data.batch_size not in (expected, plan.short_rows(data))
    ]
    if wrong:
        return Finding(
            SYMBOL,
            " and ".join(_found(plan, name, data) for name, data in wrong),
            _needed(plan, expected),
            _remedy(plan, wrong[0][0], wrong[0][1], expected),
        )
    for name, data in plan.parts():
        if isinstance(data.batch_size, Unknown) and declared is None:
            return Unknown(f"{name}: {data.batch_size.why}")
    return None


def _needed(plan: FitPlan, expected: int) -> str:
    per_replica = f" ({expected // plan.replicas} x {plan.replicas} replicas)"
    return f"{expected} rows{per_replica if plan.replicas > 1 else ''}, as the model is fixed to"


def _found(plan: FitPlan, name: str, data: DataPlan) -> str:
    where = f"{plan.call}'s {name}" if plan.validation else f"{plan.call}'s data"
    default = ", since no batch_size is given and Keras takes 32" if data.default_batch_size else ""
    return f"{where} comes in batches of {data.batch_size} rows{default}"


def _remedy(plan: FitPlan, name: str, data: DataPlan, expected: int) -> str:
    if isinstance(data.rows, int) and data.rows < expected:
        compiled = "" if plan.call == "predict" else "; other.compile(...)"
        return f"other = keras_stateful_guard.rebatch(model, {data.rows}){compiled}"
    if data.kind != "arrays":
        return f"dataset.batch({expected}, drop_remainder=True)"
    argument = "validation_batch_size" if name == "validation data" else "batch_size"
    return f"model.{plan.call}(..., {argument}={expected})"
