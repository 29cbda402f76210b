import keras
import numpy as np

x = np.random.rand(1, 3, 1)
y = np.random.rand(1, 1)

model = keras.Sequential()
model.add(keras.Input(batch_shape=(1, 3, 1)))
model.add(keras.layers.LSTM(4, stateful=True))
model.add(keras.layers.Dense(1))
model.compile("adam", "mse")
model.fit(x, y, batch_size=1, shuffle=False, verbose=0)
