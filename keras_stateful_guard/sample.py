"""A look at the first rows of data: enough to judge its layout, little enough to cost nothing."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

Array = np.ndarray[Any, np.dtype[Any]]
VALUES = 20_000
ROWS = 1024
FEATURES = 4


class Sample(NamedTuple):
    """Whole batches from the beginning of the data.

    Args:
        rows: `(rows, timesteps, features)`, some of the features.
        batch_size: Rows of a batch.
        begins: Bool `(rows,)`: the rows that begin a sequence.
        whole: Whether these are all batches of the data.
    """

    rows: Array
    batch_size: int
    begins: np.ndarray[Any, np.dtype[np.bool_]]
    whole: bool

    @property
    def timesteps(self) -> int:
        """Time steps of a row."""
        return int(self.rows.shape[1])

    def pairs(self, shift: int) -> np.ndarray[Any, np.dtype[np.intp]]:
        """Return the rows whose follower, so many rows below, does not begin a sequence."""
        return np.flatnonzero(~self.begins[shift:])


def most_batches(batch_size: int) -> int:
    """Return how many batches are looked at, at most."""
    return max(2, ROWS // batch_size)


def take(x: Any, batch_size: int, begins: Any = None) -> Sample | str:
    """Return the first batches of x, or why there is nothing to look at."""
    shape = tuple(x.shape)
    if len(shape) < 2:
        return "it has no axis of time"
    if None in shape or 0 in shape[1:]:
        return f"it is of shape {shape}"
    if shape[0] < 2 * batch_size:
        return "there is no second batch"
    strides = [max(1, -(-size // FEATURES)) for size in shape[2:]]
    features = int(np.prod([-(-n // s) for n, s in zip(shape[2:], strides, strict=True)]))
    affordable = min(ROWS, VALUES // max(1, shape[1] * features))
    batches = min(shape[0] // batch_size, max(2, affordable // batch_size))
    everything = slice(None)
    part = (everything, everything, *(slice(None, None, stride) for stride in strides))
    head: Any = x[: batches * batch_size] if hasattr(x, "__getitem__") else None
    if hasattr(head, "detach"):  # a torch tensor, on whatever device
        head = head.detach().cpu()
    head = np.asarray(head)
    if head.ndim != len(shape):  # such as a sparse matrix
        return f"numpy cannot read a {type(x).__name__}"
    head = head[part]
    if head.dtype.kind not in "biuf":
        return f"its values are of dtype {head.dtype}"
    new = np.zeros(len(head), bool)
    if begins is not None:
        given = np.asarray(begins)[:batches].reshape(-1)
        new[: len(given)] = given
    rows = head.reshape(len(head), shape[1], -1)
    return Sample(rows, batch_size, new, whole=batches == shape[0] // batch_size)
