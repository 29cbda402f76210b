import keras
import keras_stateful_guard
import numpy as np


def reset_states(model):
    print("starting again")
    keras_stateful_guard.reset_states(model)


model = keras.Sequential([keras.Input(batch_shape=(2, 3, 1)), keras.layers.LSTM(4, stateful=True)])
model.predict(np.ones((2, 3, 1)), batch_size=2, verbose=0)
reset_states(model)
