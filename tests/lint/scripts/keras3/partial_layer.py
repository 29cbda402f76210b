from functools import partial
import keras
from keras.layers import LSTM, Dense, Input
SLSTM = partial(LSTM, stateful=True, return_sequences=True)
model = keras.Sequential([Input(batch_shape=(4, 3, 1)), SLSTM(8), SLSTM(8), Dense(1)])
model.fit(x, y, batch_size=4, epochs=3, shuffle=False)  # [stateful-missing-reset]
