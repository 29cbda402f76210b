import keras
import numpy as np


def reset_states(model):
    print("starting again")
    model.reset_states()


model = keras.Sequential([keras.Input(batch_shape=(2, 3, 1)), keras.layers.LSTM(4, stateful=True)])
model.predict(np.ones((2, 3, 1)), batch_size=2, verbose=0)
reset_states(model)
