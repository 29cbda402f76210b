from keras.layers import CuDNNLSTM, CuDNNGRU, Dense
from keras.models import Sequential
m = Sequential()
m.add(CuDNNLSTM(10, stateful=True, batch_input_shape=(4, 5, 6), return_sequences=True))
m.add(CuDNNGRU(10, stateful=True))
m.add(Dense(1))
m.fit(x, y, batch_size=4, epochs=3, shuffle=False)  # [stateful-missing-reset]
