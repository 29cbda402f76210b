"""Forecast next week's CO2 with a stateful LSTM, and states that are right."""

import keras
import numpy as np

from keras_stateful_guard import StatefulGuard
from keras_stateful_guard.demo.series import load

WEEKS, STREAMS = 13, 4

# Cut the series into STREAMS streams, and lay chunk k of stream i at row k * STREAMS + i.
series = load()
chunks = (len(series) - 1) // (WEEKS * STREAMS)
weeks = chunks * WEEKS
past = series[: STREAMS * weeks].reshape(STREAMS, weeks, 1)
future = series[1 : STREAMS * weeks + 1].reshape(STREAMS, weeks, 1)
x = past.reshape(STREAMS, chunks, WEEKS, 1).swapaxes(0, 1).reshape(-1, WEEKS, 1)
y = future.reshape(STREAMS, chunks, WEEKS, 1).swapaxes(0, 1).reshape(-1, WEEKS, 1)


def forecaster(timesteps: int | None, *, stateful: bool) -> keras.Model:
    """Return the model for chunks of a stream, or for whole streams."""
    return keras.Sequential(
        [
            keras.Input(batch_shape=(STREAMS, timesteps, 1)),
            keras.layers.LSTM(16, stateful=stateful, return_sequences=True),
            keras.layers.Dense(1),
        ]
    )


keras.utils.set_random_seed(0)
guard = StatefulGuard()
model = forecaster(WEEKS, stateful=True)
model.compile(optimizer="adam", loss="mse")
model.fit(x, y, batch_size=STREAMS, shuffle=False, epochs=10, verbose=2, callbacks=[guard])

# The proof: chunk by chunk with states must equal whole streams without.
whole = forecaster(weeks, stateful=False)
whole.set_weights(model.get_weights())
chunked = model.predict(x, batch_size=STREAMS, verbose=0, callbacks=[StatefulGuard()])
streams = chunked.reshape(chunks, STREAMS, WEEKS, 1).swapaxes(0, 1).reshape(STREAMS, weeks, 1)
gap = float(np.abs(streams - whole.predict(past, batch_size=STREAMS, verbose=0)).max())
