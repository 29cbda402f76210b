import numpy as np
from keras import Input
from keras.layers import Dense, LSTM
from keras.models import Sequential

x, y = np.ones((4, 3, 1)), np.zeros((4, 1))
model = Sequential([Input(batch_shape=(2, 3, 1)), LSTM(4, stateful=True), Dense(1)])
model.compile("adam", "mse")
for epoch in range(2):
    model.fit(x, y, batch_size=2, epochs=1, shuffle=False, verbose=0)
    model.reset_states()  # the series begins again
if x is not None: model.reset_states()
