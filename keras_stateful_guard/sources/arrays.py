"""Arrays, tensors and data frames, alone or in lists and dicts: Keras cuts them into batches."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from numbers import Number
from typing import Any

from keras_stateful_guard.plan import DataPlan, Order, Shuffled, Stable, Unknown
from keras_stateful_guard.sources.request import DEFAULT_BATCH_SIZE, Request


def accepts(x: Any) -> bool:
    """Return whether Keras cuts x into batches itself."""
    found = list(_leaves(x))
    return bool(found) and all(_is_array(each) or _is_scalars(each) for each in found)


def read(request: Request) -> DataPlan:
    """Return the batches that Keras cuts; no more than shapes are looked at."""
    rows = _rows(next(_leaves(request.x)))
    if rows is None:
        why = Unknown("the number of rows is not known before they are read")
        return DataPlan("arrays", request.batch_size or why, why, _order(request), why, why)
    given = request.batch_size or (math.ceil(rows / request.steps) if request.steps else 0)
    batch_size = given or DEFAULT_BATCH_SIZE
    steps = math.ceil(rows / batch_size)
    left_over = rows % batch_size if steps > 1 else 0
    if request.reads_at_most is not None and request.reads_at_most < steps:
        steps, left_over = request.reads_at_most, 0
        rows = steps * batch_size
    return DataPlan(
        kind="arrays",
        batch_size=min(batch_size, rows) if rows else batch_size,
        left_over=left_over,
        order=_order(request),
        rows=rows,
        steps=steps,
        default_batch_size=not given,
        drops_remainder=False,
        remedy=_remedy(request, rows - left_over) if left_over else "",
    )


def _remedy(request: Request, rows: int) -> str:
    return f"x[:{rows}]" if request.call == "predict" else f"x[:{rows}], y[:{rows}]"


def _order(request: Request) -> Order:
    if not request.shuffle:
        return Stable()
    return Shuffled("fit", f"shuffle={request.shuffle!r}")


def _leaves(x: Any) -> Iterator[Any]:
    """Yield the arrays of a nest; a list of plain numbers is one, as tf_keras takes it."""
    if isinstance(x, Mapping):
        for each in x.values():
            yield from _leaves(each)
    elif isinstance(x, (list, tuple)) and not _is_scalars(x):
        for each in x:
            yield from _leaves(each)
    elif x is not None:
        yield x


def _is_array(x: Any) -> bool:
    shape = None if isinstance(x, type) else getattr(x, "shape", None)
    try:
        return shape is not None and len(shape) > 0
    except (TypeError, ValueError):  # a tensor of unknown rank
        return False


def _is_scalars(x: Any) -> bool:
    if not isinstance(x, list):
        return False
    while isinstance(x, list) and x:
        x = x[0]
    return isinstance(x, (Number, str, bytes))


def _rows(x: Any) -> int | None:
    rows = x.shape[0] if _is_array(x) else len(x)
    return None if rows is None else int(rows)
