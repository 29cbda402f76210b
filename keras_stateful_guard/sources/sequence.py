"""keras.utils.PyDataset and Sequence: fit permutes their batches unless told not to.

Batches are looked at only where calling `__getitem__` once more surely changes nothing: see
`untouched`. Then the first and the last are fetched, never more.
"""

from __future__ import annotations

import time
from typing import Any

from keras_stateful_guard import laid_out
from keras_stateful_guard.plan import DataPlan, Order, Shuffled, Stable, Unknown
from keras_stateful_guard.sources import arrays, epoch, rows_lie, runs, untouched
from keras_stateful_guard.sources.request import Request, class_names

KERAS = ("keras", "tf_keras", "tensorflow")
SLOW_SECONDS = 0.1


def accepts(x: Any) -> bool:
    """Return whether x is a PyDataset or a Sequence of any Keras."""
    return _is_keras(x, "PyDataset") or _is_keras(x, "Sequence")


def read(request: Request) -> DataPlan:
    """Return the batches of a sequence, from its first and last one at most."""
    x, steps = request.x, _steps(request.x)
    made = _is_timeseries(x)
    batches = _cut(x) if made else _batches(x, steps, request.reads_at_most)
    if request.reads_at_most is not None:
        batches = runs.take(batches, request.reads_at_most)
    known = epoch.figures(batches)
    return DataPlan(
        kind="PyDataset" if _is_keras(x, "PyDataset") else "Sequence",
        batch_size=known.batch_size,
        left_over=known.left_over,
        order=_order(request, steps),
        rows=known.rows,
        steps=known.steps if isinstance(known.steps, int) else steps or epoch.ENDLESS,
        remedy=_remedy(x, steps) if steps and known.left_over != 0 else "",
        packing=laid_out.find(x),
        layout=rows_lie.known(x),
        resumes=_leaves_fetched(x) and (request.reads_at_most or steps or 0) < (steps or 0),
    )


def _cut(x: Any) -> runs.Batches:
    """Return the batches of a TimeseriesGenerator, which draws whole ones where it shuffles."""
    return (
        runs.equal(x.batch_size, len(x)) if x.shuffle else runs.cut(_rows(x), x.batch_size, False)
    )


def _steps(x: Any) -> int | None:
    """Return the number of batches, None where there is no end."""
    try:
        steps = x.num_batches if hasattr(type(x), "num_batches") else len(x)
    except (NotImplementedError, TypeError):
        return None
    return None if steps is None else int(steps)


def _batches(x: Any, steps: int | None, reads_at_most: int | None) -> runs.Batches:
    known = laid_out.find(x)
    if known is not None:
        return runs.equal(known.batch_size, known.steps)
    if _is_parallel(x):
        return Unknown("its workers fetch the batches")
    why = untouched.why_not(type(x).__getitem__, x)
    if why:
        return Unknown(f"fetching a batch to look at it might change the data: {why}")
    if steps == 0:
        return runs.Counted(())
    begun = time.perf_counter()
    first = _rows_of(x[0])
    if first is None:
        return Unknown("its batches are not arrays")
    if steps is None:
        return runs.Uncounted(first, None)
    if steps == 1 or (reads_at_most is not None and reads_at_most < steps):
        return runs.equal(first, steps)
    if time.perf_counter() - begun > SLOW_SECONDS:
        return runs.Uncounted(first, None)
    last = _rows_of(x[steps - 1])
    if last is None:
        return Unknown("its batches are not arrays")
    return runs.joined(runs.equal(first, steps - 1), runs.equal(last, 1))


def _rows_of(batch: Any) -> int | None:
    x = batch[0] if isinstance(batch, (tuple, list)) and batch else batch
    return arrays.rows(x) if arrays.accepts(x) else None


def _order(request: Request, steps: int | None) -> Order:
    x = request.x
    if request.shuffle and steps is not None:
        return Shuffled("fit", f"shuffle={request.shuffle!r}")
    if _is_parallel(x) and _mixes(request):
        return _mixed(request)
    if class_names(x)[0].partition(".")[0] in KERAS and getattr(x, "shuffle", False):
        return Shuffled("data", f"{type(x).__name__}(shuffle=True)")
    for hook in ("on_epoch_begin", "on_epoch_end"):
        method = getattr(type(x), hook, None)
        own = (getattr(method, "__module__", "") or "").partition(".")[0] not in KERAS
        why = untouched.why_not(method, x) if method is not None and own else ""
        if why:
            return Unknown(f"its {hook}() may change the order: {why}")
    if not _is_timeseries(x) and untouched.is_random(type(x).__getitem__):
        return Unknown("its __getitem__() draws random numbers")
    return Stable()


def _leaves_fetched(x: Any) -> bool:
    """Return whether what workers have fetched when a pass stops is left to the next one."""
    return _is_parallel(x) and hasattr(type(x), "num_batches")  # Keras 3.0 throws it away


def _mixes(request: Request) -> bool:
    """Return whether the call begins with batches that workers fetched ahead."""
    builds = request.backend != "tensorflow" or request.replicas > 1
    return request.ahead or (request.call == "fit" and builds)


def _mixed(request: Request) -> Shuffled:
    name = type(request.x).__name__
    where = f"{request.replicas} devices" if request.replicas > 1 else request.backend
    return Shuffled("data", f"{name}(workers={request.x.workers}) on {where}", f"{name}(workers=1)")


def _is_parallel(x: Any) -> bool:
    workers = getattr(x, "_workers", 1)
    return bool(workers > 1 or (workers > 0 and getattr(x, "_use_multiprocessing", False)))


def _remedy(x: Any, steps: int) -> str:
    if _is_timeseries(x):
        whole = _rows(x) - _rows(x) % x.batch_size
        return f"TimeseriesGenerator(..., end_index={x.start_index + whole * x.stride - 1})"
    return f"def __len__(self): return {steps - 1}  # the whole batches only"


def _is_timeseries(x: Any) -> bool:
    cuts = getattr(type(x).__getitem__, "__qualname__", "")
    return _is_keras(x, "TimeseriesGenerator") and cuts == "TimeseriesGenerator.__getitem__"


def _rows(x: Any) -> int:
    return len(range(x.start_index, x.end_index + 1, x.stride))


def _is_keras(x: Any, name: str) -> bool:
    return any(
        each.partition(".")[0] in KERAS and each.rpartition(".")[2] == name
        for each in class_names(x)
    )
