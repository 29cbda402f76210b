import keras
import numpy as np

x = np.random.rand(12, 3, 1)
y = np.random.rand(12, 1)

inputs = keras.Input(batch_shape=(4, 3, 1))
hidden = keras.layers.GRU(4, stateful=True)(inputs)
model = keras.Model(inputs, keras.layers.Dense(1)(hidden))
model.compile("adam", "mse")
model.fit(x, y, batch_size=4, shuffle=False, verbose=0)
