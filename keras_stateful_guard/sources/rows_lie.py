"""How the rows of arrays lie, judged from their values."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from keras_stateful_guard import laid_out
from keras_stateful_guard.boundaries import Boundaries
from keras_stateful_guard.layout_report import LayoutReport, look_at
from keras_stateful_guard.plan import Unknown
from keras_stateful_guard.sample import most_batches
from keras_stateful_guard.sources.request import Request


def look(leaves: Iterable[Any], batch_size: int, request: Request) -> LayoutReport | Unknown | None:
    """Return the layout of the first array with an axis of time; None where it is no question.

    That is where fit shuffles the rows, or where there is not more than one batch.
    """
    x = _sequences(list(leaves))
    if request.shuffle or x is None or x.shape[0] <= batch_size:
        return None
    begins = _begins(request.boundaries, batch_size, int(x.shape[0]) // batch_size)
    if isinstance(begins, Unknown) or (begins is not None and begins[1:].all()):
        return begins if isinstance(begins, Unknown) else None
    return look_at(x, batch_size, begins)


def known(x: Any) -> LayoutReport | None:
    """Return the layout of data that `stateful_batches` laid out."""
    packing = laid_out.find(x)
    return None if packing is None else look_at(x, packing.batch_size)


def _sequences(leaves: list[Any]) -> Any:
    """Return the first array that surely has an axis of time; None where there is none."""
    shaped = [each for each in leaves if hasattr(each, "shape")]
    if len(shaped) == 1 and len(leaves) == 1 and len(shaped[0].shape) == 2:
        return shaped[0]
    return next((each for each in shaped if len(each.shape) >= 3), None)


def _begins(boundaries: Boundaries | None, batch_size: int, steps: int) -> Any:
    """Return which rows begin a sequence, for as many batches as are looked at."""
    if boundaries is None:
        return None
    if boundaries.is_function:
        return Unknown(f"{boundaries.name} is a function")
    if boundaries.batch_size not in (None, batch_size):
        return Unknown(f"{boundaries.name} are for batches of {boundaries.batch_size} rows")
    begins = np.zeros((min(steps, most_batches(batch_size)), batch_size), bool)
    for number in range(len(begins)):
        slots = boundaries.at(number)
        if slots is not None:
            begins[number] = slots
    return begins
