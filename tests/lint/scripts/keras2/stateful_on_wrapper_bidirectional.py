from keras.models import Sequential
from keras.layers import Dense, LSTM, Bidirectional, TimeDistributed, RepeatVector
model = Sequential()
model.add(Bidirectional(LSTM(4, stateful=True, return_sequences=True), batch_input_shape=(8, 10, 1)))  # [stateful-bidirectional]
model.add(TimeDistributed(Dense(1)))
