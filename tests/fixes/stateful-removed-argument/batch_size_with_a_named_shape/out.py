import keras
import numpy as np

shape = (3, 1)
model = keras.Sequential([keras.Input(shape=shape, batch_size=2), keras.layers.LSTM(4, stateful=True)])
model.compile("adam", "mse")
model.predict(np.ones((2, *shape)), batch_size=2, verbose=0)
