"""Everything under jax's DataParallel on two devices, which share a batch of 4 rows.

Not collected by itself: devices must be set up before jax starts, so `test_distribute` runs this
file in a process of its own.
"""

from __future__ import annotations

import os

os.environ["XLA_FLAGS"] = "--xla_force_host_platform_device_count=2"

import jax
import numpy as np
import pytest
from support import compile_sum, keras, losses, noise, ones, running_sum, same, small_lstm

from keras_stateful_guard import (
    StatefulGuard,
    carry_states,
    get_states,
    preserve_states,
    reset_states,
)

FIT = {"batch_size": 4, "shuffle": False, "verbose": 0}


@pytest.fixture(autouse=True)
def two_devices():
    assert len(jax.devices()) == 2
    keras.distribution.set_distribution(keras.distribution.DataParallel(devices=jax.devices()))
    yield
    keras.distribution.set_distribution(None)


@pytest.mark.parametrize(("reset", "expected"), [("never", [3, 7]), ("epoch", [3, 3])])
def test_it_trains(reset, expected):
    fit = {**FIT, "epochs": 2, "validation_data": ones(8)}
    history = running_sum().fit(*ones(8), callbacks=[StatefulGuard(reset=reset)], **fit)
    assert losses(history) == expected
    assert losses(history, "val_loss") == [3, 3]


def test_functions_made_before_the_guard_came_are_made_anew():
    model, (x, y) = running_sum(), ones(8)
    model.fit(x, y, **FIT)
    model.evaluate(x, y, batch_size=4, verbose=0)
    model.predict(x, batch_size=4, verbose=0)
    guard = StatefulGuard()
    assert losses(model.fit(x, y, validation_data=(x, y), callbacks=[guard], **FIT)) == [3]
    assert float(model.predict(x, batch_size=4, verbose=0, callbacks=[guard])[-1, 0]) == 4


def around_and_inside():
    """Return two models that share a stateful layer and have both predicted before."""
    inside = running_sum()
    x = keras.Input(batch_shape=(4, 2, 1))
    around = keras.Model(x, inside(x))
    compile_sum(around)
    for model in (around, inside):
        model.predict(ones(4)[0], verbose=0)
    return around, inside


@pytest.mark.parametrize("first", ["around", "inside"])
def test_functions_of_models_that_share_layers_are_made_anew(first):
    models = around_and_inside()
    for model in models if first == "around" else models[::-1]:
        guard = StatefulGuard()
        predicted = model.predict(ones(8)[0], batch_size=4, verbose=0, callbacks=[guard])
        assert predicted[:, 0].tolist() == [2.0] * 4 + [4.0] * 4
        model.fit(*ones(8), callbacks=[guard], **FIT)


def test_functions_of_a_model_inside_another_are_made_anew():
    around, inside = around_and_inside()
    around.fit(*ones(8), callbacks=[StatefulGuard()], **FIT)
    assert inside.predict(ones(4)[0], verbose=0)[0, 0] == 2.0


def test_slots_of_both_devices_are_reset():
    begins = np.zeros((3, 4), bool)
    begins[1, 3] = begins[2, 0] = True
    model = running_sum()
    model.fit(*ones(12), callbacks=[StatefulGuard(begins, reset="never")], **FIT)
    assert get_states(model)["sum"][0][:, 0].tolist() == [2, 6, 6, 4]
    with preserve_states(model):
        assert not get_states(model)["sum"][0].any()
    reset_states(model, slots=[1])
    assert get_states(model)["sum"][0][:, 0].tolist() == [2, 0, 6, 4]


def test_two_devices_train_as_one_does():
    two = small_lstm()
    two.fit(*noise(16), epochs=2, callbacks=[StatefulGuard()], **FIT)
    keras.distribution.set_distribution(None)
    one = small_lstm()
    one.fit(*noise(16), epochs=2, callbacks=[StatefulGuard()], **FIT)
    pairs = zip(one.get_weights(), two.get_weights(), strict=True)
    assert max(np.abs(a - b).max() for a, b in pairs) < 1e-6
    assert not same(one.get_weights(), small_lstm().get_weights())


def test_loops_of_ones_own():
    model, (x, y) = running_sum(), ones(4)
    carry_states(model)
    assert [float(model.train_on_batch(x, y)) for _ in range(2)] == [2.0, 4.0]
