import keras
from keras import layers
cells = [layers.LSTMCell(8), layers.LSTMCell(8)]
inputs = keras.Input(batch_shape=(4, 5, 1))
x = layers.RNN(cells, stateful=True)(inputs)
m = keras.Model(inputs, layers.Dense(1)(x))
m.fit(x, y, batch_size=4, epochs=3)  # [stateful-missing-reset, stateful-shuffle]
