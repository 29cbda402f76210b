"""Rows that continue other rows, wherever these stand: one series whose chunks were shuffled."""

from __future__ import annotations

from typing import Any

import numpy as np

from keras_stateful_guard.sample import Sample

Array = np.ndarray[Any, np.dtype[np.float64]]
MOST, FEWEST = 1024, 16
CLEAR = 3.0
NEARLY_ALL = 0.8


def is_shuffled(sample: Sample) -> bool:
    """Return whether nearly every row has one other row that alone continues it.

    Sequences of their own that all begin and end alike are not taken for it: there many rows
    would do. Neither is a dense cloud of values: there the middles of rows find a begin as near.
    """
    rows = sample.rows.astype("float64")
    if not sample.whole or not FEWEST <= len(rows) <= MOST or sample.timesteps < 4:
        return False
    slopes = np.diff(rows, axis=1)
    unit = np.abs(slopes).mean(axis=(0, 1))
    kept = np.isfinite(unit) & (unit > 0)
    if not kept.any():
        return False
    rows, slopes = rows[:, :, kept] / unit[kept], slopes[:, :, kept] / unit[kept]
    middle = sample.timesteps // 2
    begins = np.concatenate([rows[:, 0], slopes[:, 0]], axis=1)
    ends = np.concatenate([rows[:, -1] + slopes[:, -1], slopes[:, -1]], axis=1)
    middles = np.concatenate([rows[:, middle] + slopes[:, middle - 1], slopes[:, middle - 1]], 1)
    which, nearest, second = _nearest(ends, begins)
    _, by_chance, _ = _nearest(middles, begins)
    alone = len(np.unique(which)) / len(rows) >= NEARLY_ALL
    clear = np.median(second) > CLEAR * np.median(nearest)
    return bool(alone and clear and np.median(by_chance) > CLEAR * np.median(nearest))


def _nearest(points: Array, begins: Array) -> tuple[Any, Array, Array]:
    """Return the nearest begin of another row, its distance, and that of the second nearest."""
    far = ((points[:, None] - begins[None]) ** 2).sum(axis=2)
    np.fill_diagonal(far, np.inf)
    two = np.sqrt(np.partition(far, 1, axis=1)[:, :2])
    return far.argmin(axis=1), two[:, 0], two[:, 1]
