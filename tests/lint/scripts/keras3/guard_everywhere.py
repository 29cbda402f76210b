import keras
from keras.layers import LSTM, Dense, Input
from keras_stateful_guard import StatefulGuard
model = keras.Sequential([Input(batch_shape=(4, 3, 1)), LSTM(8, stateful=True), Dense(1)])
guard = StatefulGuard()
model.fit(x, y, batch_size=4, epochs=5, shuffle=False, validation_data=(a, b), callbacks=[guard])
model.predict(x, batch_size=4, callbacks=[guard])
model.evaluate(x, y, batch_size=4, callbacks=[guard])
