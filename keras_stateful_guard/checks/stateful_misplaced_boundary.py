"""stateful-misplaced-boundary: sequence boundaries, or epochs, that do not fit the data's steps."""

from __future__ import annotations

from keras_stateful_guard import declared
from keras_stateful_guard.boundaries import Misfit, misfit
from keras_stateful_guard.errors import Finding
from keras_stateful_guard.plan import DataPlan, FitPlan, Unknown

SYMBOL = "stateful-misplaced-boundary"
ITERATORS = ("generator", "iterator")


def check(plan: FitPlan) -> Finding | Unknown | None:
    """Judge whether boundaries and epochs end where the data's sequences do."""
    said = [*_boundaries(plan), _epochs(plan), _validation(plan), _others(plan)]
    misfits = [each for each in said if isinstance(each, Misfit)]
    if misfits:
        found = " and ".join(each.found for each in misfits)
        return Finding(SYMBOL, found, misfits[0].expected, misfits[0].remedy)
    return next((each for each in said if isinstance(each, Unknown)), None)


def _boundaries(plan: FitPlan) -> list[Misfit | Unknown | None]:
    """Judge boundaries against steps and rows; those that fit, against a known layout."""
    steps = plan.data.steps if plan.steps_per_epoch is None else plan.steps_per_epoch
    parts = [(plan.boundaries, plan.data, steps)]
    if plan.validation is not None:
        parts.append((plan.validation_boundaries, plan.validation, plan.validation.steps))
    said = [
        misfit(given, steps, _rows(plan, data), plan.steps_per_execution)
        for given, data, steps in parts
        if given is not None
    ]
    return said if any(isinstance(each, Misfit) for each in said) else [*said, *_layouts(plan)]


def _rows(plan: FitPlan, data: DataPlan) -> int | None:
    """Return rows of a batch, as the model takes them or else as they come."""
    come = data.batch_size if isinstance(data.batch_size, int) else None
    return come if plan.batch_size is None else plan.batch_size


def _layouts(plan: FitPlan) -> list[Misfit | None]:
    """Judge the boundaries of data whose layout is known, where it comes in its own batches."""
    parts = [("the data", "boundaries", plan.data, plan.boundaries)]
    if plan.validation is not None:
        given = plan.validation_boundaries
        parts.append(("the validation data", "validation_boundaries", plan.validation, given))
    return [
        declared.unlike(given, data.packing, part, argument)
        for part, argument, data, given in parts
        if data.packing is not None and data.batch_size == data.packing.batch_size
    ]


def _epochs(plan: FitPlan) -> Misfit | Unknown | None:
    """Judge where epochs begin in the data: a reset there belongs to a sequence's begin."""
    steps, data = plan.steps_per_epoch, plan.data
    if plan.resets != "epoch":
        return None
    if plan.call != "fit":
        return _passes(data, plan.call, "boundaries", "steps") if plan.boundaries is None else None
    if data.kind in ITERATORS and plan.epochs > 1 and steps is None:
        return _spent(data, f"epochs 2 to {plan.epochs} train")
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
        return _again("an epoch", total, length, f"StatefulGuard(boundaries={length})")
    return None


def _validation(plan: FitPlan) -> Misfit | Unknown | None:
    """Judge where each validation begins in its data: it starts from zero states."""
    data = plan.validation
    if data is None or not plan.isolates:
        return None
    if data.kind in ITERATORS and plan.validations > 1:
        if plan.validation_steps is None:
            return _spent(data, f"validations 2 to {plan.validations} run")
        return Unknown(
            "validation data: Keras begins each validation with the first batches that it fetched "
            f"from the {data.kind} and goes on where the last one stopped"
        )
    if data.resumes and plan.validations > 1:
        return Misfit(
            f"validations of {plan.validation_steps} batches with more in the {data.kind}: each "
            "begins with those that its workers fetched for the one before",
            "validations that begin where the data begins",
            f"model.fit(..., validation_steps=None)  # or workers=1 in the {data.kind}",
        )
    if plan.validation_boundaries is not None:
        return None
    return _passes(data, "validation", "validation_boundaries", "validation_steps")


def _passes(data: DataPlan, what: str, boundaries: str, steps: str) -> Misfit | None:
    """Judge whether data that is read from its begin each time is read more than once."""
    length, total = data.period, data.steps
    if not isinstance(length, int) or not isinstance(total, int) or total <= length:
        return None
    whole = total % length == 0
    remedy = f"StatefulGuard({boundaries}={length})" if whole else f"{steps}={length}"
    return _again(what, total, length, remedy)


def _again(what: str, total: int, length: int, remedy: str) -> Misfit:
    times = f"{total // length} times" if total % length == 0 else "more than once"
    return Misfit(
        f"{what} of {total} batches passes over {length} batches of data {times}",
        "a reset wherever the data begins again",
        remedy,
    )


def _spent(data: DataPlan, what: str) -> Misfit:
    return Misfit(
        f"a {data.kind} gives its data once; {what} on the batches that Keras had fetched ahead",
        "data that can be read anew every time",
        "a keras.utils.PyDataset, or tf.data.Dataset.from_generator(function, ...)",
    )


def _others(plan: FitPlan) -> Unknown | None:
    """Return which other callbacks reset states, where their code shows it."""
    where = next((each.where for each in plan.meddling if each.resets), "")
    why = f"{where} resets states at batches that the guard was not told of: boundaries=... does it"
    return Unknown(why) if where else None


def _pass(data: DataPlan) -> int | Unknown:
    """Return the batches after which the data begins again."""
    return data.steps if data.period is None else data.period
