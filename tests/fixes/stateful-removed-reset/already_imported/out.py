import keras
import numpy as np
from keras_stateful_guard import (
    StatefulGuard,
    reset_states,
    stateful_layers,
)

model = keras.Sequential([keras.Input(batch_shape=(2, 3, 1)), keras.layers.LSTM(4, stateful=True)])
model.compile("adam", "mse")
model.fit(np.ones((4, 3, 1)), np.zeros((4, 4)), batch_size=2, shuffle=False, verbose=0,
          callbacks=[StatefulGuard()])
print(list(stateful_layers(model)))
reset_states(model)
model.predict(np.ones((2, 3, 1)), batch_size=2, verbose=0)
