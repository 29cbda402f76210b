"""Models that cannot work, by how they are built."""
import keras
import tensorflow as tf
from keras.layers import GRU, LSTM, Bidirectional, Dense, Input, TimeDistributed

first = keras.Sequential()
first.add(LSTM(8, stateful=True, input_shape=(3, 1)))  # [stateful-input-shape]

second = keras.Sequential(
    [
        Input((3, 1)),  # [stateful-input-shape]
        GRU(8, stateful=True),
    ]
)

third = tf.keras.Sequential([tf.keras.layers.LSTM(  # [stateful-removed-argument]
    8,
    batch_input_shape=(4, 3, 1),
    stateful=True,
)])


def build(batch_size):
    inputs = Input(batch_shape=(batch_size, 3, 1))
    hidden = LSTM(8, stateful=True)(inputs)
    return keras.Model(inputs, Dense(1)(hidden))


open_batch = build(4)
Bidirectional(LSTM(8, stateful=True))  # [stateful-bidirectional]
Bidirectional(LSTM(8))
TimeDistributed(LSTM(8, stateful=True))  # [stateful-time-distributed]
TimeDistributed(Dense(8))
START = Input((8,))
GRU(8, stateful=True)(Input(batch_shape=(4, 3, 1)), initial_state=START)  # [stateful-initial-state]
GRU(8)(Input((3, 1)), initial_state=START)
