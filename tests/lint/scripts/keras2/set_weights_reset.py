from keras.models import Sequential
from keras.layers import Dense, LSTM
model = Sequential([LSTM(8, stateful=True, batch_input_shape=(4, 3, 1)), Dense(1)])
model.compile("adam", "mse")
w = model.get_weights()
for fold in range(5):
    model.set_weights(w)
    model.reset_states()
    for e in range(10):
        model.fit(X[fold], y[fold], batch_size=4, epochs=1, shuffle=False)  # [stateful-missing-reset]
