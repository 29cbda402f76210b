from keras.models import Sequential
from keras.layers import Dense, LSTM
def run(X, y, stateful=False, batch_size=32, epochs=10, shuffle=True):
    model = Sequential()
    if stateful:
        model.add(LSTM(8, stateful=True, batch_input_shape=(batch_size, 3, 1)))
    else:
        model.add(LSTM(8, input_shape=(3, 1)))
    model.add(Dense(1))
    model.fit(X, y, batch_size=batch_size, epochs=epochs, shuffle=shuffle)
    return model
