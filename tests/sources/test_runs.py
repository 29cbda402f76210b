"""Run lengths do what lists of batches do."""

from itertools import chain, islice, repeat

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keras_stateful_guard.plan import Unknown
from keras_stateful_guard.sources import runs
from keras_stateful_guard.sources.runs import ENDLESS, Counted, Uncounted

FAR = 60


def again(batches, times):
    kept = list(islice(batches, FAR * 20))
    turns = repeat(kept) if times < 0 else repeat(kept, times)
    return chain.from_iterable(turns) if kept else iter(())


STEPS = {
    "take": (st.integers(-1, 20), runs.take, lambda b, n: b if n < 0 else islice(b, n)),
    "skip": (st.integers(-1, 20), runs.skip, lambda b, n: () if n < 0 else islice(b, n, None)),
    "repeat": (st.integers(-1, 4), runs.repeated, again),
    "shard": (
        st.integers(1, 4).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n - 1))),
        lambda b, n: runs.shard(b, *n),
        lambda b, n: islice(b, n[1], None, n[0]),
    ),
}


def spelled(batches):
    """Return the rows of the first batches of an exactly known stream, one by one."""
    head = chain.from_iterable([rows] * times for rows, times in batches.runs)
    turn = list(chain.from_iterable([rows] * times for rows, times in batches.cycle))
    return list(islice(chain(head, chain.from_iterable(repeat(turn)) if turn else ()), FAR))


@st.composite
def streams(draw):
    """Draw a stream both ways: as run lengths and as an endless or finite iterator's maker."""
    count, rows = draw(st.integers(0, 17)), draw(st.integers(1, 5))
    drop = draw(st.booleans())
    known = runs.cut(count, rows, drop)
    listed = [min(rows, count - k) for k in range(0, count, rows)]
    listed = [n for n in listed if n == rows or not drop]
    for name in draw(st.lists(st.sampled_from([*STEPS, "join"]), max_size=4)):
        if name == "join":
            other = draw(st.integers(0, 9))
            known = runs.joined(known, runs.cut(other, rows, False))
            tail = [min(rows, other - k) for k in range(0, other, rows)]
            listed = list(islice(chain(listed, tail), FAR * 20))
        else:
            arguments, ours, theirs = STEPS[name]
            number = draw(arguments)
            known = ours(known, number)
            listed = list(islice(theirs(iter(listed), number), FAR * 20))
    return known, listed[:FAR]


@settings(max_examples=400)
@given(streams())
def test_run_lengths_equal_lists(both):
    known, listed = both
    if isinstance(known, Counted):
        assert spelled(known) == listed
        if not known.cycle:
            assert runs.length(known) == len(listed) or runs.length(known) > FAR
            assert runs.whole_rows(known) == max(listed, default=0) or len(listed) == FAR
    else:
        assert isinstance(known, Unknown)
        assert "without end" in known.why


@given(st.integers(0, 9), st.integers(1, 4), st.integers(0, 9), st.integers(1, 4))
def test_zip_is_as_long_as_the_shorter(first, rows, second, other):
    parts = [runs.equal(rows, first), runs.equal(other, second)]
    found = runs.zipped(parts, min(first, second))
    if rows == other or min(first, second) == 0:
        assert spelled(found) == [rows] * min(first, second)
    else:
        assert "differ" in found.why


def test_a_shard_counts_across_runs():
    mixed = runs.joined(runs.cut(10, 4, False), runs.equal(4, 2))
    assert spelled(mixed) == [4, 4, 2, 4, 4]
    assert spelled(runs.shard(mixed, 2, 0)) == [4, 2, 4]
    assert spelled(runs.shard(mixed, 2, 1)) == [4, 4]
    assert spelled(runs.shard(mixed, 3, 2)) == [2]


def test_skipping_into_a_cycle():
    cycle = runs.repeated(runs.cut(10, 4, False), -1)
    assert spelled(runs.skip(cycle, 4))[:5] == [4, 2, 4, 4, 2]
    assert spelled(runs.skip(cycle, 10**9 + 2))[:3] == [4, 4, 2]


def test_one_form_for_equal_streams():
    assert runs.joined(runs.equal(4, 2), runs.equal(4, 1)) == runs.equal(4, 3)
    assert runs.repeated(runs.cut(12, 4, False), -1) == runs.equal(4, ENDLESS)
    assert runs.skip(runs.equal(4, ENDLESS), 10**9) == runs.equal(4, ENDLESS)
    assert runs.take(runs.equal(4, ENDLESS), 10**9) == Counted(((4, 10**9),))


def test_long_mixed_streams_keep_what_is_certain():
    mixed = runs.cut(10, 4, False)
    for found in (runs.repeated(mixed, 10**6), runs.take(runs.repeated(mixed, -1), 10**6)):
        assert found == Uncounted(4, 2)


@pytest.mark.parametrize("drop", [True, False])
def test_unknown_lengths_stay_unknown(drop):
    unknown = runs.cut(None, 4, drop)
    assert unknown == Uncounted(4, 0 if drop else None)
    for found in (runs.take(unknown, 3), runs.skip(unknown, 3), runs.shard(unknown, 2, 0)):
        assert found == unknown
    assert runs.repeated(unknown, 3) == runs.filtered(unknown) == unknown
    assert runs.take(unknown, 0) == runs.repeated(unknown, 0) == runs.skip(unknown, -1)


def test_joining_with_an_unknown_length():
    whole, some = runs.equal(4, None), runs.cut(None, 4, False)
    assert runs.joined(whole, runs.equal(4, 3)) == whole
    assert runs.joined(whole, runs.cut(10, 4, False)) == Uncounted(4, None)
    assert runs.joined(some, whole) == runs.zipped([some, whole], None) == Uncounted(4, None)
    assert isinstance(runs.joined(whole, runs.equal(8, 1)), Unknown)
    assert runs.joined(Unknown("why"), whole) == Unknown("why")


def test_what_is_left_after_dropping_batches():
    assert runs.filtered(runs.equal(4, 3)) == Uncounted(4, 0)
    assert runs.filtered(runs.cut(10, 4, False)) == Uncounted(4, None)
