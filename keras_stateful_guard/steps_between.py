"""Jumps from the end of one row to the begin of another, against steps inside rows."""

from __future__ import annotations

from typing import Any, Literal, NamedTuple

import numpy as np

from keras_stateful_guard import chains
from keras_stateful_guard.sample import Sample

Array = np.ndarray[Any, np.dtype[np.float64]]
Layout = Literal["consecutive", "row after row", "overlapping", "shuffled", "cannot tell"]
NEARLY_ALL = 0.8
LIKE_A_STEP = 1.5
UNLIKE_A_STEP = 3.0
FEW, MANY = 8, 32
NOISE = "steps inside rows are as large as jumps between unrelated rows"


class Jumps(NamedTuple):
    """Mean jumps in units of the mean step inside rows, and the single ones behind them.

    Args:
        next_batch: To the same row of the next batch.
        next_row: To the next row.
        unrelated: To a row far away.
        largest_step: The largest step inside rows.
        each_batch: `(pairs,)`, the jumps to the next batch one by one.
        each_row: `(pairs,)`, the jumps to the next row from the same rows.
    """

    next_batch: float
    next_row: float
    unrelated: float
    largest_step: float
    each_batch: Array
    each_row: Array


def measure(sample: Sample) -> Jumps | str:
    """Return the jumps of a sample, or why there are none to measure."""
    if sample.timesteps < 2:
        return "rows of one time step have no step inside"
    rows = sample.rows.astype("float64")
    rows = np.where(np.isfinite(rows), rows, np.nan)
    steps = np.abs(np.diff(rows, axis=1)).reshape(-1, rows.shape[2])
    kept = [f for f in range(rows.shape[2]) if np.nansum(steps[:, f]) > 0]
    if not kept:
        return "its values do not change inside rows"
    unit = np.array([np.nanmean(steps[:, f]) for f in kept])
    begin, end = rows[:, 0, kept], rows[:, -1, kept]

    def jumps(first: Any, shift: int) -> Array:
        return np.asarray(np.mean(np.abs(begin[first + shift] - end[first]) / unit, axis=1))

    to_batch = sample.pairs(sample.batch_size)
    to_row = sample.pairs(1)
    anywhere = np.random.default_rng(0).permutation(len(rows))
    each_batch, each_row = jumps(to_batch, sample.batch_size), jumps(to_row, 1)
    if not np.isfinite(each_batch).any() or not np.isfinite(each_row).any():
        return "no row is followed by another of the same sequence"
    return Jumps(
        next_batch=float(np.nanmean(each_batch)),
        next_row=float(np.nanmean(each_row)),
        unrelated=float(np.nanmean(np.abs(begin[anywhere] - end) / unit)),
        largest_step=float(np.nanmax(steps[:, kept] / unit)),
        each_batch=each_batch,
        each_row=jumps(to_batch, 1) if sample.batch_size > 1 else each_batch,
    )


def judge(jumps: Jumps, sample: Sample) -> tuple[Layout, str]:
    """Return the layout that the jumps show, and what was seen."""
    if jumps.unrelated < 2 * LIKE_A_STEP:
        return "cannot tell", NOISE
    if sample.batch_size > 1 and _continues_above(jumps):
        return "row after row", "each row continues the row above it, not the batch before"
    if jumps.next_batch <= LIKE_A_STEP:
        if sample.batch_size == 1 or jumps.next_row > jumps.next_batch:
            return "consecutive", "jumps to the next batch are like steps inside rows"
        return "cannot tell", "rows continue the row above as well as the batch before"
    if min(jumps.next_batch, jumps.next_row) >= UNLIKE_A_STEP and chains.is_shuffled(sample):
        return "shuffled", "rows continue other rows, which stand anywhere"
    return "cannot tell", "rows may be shuffled, or sequences of their own"


def _continues_above(jumps: Jumps) -> bool:
    """Return whether rows surely continue the row above and not the batch before."""
    if jumps.next_row > LIKE_A_STEP or jumps.next_batch < max(LIKE_A_STEP, 2 * jumps.next_row):
        return False
    pairs = len(jumps.each_batch)
    if pairs < FEW:
        return pairs >= FEW / 2 and bool(np.min(jumps.each_batch) > 2 * jumps.largest_step)
    if np.mean(jumps.each_batch > jumps.each_row) < NEARLY_ALL:
        return False
    return jumps.next_batch >= UNLIKE_A_STEP or pairs >= MANY
