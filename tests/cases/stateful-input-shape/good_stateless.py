import keras
import numpy as np

x = np.random.rand(8, 3, 1)
y = np.random.rand(8, 1)

model = keras.Sequential([keras.Input((3, 1)), keras.layers.LSTM(4), keras.layers.Dense(1)])
model.compile("adam", "mse")
model.fit(x, y, epochs=2, verbose=0)
