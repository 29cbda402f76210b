from itertools import product
from keras.models import Sequential
from keras.layers import LSTM, Dense
results = []
for units, batch in product([8, 16], [1, 4]):
    model = Sequential()
    model.add(LSTM(units, batch_input_shape=(batch, 5, 1), stateful=True))
    model.add(Dense(1))
    model.compile("adam", "mse")
    for epoch in range(30):
        model.fit(X, y, epochs=1, batch_size=batch, shuffle=False)
        model.reset_states()
    results.append(model.evaluate(Xt, yt, batch_size=batch))
