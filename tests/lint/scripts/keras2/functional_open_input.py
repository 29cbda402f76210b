from tensorflow.keras.layers import Input, LSTM, Dense
from tensorflow.keras.models import Model
i = Input(shape=(50, 4))  # [stateful-input-shape]
o = Dense(1)(LSTM(32, stateful=True)(i))
model = Model(i, o)
