"""stateful-partial-batch: the last batch of an epoch is short."""

from __future__ import annotations

import math

from keras_stateful_guard.errors import Finding
from keras_stateful_guard.plan import DataPlan, FitPlan, Unknown

SYMBOL = "stateful-partial-batch"


def check(plan: FitPlan) -> Finding | Unknown | None:
    """Judge whether every batch of the call is whole and begins a pass over the data."""
    found = [_found(plan, name, data) for name, data in plan.parts()]
    faults = [each for each in found if isinstance(each, str) and each]
    if faults:
        remedies = filter(None, (_remedy(plan, name, data) for name, data in plan.parts()))
        return Finding(
            SYMBOL,
            " and ".join(faults),
            "batches that are all whole",
            _split(plan) or next(remedies, f"data of a multiple of {plan.batch_size} rows"),
        )
    return next((each for each in found if isinstance(each, Unknown)), None)


def _found(plan: FitPlan, name: str, data: DataPlan) -> str | Unknown:
    short = plan.short_rows(data)
    if isinstance(short, Unknown) and data.drops_remainder is False:
        return f"{name} comes in batches of {data.batch_size} without drop_remainder=True"
    for value in (short, data.wrapped_rows):
        if isinstance(value, Unknown):
            return Unknown(f"{name}: {value.why}")
    rows = f" has {data.rows} rows" if isinstance(data.rows, int) else " comes"
    if short:
        batch = plan.batch_size if data.steps == 1 else data.batch_size
        return f"{name}{rows} in batches of {batch}, which leaves a batch of {short}"
    if data.wrapped_rows:
        return (
            f"{name} is repeated before it is cut into batches of {data.batch_size}, so that "
            f"{data.wrapped_rows} rows of one pass share a batch with the next"
        )
    return ""


def _remedy(plan: FitPlan, name: str, data: DataPlan) -> str:
    """Return the code that makes all batches whole, of as many rows as the model takes."""
    expected = plan.batch_size or data.batch_size
    if not data.remedy or not isinstance(expected, int):
        return data.remedy
    if data.kind != "arrays" or not isinstance(data.rows, int):
        return data.remedy.replace(f"batch({data.batch_size},", f"batch({expected},")
    rows = data.rows - data.rows % expected
    cut = f"x[:{rows}]" if plan.call == "predict" else f"x[:{rows}], y[:{rows}]"
    if not rows:
        return ""
    if name == "validation data":
        return f"validation_data=({cut})"
    return cut if data.batch_size == expected else f"{cut}, batch_size={expected}"


def _split(plan: FitPlan) -> str:
    """Return the validation_split nearest to the given one that leaves both parts whole."""
    train, validation, batch = plan.data, plan.validation, plan.batch_size
    if not plan.validation_split or batch is None or validation is None:
        return ""
    if not isinstance(train.rows, int) or not isinstance(validation.rows, int):
        return ""
    whole = (train.rows + validation.rows) // batch
    if whole < 2:
        return ""
    held_out = min(max(round(validation.rows / batch), 1), whole - 1)
    rows, kept = whole * batch, (whole - held_out) * batch
    share = next(
        (s for s in (round(held_out / whole, d) for d in range(2, 17)) if _kept(rows, s) == kept),
        None,
    )
    cut = "" if rows == train.rows + validation.rows else f"x[:{rows}], y[:{rows}], "
    return f"model.fit({cut}..., validation_split={share})" if share else ""


def _kept(rows: int, share: float) -> int:
    return math.floor(rows * (1 - share))
