"""Forecast next week's CO2 with a stateful LSTM, written as one would at first."""

import keras

from keras_stateful_guard.demo.series import load

WEEKS = 13

series = load()
count = (len(series) - 1) // WEEKS
x = series[: count * WEEKS].reshape(count, WEEKS, 1)
y = series[1 : count * WEEKS + 1].reshape(count, WEEKS, 1)

model = keras.Sequential(
    [
        keras.layers.LSTM(16, stateful=True, return_sequences=True),
        keras.layers.Dense(1),
    ]
)
model.compile(optimizer="adam", loss="mse")
model.fit(x, y, epochs=2, verbose=0)
