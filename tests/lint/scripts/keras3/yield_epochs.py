import keras
from keras.layers import LSTM, Dense, Input
model = keras.Sequential([Input(batch_shape=(4, 3, 1)), LSTM(8, stateful=True), Dense(1)])
def epochs(n):
    for e in range(n):
        for l in model.layers:
            if l.stateful: l.reset_state()
        yield e
for e in epochs(5):
    model.fit(x, y, batch_size=4, shuffle=False)
