import keras
from keras.layers import LSTM, Dense, Input
lstm = LSTM(8)
lstm.stateful = True
model = keras.Sequential([Input(batch_shape=(4, 3, 1)), lstm, Dense(1)])
for e in range(3):
    model.fit(x, y, batch_size=4, epochs=1, shuffle=False)
    lstm.reset_state()
m2 = keras.Sequential([Input((3, 1)), LSTM(8), Dense(1)])
for l in m2.layers:
    l.stateful = True
m2.fit(x, y, epochs=3)
