"""Calls of fit that a stateful model does not bear."""
import keras
import numpy as np
from keras.callbacks import Callback, EarlyStopping
from keras.layers import LSTM, Dense, Input
from keras_stateful_guard import StatefulGuard

x, y = np.zeros((64, 3, 1)), np.zeros((64, 1))
model = keras.Sequential([Input(batch_shape=(4, 3, 1)), LSTM(8, stateful=True), Dense(1)])
model.compile("adam", "mse")

model.fit(x, y, batch_size=4)  # [stateful-shuffle]
model.fit(x, y, batch_size=4, shuffle=False)
model.fit(x, y, batch_size=4, shuffle=False, epochs=3)  # [stateful-missing-reset]
model.fit(x, y, batch_size=4, shuffle=False, epochs=3, callbacks=[StatefulGuard()])
model.fit(  # [stateful-missing-reset, stateful-validation-leak]
    x,
    y,
    batch_size=4,
    epochs=3,
    validation_split=0.25,
    shuffle=False,
    callbacks=[EarlyStopping()],
)
model.fit(x, y, shuffle=False)  # [stateful-batch-size-mismatch]
model.fit(x, y, batch_size=8, shuffle=False)  # [stateful-batch-size-mismatch]
model.fit(x[:10], y[:10], batch_size=4, shuffle=False)  # [stateful-partial-batch]


class Every(Callback):
    def on_train_batch_end(self, batch, logs=None):
        for layer in self.model.layers:
            layer.reset_state()  # [stateful-reset-every-batch]


model.fit(x, y, batch_size=4, shuffle=False, callbacks=[Every()])

for epoch in range(3):
    model.fit(x, y, batch_size=4, shuffle=False)  # [stateful-missing-reset]
    model.evaluate(x, y, batch_size=4)  # [stateful-validation-leak]
