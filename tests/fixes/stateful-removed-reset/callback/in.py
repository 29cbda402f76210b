"""Resets by a callback."""
from __future__ import annotations

import os
import keras
import numpy as np

os.environ["SEED"] = "1"


class ResetStates(keras.callbacks.Callback):
    def reset_states(self):
        """Not the function."""

    def on_epoch_begin(self, epoch, logs=None):
        self.model.reset_states()

    def on_test_begin(self, logs=None):
        self.model.reset_states()

    def on_test_end(self, logs=None):
        self.model.reset_states()


model = keras.Sequential([keras.Input(batch_shape=(2, 3, 1)), keras.layers.LSTM(4, stateful=True)])
model.compile("adam", "mse")
model.fit(np.ones((4, 3, 1)), np.zeros((4, 4)), batch_size=2, epochs=2, shuffle=False, verbose=0,
          callbacks=[ResetStates()])
