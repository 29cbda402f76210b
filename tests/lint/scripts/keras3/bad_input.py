from keras.models import Sequential
from keras.layers import LSTM, Dense, Input
m = Sequential()
m.add(Input(shape=(None, 10)))  # [stateful-input-shape]
m.add(LSTM(20, stateful=True))
m.add(Dense(1))
m.compile("adam", "mse")
m.fit(x, y, epochs=10, batch_size=1, validation_split=.1)  # [stateful-shuffle, stateful-missing-reset, stateful-validation-leak]
