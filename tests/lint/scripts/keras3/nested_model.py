import keras
from keras.layers import LSTM, Dense, Input
encoder = keras.Sequential([Input(batch_shape=(4, 3, 1)), LSTM(8, stateful=True)], name="enc")
inp = Input(batch_shape=(4, 3, 1))
model = keras.Model(inp, Dense(1)(encoder(inp)))
model.fit(x, y, batch_size=4, epochs=2, shuffle=False)  # [stateful-missing-reset]
for e in range(3):
    model.fit(x, y, batch_size=4, shuffle=False)
    encoder.layers[0].reset_state()
