import keras
from keras.models import Sequential
from keras.layers import Dense, LSTM, GRU
class ResetStates(keras.callbacks.Callback):
    def on_epoch_end(self, epoch, logs=None):
        self.model.reset_states()
class ResetBoth(keras.callbacks.Callback):
    def on_epoch_begin(self, epoch, logs={}):
        self.model.reset_states()
    def on_test_begin(self, logs=None):
        self.model.reset_states()
    def on_test_end(self, logs=None):
        self.model.reset_states()
model = Sequential()
model.add(LSTM(10, batch_input_shape=(4, 5, 1), stateful=True))
model.add(Dense(1))
model.compile('adam', 'mse')
model.fit(x, y, batch_size=4, epochs=10, shuffle=False, callbacks=[ResetStates()])
model.fit(x, y, batch_size=4, epochs=10, shuffle=False, callbacks=[ResetStates()], validation_data=(xv, yv))  # [stateful-validation-leak]
model.fit(x, y, batch_size=4, epochs=10, shuffle=False, callbacks=[ResetBoth()], validation_data=(xv, yv))
