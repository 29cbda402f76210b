import keras
import numpy as np

series = np.sin(np.arange(15.0))
x = np.array([series[i : i + 3] for i in range(12)]).reshape(12, 1, 3)
y = series[3:].reshape(12, 1)

model = keras.Sequential()
model.add(keras.Input(batch_shape=(1, 1, 3)))
model.add(keras.layers.LSTM(4, stateful=True))
model.add(keras.layers.Dense(1))
model.compile("adam", "mse")
model.fit(x, y, batch_size=1, shuffle=False, verbose=0)
