"""The same model trained wrong in three ways and right in one; errors on held-out years."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np

from keras_stateful_guard import StatefulGuard, rebatch, stateful_batches
from keras_stateful_guard.demo.series import seasons

STREAMS, WEEKS, AHEAD, EPOCHS = 4, 4, 13, 20

series = seasons()
held_out = len(series) - 8 * 52
past, future = series[:held_out], series[AHEAD : held_out + AHEAD]
batches = stateful_batches(past, future, batch_size=STREAMS, timesteps=WEEKS)


def rows() -> tuple[np.ndarray, np.ndarray]:
    """Return the same chunks as consecutive windows, laid row after row."""
    count = len(batches.x) * WEEKS
    shape = (-1, WEEKS, 1)
    return past[:count].reshape(shape), future[:count].reshape(shape)


def shuffled() -> tuple[np.ndarray, np.ndarray]:
    """Return the same chunks in random order."""
    # pylint: disable-next=stateful-shuffled-data  # wrong on purpose
    order = np.random.default_rng(0).permutation(len(batches.x))
    return batches.x[order], np.asarray(batches.y)[order]


def error(x: Any, y: Any, *callbacks: Any) -> float:
    """Return the error on the held-out years, which one stream of states runs through in order."""
    keras.utils.set_random_seed(0)
    model = keras.Sequential(
        [
            keras.Input(batch_shape=(STREAMS, WEEKS, 1)),
            keras.layers.LSTM(16, stateful=True, return_sequences=True),
            keras.layers.Dense(1),
        ]
    )
    model.compile(optimizer=keras.optimizers.Adam(0.003), loss="mse")
    options = {"batch_size": STREAMS, "shuffle": False, "epochs": EPOCHS, "verbose": 0}
    # pylint: disable-next=stateful-missing-reset  # wrong on purpose, where no callback is given
    model.fit(x, y, callbacks=list(callbacks), **options)
    later = stateful_batches(
        series[held_out:-AHEAD], series[held_out + AHEAD :], batch_size=1, timesteps=WEEKS
    )
    guard = StatefulGuard(later.boundaries)
    predicted = rebatch(model, 1).predict(later.x, batch_size=1, verbose=0, callbacks=[guard])
    return float(np.sqrt(np.mean((predicted - later.y) ** 2)))


ERRORS = {
    "rows one after the other": error(*rows()),
    "chunks shuffled": error(*shuffled()),
    "no reset between epochs": error(batches.x, batches.y),
    "stateful_batches and StatefulGuard": error(
        batches.x, batches.y, StatefulGuard(batches.boundaries)
    ),
}
