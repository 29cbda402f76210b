import keras
import numpy as np


def build(batch_size):
    inputs = keras.Input(batch_shape=(batch_size, 3, 1))
    return keras.Model(inputs, keras.layers.LSTM(4, stateful=True)(inputs))


x, y = np.ones((40, 3, 1)), np.zeros((40, 4))
model = build(4)
model.compile("adam", "mse")
model.fit(x, y, 4, shuffle=False, verbose=0)
model.fit(
    x, y,
    batch_size=4,
    shuffle=False, verbose=0)
model.fit(x, y, shuffle=False, verbose=0, batch_size=4)
