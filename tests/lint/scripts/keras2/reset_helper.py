from keras.models import Sequential
from keras.layers import Dense, LSTM
def reset(m):
    for l in m.layers:
        try:
            l.reset_states()
        except AttributeError:
            pass
model = Sequential([LSTM(8, stateful=True, batch_input_shape=(4, 3, 1)), Dense(1)])
for e in range(10):
    model.fit(X, y, batch_size=4, epochs=1, shuffle=False)
    reset(model)
