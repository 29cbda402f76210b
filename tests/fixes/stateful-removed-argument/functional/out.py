import numpy as np
from keras import Input, Model
from keras.layers import Dense, LSTM

inputs = Input(batch_shape=(2, 3, 1))
hidden = LSTM(4, stateful=True)(inputs)
model = Model(inputs, Dense(1)(hidden))
model.predict(np.ones((2, 3, 1)), batch_size=2, verbose=0)
