import numpy as np
import keras

x, y = np.ones((4, 3, 1)), np.zeros((4, 4))
inputs = keras.Input(shape=(3, 1), batch_size=2)
model = keras.Model(inputs, keras.layers.LSTM(4, stateful=True)(inputs))
model.compile("adam", "mse")
model.fit(x, y, batch_size=2, shuffle=False, verbose=0)
