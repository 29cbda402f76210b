from keras.models import Sequential, load_model
from keras.layers import Dense, LSTM
try:
    model = load_model("m.h5")
except OSError:
    model = Sequential()
    model.add(LSTM(4, batch_input_shape=(8, 10, 1), stateful=True))
    model.add(Dense(1))
try:
    for i in range(5):
        model.fit(x, y, batch_size=8, epochs=1, shuffle=False)
        model.reset_states()
except KeyboardInterrupt:
    model.save("m.h5")
