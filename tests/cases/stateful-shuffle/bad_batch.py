import keras
import numpy as np


def build(batch_size):
    return keras.Sequential(
        [
            keras.Input(batch_shape=(batch_size, 3, 1)),
            keras.layers.SimpleRNN(4, stateful=True),
            keras.layers.Dense(1),
        ]
    )


model = build(4)
model.compile("adam", "mse")
model.fit(np.random.rand(12, 3, 1), np.random.rand(12, 1), batch_size=4, shuffle="batch", verbose=0)
