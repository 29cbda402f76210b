import keras
import numpy as np

series = np.sin(np.arange(24.0))
# Windows overlap, and the fourth after each begins where it ends: rows of batches of 4 continue.
x = np.array([series[i : i + 4] for i in range(20)]).reshape(20, 4, 1)
y = series[4:].reshape(20, 1)

model = keras.Sequential()
model.add(keras.Input(batch_shape=(4, 4, 1)))
model.add(keras.layers.LSTM(4, stateful=True))
model.add(keras.layers.Dense(1))
model.compile("adam", "mse")
model.fit(x, y, batch_size=4, shuffle=False, verbose=0)
