"""Looks at data and says whether row i of every batch continues row i of the batch before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from keras_stateful_guard import laid_out, overlaps, steps_between
from keras_stateful_guard.sample import Sample, take
from keras_stateful_guard.sequences import count
from keras_stateful_guard.steps_between import Layout

WRONG: tuple[Layout, ...] = ("row after row", "overlapping", "shuffled")


@dataclass(frozen=True, slots=True)
class LayoutReport:
    """How the rows of data lie, as far as its values show it.

    Args:
        layout: `"consecutive"`: row i of every batch continues row i of the batch before, as a
            stateful model needs it. `"row after row"`: each row continues the row above it.
            `"overlapping"`: chunks repeat time steps of the chunk before. `"shuffled"`: chunks
            continue others that stand anywhere. `"cannot tell"`: the values do not show it.
        batch_size: Rows of a batch.
        why: What was seen, in words.
        next_batch: How far apart the last time step of a row and the first of the same row in
            the next batch are, in mean steps inside chunks; None where it was not measured.
        next_row: The same from each row to the row below it.
        unrelated: The same between rows that have nothing to do with each other.
        repeated: Time steps that overlapping chunks have in common.
    """

    layout: Layout
    batch_size: int
    why: str
    next_batch: float | None = None
    next_row: float | None = None
    unrelated: float | None = None
    repeated: int = 0

    @property
    def is_wrong(self) -> bool:
        """Whether the values show that a stateful model would go on from another place."""
        return self.layout in WRONG

    def __str__(self) -> str:
        figures = {
            "same row of the next batch": self.next_batch,
            "next row": self.next_row,
            "unrelated rows": self.unrelated,
        }
        lines = [f"layout for batches of {self.batch_size}: {self.layout} ({self.why})"]
        measured = {name: value for name, value in figures.items() if value is not None}
        if measured:
            lines.append("  jump from the end of a row, in mean steps inside rows:")
            lines += [f"    to {name:26} {value:8.2f}" for name, value in measured.items()]
        return "\n".join(lines)


def check_layout(x: Any, batch_size: int) -> LayoutReport:
    """Say how the rows of data lie: consecutive, row after row, overlapping, shuffled.

    Some thousand rows from the beginning are looked at. Noise, ids of tokens and constant data
    show nothing; neither do sequences of one chunk each.

    Args:
        x: Chunks `(rows, timesteps, features…)`, as `fit` would take them.
        batch_size: Rows of a batch.

    Returns:
        The report; print it to read it.

    Raises:
        ValueError: x has no axis of time, or batch_size is no number of rows.

    Example:

    ```python
    print(check_layout(x, batch_size=4))
    ```
    """
    batch_size = count("batch_size", batch_size)
    known = laid_out.find(x)
    if known is None or hasattr(x, "shape"):
        return look_at(_rows(x), batch_size)
    if known.batch_size != batch_size:
        message = (
            f"stateful_batches laid x out in batches of {known.batch_size} rows, which nobody "
            f"regroups; got {batch_size}: stateful_batches(..., batch_size={batch_size})"
        )
        raise ValueError(message)
    return look_at(x, batch_size)


def _rows(x: Any) -> Any:
    """Return x with rows and an axis of time; a list of rows becomes an array."""
    if isinstance(x, (list, tuple)):
        if len(x) and all(len(getattr(each, "shape", ())) > 2 for each in x):
            message = (
                f"x has {len(x)} arrays; expected one: [check_layout(each, ...) for each in x]"
            )
            raise ValueError(message)
        try:
            x = np.asarray(x)
        except ValueError as error:  # rows of different lengths
            message = "x must be of shape (rows, timesteps, features…); got rows of several shapes"
            raise ValueError(message) from error
    shape = getattr(x, "shape", None)
    if shape is None:
        message = f"x must be an array (rows, timesteps, features…); got {type(x).__name__}"
        raise ValueError(message)
    if len(shape) < 2:
        message = f"x must be of shape (rows, timesteps, features…); got {tuple(shape)}"
        raise ValueError(message)
    return x


def look_at(x: Any, batch_size: int, begins: Any = None) -> LayoutReport:
    """Judge the layout of x.

    Args:
        x: Chunks `(rows, timesteps, features…)`.
        batch_size: Rows of a batch.
        begins: Bool array `(steps, batch_size)` of the rows that begin a sequence.
    """
    known = laid_out.find(x)
    if known is not None and known.batch_size == batch_size:
        return LayoutReport("consecutive", batch_size, "laid out by stateful_batches")
    sample = take(x, batch_size, begins)
    if isinstance(sample, str):
        return LayoutReport("cannot tell", batch_size, sample)
    repeated = overlaps.find(sample)
    if repeated is not None:
        right = repeated.shift == 1 and repeated.stride * batch_size == sample.timesteps
        return LayoutReport(
            "consecutive" if right else "overlapping",
            batch_size,
            "rows overlap, and row i of each batch continues row i of the one before"
            if right
            else f"{'rows' if repeated.shift == 1 else 'the same rows of batches'} begin "
            f"{repeated.stride} time steps after each other and are {sample.timesteps} long",
            repeated=0 if right else sample.timesteps - repeated.stride,
        )
    return _by_jumps(sample)


def _by_jumps(sample: Sample) -> LayoutReport:
    jumps = steps_between.measure(sample)
    if isinstance(jumps, str):
        return LayoutReport("cannot tell", sample.batch_size, jumps)
    layout, why = steps_between.judge(jumps, sample)
    return LayoutReport(
        layout,
        sample.batch_size,
        why,
        next_batch=jumps.next_batch,
        next_row=jumps.next_row,
        unrelated=jumps.unrelated,
    )
