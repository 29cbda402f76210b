import keras
import numpy as np

from keras_stateful_guard import stateful_batches

series = np.sin(np.arange(37.0)).reshape(37, 1)
batches = stateful_batches(series[:-1], series[1:], batch_size=4, timesteps=3, per_step=False)

model = keras.Sequential()
model.add(keras.Input(batch_shape=(4, 3, 1)))
model.add(keras.layers.LSTM(4, stateful=True))
model.add(keras.layers.Dense(1))
model.compile("adam", "mse")
model.fit(**batches.fit_arguments(), verbose=0)
