from keras.models import Sequential
from keras.layers import Dense, LSTM
import keras
model = Sequential([keras.Input(batch_shape=(4, 3, 1)), LSTM(8, stateful=True), Dense(1)])
for e in range(10):
    model.fit(X, y, batch_size=4, epochs=1, shuffle=False)
    for layer in model.layers:
        if hasattr(layer, "reset_states"):
            layer.reset_states()
for e in range(10):
    model.fit(X, y, batch_size=4, epochs=1, shuffle=False)
    for layer in model.layers:
        if isinstance(layer, keras.layers.LSTM) and layer.stateful:
            layer.reset_state()
for e in range(10):
    model.fit(X, y, batch_size=4, epochs=1, shuffle=False)
    [l.reset_states() for l in model.layers if getattr(l, "stateful", False)]
for e in range(10):
    model.fit(X, y, batch_size=4, epochs=1, shuffle=False)
    model.layers[0].reset_states()
for e in range(10):
    model.fit(X, y, batch_size=4, epochs=1, shuffle=False)
    model.get_layer("lstm").reset_states()
