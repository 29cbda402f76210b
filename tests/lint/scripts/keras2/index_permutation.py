import numpy as np
from keras.models import Sequential
from keras.layers import Dense, LSTM
model = Sequential()
model.add(LSTM(4, batch_input_shape=(8, 10, 1), stateful=True))
model.add(Dense(1))
idx = np.random.permutation(len(X))  # [stateful-shuffled-data]
X, y = X[idx], y[idx]
model.fit(X, y, batch_size=8, shuffle=False)
