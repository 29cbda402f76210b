"""Arrays, tensors and data frames, alone or in lists and dicts: Keras cuts them into batches."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from numbers import Number
from typing import Any

from keras_stateful_guard import laid_out
from keras_stateful_guard.plan import DataPlan, Order, Shuffled, Stable, Unknown
from keras_stateful_guard.sources import epoch, rows_lie, runs
from keras_stateful_guard.sources.request import DEFAULT_BATCH_SIZE, Request


def accepts(x: Any) -> bool:
    """Return whether Keras cuts x into batches itself."""
    found = list(_leaves(x))
    return bool(found) and all(_is_array(each) or _is_scalars(each) for each in found)


def read(request: Request) -> DataPlan:
    """Return the batches that Keras cuts; no more than shapes are looked at."""
    count = rows(request.x)
    if count is None:
        why = Unknown("the number of rows is not known before they are read")
        return DataPlan("arrays", request.batch_size or why, why, _order(request), why, why)
    given = request.batch_size or (math.ceil(count / request.steps) if request.steps else 0)
    batch_size = given or DEFAULT_BATCH_SIZE
    batches = runs.cut(count, batch_size, drop_remainder=False)
    if request.reads_at_most is not None:
        batches = runs.take(batches, request.reads_at_most)
    known = epoch.figures(batches, batch_size)
    return DataPlan(
        kind="arrays",
        batch_size=known.batch_size,
        left_over=known.left_over,
        order=_order(request),
        rows=known.rows,
        steps=known.steps,
        default_batch_size=not given,
        remedy=_remedy(request, count - count % batch_size) if known.left_over else "",
        drops_remainder=False,
        packing=laid_out.find(next(_leaves(request.x))),
        layout=rows_lie.look(_leaves(request.x), batch_size, request) if request.looks else None,
    )


def rows(x: Any) -> int | None:
    """Return the rows of arrays that `accepts` knows, None where their shape does not tell."""
    first = next(_leaves(x))
    found = first.shape[0] if _is_array(first) else len(first)
    return None if found is None else int(found)


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
