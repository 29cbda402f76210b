import keras
import numpy as np
import tensorflow as tf

x = np.random.rand(12, 3, 1)
y = np.random.rand(12, 1)

model = keras.Sequential()
model.add(keras.Input(batch_shape=(4, 3, 1)))
model.add(keras.layers.LSTM(4, stateful=True))
model.add(keras.layers.Dense(1))
model.compile("adam", "mse")
dataset = tf.data.Dataset.from_tensor_slices((x, y))
dataset = dataset.shuffle(12).batch(4, drop_remainder=True)
model.fit(dataset, verbose=0)
