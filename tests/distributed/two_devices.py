"""Everything under MirroredStrategy on two devices of 4 rows each. Case K04.

Not collected by itself: devices must be set up before tensorflow starts, so `test_distribute`
runs this file in a process of its own.
"""

from __future__ import annotations

import numpy as np
import pytest
import tensorflow as tf
from support import KERAS_2, KERAS_3_0, keras, layers, noise, same, to_numpy

from keras_stateful_guard import (
    ResetStatesOnSequence,
    StatefulGuard,
    StatefulPitfallError,
    StateMonitor,
    get_states,
    load_states,
    preserve_states,
    reset_states,
    save_states,
    set_states,
)

CPU = tf.config.list_physical_devices("CPU")[0]
tf.config.set_logical_device_configuration(CPU, [tf.config.LogicalDeviceConfiguration()] * 2)
STRATEGY = tf.distribute.MirroredStrategy(["CPU:0", "CPU:1"])
ONES = {"kernel_initializer": "ones", "recurrent_initializer": "ones", "use_bias": False}
FIT = {"batch_size": 8, "shuffle": False, "verbose": 0}


def compiled(rows, make, *more):
    model = keras.Sequential([keras.Input(batch_shape=(rows, 2, 1)), make, *more])
    model.compile(keras.optimizers.SGD(0.1), "mse")
    return model


def mirrored(make, *more):
    """Return a model of 4 rows a device; Keras 2 refuses to make a stateful layer in the scope."""
    if KERAS_2:
        layer = make()
        with STRATEGY.scope():
            return compiled(4, layer, *more)
    with STRATEGY.scope():
        return compiled(4, make(), *more)


def running_sum():
    return layers.SimpleRNN(1, activation="linear", stateful=True, name="sum", **ONES)


def lstm():
    keras.utils.set_random_seed(1)
    return layers.LSTM(3, stateful=True, name="lstm")


def count(batches=1):
    """Return rows whose value is their place in the global batch, counted from 1."""
    return np.tile(np.arange(1, 9, dtype="float32"), batches)[:, None, None] * np.ones((1, 2, 1))


def sums(model):
    return get_states(model)["sum"][0][:, 0].tolist()


def after(batches):
    return [2.0 * batches * row for row in range(1, 9)]


@pytest.fixture
def model():
    return mirrored(running_sum)


def targets(rows):
    return np.zeros((rows, 1), "float32")


def predict(model, batches=1, **arguments):
    return model.predict(count(batches), batch_size=8, verbose=0, **arguments)


def test_states_are_those_of_the_global_batch(model):
    predict(model)
    assert sums(model) == after(1)
    set_states(model, {"sum": [np.arange(8, dtype="float32")[:, None]]})
    assert sums(model) == list(range(8))
    variable = model.get_layer("sum").states[0]
    held = variable if KERAS_2 else variable.value
    parts = STRATEGY.experimental_local_results(held)
    assert [to_numpy(part)[:, 0].tolist() for part in parts] == [[0, 1, 2, 3], [4, 5, 6, 7]]


def test_the_batch_of_one_device_is_not_that_of_all(model):
    model.fit(count(2), targets(16), callbacks=[StatefulGuard()], **FIT)
    before = [*model.get_weights(), *get_states(model)["sum"]]
    with pytest.raises(StatefulPitfallError, match=r"expected 8 rows \(4 x 2 replicas\)"):
        model.fit(count(2), targets(16), **{**FIT, "batch_size": 4}, callbacks=[StatefulGuard()])
    assert same([*model.get_weights(), *get_states(model)["sum"]], before)


def test_every_device_is_reset(model):
    seen = []

    class See(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            seen.append(sums(model))

    model.optimizer.learning_rate = 0.0
    fit = {**FIT, "epochs": 2, "callbacks": [StatefulGuard(), See()]}
    model.fit(count(3), targets(24), **fit)
    assert seen == [after(3), after(3)]
    assert sums(model) == [0.0] * 8
    predict(model)
    reset_states(model)
    assert sums(model) == [0.0] * 8


@pytest.mark.parametrize("slot", range(8))
def test_one_slot_of_one_device_is_reset(model, slot):
    predict(model)
    reset_states(model, slots=[slot])
    expected = after(1)
    expected[slot] = 0.0
    assert sums(model) == expected


def test_sequences_begin_in_single_slots(model):
    begins = np.zeros((3, 8), bool)
    begins[1, 6] = begins[2, 1] = True
    predict(model, 3, callbacks=[ResetStatesOnSequence(begins)])
    assert sums(model) == [2.0 * row * n for row, n in enumerate([3, 1, 3, 3, 3, 3, 2, 3], 1)]
    with pytest.raises(StatefulPitfallError, match="stateful-misplaced-boundary"):
        predict(model, 3, callbacks=[ResetStatesOnSequence(begins[:, :4])])


def test_states_of_every_device_are_put_back(model):
    predict(model)
    with preserve_states(model):
        predict(model, 2)
        assert sums(model) == after(2)
    assert sums(model) == after(1)
    predict(model, 2, callbacks=[StatefulGuard()])
    assert sums(model) == after(1)


def test_states_of_every_device_are_saved(model, tmp_path):
    predict(model)
    save_states(model, tmp_path / "states.npz")
    reset_states(model)
    load_states(model, tmp_path / "states.npz")
    assert sums(model) == after(1)


@pytest.mark.parametrize("reset", ["epoch", "never"])
def test_training_goes_on_as_if_no_validation_had_run(reset):
    fit = {**FIT, "epochs": 3}
    alone, validated = mirrored(lstm, layers.Dense(1)), mirrored(lstm, layers.Dense(1))
    validated.set_weights(alone.get_weights())
    x, y = noise(24)
    first = alone.fit(x, y, callbacks=[StatefulGuard(reset=reset)], **fit)
    second = validated.fit(
        x, y, validation_data=noise(16, seed=5), callbacks=[StatefulGuard(reset=reset)], **fit
    )
    assert first.history["loss"] == second.history["loss"]
    assert same(alone.get_weights(), validated.get_weights())
    assert same(get_states(alone)["lstm"], get_states(validated)["lstm"])
    assert get_states(alone)["lstm"][0].any() == (reset == "never")


@pytest.mark.skipif(KERAS_3_0, reason="Keras 3.0 joins the predictions of replicas wrongly")
def test_two_devices_predict_what_one_does():
    two, one = mirrored(lstm, layers.Dense(1)), compiled(8, lstm(), layers.Dense(1))
    one.set_weights(two.get_weights())
    x = noise(24)[0]
    found = [m.predict(x, batch_size=8, verbose=0, callbacks=[StatefulGuard()]) for m in (two, one)]
    assert np.abs(found[0] - found[1]).max() < 1e-6


class Batches(getattr(keras.utils, "PyDataset", keras.utils.Sequence)):
    def __len__(self):
        return 5

    def __getitem__(self, number):
        return np.full((8, 2, 1), 2.0**number, "float32"), np.zeros((8, 1), "float32")


class Order(keras.callbacks.Callback):
    """Reads from a running sum which batches were trained, in order."""

    def __init__(self):
        super().__init__()
        self.seen = []

    def on_train_batch_end(self, batch, logs=None):
        self.seen.append(sums(self.model)[0] / 2 - sum(self.seen))


@pytest.mark.skipif(KERAS_2, reason="in Keras 2 workers are an argument of fit")
@pytest.mark.skipif(KERAS_3_0, reason="there workers keep the order")
def test_workers_that_begin_with_later_batches_are_refused():
    model, order = mirrored(running_sum), Order()
    model.optimizer.learning_rate = 0.0
    model.fit(Batches(workers=2), shuffle=False, verbose=0, callbacks=[order])
    assert order.seen != [1, 2, 4, 8, 16]  # why it is refused
    with pytest.raises(StatefulPitfallError, match=r"workers=2.*on 2 devices"):
        model.fit(Batches(workers=2), shuffle=False, verbose=0, callbacks=[StatefulGuard()])


def test_a_dataset_without_workers_keeps_its_order():
    model, order = mirrored(running_sum), Order()
    model.optimizer.learning_rate = 0.0
    model.fit(Batches(), shuffle=False, verbose=0, callbacks=[StatefulGuard(), order])
    assert order.seen == [1, 2, 4, 8, 16]


def test_the_monitor_records_all_devices(model):
    monitor, rows = StateMonitor(), np.arange(1, 9)
    model.optimizer.learning_rate = 0.0
    model.fit(count(3), targets(24), callbacks=[StatefulGuard([2]), monitor], **FIT)
    whole = float(np.linalg.norm(2.0 * rows))
    np.testing.assert_allclose(monitor.norms["sum"], [whole, 2 * whole, whole], rtol=1e-6)
    np.testing.assert_allclose(monitor.starts["sum"], [0, whole, 0], rtol=1e-6)
