import tensorflow as tf
class TextGen:
    def __init__(self, batch):
        self.batch = batch
        self.train_model = self.build(batch)
        self.infer_model = self.build(1)
    @staticmethod
    def build(batch):
        inputs = tf.keras.Input(batch_shape=(batch, None))
        x = tf.keras.layers.Embedding(100, 8)(inputs)
        x = tf.keras.layers.LSTM(32, stateful=True, return_sequences=True)(x)
        return tf.keras.Model(inputs, tf.keras.layers.Dense(100)(x))
    def train(self, ds):
        self.train_model.compile("adam", "mse")
        cb = tf.keras.callbacks.LambdaCallback(on_epoch_end=self.on_epoch_end)
        self.train_model.fit(ds, epochs=10, callbacks=[cb])
    def on_epoch_end(self, epoch, logs):
        self.train_model.reset_states()
        self.infer_model.set_weights(self.train_model.get_weights())
        self.infer_model.reset_states()
        for _ in range(10):
            self.infer_model.predict(x)
t = TextGen(64)
t.train(data)
