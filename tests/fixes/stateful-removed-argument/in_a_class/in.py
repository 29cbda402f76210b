import numpy as np
from keras.layers import Dense, Input, LSTM
from keras.models import Sequential


class Forecaster:
    def __init__(self, batch_size=2):
        self.batch_size = batch_size
        self.model = Sequential()
        self.model.add(LSTM(
            4, return_sequences=False, batch_input_shape=(self.batch_size, 3, 1), stateful=True))
        self.model.add(Dense(1))
        self.model.compile("adam", "mse")

    def train(self, x, y):
        self.model.fit(x, y, batch_size=self.batch_size, shuffle=False, verbose=0)


Forecaster().train(np.ones((4, 3, 1)), np.zeros((4, 1)))
