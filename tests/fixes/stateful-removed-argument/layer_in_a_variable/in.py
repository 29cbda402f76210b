import numpy as np
from keras.models import Sequential
from keras.layers import *

lstm = LSTM(4, stateful=True, batch_input_shape=(2, 3, 1))
dense = Dense(1)
model = Sequential(); model.add(lstm)
model.add(dense)
model.predict(np.ones((2, 3, 1)), batch_size=2, verbose=0)
