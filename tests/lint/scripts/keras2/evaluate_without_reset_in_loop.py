from keras.models import Sequential
from keras.layers import Dense, LSTM
model = Sequential()
model.add(LSTM(100, batch_input_shape=(25, 1, 1), stateful=True))
model.add(Dense(1))
for i in range(100):
    model.fit(X, y, batch_size=25, epochs=1, shuffle=False)
    score = model.evaluate(Xv, yv, batch_size=25)  # [stateful-validation-leak]
    model.reset_states()
