from keras.models import Sequential
from keras.layers import Dense, LSTM
import numpy as np
batch_size = 32
x = np.zeros((1000, 10, 1)); y = np.zeros((1000, 1))
n = (len(x) // batch_size) * batch_size
x, y = x[:n], y[:n]
model = Sequential()
model.add(LSTM(4, batch_input_shape=(batch_size, 10, 1), stateful=True))
model.add(Dense(1))
model.fit(x, y, epochs=1, batch_size=batch_size, shuffle=False)
x2 = np.zeros((1000, 10, 1))
model.reset_states()
model.predict(x2, batch_size=batch_size)  # [stateful-partial-batch]
