import tensorflow as tf
from tensorflow.keras.layers import LSTM, Dense
strategy = tf.distribute.MirroredStrategy()
with strategy.scope():
    model = tf.keras.Sequential()
    model.add(LSTM(4, batch_input_shape=(8, 10, 1), stateful=True))
    model.add(Dense(1))
    model.compile("adam", "mse")
with tf.device("/cpu:0"):
    for i in range(5):
        model.fit(x, y, batch_size=8, epochs=1, shuffle=False)
        model.reset_states()
