"""Where sequences begin inside an epoch: the five forms, and whether they fit its steps."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Literal, NamedTuple

import numpy as np

from keras_stateful_guard.errors import Finding, StatefulPitfallError
from keras_stateful_guard.unknown import Unknown

LONGEST = 200  # characters of a refused value that are shown
MISPLACED = "stateful-misplaced-boundary"
Mask = np.ndarray[Any, np.dtype[np.bool_]]
Slots = Literal[True] | Mask | None

ACCEPTED = (
    "a number of batches, 1 or more; a sequence of batch numbers from 0; a bool array (steps,); "
    "a bool array (steps, batch_size); or a function of the batch number that returns a bool or "
    "a bool array (batch_size,)"
)


class Misfit(NamedTuple):
    """Why boundaries do not fit an epoch, in the words of a finding."""

    found: str
    expected: str
    remedy: str


class Boundaries:
    """Answers, for each batch of an epoch, which slots begin a new sequence there.

    Args:
        given: One of the five forms.
        name: The argument that it was given as, for messages.

    Attributes:
        every: Every how many batches all slots begin anew; None in the other forms.
        numbers: The batches with a boundary; None where a number or a function decides.
        steps: Batches of an epoch that an array speaks of; None in the other forms.
        batch_size: Rows that an array of shape `(steps, batch_size)` speaks of; else None.

    Raises:
        ValueError: `given` is none of the forms.
    """

    def __init__(self, given: Any, name: str = "boundaries") -> None:
        self.name = name
        self.every: int | None = None
        self.numbers: frozenset[int] | None = None
        self.steps: int | None = None
        self.batch_size: int | None = None
        self._ask: Callable[[int], Any] | None = None
        self._masks: dict[int, Mask] = {}
        if callable(given) and not isinstance(given, type):
            self._ask = given
        elif isinstance(given, (int, np.integer)) and not isinstance(given, bool):
            self.every = self._at_least_one(int(given))
        else:
            self._read(given)

    def at(self, batch: int) -> Slots:
        """Return the slots that begin a sequence at a batch: True for all, None for none."""
        if self.numbers is not None:
            return None if batch not in self.numbers else self._masks.get(batch, True)
        if self.every is not None:
            return True if batch % self.every == 0 else None
        return self._answer(batch)

    def slots(self, batch: int, rows: int | None) -> Slots:
        """Return what `at` does; raise where that is not for a batch of so many rows."""
        slots = self.at(batch)
        if slots is None or slots is True:
            return slots
        if rows in (None, len(slots)):
            return None if not slots.any() else True if slots.all() else slots
        found = f"{self.name} at batch {batch} are of {len(slots)} slots"
        remedy = "return a bool array (batch_size,)"
        raise StatefulPitfallError([Finding(MISPLACED, found, f"{rows} slots", remedy)])

    @property
    def is_function(self) -> bool:
        """Whether the boundaries are only known while the data runs."""
        return self._ask is not None

    def everywhere(self, steps: int | Unknown) -> bool:
        """Return whether all slots begin anew at every one of several batches."""
        if self.every is not None:
            return self.every == 1 and steps != 1
        total = steps if isinstance(steps, int) else self.steps
        if self.numbers is None or self._masks or total is None or total < 2:
            return False
        return self.numbers.issuperset(range(total))

    def _at_least_one(self, every: int) -> int:
        if every >= 1:
            return every
        raise self._refused(every)

    def _read(self, given: Any) -> None:
        try:
            array = _as_array(given)
        except ValueError as error:  # rows of different lengths
            raise self._refused(given) from error
        if array.size == 0 and array.ndim == 1:
            self.numbers = frozenset()
        elif array.dtype == bool and array.ndim in {1, 2}:
            self.steps = len(array)
            any_slot = array if array.ndim == 1 else array.any(axis=1)
            self.numbers = frozenset(np.flatnonzero(any_slot).tolist())
            if array.ndim == 2:
                self.batch_size = array.shape[1]
                self._masks = {k: array[k].copy() for k in self.numbers if not array[k].all()}
        elif _is_mask(array):
            raise self._refused(given, f"; a mask is np.asarray({self.name}, bool)")
        elif np.issubdtype(array.dtype, np.integer) and array.ndim == 1 and array.min() >= 0:
            self.numbers = frozenset(array.tolist())
        else:
            raise self._refused(given)

    def _answer(self, batch: int) -> Slots:
        given = self._ask(batch) if self._ask else False
        try:
            answer = np.asarray(given)
        except ValueError:  # rows of different lengths
            answer = np.asarray(None)
        if answer.ndim == 0 and answer.dtype == bool:
            return True if answer else None
        if answer.ndim == 1 and answer.dtype == bool:
            return answer
        message = (
            f"{self.name}({batch}) returned {given!r}; it must return a bool or a bool array "
            "(batch_size,)"
        )
        raise ValueError(message)

    def _refused(self, given: Any, hint: str = "") -> ValueError:
        shown = repr(given)
        shown = shown if len(shown) <= LONGEST else f"{shown[:LONGEST]}…"
        hint = "; give its .boundaries" if hasattr(given, "boundaries") else hint
        return ValueError(f"{self.name} must be {ACCEPTED}; got {shown}{hint}")


def _as_array(given: Any) -> np.ndarray[Any, np.dtype[Any]]:
    """Return boundaries as an array; a mapping or a table of pandas is no list of its keys."""
    if isinstance(given, (Mapping, bytes)):
        return np.asarray(None)
    listed = isinstance(given, Iterable) and not hasattr(given, "shape")
    array = np.asarray(list(given) if listed else given)
    return np.asarray(array.tolist()) if array.dtype == object else array  # pandas may hold NA


def _is_mask(array: np.ndarray[Any, np.dtype[Any]]) -> bool:
    """Return whether whole numbers, as batches, would name 0 or 1 again and again."""
    listed = array.ndim == 2 or (array.ndim == 1 and len(array) > 2)
    return listed and array.dtype.kind in "iu" and array.size > 0 and bool(np.all(array // 2 == 0))


def misfit(
    boundaries: Boundaries, steps: int | Unknown, batch_size: int | None, per_execution: int
) -> Misfit | Unknown | None:
    """Judge boundaries against the epoch they are declared for.

    Args:
        boundaries: The declared boundaries.
        steps: Batches of an epoch.
        batch_size: Rows of a batch; None where nothing fixes it.
        per_execution: Batches that Keras runs between two callback hooks.

    Returns:
        Why they do not fit, what could not be looked into, or None where they fit.
    """
    name, width = boundaries.name, boundaries.batch_size
    if width is not None and batch_size is not None and width != batch_size:
        turned = (boundaries.steps, width) == (batch_size, steps)
        return Misfit(
            f"{name} of shape ({boundaries.steps}, {width}) with batches of {batch_size} rows",
            f"an array ({width if turned else boundaries.steps}, {batch_size})",
            f"{name}.T" if turned else f"{name}: one column for each row of the batch",
        )
    inside = _inside_execution(boundaries, per_execution)
    return inside or _beyond(boundaries, steps, batch_size)


def _inside_execution(boundaries: Boundaries, per_execution: int) -> Misfit | Unknown | None:
    if per_execution == 1:
        return None
    if boundaries.is_function:
        return Unknown(f"{boundaries.name} is a function, with steps_per_execution={per_execution}")
    places = {boundaries.every} if boundaries.every else boundaries.numbers or set()
    lost = sorted(place for place in places if place % per_execution)
    if not lost:
        return None
    return Misfit(
        f"a boundary {'every' if boundaries.every else 'at batch'} {lost[0]} with "
        f"steps_per_execution={per_execution}, between whose hooks no reset is possible",
        f"boundaries at multiples of {per_execution}",
        "model.compile(..., steps_per_execution=1), or "
        f"stateful_batches(..., steps_per_execution={per_execution})",
    )


def _beyond(
    boundaries: Boundaries, steps: int | Unknown, batch_size: int | None
) -> Misfit | Unknown | None:
    name = boundaries.name
    if isinstance(steps, Unknown):
        return None if boundaries.is_function else Unknown(f"{name}: {steps.why}")
    if boundaries.every is not None and steps % boundaries.every:
        return Misfit(
            f"{name}={boundaries.every} with {steps} batches in an epoch, which ends inside a "
            "sequence",
            f"a number that divides {steps}",
            _dividing(name, boundaries.every, steps),
        )
    if boundaries.steps is not None and boundaries.steps != steps:
        return Misfit(
            f"{name} of {boundaries.steps} batches with {steps} batches in an epoch",
            f"one row for each of the {steps} batches",
            _of_length(boundaries, steps, batch_size),
        )
    last = max(boundaries.numbers or {-1})
    if last >= steps > 0:
        return Misfit(
            f"{name} names batch {last} with {steps} batches in an epoch",
            f"batch numbers from 0 to {steps - 1}",
            f"{name}=[k for k in {name} if k < {steps}]",
        )
    return None


def _dividing(name: str, every: int, steps: int) -> str:
    """Return how to end an epoch where a sequence ends; a number of 1 would carry nothing."""
    if steps == 1:
        return f"leave {name} out: one batch carries nothing"
    fitting = [n for n in range(2, steps + 1) if steps % n == 0]
    nearest = min(fitting, key=lambda n: abs(n - every))
    whole = steps - steps % every
    data = f"data of {whole} batches" if whole else "data of whole sequences"
    return f"{name}={nearest}, or {data}"


def _of_length(boundaries: Boundaries, steps: int, batch_size: int | None) -> str:
    name, given = boundaries.name, boundaries.steps or 0
    if batch_size is not None and boundaries.batch_size is None and given == steps * batch_size:
        return f"{name}.reshape({steps}, {batch_size})"  # one for each row
    return f"{name}[:{steps}]" if given > steps else f"{name} of length {steps}"
