"""The batches of an epoch as run lengths, and what take, skip, repeat and their like make of them.

Pure arithmetic: `((4, 5), (2, 1))` is five batches of 4 rows, then one of 2.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain, repeat

from keras_stateful_guard.plan import Unknown

Run = tuple[int, int]
ENDLESS = -1
MANY_RUNS = 4096


@dataclass(frozen=True, slots=True)
class Counted:
    """Batches of which every one is known.

    Args:
        runs: Pairs of rows and number of batches, in order.
        cycle: Runs that then come again and again; empty where the epoch ends.
    """

    runs: tuple[Run, ...]
    cycle: tuple[Run, ...] = ()


@dataclass(frozen=True, slots=True)
class Uncounted:
    """Batches of which nobody knows how many.

    Args:
        rows: Rows of every whole batch.
        left_over: Rows of a short one; 0 where all are whole, None where it cannot be told.
    """

    rows: int
    left_over: int | None


Batches = Counted | Uncounted | Unknown


def equal(rows: int, count: int | None) -> Batches:
    """Return `count` batches of the same rows; None is an unknown number, ENDLESS no end."""
    if count is None:
        return Uncounted(rows, 0)
    return Counted((), ((rows, 1),)) if count == ENDLESS else _counted([(rows, count)])


def cut(count: int | None, rows: int, drop_remainder: bool) -> Batches:
    """Return what `batch(rows, drop_remainder)` makes of `count` elements."""
    if count is None:
        return Uncounted(rows, 0 if drop_remainder else None)
    if count == ENDLESS:
        return equal(rows, ENDLESS)
    short = 0 if drop_remainder else count % rows
    return _counted([(rows, count // rows), (short, 1 if short else 0)])


def take(batches: Batches, count: int) -> Batches:
    """Return the first `count` batches; a negative number is all, as in tf.data."""
    if count < 0 or isinstance(batches, Unknown):
        return batches
    if isinstance(batches, Uncounted):
        return Counted(()) if count == 0 else _some(batches)
    if len(batches.cycle) > 1 and count > MANY_RUNS:
        return Uncounted(whole_rows(batches), short_rows(batches))
    taken: list[Run] = []
    for rows, times in chain(batches.runs, _turns(batches.cycle, count)):
        taken.append((rows, min(times, count)))
        count -= taken[-1][1]
        if count == 0:
            break
    return _counted(taken)


def skip(batches: Batches, count: int) -> Batches:
    """Return what is left after the first `count` batches; a negative number skips all."""
    if isinstance(batches, Unknown):
        return batches
    if count < 0:
        return Counted(())
    if isinstance(batches, Uncounted):
        return _some(batches)
    left: list[Run] = []
    for rows, times in batches.runs:
        skipped = min(times, count)
        left.append((rows, times - skipped))
        count -= skipped
    if count and batches.cycle:
        turn = sum(times for _, times in batches.cycle)
        after = skip(Counted(batches.cycle), count % turn)
        return _counted(after.runs if isinstance(after, Counted) else (), batches.cycle)
    return _counted(left, batches.cycle)


def shard(batches: Batches, shards: int, index: int) -> Batches:
    """Return every `shards`-th batch, from number `index` on."""
    if isinstance(batches, Unknown):
        return batches
    if isinstance(batches, Uncounted):
        return _some(batches)
    if batches.cycle:
        unlike = len({rows for rows, _ in batches.runs + batches.cycle}) > 1
        return Unknown("shard() of batches that differ, without end") if unlike else batches
    kept, before = [], 0
    for rows, times in batches.runs:
        first = (index - before) % shards
        kept.append((rows, max(0, math.ceil((times - first) / shards))))
        before += times
    return _counted(kept)


def repeated(batches: Batches, times: int) -> Batches:
    """Return the batches `times` times over; a negative number is without end."""
    if times == 0:
        return Counted(())
    if not isinstance(batches, Counted) or batches.cycle or times == 1:
        return batches
    if times < 0:
        return _counted((), batches.runs)
    if len(batches.runs) == 1:
        rows, count = batches.runs[0]
        return _counted([(rows, count * times)])
    if len(batches.runs) * times > MANY_RUNS:
        return Uncounted(whole_rows(batches), short_rows(batches))
    return _counted(batches.runs * times)


def joined(first: Batches, second: Batches) -> Batches:
    """Return the batches of the first, then those of the second."""
    if isinstance(first, Counted) and isinstance(second, Counted):
        if first.cycle:
            return first
        return _counted(first.runs + second.runs, second.cycle)
    return _mixed([first, second])


def zipped(parts: list[Batches], count: int | None) -> Batches:
    """Return the batches of several streams read side by side, which must be alike."""
    if count is not None and count != ENDLESS:
        parts = [take(part, count) for part in parts]
    if all(part == parts[0] for part in parts):
        return parts[0]
    if all(isinstance(part, Counted) for part in parts):
        return Unknown("zip() of datasets whose batches differ")
    return _mixed(parts)


def filtered(batches: Batches) -> Batches:
    """Return what is left where any batch may be missing."""
    if not isinstance(batches, Counted):
        return batches if isinstance(batches, Unknown) else _some(batches)
    short = short_rows(batches)
    return Uncounted(whole_rows(batches), None if short else 0)


def length(batches: Batches) -> int | None:
    """Return the number of batches, ENDLESS, or None where it is not known."""
    if not isinstance(batches, Counted):
        return None
    return ENDLESS if batches.cycle else sum(times for _, times in batches.runs)


def total(batches: Batches) -> int | None:
    """Return the rows of all batches, ENDLESS, or None where they are not known."""
    if not isinstance(batches, Counted):
        return None
    return ENDLESS if batches.cycle else sum(rows * times for rows, times in batches.runs)


def whole_rows(batches: Counted) -> int:
    """Return the rows of a whole batch, 0 where there is no batch."""
    return max((rows for rows, _ in batches.runs + batches.cycle), default=0)


def short_rows(batches: Counted) -> int:
    """Return the rows of the first batch that is short, 0 where all are whole."""
    whole = whole_rows(batches)
    return next((rows for rows, _ in batches.runs + batches.cycle if rows < whole), 0)


def _some(batches: Uncounted) -> Uncounted:
    return Uncounted(batches.rows, 0 if batches.left_over == 0 else None)


def _mixed(parts: list[Batches]) -> Batches:
    """Return what can be said of streams of which at least one is not counted."""
    rows, whole = set(), True
    for part in parts:
        if isinstance(part, Unknown):
            return part
        if isinstance(part, Uncounted):
            rows.add(part.rows)
            whole = whole and part.left_over == 0
        elif length(part) != 0:
            rows.add(whole_rows(part))
            whole = whole and short_rows(part) == 0
    if len(rows) > 1:
        return Unknown("batches of several sizes in one dataset")
    return Uncounted(rows.pop(), 0 if whole else None)


def _turns(cycle: tuple[Run, ...], count: int) -> Iterable[Run]:
    """Yield as many turns of the cycle as `count` batches can need."""
    if len(cycle) == 1:
        return [(cycle[0][0], count)]
    turn = sum(times for _, times in cycle)
    return chain.from_iterable(repeat(cycle, math.ceil(count / turn) if turn else 0))


def _counted(runs: Iterable[Run], cycle: Iterable[Run] = ()) -> Counted:
    """Return the one form of these runs, so that equal streams are equal."""
    head, tail = _merged(runs), _merged(cycle)
    if len(tail) == 1:
        rows = tail[0][0]
        tail = ((rows, 1),)
        head = head[:-1] if head and head[-1][0] == rows else head
    return Counted(head, tail)


def _merged(runs: Iterable[Run]) -> tuple[Run, ...]:
    """Return the runs without empty ones, neighbours of the same rows joined."""
    merged: list[Run] = []
    for rows, times in runs:
        if not times:
            continue
        if merged and merged[-1][0] == rows:
            merged[-1] = (rows, merged[-1][1] + times)
        else:
            merged.append((rows, times))
    return tuple(merged)
