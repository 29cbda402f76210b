import keras
import numpy as np

x = np.random.rand(12, 3, 1)
y = np.random.rand(12, 1)

model = keras.Sequential([keras.Input((3, 1)), keras.layers.LSTM(4, stateful=False)])
model.add(keras.layers.Dense(1))
model.compile("adam", "mse", metrics=["mae"])
metric = keras.metrics.Mean()
metric.update_state([1.0, 2.0])
metric.reset_state()
model.fit(x, y, batch_size=4, epochs=2, verbose=0)
