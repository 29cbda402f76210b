import numpy as np
from keras.layers import LSTM, Dense, Input
from keras.models import Sequential

batch_size = 2
x, y = np.ones((4, 3, 1)), np.zeros((4, 1))
model = Sequential()
model.add(Input(batch_shape=(batch_size, x.shape[1], x.shape[2])))
model.add(LSTM(4, stateful=True))
model.add(Dense(1))
model.compile("adam", "mse")
for _ in range(2):
    model.fit(x, y, batch_size=batch_size, epochs=1, shuffle=False, verbose=0)
    [layer.reset_state() for layer in model.layers if hasattr(layer, "reset_state")]
