import numpy as np
from keras.models import Sequential
from keras.layers import LSTM, Dense
def build(n_batch):
    model = Sequential()
    model.add(LSTM(10, batch_input_shape=(n_batch, 1, 3), stateful=True))
    model.add(Dense(1))
    model.compile("adam", "mse")
    return model
model = build(1)
for i in range(50):
    model.fit(X, y, epochs=1, batch_size=1, verbose=0, shuffle=False)
    model.reset_states()
history = [x for x in X]
for t in range(len(test)):
    yhat = model.predict(test[t].reshape(1, 1, 3), batch_size=1)
    model.fit(test[t].reshape(1, 1, 3), test_y[t].reshape(1, 1), epochs=1, batch_size=1, shuffle=False)
