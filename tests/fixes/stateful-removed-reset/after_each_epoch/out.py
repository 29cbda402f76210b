import numpy as np
from keras import Input
from keras.layers import Dense, LSTM
from keras.models import Sequential
from keras_stateful_guard import reset_states

x, y = np.ones((4, 3, 1)), np.zeros((4, 1))
model = Sequential([Input(batch_shape=(2, 3, 1)), LSTM(4, stateful=True), Dense(1)])
model.compile("adam", "mse")
for epoch in range(2):
    model.fit(x, y, batch_size=2, epochs=1, shuffle=False, verbose=0)
    reset_states(model)  # the series begins again
if x is not None: reset_states(model)
