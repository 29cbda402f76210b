import numpy as np
from keras.models import Sequential
from keras.layers import Dense, LSTM
model = Sequential()
model.add(LSTM(4, batch_input_shape=(8, 10, 1), stateful=True))
model.add(Dense(1))
idx = np.arange(len(X))
np.random.shuffle(idx)  # [stateful-shuffled-data]
model.fit(X[idx], y[idx], batch_size=8, shuffle=False)
