import keras
import numpy as np
from keras.layers import GRU, Dense

x = np.random.rand(8, 3, 1)
y = np.random.rand(8, 1)

model = keras.Sequential([GRU(4, stateful=True, input_shape=(3, 1)), Dense(1)])
model.compile("adam", "mse")
model.fit(x, y, batch_size=4, shuffle=False, verbose=0)
