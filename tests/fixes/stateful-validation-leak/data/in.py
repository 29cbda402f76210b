import numpy as np
import keras
from keras_stateful_guard import reset_states as start_again

x, y = np.ones((4, 3, 1)), np.zeros((4, 4))
model = keras.Sequential([keras.Input(batch_shape=(2, 3, 1)), keras.layers.LSTM(4, stateful=True)])
model.compile("adam", "mse")
start_again(model)
model.fit(x, y, batch_size=2, validation_data=(x, y), shuffle=False, verbose=0, callbacks=[])
