"""Windows that overlap: exact repetition of time steps, which chance does not make."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from keras_stateful_guard.sample import Sample

Array = np.ndarray[Any, np.dtype[Any]]
Flags = np.ndarray[Any, np.dtype[np.bool_]]
NEARLY_ALL = 0.9
MANY = 8


class Repeated(NamedTuple):
    """Rows that repeat what an earlier row holds.

    Args:
        shift: How many rows above that one stands: 1, or a whole batch.
        stride: How many time steps later they begin.
    """

    shift: int
    stride: int


def find(sample: Sample) -> Repeated | None:
    """Return how rows repeat time steps of earlier rows; None where they do not."""
    changes = ~_equal(sample.rows[:, 1:], sample.rows[:, :-1])
    if int(changes.sum()) < MANY:
        return None
    for shift in dict.fromkeys((1, sample.batch_size)):
        for stride in _candidates(sample, shift):
            if _repeats(sample, shift, stride):
                return Repeated(shift, stride)
    return None


def _candidates(sample: Sample, shift: int) -> list[int]:
    """Return the time steps at which nearly all rows hold what their follower begins with."""
    first = sample.pairs(shift)
    if len(first) == 0:
        return []
    same = _equal(sample.rows[first], sample.rows[first + shift, :1])
    often = same.mean(axis=0) >= NEARLY_ALL
    return [int(step) for step in np.flatnonzero(often) if step > 0]


def _repeats(sample: Sample, shift: int, stride: int) -> bool:
    first = sample.pairs(shift)
    before, after = sample.rows[first], sample.rows[first + shift]
    period = sample.timesteps - stride
    repeated = _equal(before[:, stride:], after[:, :period])
    alike: Flags = np.asarray(repeated.all(axis=1))
    across = (first + shift) // sample.batch_size != first // sample.batch_size
    if alike.mean() < NEARLY_ALL or alike[across].mean() < NEARLY_ALL:
        return False
    by_itself = float(_equal(before[:, period:], before[:, :stride]).mean())
    if by_itself >= NEARLY_ALL or 1 - alike.mean() > (1 - by_itself) / 4:
        return False  # the data itself repeats after so many steps, or holds its values
    changes: Flags = ~_equal(before[:, stride:], before[:, stride - 1 : -1])
    if int((changes & alike[:, None]).sum()) < MANY:
        return False
    windows = {each.tobytes() for each in before[alike, stride:]}
    few = max(MANY, int(alike.sum()) / 2)
    return len(windows) >= few  # else always the same ones, as of waves and levels


def _equal(a: Array, b: Array) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Return where all features are the same, `(rows, timesteps)`; NaN is NaN."""
    same = (a == b) | (np.isnan(a) & np.isnan(b)) if a.dtype.kind == "f" else a == b
    return np.asarray(same.all(axis=2))
