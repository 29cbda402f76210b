import keras
import numpy as np

from keras_stateful_guard import IsolateEvaluation

x = np.random.rand(20, 3, 1)
y = np.random.rand(20, 1)

model = keras.Sequential()
model.add(keras.Input(batch_shape=(4, 3, 1)))
model.add(keras.layers.LSTM(4, stateful=True))
model.add(keras.layers.Dense(1))
model.compile("adam", "mse")
model.fit(
    x,
    y,
    batch_size=4,
    validation_split=0.1,
    shuffle=False,
    verbose=0,
    callbacks=[IsolateEvaluation()],
)
