import keras
import numpy as np

from keras_stateful_guard import StatefulGuard

x = np.random.rand(12, 3, 1)
y = np.random.rand(12, 1)

model = keras.Sequential()
model.add(keras.Input(batch_shape=(4, 3, 1)))
model.add(keras.layers.LSTM(4, stateful=True))
model.add(keras.layers.Dense(1))
model.compile("adam", "mse")
model.fit(x, y, batch_size=4, shuffle=False, verbose=0)
model.predict(x, batch_size=4, verbose=0, callbacks=[StatefulGuard()])
