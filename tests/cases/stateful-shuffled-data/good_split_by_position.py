import keras
import numpy as np

x = np.random.rand(16, 3, 1)
y = np.random.rand(16, 1)

x_train, x_test = x[:12], x[12:]
y_train, y_test = y[:12], y[12:]

model = keras.Sequential()
model.add(keras.Input(batch_shape=(4, 3, 1)))
model.add(keras.layers.LSTM(4, stateful=True))
model.add(keras.layers.Dense(1))
model.compile("adam", "mse")
model.fit(x_train, y_train, batch_size=4, shuffle=False, verbose=0)
