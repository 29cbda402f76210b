"""The batches of a layout as tf.data: the same numbers, and the guard knows how they lie."""

from __future__ import annotations

import numpy as np
import pytest
from support import keras, layers, same, steps_made, tf

from keras_stateful_guard import (
    StatefulGuard,
    StatefulPitfallError,
    reset_states,
    stateful_batches,
)

SIZES = {"batch_size": 2, "timesteps": 3}
QUIET = {"shuffle": False, "verbose": 0}
LENGTHS = (9, 4, 5, 2, 7)
tf.data.Dataset  # noqa: B018  # on another backend all of this is skipped


def ragged(seed: int = 0):
    random = np.random.default_rng(seed)
    return [random.normal(size=(each, 1)).astype("float32") for each in LENGTHS]


def model_of():
    keras.utils.set_random_seed(1)
    inside = [layers.LSTM(3, stateful=True, return_sequences=True), layers.Dense(1)]
    model = keras.Sequential([keras.Input(batch_shape=(2, 3, 1)), *inside])
    model.compile("sgd", "mse")
    return model


@pytest.mark.parametrize("lazy", [False, True])
def test_it_trains_to_the_weights_of_the_arrays(lazy, recwarn):
    arrays = stateful_batches(ragged(), ragged(1), **SIZES)
    batches = stateful_batches(ragged(), ragged(1), **SIZES, lazy=lazy)
    weights = []
    for arguments in (arrays.fit_arguments(), {"x": batches.to_dataset(), "shuffle": False}):
        model, guard = model_of(), StatefulGuard(batches.boundaries)
        model.fit(**arguments, epochs=2, verbose=0, callbacks=[guard])
        assert {each.status for each in guard.report.verdicts} == {"ok"}
        weights.append([np.array(each) for each in model.get_weights()])
    assert same(*weights)
    assert all(each.category is DeprecationWarning for each in recwarn)  # of Keras's own code


@pytest.mark.parametrize("lazy", [False, True])
@pytest.mark.parametrize("targets", [None, 1])
def test_its_batches_are_those_of_x(lazy, targets):
    y = None if targets is None else ragged(targets)
    batches = stateful_batches(ragged(), y, **SIZES, lazy=lazy)
    arrays = stateful_batches(ragged(), y, **SIZES)
    dataset = batches.to_dataset()
    assert int(dataset.cardinality()) == batches.steps
    expected = [arrays.x, arrays.y, arrays.sample_weight][: 1 if targets is None else 3]
    for number, parts in enumerate(dataset.as_numpy_iterator()):
        rows = slice(2 * number, 2 * number + 2)
        assert same(list(parts), [each[rows] for each in expected])


def test_predictions_come_back_by_sequence():
    batches = stateful_batches(ragged(), **SIZES, lazy=True)
    guard = StatefulGuard(batches.boundaries)
    model = model_of()
    predicted = model.predict(batches.to_dataset(), verbose=0, callbacks=[guard])
    for sequence, found in zip(ragged(), batches.unbatch(predicted), strict=True):
        reset_states(model)
        padded = np.zeros((2, 9, 1), "float32")
        padded[:, : len(sequence)] = sequence
        chunks = [model.predict_on_batch(each) for each in np.split(padded, 3, axis=1)]
        whole = np.concatenate(chunks, axis=1)[0, : len(sequence)]
        np.testing.assert_allclose(found, whole, atol=1e-6)


@pytest.mark.parametrize(
    "behind",
    [
        lambda data: data.prefetch(1),
        lambda data: data.cache().prefetch(2),
        lambda data: data.with_options(tf.data.Options()),
    ],
)
def test_its_own_boundaries_are_asked_for_behind_prefetch_too(behind):
    batches = stateful_batches(ragged(), ragged(1), **SIZES)
    model = model_of()
    data = behind(batches.to_dataset())
    with pytest.raises(StatefulPitfallError, match="stateful-misplaced-boundary"):
        model.fit(data, **QUIET, callbacks=[StatefulGuard([2])])
    guard = StatefulGuard(batches.boundaries)
    model.fit(data, **QUIET, callbacks=[guard])
    assert {each.status for each in guard.report.verdicts} == {"ok"}


def test_a_shuffle_behind_it_is_refused():
    batches = stateful_batches(ragged(), ragged(1), **SIZES)
    model, guard = model_of(), StatefulGuard(batches.boundaries)
    with pytest.raises(StatefulPitfallError, match="stateful-shuffled-data"):
        model.fit(batches.to_dataset().shuffle(9), **QUIET, callbacks=[guard])
    assert steps_made(model) == 0


def test_a_map_behind_it_keeps_the_order_and_is_no_longer_known():
    batches = stateful_batches(ragged(), ragged(1), **SIZES)
    data = batches.to_dataset().map(lambda x, y, weight: (x * 2, y, weight))
    guard = StatefulGuard([2])  # judged as any boundaries
    model_of().fit(data, **QUIET, callbacks=[guard])
    found = {each.symbol: each.status for each in guard.report.verdicts}
    assert found["stateful-shuffled-data"] == "ok"


def test_nothing_is_read_but_one_batch_before_fit_asks():
    read = []

    class Counting:
        shape, dtype = (60, 1), np.dtype("float32")

        def __getitem__(self, part):
            read.append(part)
            return np.zeros((60, 1), "float32")[part]

    batches = stateful_batches(Counting(), **SIZES, lazy=True)
    assert not read
    batches.to_dataset()
    assert len(read) == 2  # one chunk for each row of the first batch
