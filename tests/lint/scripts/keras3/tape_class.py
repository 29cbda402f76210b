import tensorflow as tf
from tensorflow import keras
class Trainer:
    def __init__(self, model, opt):
        self.model = model
        self.opt = opt
    def step(self, x, y):
        with tf.GradientTape() as tape:
            p = self.model(x, training=True)  # [stateful-missing-reset]
            loss = tf.reduce_mean((p - y) ** 2)
        g = tape.gradient(loss, self.model.trainable_variables)
        self.opt.apply_gradients(zip(g, self.model.trainable_variables))
        return loss
    def train(self, ds, epochs):
        for e in range(epochs):
            for x, y in ds:
                self.step(x, y)
m = keras.Sequential([keras.Input(batch_shape=(4, 3, 1)), keras.layers.LSTM(8, stateful=True), keras.layers.Dense(1)])
Trainer(m, keras.optimizers.Adam()).train(ds, 10)
