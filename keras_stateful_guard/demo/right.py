"""Forecast next week's CO2 with a stateful LSTM, and states that are right."""

import keras

from keras_stateful_guard import (
    StatefulGuard,
    StateMonitor,
    equivalence_gap,
    plot_states,
    stateful_batches,
)
from keras_stateful_guard.demo.series import load

WEEKS, STREAMS = 13, 4

series = load()
batches = stateful_batches(series[:-1], series[1:], batch_size=STREAMS, timesteps=WEEKS)

keras.utils.set_random_seed(0)
model = keras.Sequential(
    [
        keras.Input(batch_shape=(STREAMS, None, 1)),
        keras.layers.LSTM(16, stateful=True, return_sequences=True),
        keras.layers.Dense(1),
    ]
)
model.compile(optimizer="adam", loss="mse")
guard, monitor = StatefulGuard(batches.boundaries), StateMonitor()
model.fit(**batches.fit_arguments(), epochs=10, verbose=2, callbacks=[guard, monitor])
picture = plot_states(monitor)

# The proof: chunk by chunk with states must equal whole streams without.
gap = equivalence_gap(model, batches)
