from sklearn.model_selection import TimeSeriesSplit
from keras.models import Sequential
from keras.layers import LSTM, Dense
def make_model(batch):
    m = Sequential()
    m.add(LSTM(10, batch_input_shape=(batch, 1, 3), stateful=True))
    m.add(Dense(1))
    m.compile("adam", "mse")
    return m
for train_index, test_index in TimeSeriesSplit(5).split(X):
    m = make_model(1)
    for e in range(10):
        m.fit(X[train_index], y[train_index], epochs=1, batch_size=1, shuffle=False)
        m.reset_states()
    m.evaluate(X[test_index], y[test_index], batch_size=1)
