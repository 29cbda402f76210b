import keras
from keras.layers import LSTM, Dense, Input
model = keras.Sequential([Input(batch_shape=(4, 3, 1)), LSTM(8), Dense(1)])
for e in range(3):
    model.fit(x, y, epochs=1)
    model.layers[0].reset_states()  # [stateful-reset-without-state]
