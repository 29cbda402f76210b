import numpy as np
import keras
from keras_stateful_guard import StatefulGuard

x, y = np.ones((8, 3, 1)), np.zeros((8, 4))
model = keras.Sequential([keras.Input(batch_shape=(2, 3, 1)), keras.layers.LSTM(4, stateful=True)])
model.compile("adam", "mse")
model.fit(x, y, batch_size=2, epochs=2, validation_split=0.5, shuffle=False, verbose=0, callbacks=[StatefulGuard()])
