from keras.models import Sequential
from keras.layers import Dense, LSTM
model = Sequential()
model.add(LSTM(100, batch_input_shape=(25, 1, 1), stateful=True))
model.add(Dense(1))
best = 1e9
for i in range(100):
    h = model.fit(X, y, batch_size=25, epochs=1, shuffle=False)
    model.reset_states()
    score = model.evaluate(Xv, yv, batch_size=25)
    model.reset_states()
    if score < best:
        best = score
        model.save_weights("best.h5")
    else:
        break
