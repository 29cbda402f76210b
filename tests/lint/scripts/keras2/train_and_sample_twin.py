# One model learns from 16 streams of tokens, its twin of batch size 1 speaks after every epoch.
import numpy as np
from tensorflow.keras import Sequential, layers
from tensorflow.keras.callbacks import LambdaCallback, ModelCheckpoint

TOKENS = np.fromfile("tokens.bin", dtype="int32")


def network(rows, steps):
    net = Sequential([
        layers.Embedding(90, 16, batch_input_shape=(rows, steps)),
        layers.GRU(64, stateful=True, return_sequences=True),
        layers.Dense(90, activation="softmax"),
    ])
    net.compile("adam", "sparse_categorical_crossentropy")
    return net


def streams(tokens, rows, steps):
    usable = (len(tokens) - 1) // (rows * steps) * rows * steps
    inputs = tokens[:usable].reshape(rows, -1)
    targets = tokens[1 : usable + 1].reshape(rows, -1)
    while True:
        for start in range(0, inputs.shape[1], steps):
            yield inputs[:, start : start + steps], targets[:, start : start + steps, None]


learner = network(16, 32)
speaker = network(1, 1)


def speak(epoch, logs=None):
    speaker.set_weights(learner.get_weights())
    speaker.reset_states()
    token = 0
    for _ in range(50):
        token = int(np.argmax(speaker.predict(np.array([[token]]))))
        print(token, end=" ")


steps = (len(TOKENS) - 1) // (16 * 32)
restart = LambdaCallback(on_epoch_begin=lambda epoch, logs: learner.reset_states())
keep = ModelCheckpoint("learner.h5", save_weights_only=True)
learner.fit(streams(TOKENS, 16, 32), steps_per_epoch=steps, epochs=5,
            callbacks=[restart, keep, LambdaCallback(on_epoch_end=speak)])
learner.fit(streams(TOKENS, 16, 32), steps_per_epoch=steps, epochs=5,  # [stateful-missing-reset]
            callbacks=[keep, LambdaCallback(on_epoch_end=speak)])
