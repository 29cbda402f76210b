from keras.models import Sequential
from keras.layers import LSTM, Dense
model = Sequential()
model.add(LSTM(32, batch_input_shape=(8, 10, 1), stateful=True))
model.add(Dense(1))
epoch = 0
while epoch < 100:
    model.fit(X, y, batch_size=8, epochs=1, shuffle=False)  # [stateful-missing-reset]
    epoch += 1
