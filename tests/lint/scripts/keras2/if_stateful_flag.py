import sys
from keras.models import Sequential
from keras.layers import Dense, LSTM
STATEFUL = len(sys.argv) > 1
model = Sequential()
if STATEFUL:
    model.add(LSTM(8, stateful=True, batch_input_shape=(1, 3, 1)))
else:
    model.add(LSTM(8, input_shape=(3, 1)))
model.add(Dense(1))
if STATEFUL:
    for i in range(10):
        model.fit(X, y, batch_size=1, epochs=1, shuffle=False)
        model.reset_states()
else:
    model.fit(X, y, batch_size=32, epochs=10, validation_split=0.1)
