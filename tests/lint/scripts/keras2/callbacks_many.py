import keras
import tensorflow as tf
from keras.callbacks import Callback, EarlyStopping, LambdaCallback, ModelCheckpoint
from keras.models import Sequential
from keras.layers import Dense, LSTM
model = Sequential([LSTM(8, stateful=True, batch_input_shape=(4, 3, 1)), Dense(1)])
def reset(epoch, logs):
    model.reset_states()
model.fit(X, y, 4, 10, shuffle=False, callbacks=[LambdaCallback(on_epoch_end=reset)])
model.fit(X, y, 4, 10, shuffle=False, callbacks=[LambdaCallback(on_epoch_end=lambda *_: model.reset_states())])
cbs = [EarlyStopping(patience=3)]
model.fit(X, y, 4, 10, shuffle=False, callbacks=cbs)  # [stateful-missing-reset]
cbs.append(LambdaCallback(on_epoch_begin=lambda e, l: model.reset_states()))
model.fit(X, y, 4, 10, shuffle=False, callbacks=cbs)
class Log(Callback):
    def on_epoch_end(self, epoch, logs=None):
        print(epoch, logs["loss"])
model.fit(X, y, 4, 10, shuffle=False, callbacks=[Log()])  # [stateful-missing-reset]
class Base(Callback):
    def reset(self):
        self.model.reset_states()  # [stateful-reset-every-batch]
class Every(Base):
    def __init__(self, n):
        super().__init__()
        self.n = n
        self.counter = 0
    def on_batch_begin(self, batch, logs=None):
        if self.counter % self.n == 0:
            self.reset()
        self.counter += 1
model.fit(X, y, 4, 10, shuffle=False, callbacks=[Every(5)])
class ResetAlways(Base):
    def on_batch_end(self, batch, logs=None):
        self.reset()
model.fit(X, y, 4, 10, shuffle=False, callbacks=[ResetAlways()])
def make_callbacks(path):
    out = []
    out.append(ModelCheckpoint(path))
    out += [Log()]
    return out
model.fit(X, y, 4, 10, shuffle=False, callbacks=make_callbacks("x"))  # [stateful-missing-reset]
class Holder(Callback):
    def __init__(self, model):
        self.m = model
    def on_epoch_end(self, epoch, logs=None):
        self.m.reset_states()
model.fit(X, y, 4, 10, shuffle=False, callbacks=[Holder(model)])
class Prep(tf.keras.callbacks.Callback):
    def on_epoch_begin(self, epoch, logs=None):
        for layer in self.model.layers:
            if layer.stateful:
                layer.reset_states()
model.fit(X, y, 4, 10, shuffle=False, callbacks=[Prep()])
