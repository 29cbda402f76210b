import keras
import numpy as np

lstm = keras.layers.LSTM(4, stateful=True)
metric = keras.metrics.Mean()
model = keras.Sequential([keras.Input(batch_shape=(2, 3, 1)), lstm])
model.predict(np.ones((2, 3, 1)), batch_size=2, verbose=0)
lstm.reset_states()
metric.reset_state()
model.layers[0].reset_states()
model.reset_states()
