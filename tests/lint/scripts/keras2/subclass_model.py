import tensorflow as tf
class MyRNN(tf.keras.Model):
    def __init__(self, vocab, batch):
        super().__init__()
        self.emb = tf.keras.layers.Embedding(vocab, 64)
        self.gru = tf.keras.layers.GRU(128, stateful=True, return_sequences=True)
        self.out = tf.keras.layers.Dense(vocab)
    def call(self, x):
        return self.out(self.gru(self.emb(x)))
model = MyRNN(100, 64)
ds = tf.data.Dataset.from_tensor_slices(x).batch(64, drop_remainder=True)
model.compile("adam", "mse")
model.fit(ds, epochs=10)  # [stateful-missing-reset]
