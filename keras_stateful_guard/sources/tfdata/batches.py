"""The batches that a tf.data pipeline yields in one epoch, read back from its last batch node."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from keras_stateful_guard.plan import Unknown
from keras_stateful_guard.sources import runs
from keras_stateful_guard.sources.runs import ENDLESS, Batches
from keras_stateful_guard.sources.tfdata import mapped, nodes, passes
from keras_stateful_guard.sources.tfdata.passes import Wrap

BATCHING = frozenset({"Batch", "MapAndBatch", "PaddedBatch", "ParallelBatch"})
MAPPING = frozenset({"Map", "ParallelMap"})
DROPPING = frozenset({"Filter", "IgnoreErrors", "TakeWhile", "Unique"})


@dataclass(frozen=True, slots=True)
class Found:
    """What a node yields.

    Args:
        batches: Its batches.
        drops_remainder: Whether the batch node drops a short last batch; None without one.
        wrap: How the passes over the data fall into its batches, where it comes more than once.
        batch_node: The last batch node.
    """

    batches: Batches
    drops_remainder: bool | None = None
    wrap: Wrap = passes.ALONE
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
    wrap = passes.into(rows, passes.length(fed))
    return Found(runs.cut(count, rows, bool(drops)), bool(drops), wrap, node)


def _rebatch(node: Any) -> Found:
    """Read `rebatch(rows)`, which cuts all rows anew; several sizes in turn are not told."""
    found = read(nodes.inputs(node)[0])
    rows, drops = nodes.number(node, "_batch_sizes"), nodes.number(node, "_drop_remainder")
    if rows is None or rows < 1 or drops is None:
        return Found(Unknown("rebatch() decides the rows"))
    cut = runs.cut(runs.total(found.batches), rows, bool(drops))
    moved = Unknown("rebatch() after repeat() moves where the data begins")
    wrap = found.wrap if found.wrap == passes.ALONE else Wrap(moved, None, moved)
    return Found(cut, bool(drops), wrap, node)


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
    wrap = _lost(found.wrap, "a step drops batches after repeat()")
    return replace(found, batches=runs.filtered(found.batches), wrap=wrap)


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
        return replace(found, batches=batches, wrap=_moved(nodes.kind(node), found, count))

    return reader


def first(found: Found, count: int) -> Found:
    """Return what is found in the first `count` batches."""
    wrap = found.wrap
    if wrap.batch is not None and 0 <= count <= wrap.batch:
        wrap = replace(wrap, rows=0, batch=None)
    if isinstance(wrap.period, int) and 0 <= count <= wrap.period:
        wrap = replace(wrap, period=None)
    return replace(found, batches=runs.take(found.batches, count), wrap=wrap)


def _moved(kind: str, found: Found, count: int) -> Wrap:
    """Return where the passes lie after repeat, skip or shard."""
    if kind in ("Skip", "Shard"):
        return _lost(found.wrap, f"a {kind.lower()}() after repeat() begins inside the data")
    known, before = runs.length(found.batches), found.wrap.period
    if count == 1 or isinstance(before, Unknown):
        return found.wrap
    if before is not None:
        whole = passes.is_whole(known, before)
        return found.wrap if whole else replace(found.wrap, period=passes.CUT)
    once = Unknown("the number of batches before repeat() is not known")
    period = once if known is None else None if known in (ENDLESS, 0) else known
    return replace(found.wrap, period=period)


def _lost(wrap: Wrap, why: str) -> Wrap:
    return wrap if wrap.period is None else replace(wrap, period=Unknown(why))


def _take(node: Any) -> Found:
    found = read(nodes.inputs(node)[0])
    count = nodes.number(node, "_count")
    if count is None:
        return replace(found, batches=Unknown("a count is not known before it runs"))
    return first(found, count)


def _shard(node: Any) -> Found:
    index = nodes.number(node, "_index") or 0
    return _counting(lambda batches, count: runs.shard(batches, count, index), "_num_shards")(node)


def _concatenate(node: Any) -> Found:
    found = [read(each) for each in nodes.inputs(node)]
    together = _alike(found, "concatenate() after repeat()")
    return replace(together, batches=runs.joined(found[0].batches, found[1].batches))


def _zip(node: Any) -> Found:
    found = [read(each) for each in nodes.inputs(node) if _has_rows(each)]
    if not found:
        return _other(node)
    together = _alike(found, "zip() of datasets that repeat differently")
    count = nodes.count(node)
    together = replace(together, batches=runs.zipped([each.batches for each in found], count))
    return together if count is None else first(together, count)


def _alike(found: list[Found], why: str) -> Found:
    """Return what holds for all of several datasets, or for the worst of them."""
    drops = {each.drops_remainder for each in found}
    short = next((each for each in found if each.drops_remainder is False), found[0])
    wraps = {each.wrap for each in found}
    wrapped = next((each.wrap.rows for each in found if each.wrap.rows != 0), 0)
    return replace(
        short,
        drops_remainder=None if drops == {None} else False not in drops,
        wrap=wraps.pop() if len(wraps) == 1 else Wrap(wrapped, None, Unknown(why)),
    )


def _has_rows(node: Any) -> bool:
    return any(getattr(leaf.shape, "rank", 1) != 0 for leaf in nodes.leaves(node.element_spec))


READERS: dict[str, Callable[[Any], Found]] = {
    **dict.fromkeys(nodes.TRANSPARENT, _same),
    **dict.fromkeys(BATCHING, _batch),
    **dict.fromkeys(MAPPING, _map),
    **dict.fromkeys(DROPPING, _drop),
    "Rebatch": _rebatch,
    "Shuffle": _shuffle,
    "Take": _take,
    "Skip": _counting(runs.skip),
    "Repeat": _counting(runs.repeated),
    "Shard": _shard,
    "Concatenate": _concatenate,
    "Zip": _zip,
}
