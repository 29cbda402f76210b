import keras
import numpy as np


class Isolate(keras.callbacks.Callback):
    def reset(self):
        for layer in self.model.layers:
            if hasattr(layer, "reset_state"):
                layer.reset_state()

    def on_epoch_begin(self, epoch, logs=None):
        self.reset()

    def on_test_begin(self, logs=None):
        self.reset()


x = np.random.rand(12, 3, 1)
y = np.random.rand(12, 1)

model = keras.Sequential()
model.add(keras.Input(batch_shape=(4, 3, 1)))
model.add(keras.layers.LSTM(4, stateful=True))
model.add(keras.layers.Dense(1))
model.compile("adam", "mse")
model.fit(
    x,
    y,
    batch_size=4,
    epochs=2,
    validation_data=(x[8:], y[8:]),
    shuffle=False,
    verbose=0,
    callbacks=[Isolate()],
)
