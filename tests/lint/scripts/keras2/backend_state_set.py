from keras import backend as K
from keras.models import Sequential
from keras.layers import Dense, LSTM
model = Sequential([LSTM(8, stateful=True, batch_input_shape=(4, 3, 1)), Dense(1)])
def clear():
    for layer in model.layers:
        for s in getattr(layer, "states", []):
            K.set_value(s, K.get_value(s) * 0)
for e in range(10):
    model.fit(X, y, batch_size=4, epochs=1, shuffle=False)
    clear()
model.layers[0].states[0] = K.zeros((4, 8))
for e in range(10):
    model.fit(X, y, batch_size=4, epochs=1, shuffle=False)
    for s in model.layers[0].states:
        s.assign(s * 0)
