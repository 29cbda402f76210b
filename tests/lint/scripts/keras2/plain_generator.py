from keras.models import Sequential
from keras.layers import Dense, LSTM
def gen():
    while True:
        for i in range(10):
            yield x[i], y[i]
model = Sequential()
model.add(LSTM(4, batch_input_shape=(8, 10, 1), stateful=True))
model.add(Dense(1))
model.fit_generator(gen(), steps_per_epoch=10, epochs=1)
model.fit(gen(), steps_per_epoch=10, epochs=1)
for i in range(20):
    model.fit_generator(gen(), steps_per_epoch=10, epochs=1, shuffle=False)
    model.reset_states()
