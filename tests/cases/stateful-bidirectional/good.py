import keras
import numpy as np

x = np.random.rand(12, 3, 1)
y = np.random.rand(12, 1)

model = keras.Sequential()
model.add(keras.Input(batch_shape=(4, 3, 1)))
model.add(keras.layers.Bidirectional(keras.layers.LSTM(4)))
model.add(keras.layers.Flatten())
model.add(keras.layers.Dense(1))
model.compile("adam", "mse")
model.fit(x, y, batch_size=4, shuffle=False, verbose=0)
