import os
os.environ["KERAS_BACKEND"] = "jax"
import keras
from keras import layers
def make(batch):
    inputs = keras.Input(batch_shape=(batch, 10, 1))
    x = layers.LSTM(8, stateful=True)(inputs)
    return keras.Model(inputs, layers.Dense(1)(x))
model = make(32)
model.compile("adam", "mse")
for epoch in range(5):
    model.fit(x, y, batch_size=32, shuffle=False)
    for layer in model.layers:
        if hasattr(layer, "reset_state"):
            layer.reset_state()
