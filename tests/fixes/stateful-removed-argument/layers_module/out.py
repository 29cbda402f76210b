import numpy as np
from keras import layers as L
from keras.models import Sequential

model = Sequential([
    L.Input(batch_shape=(2, 3, 1)),
    L.LSTM(4,
           stateful=True),
    L.Dense(1)])
model.compile("adam", "mse")
model.predict(np.ones((2, 3, 1)), batch_size=2, verbose=0)
