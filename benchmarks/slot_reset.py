"""Resets of single slots against eager masked assigns: `python -m benchmarks.slot_reset`."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import tensorflow as tf

from benchmarks.paired import ratio
from keras_stateful_guard import StatefulGuard, reset_states, stateful_layers


def by_hand(model: Any, mask: np.ndarray) -> None:
    rows = tf.constant(mask)[:, None]
    for layer in stateful_layers(model).values():
        for state in layer.states:
            state.assign(tf.where(rows, tf.zeros_like(state.value), state.value))


class ByHand(keras.callbacks.Callback):
    """What a user would write: every 10th batch, the rows of the sequences that begin there."""

    def __init__(self, boundaries: np.ndarray) -> None:
        super().__init__()
        self.boundaries = boundaries

    def on_train_batch_begin(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        if self.boundaries[batch].any():
            by_hand(self.model, self.boundaries[batch])


def sixteen_layers() -> None:
    lstm = [keras.layers.LSTM(128, stateful=True, return_sequences=True) for _ in range(16)]
    model = keras.Sequential([keras.Input(batch_shape=(64, 5, 8)), *lstm])
    mask = np.arange(64) % 3 == 0
    print(
        "slots of 16 layers / masked assigns on each:",
        ratio(lambda: reset_states(model, slots=mask), lambda: by_hand(model, mask), pairs=60),
    )


def every_tenth_batch() -> None:
    model = keras.Sequential(
        [
            keras.Input(batch_shape=(4, 10, 1)),
            keras.layers.LSTM(8, stateful=True),
            keras.layers.Dense(1),
        ]
    )
    model.compile("sgd", "mse")
    x, y = np.ones((2000, 10, 1), "float32"), np.ones((2000, 1), "float32")
    boundaries = np.zeros((500, 4), bool)
    boundaries[::10, 1::2] = True
    fit = {"batch_size": 4, "shuffle": False, "verbose": 0}
    guard, hand = StatefulGuard(boundaries), ByHand(boundaries)
    print(
        "fit with slot boundaries every 10th batch, the guard / by hand:",
        ratio(
            lambda: model.fit(x, y, callbacks=[guard], **fit),
            lambda: model.fit(x, y, callbacks=[hand], **fit),
        ),
    )


if __name__ == "__main__":
    sixteen_layers()
    every_tenth_batch()
