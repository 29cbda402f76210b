"""The figures of a plan, from the batches of an epoch."""

from __future__ import annotations

from typing import NamedTuple

from keras_stateful_guard.plan import Unknown
from keras_stateful_guard.sources import runs
from keras_stateful_guard.sources.runs import Batches, Uncounted

EMPTY = Unknown("there is not one batch")
ENDLESS = Unknown("the data repeats without end")
NOT_COUNTED = Unknown("the length of the data is not known")
MAY_BE_SHORT = Unknown("the length of the data is not known and nothing drops a short last batch")


class Figures(NamedTuple):
    """What a `DataPlan` says in numbers, under the same names."""

    batch_size: int | Unknown
    left_over: int | Unknown
    rows: int | Unknown
    steps: int | Unknown


def figures(batches: Batches, declared: int | None = None) -> Figures:
    """Return the figures of an epoch of batches.

    Args:
        batches: The batches; where there is only one, it counts as whole.
        declared: Rows per batch as given, for an epoch that has no batch at all.
    """
    if isinstance(batches, Unknown):
        return Figures(batches, batches, NOT_COUNTED, NOT_COUNTED)
    if isinstance(batches, Uncounted):
        left_over = MAY_BE_SHORT if batches.left_over is None else batches.left_over
        return Figures(batches.rows, left_over, NOT_COUNTED, NOT_COUNTED)
    batch_size = runs.whole_rows(batches) or declared or EMPTY
    left_over = runs.short_rows(batches)
    if batches.cycle:
        return Figures(batch_size, left_over, ENDLESS, ENDLESS)
    rows = sum(rows * times for rows, times in batches.runs)
    return Figures(batch_size, left_over, rows, sum(n for _, n in batches.runs))
