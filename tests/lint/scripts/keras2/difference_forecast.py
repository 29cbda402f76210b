# Differences of a series, one step at a time, batch size 1: the commonest right script.
import pandas as pd
from keras.layers import LSTM, Dense
from keras.models import Sequential

LAGS = 2


def lagged(series, lags):
    frame = pd.concat([series.shift(k) for k in range(lags, -1, -1)], axis=1)
    return frame.dropna().values


def learn(table, passes, units, rows=1):
    inputs, targets = table[:, :-1], table[:, -1]
    inputs = inputs.reshape(len(inputs), 1, LAGS)
    network = Sequential()
    network.add(LSTM(units, batch_input_shape=(rows, 1, LAGS), stateful=True))
    network.add(Dense(1))
    network.compile("adam", "mse")
    for _ in range(passes):
        network.fit(inputs, targets, batch_size=rows, epochs=1, verbose=0, shuffle=False)
        network.reset_states()
    return network


def step(network, row):
    return network.predict(row[:-1].reshape(1, 1, LAGS), batch_size=1)[0, 0]


series = pd.read_csv("sales.csv").iloc[:, 1].diff()
table = lagged(series, LAGS)
train, test = table[:-12], table[-12:]
network = learn(train, 200, 4)
network.predict(train[:, :-1].reshape(-1, 1, LAGS), batch_size=1)
forecast = [step(network, row) for row in test]
