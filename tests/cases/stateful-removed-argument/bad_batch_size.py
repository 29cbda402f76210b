import keras
import numpy as np

x = np.random.rand(8, 3, 1)
y = np.random.rand(8, 1)

options = {"stateful": True, "batch_size": 4}
model = keras.Sequential([keras.layers.LSTM(4, input_shape=(3, 1), **options), keras.layers.Dense(1)])
model.compile("adam", "mse")
model.fit(x, y, batch_size=4, shuffle=False, verbose=0)
