from mylib import ResetStatesCallback
from keras.models import Sequential
from keras.layers import Dense, LSTM
model = Sequential([LSTM(8, stateful=True, batch_input_shape=(4, 3, 1)), Dense(1)])
model.fit(X, y, 4, 10, shuffle=False, callbacks=[ResetStatesCallback()])
