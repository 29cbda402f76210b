from keras.models import Sequential
from keras.layers import Dense, LSTM
import numpy as np
model = Sequential()
model.add(LSTM(4, batch_input_shape=(16, 10, 1), stateful=True))
model.add(Dense(1))
x = np.zeros((160, 10, 1))
model.predict(x)  # [stateful-batch-size-mismatch]
model.predict(x[:16])
model.predict(x[:1])  # [stateful-batch-size-mismatch]
