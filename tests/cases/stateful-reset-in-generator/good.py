import keras
import numpy as np

from keras_stateful_guard import StatefulGuard

x = np.random.rand(12, 3, 1)
y = np.random.rand(12, 1)

model = keras.Sequential()
model.add(keras.Input(batch_shape=(4, 3, 1)))
model.add(keras.layers.LSTM(4, stateful=True))
model.add(keras.layers.Dense(1))
model.compile("adam", "mse")


def sequences():
    for start in range(0, 12, 4):
        yield x[start : start + 4], y[start : start + 4]


model.fit(sequences(), steps_per_epoch=3, verbose=0, callbacks=[StatefulGuard(boundaries=3)])
