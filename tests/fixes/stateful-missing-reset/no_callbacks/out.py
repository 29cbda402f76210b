import numpy as np
from keras.layers import LSTM, Input
from keras.models import Sequential
from keras_stateful_guard import StatefulGuard

x, y = np.ones((4, 3, 1)), np.zeros((4, 4))
model = Sequential([Input(batch_shape=(2, 3, 1)), LSTM(4, stateful=True)])
model.compile("adam", "mse")
model.fit(x, y, batch_size=2, epochs=3, shuffle=False, verbose=0, callbacks=[StatefulGuard()])
