"""Rows that users pad themselves: what moves their states and what does not; predict inside fit."""

from __future__ import annotations

import numpy as np
import pytest
from support import carried, compile_sum, keras, layers, losses, ones, running_sum

from keras_stateful_guard import (
    StatefulGuard,
    get_states,
    preserve_states,
    stateful_batches,
)


def lstm(*before):
    keras.utils.set_random_seed(0)
    inside = [*before, layers.LSTM(2, stateful=True, name="lstm"), layers.Dense(1)]
    model = keras.Sequential([keras.Input(batch_shape=(2, 2, 1)), *inside])
    model.compile(keras.optimizers.SGD(0.0), "mse")
    return carried(model)


def states_before_and_after_padding(model):
    """Return the states of row 1, whose sequence ends with the first batch."""
    x = np.ones((2, 2, 1), "float32")
    model.train_on_batch(x, np.zeros((2, 1)), sample_weight=np.ones(2))
    before = get_states(model)["lstm"][0][1].copy()
    x[1] = 0
    model.train_on_batch(x, np.zeros((2, 1)), sample_weight=np.array([1.0, 0.0]))
    return before, get_states(model)["lstm"][0][1]


def test_padding_moves_states_whatever_its_weight():
    before, after = states_before_and_after_padding(lstm())
    assert np.abs(before - after).max() > 1e-3


def test_masked_padding_moves_none():
    before, after = states_before_and_after_padding(lstm(layers.Masking()))
    assert np.array_equal(before, after)


def test_what_follows_the_padding_of_stateful_batches_starts_from_zero():
    sequences = [np.ones((length, 1), "float32") for length in (3, 3, 3, 2)]
    batches = stateful_batches(
        sequences, batch_size=2, timesteps=2, pad_value=100.0, per_step=False
    )
    guard = StatefulGuard(batches.boundaries)
    sums = running_sum(2).predict(batches.x, batch_size=2, verbose=0, callbacks=[guard])
    assert [each[0, 0] for each in batches.unbatch(sums)] == [2.0] * 4


class Predicts(keras.callbacks.Callback):
    def __init__(self, keeps):
        super().__init__()
        self.keeps = keeps

    def on_train_batch_end(self, batch, logs=None):
        x = np.full((4, 2, 1), 100.0, "float32")
        if self.keeps:
            with preserve_states(self.model):
                self.model.predict(x, verbose=0)
        else:
            self.model.predict(x, verbose=0)


@pytest.mark.parametrize("keeps", [True, False])
def test_predict_in_the_middle_of_a_fit(keeps):
    model = running_sum()
    compile_sum(model)
    fit = {"batch_size": 4, "shuffle": False, "verbose": 0}
    history = model.fit(*ones(12), callbacks=[StatefulGuard(), Predicts(keeps)], **fit)
    assert (losses(history) == [4.0]) is keeps
