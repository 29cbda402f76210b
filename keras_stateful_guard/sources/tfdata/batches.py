"""The batches that a tf.data pipeline yields in one epoch, read back from its last batch node."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from keras_stateful_guard.plan import Unknown
from keras_stateful_guard.sources import runs
from keras_stateful_guard.sources.runs import ENDLESS, Batches
from keras_stateful_guard.sources.tfdata import mapped, nodes, passes

BATCHING = frozenset({"Batch", "MapAndBatch", "PaddedBatch", "ParallelBatch"})
MAPPING = frozenset({"Map", "ParallelMap"})
DROPPING = frozenset({"Filter", "IgnoreErrors", "TakeWhile", "Unique"})


@dataclass(frozen=True, slots=True)
class Found:
    """What a node yields.

    Args:
        batches: Its batches.
        drops_remainder: Whether the batch node drops a short last batch; None without one.
        wrapped: Rows of one pass over the data that share a batch with the next pass.
        period: Batches in one pass, where the data comes more than once in an epoch.
        batch_node: The last batch node.
    """

    batches: Batches
    drops_remainder: bool | None = None
    wrapped: int | Unknown = 0
    period: int | Unknown | None = None
    batch_node: Any = None


def read(node: Any) -> Found:
    """Return the batches of a node, exactly or with the reason why not."""
    found = READERS.get(nodes.kind(node), _other)(node)
    rows = nodes.rows(node.element_spec)
    if rows is None or isinstance(found.batches, runs.Counted):
        return found
    return replace(found, batches=runs.equal(rows, nodes.count(node)))


def _other(node: Any) -> Found:
    fed = nodes.inputs(node)
    method = nodes.method(nodes.kind(node))
    return Found(Unknown(f"{method} decides the rows" if fed else "there is no batch()"))


def _same(node: Any) -> Found:
    return read(nodes.inputs(node)[0])


def _batch(node: Any) -> Found:
    (fed,) = nodes.inputs(node)
    rows, drops = nodes.number(node, "_batch_size"), nodes.number(node, "_drop_remainder")
    if rows is None or drops is None:
        return Found(Unknown("the batch size of batch() is not known before it runs"))
    count = nodes.count(fed)
    wrapped, period = passes.into(rows, passes.length(fed), count)
    return Found(runs.cut(count, rows, bool(drops)), bool(drops), wrapped, period, node)


def _map(node: Any) -> Found:
    found = read(nodes.inputs(node)[0])
    rows, count = nodes.rows(node.element_spec), runs.length(found.batches)
    if rows is not None:
        return replace(found, batches=runs.equal(rows, count))
    if mapped.keeps_rows(node):
        return found
    return replace(found, batches=Unknown("the function of a map() decides the rows"))


def _drop(node: Any) -> Found:
    found = read(nodes.inputs(node)[0])
    period = None if found.period is None else Unknown("a step drops batches after repeat()")
    return replace(found, batches=runs.filtered(found.batches), period=period)


def _shuffle(node: Any) -> Found:
    found = read(nodes.inputs(node)[0])
    mixed = isinstance(found.batches, runs.Counted) and runs.short_rows(found.batches)
    return replace(found, batches=runs.filtered(found.batches)) if mixed else found


def _counting(
    make: Callable[[Batches, int], Batches], name: str = "_count"
) -> Callable[[Any], Found]:
    """Return a reader of a node that has one input and one number."""

    def reader(node: Any) -> Found:
        found = read(nodes.inputs(node)[0])
        count = nodes.number(node, name)
        if count is None:
            return replace(found, batches=Unknown("a count is not known before it runs"))
        batches = make(found.batches, count)
        return replace(found, batches=batches, period=_period(node, found, count, batches))

    return reader


def _period(node: Any, found: Found, count: int, batches: Batches) -> int | Unknown | None:
    """Return the batches in one pass after repeat, take, skip or shard."""
    one_pass, kind = found.period, nodes.kind(node)
    if kind == "Repeat" and one_pass is None and count != 1:
        known = runs.length(found.batches)
        once = Unknown("the number of batches before repeat() is not known")
        return once if known is None else None if known == ENDLESS else known
    if kind == "Take" and isinstance(one_pass, int):
        taken = runs.length(batches)
        return None if taken is not None and ENDLESS < taken <= one_pass else one_pass
    if kind in ("Skip", "Shard") and one_pass is not None:
        return Unknown(f"a {kind.lower()}() after repeat() begins inside the data")
    return one_pass


def _shard(node: Any) -> Found:
    index = nodes.number(node, "_index") or 0
    return _counting(lambda batches, count: runs.shard(batches, count, index), "_num_shards")(node)


def _concatenate(node: Any) -> Found:
    first, second = (read(each) for each in nodes.inputs(node))
    again = first.period is not None or second.period is not None
    return replace(
        _alike([first, second]),
        batches=runs.joined(first.batches, second.batches),
        period=Unknown("concatenate() after repeat()") if again else None,
    )


def _zip(node: Any) -> Found:
    found = [read(each) for each in nodes.inputs(node) if _has_rows(each)]
    if not found:
        return _other(node)
    period = {each.period for each in found}
    return replace(
        _alike(found),
        batches=runs.zipped([each.batches for each in found], nodes.count(node)),
        period=period.pop() if len(period) == 1 else Unknown("zip() of repeated datasets"),
    )


def _alike(found: list[Found]) -> Found:
    """Return what holds for all of several datasets, or for the worst of them."""
    drops = {each.drops_remainder for each in found}
    wrapped = [each.wrapped for each in found if each.wrapped != 0]
    short = next((each for each in found if each.drops_remainder is False), found[0])
    return replace(
        short,
        drops_remainder=None if drops == {None} else False not in drops,
        wrapped=wrapped[0] if wrapped else 0,
    )


def _has_rows(node: Any) -> bool:
    return any(getattr(leaf.shape, "rank", 1) != 0 for leaf in nodes.leaves(node.element_spec))


READERS: dict[str, Callable[[Any], Found]] = {
    **dict.fromkeys(nodes.TRANSPARENT, _same),
    **dict.fromkeys(BATCHING, _batch),
    **dict.fromkeys(MAPPING, _map),
    **dict.fromkeys(DROPPING, _drop),
    "Shuffle": _shuffle,
    "Take": _counting(runs.take),
    "Skip": _counting(runs.skip),
    "Repeat": _counting(runs.repeated),
    "Shard": _shard,
    "Concatenate": _concatenate,
    "Zip": _zip,
}
