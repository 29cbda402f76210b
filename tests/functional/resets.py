"""Resets that are gone, missing, or have nothing to do."""
import keras
from keras.layers import LSTM, Dense, Input
from keras_stateful_guard import reset_states


def build(stateful):
    return keras.Sequential([Input(batch_shape=(4, 3, 1)), LSTM(8, stateful=stateful), Dense(1)])


def train(model, x, y):
    model.fit(x, y, batch_size=4, shuffle=False)
    model.predict(x, batch_size=4)  # [stateful-missing-predict-reset]
    model.predict(x, batch_size=4)
    model.reset_states()  # [stateful-removed-reset]
    model.predict(x, batch_size=4)


train(build(True), [1], [2])

plain = build(False)
plain.fit([1], [2])
reset_states(plain)  # [stateful-reset-without-state]

kept = build(True)
kept.fit([1], [2], shuffle=False, batch_size=4)
reset_states(kept)
kept.layers[0].reset_state(states=None)  # [stateful-removed-reset]
for batch in open("data.txt"):
    kept.train_on_batch(batch)
    reset_states(kept)  # [stateful-reset-every-batch]
