"""stateful_batches: nothing lost, nothing moved, and every slot continues."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support import tensor

from keras_stateful_guard import stateful_batches
from keras_stateful_guard.packing import pack

SHAPES = st.sampled_from([(), (1,), (2,), (2, 3)])
DTYPES = st.sampled_from(["float32", "float64", "int32", "uint8", "bool"])
LENGTHS = st.lists(st.integers(1, 12), min_size=1, max_size=9)
quick = settings(max_examples=150, deadline=None)


def numbered(lengths, shape=(), dtype="int64"):
    """Return sequences whose values tell which sequence and which time step they are."""
    every = [
        np.broadcast_to(
            (1000 * i + np.arange(1, length + 1)).reshape(-1, *[1] * len(shape)), (length, *shape)
        )
        for i, length in enumerate(lengths)
    ]
    return [each.astype(dtype) for each in every]


@quick
@given(LENGTHS, st.integers(1, 5), st.integers(1, 5), SHAPES, DTYPES, st.integers(1, 3))
def test_unbatch_gives_the_sequences_back(lengths, batch_size, timesteps, shape, dtype, align):
    sequences = numbered(lengths, shape, dtype)
    sizes = {"batch_size": batch_size, "timesteps": timesteps, "steps_per_execution": align}
    batches = stateful_batches(sequences, sequences, **sizes)
    assert batches.x.shape == (batches.steps * batch_size, timesteps, *shape)
    assert batches.x.dtype == np.dtype(dtype)
    for whole in (batches.x, batches.y):
        back = batches.unbatch(whole)
        assert len(back) == len(sequences)
        assert all(np.array_equal(a, b) for a, b in zip(back, sequences, strict=True))
    real = sum(lengths)
    assert batches.sample_weight.sum() == real
    assert batches.padding == pytest.approx(1 - real / batches.sample_weight.size)


@quick
@given(LENGTHS, st.integers(1, 5), st.integers(1, 5), st.integers(1, 3))
def test_each_slot_continues_and_boundaries_are_the_begins(lengths, batch_size, timesteps, align):
    batches = stateful_batches(
        numbered(lengths), batch_size=batch_size, timesteps=timesteps, steps_per_execution=align
    )
    x = batches.x.reshape(batches.steps, batch_size, timesteps)
    begins = batches.boundaries
    assert np.array_equal(begins, x[:, :, 0] % 1000 == 1)
    assert begins.sum() == len(lengths)
    assert not np.flatnonzero(begins.any(axis=1)).__mod__(align).any()
    for step in range(1, batches.steps):
        for slot in range(batch_size):
            first = x[step, slot, 0]
            if first and not begins[step, slot]:
                assert first == x[step - 1, slot, -1] + 1


@quick
@given(st.integers(1, 60), st.integers(1, 4), st.integers(1, 4), SHAPES)
def test_one_series_is_cut_into_streams(time, batch_size, timesteps, shape):
    series = numbered([time], shape)[0]
    if time < batch_size * timesteps:
        with pytest.raises(ValueError, match="time steps fill no chunk"):
            stateful_batches(series, batch_size=batch_size, timesteps=timesteps)
        return
    batches = stateful_batches(series, series, batch_size=batch_size, timesteps=timesteps)
    (back,) = batches.unbatch(batches.x)
    assert np.array_equal(back, series[: time - batches.dropped])
    assert batches.dropped < batch_size * timesteps
    assert batches.padding == 0
    assert batches.boundaries[0].all()
    assert not batches.boundaries[1:].any()
    x = batches.x.reshape(batches.steps, batch_size, timesteps, -1)
    assert np.array_equal(x[1:, :, 0], x[:-1, :, -1] + 1)


@quick
@given(LENGTHS, st.integers(1, 4), st.integers(1, 5), st.booleans(), st.booleans(), st.booleans())
def test_lazily_read_batches_are_the_same(lengths, batch_size, timesteps, per_step, single, no_y):
    sequences = numbered(lengths, (2,), "float32")
    targets = numbered(lengths, (1,), "int32")
    if single:
        sequences, targets = (np.repeat(each[0], 20, axis=0) for each in (sequences, targets))
    arguments = {"batch_size": batch_size, "timesteps": timesteps, "per_step": per_step}
    targets = None if no_y else targets
    now = stateful_batches(sequences, targets, **arguments)
    later = stateful_batches(sequences, targets, lazy=True, **arguments)
    assert np.array_equal(now.boundaries, later.boundaries)
    assert len(later.x) == now.steps
    for number in range(now.steps):
        rows = slice(number * batch_size, (number + 1) * batch_size)
        x, *rest = later.x[number]
        assert np.array_equal(x, now.x[rows])
        if not no_y:
            assert np.array_equal(rest[0], now.y[rows])
        if now.padding and not no_y:
            assert np.array_equal(rest[1], now.sample_weight[rows])
    with pytest.raises(IndexError):
        _ = later.x[now.steps]


def test_the_last_real_step_is_the_target_of_a_chunk():
    sequences = numbered([5, 2])
    batches = stateful_batches(sequences, sequences, batch_size=2, timesteps=3, per_step=False)
    assert batches.y.tolist() == [3, 1002, 5, 0]
    assert batches.sample_weight.tolist() == [1, 1, 1, 0]
    first, second = batches.unbatch(batches.y)
    assert (first.tolist(), second.tolist()) == ([3, 5], [1002])


def test_one_target_for_each_sequence():
    sequences = numbered([5, 2])
    sizes = {"batch_size": 2, "timesteps": 3}
    labels = np.array([[7, 8], [9, 10]])
    chunks = stateful_batches(sequences, labels, per_step=False, **sizes)
    assert chunks.y.tolist() == [[7, 8], [9, 10], [7, 8], [0, 0]]
    steps = stateful_batches(sequences, [7, 9], **sizes)
    assert steps.y.tolist() == [[7, 7, 7], [9, 9, 9], [7, 7, 7], [0, 0, 0]]


def test_more_slots_than_sequences_are_padding():
    batches = stateful_batches(numbered([4]), batch_size=3, timesteps=2, pad_value=-1)
    assert batches.x.tolist() == [[1, 2], [-1, -1], [-1, -1], [3, 4], [-1, -1], [-1, -1]]
    assert batches.padding == pytest.approx(2 / 3)


def test_nan_is_kept_and_types_are_joined():
    half, whole = np.array([1.5, np.nan], "float32"), np.array([2], "int8")
    batches = stateful_batches([half, whole], batch_size=1, timesteps=2)
    assert batches.x.dtype == np.float32
    assert np.array_equal(batches.unbatch(batches.x)[0], half, equal_nan=True)


def test_it_copies_and_takes_data_frames_and_lists():
    import pandas as pd

    frame = pd.DataFrame({"a": [1.0, 2.0, 3.0, 4.0], "b": [5.0, 6.0, 7.0, 8.0]})
    batches = stateful_batches(frame, frame["a"], batch_size=2, timesteps=2)
    assert batches.x.shape == (2, 2, 2)
    batches.x[:] = 0
    assert frame["a"].tolist() == [1.0, 2.0, 3.0, 4.0]
    assert stateful_batches([[1, 2], [3]], batch_size=1, timesteps=2).x.tolist() == [[1, 2], [3, 0]]


def test_padding_is_small_on_many_sequences():
    lengths = np.random.default_rng(0).lognormal(5, 0.7, 1000).astype(int) + 1
    packing = pack(lengths.tolist(), 32, 20)
    rounded = sum(-(-length // 20) for length in lengths)
    assert packing.steps * 32 / rounded <= 1.05


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"sequences": []}, "sequences is empty"),
        ({"sequences": [[1, 2], [[3]]]}, "sequences[1] has features of shape (1,), sequences[0]"),
        ({"sequences": [[1, 2], []]}, "sequences[1] has no time step"),
        ({"sequences": [1, 2, 3]}, "sequences[0] is a single value; one series is np.asarray(s"),
        ({"sequences": [[[1], [2, 3]]]}, "sequences[0] is ragged"),
        (
            {"sequences": np.array([[1], [2, 3]], object)},
            "dtype object; expected numbers; list(sequences) gives many",
        ),
        ({"sequences": np.zeros(9, [("a", float)])}, "sequences is of dtype [('a', '<f8')]"),
        ({"sequences": np.ma.masked_less(np.arange(9), 3)}, "fill them: sequences.filled(0)"),
        ({"sequences": np.zeros((9, 0))}, "features of shape (0,); expected one feature or more"),
        ({"sequences": ([i] for i in range(3))}, "of type generator; expected an array (time, fea"),
        ({"sequences": {"a": [1]}}, "sequences is of type dict"),
        ({"sequences": np.zeros((0, 1))}, "sequences has no time step"),
        ({"sequences": ["ab"]}, "sequences[0] is a single value"),
        ({"sequences": np.array(["a", "b"])}, "expected numbers"),
        ({"sequences": None}, "sequences is a single value"),
        (
            {"sequences": np.arange(5)},
            "5 time steps fill no chunk of 3 in each of 2 streams; expec",
        ),
        ({"batch_size": 0}, "batch_size must be a whole number, 1 or more; got 0"),
        ({"batch_size": -2}, "batch_size must be a whole number, 1 or more; got -2"),
        ({"timesteps": 2.5}, "timesteps must be a whole number, 1 or more; got 2.5"),
        ({"timesteps": True}, "timesteps must be a whole number"),
        ({"steps_per_execution": 0}, "steps_per_execution must be a whole number"),
        ({"targets": [[1, 2, 3]]}, "1 targets for 2 sequences"),
        ({"targets": [[1, 2, 3], [1]]}, "targets[1] has 1 time steps, its sequence 2"),
        ({"targets": np.zeros(3)}, "3 targets for 2 sequences"),
        ({"targets": 3}, "targets is a single value"),
        ({"targets": [[[1], [2, 3], [4]], [1, 2]]}, "targets[0] is ragged"),
        ({"sequences": np.arange(6), "targets": [[1], [2, 3]] * 3}, "targets is ragged"),
        ({"pad_value": 0.5}, "pad_value must be one number that int64 can hold; got 0.5"),
        ({"pad_value": np.nan}, "pad_value must be one number that int64 can hold"),
        ({"pad_value": [0, [0, 1]]}, "pad_value must be one number"),
        ({"sequences": [np.ones(3)], "pad_value": None}, "float64 can hold; got None"),
        ({"sequences": [np.ones(3)], "pad_value": "0"}, "float64 can hold; got '0'"),
        ({"sequences": [np.ones(3)], "pad_value": 1j}, "float64 can hold; got 1j"),
        ({"sequences": [np.ones(3, "f4")], "pad_value": 1e300}, "float32 can hold; got 1e+300"),
        (
            {"sequences": [[1, 2], [3, 4]], "targets": np.eye(2), "per_step": False},
            "may be one for each time step or one for each sequence",
        ),
        ({"sequences": np.arange(8), "targets": np.arange(7)}, "targets has 7 time steps"),
    ],
)
def test_bad_input_is_refused(change, words):
    arguments = {"sequences": [[1, 2, 3], [4, 5]], "batch_size": 2, "timesteps": 3, **change}
    with pytest.raises(ValueError, match=re.escape(words)):
        stateful_batches(**arguments)


@pytest.mark.parametrize("pad_value", [np.nan, np.inf, 0.1, True, np.float16(2), np.array(3)])
def test_numbers_that_pad(pad_value):
    batches = stateful_batches([np.ones(1, "f4")], batch_size=1, timesteps=2, pad_value=pad_value)
    assert np.array_equal(batches.x[0, 1], np.float32(pad_value), equal_nan=True)


@pytest.mark.parametrize("kind", [np.int8, np.uint8, np.int16])
def test_sizes_may_be_small_integers_of_numpys(kind):
    for data, batch_size, timesteps in ((numbered([300, 5]), 3, 100), (np.arange(90000), 100, 90)):
        sizes = {"batch_size": batch_size, "timesteps": timesteps}
        expected = stateful_batches(data, **sizes)
        found = stateful_batches(data, **{name: kind(size) for name, size in sizes.items()})
        assert np.array_equal(found.x, expected.x)
        assert found.padding == expected.padding


@pytest.mark.parametrize("lazy", [False, True])
@pytest.mark.parametrize("form", ["tensor", "series", "labelled"])
def test_tensors_and_series_are_read_as_arrays(form, lazy):
    import pandas as pd

    forms = {
        "tensor": tensor,
        "series": lambda each: pd.Series(each, dtype="Int64"),
        "labelled": lambda each: pd.Series(each, index=np.arange(8) / 2),
    }
    series = forms[form](np.arange(8))
    sizes = {"batch_size": 2, "timesteps": 2, "per_step": False}
    batches = stateful_batches(series, series, lazy=lazy, **sizes)
    first = batches.x[0] if lazy else (batches.x[:2], batches.y[:2])
    assert [each.tolist() for each in first] == [[[0, 1], [4, 5]], [1, 5]]


PREDICTED = np.zeros((2, 3, 1))


@pytest.mark.parametrize(
    ("predictions", "words"),
    [
        (np.zeros((2, 1)), "have shape (2, 1); expected (2, 3, …) for per_step"),
        ([PREDICTED, PREDICTED[..., 0]], "of 2 outputs; expected one: [batches.unbatch(each) for"),
        ({"a": PREDICTED}, "[batches.unbatch(each) for each in predictions.values()]"),
        ([[1], [2, 3]], "predictions is ragged"),
        (None, "predictions is a single value"),
    ],
)
def test_predictions_of_another_shape_are_refused(predictions, words):
    batches = stateful_batches([[1, 2, 3], [4, 5]], batch_size=2, timesteps=3)
    with pytest.raises(ValueError, match=re.escape(words)):
        batches.unbatch(predictions)
    assert len(batches.unbatch(PREDICTED.tolist())) == 2
