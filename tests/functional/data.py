"""Data that lost their order on the way to fit."""
import random

import keras
import numpy as np
import tensorflow as tf
from keras.layers import LSTM, Dense, Input
from sklearn.model_selection import train_test_split

model = keras.Sequential([Input(batch_shape=(4, 3, 1)), LSTM(8, stateful=True), Dense(1)])
series = np.loadtxt("series.txt")

a, b, c, d = train_test_split(series, series)  # [stateful-shuffled-data]
model.fit(a, c, batch_size=4, shuffle=False)
a, b, c, d = train_test_split(series, series, shuffle=False)
model.fit(a, c, batch_size=4, shuffle=False)

order = np.random.permutation(len(series))  # [stateful-shuffled-data]
model.fit(series[order], series[order], batch_size=4, shuffle=False)

pipeline = tf.data.Dataset.from_tensor_slices(series)
mixed = pipeline.shuffle(100).batch(4, drop_remainder=True)  # [stateful-shuffled-data]
model.fit(mixed)
model.fit(pipeline.batch(4))  # [stateful-partial-batch]
model.fit(pipeline.batch(8, drop_remainder=True))  # [stateful-batch-size-mismatch]
model.fit(pipeline.batch(4, drop_remainder=True))


def windows(values, length):
    rows = []
    for i in range(len(values) - length):
        rows.append(values[i : i + length])  # [stateful-broken-layout]
    return np.array(rows)


model.fit(windows(series, 3).reshape(-1, 3, 1), series, batch_size=4, shuffle=False)

sequences = [series, series]
random.shuffle(sequences)
for sequence in sequences:
    model.fit(sequence, sequence, batch_size=4, shuffle=False)
    for layer in model.layers:
        layer.reset_state()


def feed():
    while True:
        model.get_layer("lstm").reset_state()  # [stateful-reset-in-generator]
        yield series, series


model.fit(feed(), steps_per_epoch=3)
