"""check_layout says how rows lie where their values show it, and is silent elsewhere."""

from __future__ import annotations

import re

import numpy as np
import pytest
from support import BACKEND, ON_TENSORFLOW, tf

from keras_stateful_guard import check_layout, stateful_batches

RANDOM = np.random.default_rng(0)
TIME = np.arange(1200.0)
WALK = RANDOM.normal(size=(1200, 1)).cumsum(axis=0)
SMOOTH = np.stack([np.sin(TIME / 31) + TIME / 400, np.cos(TIME / 17)], axis=1)
TELLING = {"walk": WALK, "walks": RANDOM.normal(size=(1200, 3)).cumsum(axis=0), "smooth": SMOOTH}
SILENT = {
    "noise": RANDOM.normal(size=(1200, 1)),
    "heavy tails": RANDOM.standard_cauchy((1200, 1)),
    "tokens": RANDOM.integers(0, 30, 1200),
    "bits": RANDOM.integers(0, 2, (1200, 1)),
    "constant": np.ones((1200, 1)),
    "short period": np.tile(np.arange(5.0), 240)[:, None],
    "gaps only": np.full((1200, 1), np.nan),
}


CHANGES = RANDOM.random((20, 1200)) < 0.1
HELD = {
    **{f"held {n}": RANDOM.normal(size=1200)[each.cumsum()] for n, each in enumerate(CHANGES)},
    "levels": RANDOM.integers(0, 10, 1200)[CHANGES[0].cumsum()],
    "toggle": CHANGES[1].cumsum() % 2,
    "square": TIME % 24 < 12,
    "short square": TIME % 10 < 5,
    "rounded": np.round(10 * np.sin(TIME / 20)),
    "plateaus": np.repeat(RANDOM.normal(size=24), 50),
}


def laid(series, batch_size, timesteps):
    return stateful_batches(series, batch_size=batch_size, timesteps=timesteps).x.copy()


def rows(series, timesteps):
    count = len(series) // timesteps
    return series[: count * timesteps].reshape(count, timesteps, *series.shape[1:])


def windows(series, timesteps, stride):
    starts = range(0, len(series) - timesteps + 1, stride)
    return np.stack([series[start : start + timesteps] for start in starts])


@pytest.mark.parametrize("series", TELLING.values(), ids=TELLING)
@pytest.mark.parametrize("batch_size", [2, 4, 16])
@pytest.mark.parametrize("timesteps", [8, 20])
def test_right_and_wrong_are_told_apart(series, batch_size, timesteps):
    right = check_layout(laid(series, batch_size, timesteps), batch_size)
    assert (right.layout, right.is_wrong) == ("consecutive", False)
    wrong = check_layout(rows(series, timesteps), batch_size)
    # Two slots of short chunks are too near to each other to be sure.
    expected = {"row after row"} if batch_size > 2 else {"row after row", "cannot tell"}
    assert wrong.layout in expected
    overlapping = check_layout(windows(series, timesteps, timesteps // 2 - 1), batch_size)
    assert (overlapping.layout, overlapping.repeated) == ("overlapping", timesteps // 2 + 1)


@pytest.mark.parametrize("series", TELLING.values(), ids=TELLING)
def test_rows_one_after_the_other_are_right_for_a_batch_of_one(series):
    assert check_layout(rows(series, 10), 1).layout == "consecutive"
    assert check_layout(windows(series, 10, 5), 1).layout == "overlapping"


@pytest.mark.parametrize("series", SILENT.values(), ids=SILENT)
@pytest.mark.parametrize("batch_size", [1, 4])
@pytest.mark.parametrize("timesteps", [1, 2, 10])
def test_what_shows_nothing_is_not_judged(series, batch_size, timesteps):
    for x in (laid(series, batch_size, timesteps), rows(series, timesteps)):
        assert check_layout(x, batch_size).layout == "cannot tell"


@pytest.mark.parametrize("series", HELD.values(), ids=HELD)
def test_series_that_hold_or_repeat_their_values_lie_right(series):
    series = np.asarray(series, "float32")[:, None]
    for batch_size, timesteps in ((1, 12), (2, 5), (2, 20), (4, 10), (4, 24), (8, 10)):
        assert not check_layout(laid(series, batch_size, timesteps), batch_size).is_wrong


def test_overlaps_show_in_series_that_hold_their_values():
    for name in ("held 0", "held 1", "held 2"):
        assert check_layout(windows(HELD[name][:, None], 10, 1), 4).layout == "overlapping"


def test_windows_that_begin_one_step_apart_and_end_where_the_batch_does_are_right():
    starts = [2 * step + row for step in range(200) for row in range(4)]
    x = np.stack([WALK[start : start + 2] for start in starts])
    assert not check_layout(x, 4).is_wrong


def test_overlaps_show_in_noise_too():
    assert check_layout(windows(SILENT["noise"], 6, 3), 4).layout == "overlapping"
    repeated = check_layout(laid(SILENT["noise"], 4, 6).repeat(2, axis=0)[::2], 4)
    assert repeated.layout == "cannot tell"


def test_staggered_streams_overlap_and_are_right():
    """Four windows begin 3 steps after each other and are 12 long: row i continues row i."""
    assert check_layout(windows(WALK, 12, 3), 4).layout == "consecutive"
    assert check_layout(windows(WALK, 12, 3), 5).layout == "overlapping"


def test_shuffled_chunks_of_a_smooth_series():
    x = rows(SMOOTH, 10).copy()
    np.random.default_rng(1).shuffle(x)
    assert check_layout(x, 4).layout == "shuffled"


def test_sequences_of_their_own_are_not_taken_for_shuffled():
    own = RANDOM.normal(size=(120, 10, 3)).cumsum(axis=1)
    far = own + 30 * RANDOM.normal(size=(120, 1, 3))
    bursts = np.sin(np.linspace(0, np.pi, 10))[None, :, None] * RANDOM.normal(size=(120, 1, 1))
    for x in (own, far, bursts):
        assert check_layout(x, 4).layout == "cannot tell"


def test_a_known_layout_is_not_looked_at():
    batches = stateful_batches(SILENT["noise"], batch_size=4, timesteps=3)
    assert "laid out by stateful_batches" in check_layout(batches.x, 4).why
    assert check_layout(batches.x, 2).layout == "cannot tell"
    assert check_layout(batches.x.copy(), 4).layout == "cannot tell"


def test_batches_that_come_ready_are_not_regrouped():
    batches = stateful_batches(WALK, batch_size=4, timesteps=3, lazy=True)
    forms = [batches.x, *([batches.to_dataset()] if BACKEND == "tensorflow" else [])]
    for x in forms:
        assert check_layout(x, np.int8(4)).layout == "consecutive"
        with pytest.raises(ValueError, match=r"in batches of 4 rows.*got 2: stateful_batches\("):
            check_layout(x, 2)


def test_small_integers_of_numpys():
    x = laid(WALK, 4, 3)
    assert str(check_layout(x, np.int8(4))) == str(check_layout(x, 4))


def test_it_reads_well():
    assert str(check_layout(np.arange(20.0).reshape(10, 2, 1), 4)).splitlines() == [
        (
            "layout for batches of 4: row after row "
            "(each row continues the row above it, not the batch before)"
        ),
        "  jump from the end of a row, in mean steps inside rows:",
        "    to same row of the next batch     7.00",
        "    to next row                       1.00",
        "    to unrelated rows                 4.75",
    ]


@pytest.mark.parametrize(
    ("x", "batch_size", "words"),
    [
        (3, 4, "x must be an array (rows, timesteps, features…); got int"),
        ([1, 2], 1, "x must be of shape (rows, timesteps, features…); got (2,)"),
        ([[1, 2], [3]], 1, "x must be of shape (rows, timesteps, features…); got rows of several"),
        ([np.ones((8, 2, 1))] * 2, 4, "x has 2 arrays; expected one: [check_layout(each, ...)"),
        ({"a": np.ones((8, 2, 1))}, 4, "x must be an array (rows, timesteps, features…); got dict"),
        (np.ones((8, 2, 1)), 0, "batch_size must be a whole number, 1 or more; got 0"),
    ],
)
def test_bad_input_is_refused(x, batch_size, words):
    with pytest.raises(ValueError, match=re.escape(words)):
        check_layout(x, batch_size)


def test_too_little_to_look_at():
    assert "no second batch" in check_layout(np.ones((7, 2, 1)), 4).why
    assert "dtype" in check_layout(np.full((8, 2), "a"), 4).why
    assert "shape (8, 0, 1)" in check_layout(np.ones((8, 0, 1)), 4).why
    assert "shape (8, 2, 0)" in check_layout(np.ones((8, 2, 0)), 4).why


@ON_TENSORFLOW
def test_what_numpy_cannot_read_is_not_judged():
    ragged = tf.ragged.constant([[1, 2], [3]] * 4)
    assert "shape (8, None)" in check_layout(ragged, 2).why
    sparse = tf.sparse.from_dense(np.eye(8))
    assert check_layout(sparse, 2).layout == "cannot tell"
