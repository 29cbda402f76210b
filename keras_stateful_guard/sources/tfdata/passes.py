"""Where the data begins anew inside a tf.data pipeline, when repeat() stands before batch()."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from keras_stateful_guard.plan import Unknown
from keras_stateful_guard.sources.runs import ENDLESS
from keras_stateful_guard.sources.tfdata import nodes

ONE_TO_ONE = nodes.TRANSPARENT | {"Map", "ParallelMap", "Scan", "Shuffle"}
UNKNOWN_LENGTH = Unknown("repeat() before batch() over a dataset whose length is not known")


@dataclass(frozen=True, slots=True)
class Wrap:
    """How the passes over repeated data fall into batches.

    Args:
        rows: Rows of the first pass that share a batch with the second; 0 where none do.
        batch: The batch in which that happens; None where it does not or cannot be told.
        period: Batches in one pass; None where the data comes once or passes share batches.
    """

    rows: int | Unknown = 0
    batch: int | None = None
    period: int | Unknown | None = None


CUT = Unknown("data that is cut after repeat() is repeated again")
ALONE = Wrap()


def into(rows: int, one_pass: int | Unknown | None) -> Wrap:
    """Return how passes fall into batches of `rows`.

    Args:
        rows: Rows of a batch.
        one_pass: Elements in one pass, as `length` returns it.
    """
    if one_pass is None:
        return ALONE
    if isinstance(one_pass, Unknown):
        return Wrap(one_pass, None, one_pass)
    if one_pass % rows:
        return Wrap(one_pass % rows, one_pass // rows)
    return Wrap(period=one_pass // rows)


def is_whole(count: int | None, one_pass: int) -> bool:
    """Return whether `count` elements are whole passes, so that repeating them makes no other."""
    return count is not None and (count == ENDLESS or count % one_pass == 0)


def length(node: Any) -> int | Unknown | None:
    """Return the elements in one pass over repeated data, None where nothing is repeated."""
    kind, fed = nodes.kind(node), nodes.inputs(node)
    found = [length(each) for each in fed]
    again = [each for each in found if each is not None]
    if kind == "Repeat" and not again:
        return _once(node)
    if not again:
        return None
    one_pass = again[0]
    if kind in ONE_TO_ONE or isinstance(one_pass, Unknown):
        return one_pass
    if kind == "Repeat":
        whole = is_whole(nodes.count(fed[0]), one_pass) or nodes.number(node, "_count") == 1
        return one_pass if whole else CUT
    if kind == "Take":
        return None if 0 <= (nodes.number(node, "_count") or 0) <= one_pass else one_pass
    if kind == "Zip":
        alone = [each for each, part in zip(fed, found, strict=True) if part is None]
        counters = all(nodes.count(each) == ENDLESS for each in alone)
        return one_pass if counters and len(set(again)) == 1 else Unknown("zip() after repeat()")
    return Unknown(f"{kind} after repeat() and before batch() moves where the data begins")


def _once(node: Any) -> int | Unknown | None:
    """Return the elements before a repeat(); a single one repeated is a constant, not a pass."""
    if nodes.number(node, "_count") == 1:
        return None
    count = nodes.count(nodes.inputs(node)[0])
    if count is None:
        return UNKNOWN_LENGTH
    return None if count in (ENDLESS, 0, 1) else count
