import numpy as np
import random
from keras.models import Sequential
from keras.layers import Dense, LSTM
model = Sequential()
model.add(LSTM(4, batch_input_shape=(1, 10, 1), stateful=True))
model.add(Dense(1))
files = glob("*.npy")
for epoch in range(10):
    random.shuffle(files)
    for f in files:
        data = np.load(f)
        for i in range(0, len(data), 10):
            model.train_on_batch(data[i:i + 10].reshape(1, 10, 1), data[i].reshape(1, 1))
        model.reset_states()
