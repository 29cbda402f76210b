import numpy as np
import keras
import tensorflow as tf

x, y = np.ones((5, 3, 1)), np.zeros((5, 4))
dataset = (
    tf.data.Dataset.from_tensor_slices((x, y))
    .batch(2, drop_remainder=True)  # rows of one step
    .prefetch(1)
)
other = tf.data.Dataset.from_tensor_slices((x, y)).batch(2, drop_remainder=True)
model = keras.Sequential([keras.Input(batch_shape=(2, 3, 1)), keras.layers.LSTM(4, stateful=True)])
model.compile("adam", "mse")
model.fit(dataset, verbose=0)
model.fit(other, verbose=0)
