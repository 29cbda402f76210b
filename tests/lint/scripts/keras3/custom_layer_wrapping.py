import keras
from keras import layers
class Block(layers.Layer):
    def __init__(self, units, stateful=False):
        super().__init__()
        self.rnn = layers.GRU(units, stateful=stateful, return_sequences=True)
        self.norm = layers.LayerNormalization()
    def call(self, x):
        return self.norm(self.rnn(x))
inp = keras.Input(batch_shape=(4, 3, 1))
x = Block(8, stateful=True)(inp)
x = Block(8)(x)
m = keras.Model(inp, layers.Dense(1)(x))
m.fit(x, y, batch_size=4, epochs=2, shuffle=False)  # [stateful-missing-reset]
