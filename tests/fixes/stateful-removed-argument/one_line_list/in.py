import numpy as np
from tensorflow import keras
from tensorflow.keras import layers

model = keras.Sequential([layers.SimpleRNN(4, stateful=True, batch_input_shape=(2, 3, 1)), layers.Dense(1)])
model.compile("adam", "mse")
model.predict(np.ones((2, 3, 1)), batch_size=2, verbose=0)
