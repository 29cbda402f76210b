from keras.callbacks import EarlyStopping, Callback
from keras.models import Sequential
from keras.layers import Dense, LSTM
class R(Callback):
    def on_epoch_begin(self, *args):
        self.model.reset_states()
def train(model, early=False):
    callbacks = [R()]
    if early:
        callbacks.append(EarlyStopping())
    model.fit(X, y, batch_size=4, epochs=10, shuffle=False, callbacks=callbacks)
model = Sequential([LSTM(8, stateful=True, batch_input_shape=(4, 3, 1)), Dense(1)])
train(model)
train(model, True)
