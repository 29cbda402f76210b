import numpy as np
from keras.models import Sequential
from keras.layers import LSTM, Dense
model = Sequential()
model.add(LSTM(32, batch_input_shape=(8, 10, 1), stateful=True))
model.add(Dense(1))
model.compile("adam", "mse")
for epoch in range(15):
    for i in range(len(X_train)):
        model.train_on_batch(X_train[i], y_train[i])  # [stateful-missing-reset]
