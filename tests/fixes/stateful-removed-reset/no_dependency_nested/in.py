import keras
import numpy as np

inner = keras.Sequential([keras.Input(batch_shape=(2, 3, 1)), keras.layers.LSTM(4, stateful=True)])
nested = keras.Sequential([inner, keras.layers.Dense(1)])
flat = keras.Sequential([keras.Input(batch_shape=(2, 3, 1)), keras.layers.GRU(4, stateful=True)])
for model in (nested, flat):
    model.predict(np.ones((2, 3, 1)), batch_size=2, verbose=0)
flat.reset_states()
