"""torch DataLoader, on any backend: its samplers decide the order, `drop_last` the short batch."""

from __future__ import annotations

from itertools import islice, pairwise
from typing import Any

from keras_stateful_guard.plan import DataPlan, Order, Shuffled, Stable, Unknown
from keras_stateful_guard.sources import epoch, runs
from keras_stateful_guard.sources.request import Request, class_names

KIND = "DataLoader"
OWN_SAMPLER = Unknown("a batch_sampler of one's own decides the batches")
OWN_COLLATE = Unknown("a collate_fn of one's own decides the rows")
WHOLE_BATCHES = Unknown("with batch_size=None the loader's data decides the batches")
ROWS_LOOKED_AT = 1000
RANDOM = ("RandomSampler", "SubsetRandomSampler", "WeightedRandomSampler")


def accepts(x: Any) -> bool:
    """Return whether x is a torch DataLoader."""
    return _is_torch(x, "DataLoader")


def read(request: Request) -> DataPlan:
    """Return the batches of a loader, from its samplers; no batch is loaded."""
    loader = request.x
    size, drops = _batch_size(loader)
    batches: runs.Batches
    if isinstance(size, Unknown):
        batches = size
    else:
        batches = runs.cut(_length(_sampler(loader)), size, drop_remainder=bool(drops))
    if request.reads_at_most is not None:
        batches = runs.take(batches, request.reads_at_most)
    known = epoch.figures(batches, size if isinstance(size, int) else None)
    return DataPlan(
        kind=KIND,
        batch_size=known.batch_size,
        left_over=known.left_over,
        order=_order(loader),
        rows=known.rows,
        steps=known.steps,
        remedy="" if known.left_over == 0 or drops is None else "DataLoader(..., drop_last=True)",
        drops_remainder=drops,
    )


def _batch_size(loader: Any) -> tuple[int | Unknown, bool | None]:
    """Return the rows of a whole batch, and whether a short last one is dropped."""
    batch_sampler = loader.batch_sampler
    if batch_sampler is None:
        return WHOLE_BATCHES, None
    if not _is_exactly(batch_sampler, "BatchSampler"):
        return OWN_SAMPLER, None
    drops = bool(batch_sampler.drop_last)
    if getattr(loader.collate_fn, "__name__", "") != "default_collate":
        return OWN_COLLATE, drops
    if _is_torch(loader.dataset, "IterableDataset"):
        return int(loader.batch_size), bool(loader.drop_last)
    return int(batch_sampler.batch_size), drops


def _sampler(loader: Any) -> Any:
    """Return what really numbers the rows: `loader.sampler` is idle beside a batch_sampler."""
    return getattr(loader.batch_sampler, "sampler", loader.sampler)


def _order(loader: Any) -> Order:
    if getattr(loader, "num_workers", 0) and not getattr(loader, "in_order", True):
        return Shuffled("data", "DataLoader(in_order=False)")
    if _is_torch(loader.dataset, "IterableDataset"):
        return Unknown("an IterableDataset decides the order while it runs")
    if loader.batch_sampler is not None and not _is_exactly(loader.batch_sampler, "BatchSampler"):
        return OWN_SAMPLER
    if _reorders(loader.dataset):
        return Shuffled("data", "random_split or a Subset out of order")
    sampler = _sampler(loader)
    for name in RANDOM:
        if _is_torch(sampler, name):
            return Shuffled("data", name)
    if _is_torch(sampler, "DistributedSampler"):
        return Shuffled("data", "DistributedSampler(shuffle=True)") if sampler.shuffle else Stable()
    if _is_exactly(sampler, "SequentialSampler") or isinstance(sampler, (range, list, tuple)):
        return Stable()
    return Unknown(f"the order that {type(sampler).__name__} gives is not known")


def _reorders(data: Any) -> bool:
    """Return whether a Subset takes rows out of order, as random_split makes it."""
    while _is_torch(data, "Subset"):
        first = list(islice(data.indices, ROWS_LOOKED_AT))
        if any(later < earlier for earlier, later in pairwise(first)):
            return True
        data = data.dataset
    return False


def _length(x: Any) -> int | None:
    try:
        return len(x)
    except (TypeError, NotImplementedError):
        return None


def _is_torch(x: Any, name: str) -> bool:
    return any(
        each.startswith("torch.utils.data.") and each.rpartition(".")[2] == name
        for each in class_names(x)
    )


def _is_exactly(x: Any, name: str) -> bool:
    """Return whether x is of that very class: a subclass may do something else."""
    return class_names(x)[0].startswith("torch.utils.data.") and type(x).__name__ == name
