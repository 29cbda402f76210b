"""A script that begins with a docstring."""

import numpy as np
import tensorflow as tf

batch = 2
model = tf.keras.Sequential(
    [
        # The first layer.
        tf.keras.layers.GRU(
            units=4,
            batch_input_shape=(batch, 3, 1),  # batch, timesteps, features
            stateful=True,
        ),
        tf.keras.layers.Dense(1),
    ]
)
model.compile("adam", "mse")
model.fit(np.ones((4, 3, 1)), np.zeros((4, 1)), batch_size=batch, shuffle=False, verbose=0)
