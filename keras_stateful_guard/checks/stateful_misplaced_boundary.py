"""stateful-misplaced-boundary: sequence boundaries, or epochs, that do not fit the data's steps."""

from __future__ import annotations

from keras_stateful_guard.boundaries import Misfit, misfit
from keras_stateful_guard.errors import Finding
from keras_stateful_guard.plan import DataPlan, FitPlan, Unknown

SYMBOL = "stateful-misplaced-boundary"


def check(plan: FitPlan) -> Finding | Unknown | None:
    """Judge whether boundaries and epochs end where the data's sequences do."""
    said = [*_boundaries(plan), _epochs(plan)]
    misfits = [each for each in said if isinstance(each, Misfit)]
    if misfits:
        found = " and ".join(each.found for each in misfits)
        return Finding(SYMBOL, found, misfits[0].expected, misfits[0].remedy)
    return next((each for each in said if isinstance(each, Unknown)), None)


def _boundaries(plan: FitPlan) -> list[Misfit | Unknown | None]:
    per_execution, batch_size = plan.steps_per_execution, plan.batch_size
    said: list[Misfit | Unknown | None] = []
    if plan.boundaries is not None:
        steps = plan.data.steps if plan.steps_per_epoch is None else plan.steps_per_epoch
        said.append(misfit(plan.boundaries, steps, batch_size, per_execution))
    if plan.validation_boundaries is not None and plan.validation is not None:
        steps = plan.validation.steps
        said.append(misfit(plan.validation_boundaries, steps, batch_size, per_execution))
    return said


def _epochs(plan: FitPlan) -> Misfit | Unknown | None:
    """Judge where epochs begin in the data: a reset there belongs to a sequence's begin."""
    steps, data = plan.steps_per_epoch, plan.data
    if plan.call != "fit" or plan.resets != "epoch":
        return None
    if data.kind in {"generator", "iterator"} and plan.epochs > 1 and steps is None:
        return Misfit(
            f"a {data.kind} gives its data once; epochs 2 to {plan.epochs} train on the batches "
            "that Keras had fetched ahead",
            "data that can be read anew in every epoch",
            "a keras.utils.PyDataset, or tf.data.Dataset.from_generator(function, ...)",
        )
    length = _pass(data)
    total = data.steps if steps is None else steps
    if not isinstance(length, int) or not isinstance(total, int):
        return length if isinstance(length, Unknown) else None
    if not length:  # no data at all, of which Keras itself warns
        return None
    if total % length and (plan.epochs > 1 or total > length):
        return Misfit(
            f"an epoch of {total} batches with {length} in the data, which goes on where the last "
            "epoch stopped",
            f"epochs that begin where the data begins, every {length} batches",
            f"model.fit(..., steps_per_epoch={length})",
        )
    if total > length and plan.boundaries is None:
        return Misfit(
            f"an epoch of {total} batches passes over {length} batches of data {total // length} "
            "times",
            "a reset wherever the data begins again",
            f"StatefulGuard(boundaries={length})",
        )
    return None


def _pass(data: DataPlan) -> int | Unknown:
    """Return the batches after which the data begins again."""
    return data.steps if data.period is None else data.period
