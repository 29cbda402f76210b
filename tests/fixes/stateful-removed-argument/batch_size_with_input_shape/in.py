import numpy as np
from keras.models import Sequential
from keras.layers import Dense, LSTM

steps, features = 3, 1
model = Sequential()
model.add(LSTM(4,
               input_shape=(steps, features),
               batch_size=2,
               stateful=True))
model.add(Dense(1))
model.compile("adam", "mse")
model.predict(np.ones((2, steps, features)), batch_size=2, verbose=0)
