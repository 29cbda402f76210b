import keras
import numpy as np

series = np.sin(np.arange(37.0))
# Four streams of nine steps each: row i of every batch continues row i of the one before.
x = series[:36].reshape(4, 3, 3).transpose(1, 0, 2).reshape(12, 3, 1)
y = series[1:].reshape(4, 3, 3)[:, :, -1].transpose(1, 0).reshape(12, 1)

model = keras.Sequential()
model.add(keras.Input(batch_shape=(4, 3, 1)))
model.add(keras.layers.LSTM(4, stateful=True))
model.add(keras.layers.Dense(1))
model.compile("adam", "mse")
model.fit(x, y, batch_size=4, shuffle=False, verbose=0)
