"""Loops that are not Keras's fit match a stateless model that sees each sequence whole."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from support import BACKEND, carried, keras, layers, same, statuses, tf

from keras_stateful_guard import (
    StatefulGuard,
    StatefulPitfallWarning,
    get_states,
    preserve_states,
    reset_states,
)

SLOTS, CHUNKS, STEPS, EPOCHS = 3, 4, 2, 2
RANDOM = np.random.default_rng(11)
SERIES = RANDOM.normal(size=(SLOTS, CHUNKS * STEPS, 2)).astype("float32")
TARGETS = RANDOM.normal(size=(SLOTS, CHUNKS * STEPS, 1)).astype("float32")


def chunks(series=SERIES):
    return np.split(series, CHUNKS, axis=1)


def rows(series):
    return np.concatenate(chunks(series))


def model(timesteps=STEPS, *, stateful=True, kind=keras.Model, rate=0.1):
    """Return an LSTM with one output a step, and the same weights each time."""
    keras.utils.set_random_seed(5)
    inputs = keras.Input(batch_shape=(SLOTS, timesteps, 2))
    hidden = layers.LSTM(4, return_sequences=True, stateful=stateful, name="lstm")(inputs)
    made = kind(inputs, layers.Dense(1, name="dense")(hidden))
    made.compile(keras.optimizers.SGD(rate), "mse")
    return carried(made) if stateful else made


def whole(weights):
    """Return what a stateless model gives for the whole sequences."""
    stateless = model(CHUNKS * STEPS, stateful=False)
    stateless.set_weights(weights)
    return stateless.predict(SERIES, batch_size=SLOTS, verbose=0)


def chunked(trained):
    """Return what a trained stateful model gives chunk by chunk from zero states."""
    with preserve_states(trained):
        return np.concatenate([trained.predict_on_batch(x) for x in chunks()], axis=1)


def gap(trained):
    return np.abs(chunked(trained) - whole(trained.get_weights())).max()


def fitted():
    """Return a model that fit trained under the guard: what every loop below must come to."""
    made = model()
    made.fit(
        rows(SERIES),
        rows(TARGETS),
        batch_size=SLOTS,
        shuffle=False,
        epochs=EPOCHS,
        verbose=0,
        callbacks=[StatefulGuard()],
    )
    return made


def close(first, second):
    pairs = zip(first.get_weights(), second.get_weights(), strict=True)
    return max(np.abs(a - b).max() for a, b in pairs) < 1e-6


def test_train_on_batch():
    made = model()
    for _ in range(EPOCHS):
        reset_states(made)
        for x, y in zip(chunks(), chunks(TARGETS), strict=True):
            made.train_on_batch(x, y)
            before = get_states(made)["lstm"]
            with preserve_states(made):
                made.test_on_batch(x, y)
            assert same(get_states(made)["lstm"], before)
    assert gap(made) < 1e-6
    assert close(made, fitted())


def test_train_on_batch_without_a_reset_is_another_training():
    made = model()
    for _ in range(EPOCHS):
        for x, y in zip(chunks(), chunks(TARGETS), strict=True):
            made.train_on_batch(x, y)
    assert not close(made, fitted())


@pytest.mark.parametrize("traced", [False, True], ids=["eager", "tf.function"])
def test_a_gradient_tape(traced):
    made, optimizer = model(), keras.optimizers.SGD(0.1)
    optimizer.build(made.trainable_variables)

    def step(x, y):
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(tf.square(made(x, training=True) - y))
        gradients = tape.gradient(loss, made.trainable_variables)
        optimizer.apply_gradients(zip(gradients, made.trainable_variables, strict=True))

    step = tf.function(step) if traced else step
    for _ in range(EPOCHS):
        reset_states(made)
        for x, y in zip(chunks(), chunks(TARGETS), strict=True):
            step(tf.constant(x), tf.constant(y))
    assert gap(made) < 1e-6
    assert close(made, fitted())


class OnTensorflow(keras.Model):
    """Trains by a `train_step` of its own."""

    def train_step(self, data):
        x, y = data
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(tf.square(self(x, training=True) - y))
        gradients = tape.gradient(loss, self.trainable_variables)
        self.optimizer.apply_gradients(zip(gradients, self.trainable_variables, strict=True))
        return {"loss": loss}


class OnTorch(keras.Model):
    def train_step(self, data):
        import torch

        x, y = data
        self.zero_grad()
        loss = torch.mean((self(x, training=True) - y) ** 2)
        loss.backward()
        with torch.no_grad():
            self.optimizer.apply([v.value.grad for v in self.trainable_variables])
        return {"loss": loss}


class OnJax(keras.Model):
    def train_step(self, state, data):
        import jax

        (x, y), (trainable, others, optimizer, metrics) = data, state

        def error(trainable):
            predicted, kept = self.stateless_call(trainable, others, x, training=True)
            return ((predicted - y) ** 2).mean(), kept

        (loss, kept), gradients = jax.value_and_grad(error, has_aux=True)(trainable)
        trainable, optimizer = self.optimizer.stateless_apply(optimizer, gradients, trainable)
        return {"loss": loss}, (trainable, kept, optimizer, metrics)


def test_a_train_step_of_ones_own():
    kinds = {"tensorflow": OnTensorflow, "torch": OnTorch, "jax": OnJax}
    made = model(kind=kinds[BACKEND])
    guard = StatefulGuard()
    fit = {"batch_size": SLOTS, "shuffle": False, "epochs": EPOCHS, "verbose": 0}
    with warnings.catch_warnings():
        warnings.simplefilter("error", StatefulPitfallWarning)
        made.fit(
            rows(SERIES),
            rows(TARGETS),
            validation_data=(rows(SERIES), rows(TARGETS)),
            callbacks=[guard],
            **fit,
        )
    assert statuses(guard.report) == {"ok"}
    assert gap(made) < 1e-6
    assert close(made, fitted())


class OwnFit(keras.Model):
    """Trains by a loop of its own, which calls its callbacks."""

    def fit(self, x, y, callbacks):
        callbacks = keras.callbacks.CallbackList(callbacks, model=self)
        callbacks.on_train_begin()
        for epoch in range(EPOCHS):
            callbacks.on_epoch_begin(epoch)
            for batch, (each, target) in enumerate(zip(x, y, strict=True)):
                callbacks.on_train_batch_begin(batch)
                self.train_on_batch(each, target)
                callbacks.on_train_batch_end(batch)
            callbacks.on_epoch_end(epoch)
        callbacks.on_train_end()


def test_a_fit_of_ones_own_is_told_what_is_not_judged_and_reset_all_the_same():
    made = model(kind=OwnFit)
    with pytest.warns(StatefulPitfallWarning, match="does not see the arguments of this fit"):
        made.fit(chunks(), chunks(TARGETS), callbacks=[StatefulGuard()])
    assert not get_states(made)["lstm"][0].any()
    assert gap(made) < 1e-6
    assert close(made, fitted())
