import numpy
from keras.models import Sequential
from keras.layers import Dense
from keras.layers import LSTM

batch_size = 1
look_back = 3
X = numpy.ones((6, look_back, 1))
y = numpy.zeros((6, 1))
model = Sequential()
model.add(LSTM(4, batch_input_shape=(batch_size, look_back, 1), stateful=True, return_sequences=True))
model.add(LSTM(4, batch_input_shape=(batch_size, look_back, 1), stateful=True))
model.add(Dense(1))
model.compile(loss='mean_squared_error', optimizer='adam')
model.fit(X, y, epochs=1, batch_size=batch_size, verbose=0, shuffle=False)
