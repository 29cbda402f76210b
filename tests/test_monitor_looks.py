"""Where nobody else acts between two batches the monitor looks once, and records the same."""

from __future__ import annotations

import functools

import numpy as np
import pytest
from support import KERAS_3_0, SEVERAL_STEPS, keras, ones, reset_layer, running_sum

from keras_stateful_guard import StatefulGuard, StateMonitor
from keras_stateful_guard.states import find_bank

FIT = {"batch_size": 4, "shuffle": False, "verbose": 0}


class Idle(keras.callbacks.Callback):
    """Code of the user's own, for all that the monitor knows."""

    def on_train_batch_end(self, batch, logs=None):
        pass

    def on_test_batch_end(self, batch, logs=None):
        pass

    def on_predict_batch_end(self, batch, logs=None):
        pass


def record(*others, steps_per_execution=1):
    """Return what is recorded of boundaries, single slots, validation, evaluate and predict."""
    model, monitor = running_sum(steps_per_execution=steps_per_execution), StateMonitor()
    begins = np.zeros((6, 4), bool)
    begins[0], begins[2, 1], begins[4] = True, True, True
    guard = StatefulGuard(begins, validation_boundaries=[0, 2])
    x, y = ones(24)
    x *= np.arange(1, 25, dtype="float32")[:, None, None]
    validation = {"validation_data": (x[:16], y[:16]), "validation_batch_size": 4}
    callbacks = [guard, *others, monitor]
    model.fit(x, y, epochs=2, **validation, **FIT, callbacks=callbacks)
    fresh = [StatefulGuard(begins), *others, monitor]
    model.evaluate(x, y, batch_size=4, verbose=0, callbacks=fresh)
    model.predict(x, batch_size=4, verbose=0, callbacks=[StatefulGuard(), *others, monitor])
    return monitor


def told(monitor):
    numbers = [monitor.norms["sum"].tolist(), monitor.starts["sum"].tolist()]
    return [
        *numbers,
        monitor.phases.tolist(),
        monitor.epochs.tolist(),
        monitor.resets,
        str(monitor),
    ]


def test_it_records_the_same_beside_callbacks_that_might_act():
    alone = record()
    assert told(alone) == told(record(Idle()))
    assert len(alone.norms["sum"]) == 2 * (6 + 4) + 6 + 6
    assert len(set(alone.norms["sum"])) > 6
    later = {each.before for each in alone.resets if each.slots == (1,)}
    assert later == {2, 12, 22}
    for index in (1, 11, 21):  # what was left before the reset of one slot, not after it
        assert alone.norms["sum"][index] > alone.starts["sum"][index + 1] > 0


@pytest.mark.skipif(KERAS_3_0, reason="Keras 3.0 leaves out an execution that is not whole")
@SEVERAL_STEPS
def test_it_records_executions_of_several_steps():
    monitor, every = record(steps_per_execution=2), record()
    assert told(monitor) == told(record(Idle(), steps_per_execution=2))
    assert len(monitor.norms["sum"]) == 2 * (3 + 2) + 3 + 3
    assert monitor.norms["sum"].tolist() == every.norms["sum"][1::2].tolist()
    assert [each.stop - each.first for each in monitor.passes] == [3, 2, 3, 2, 3, 3]


class Resets(keras.callbacks.Callback):
    def on_train_batch_begin(self, batch, logs=None):
        if batch == 2:
            reset_layer(self.model.get_layer("sum"))


def resets_in_lambda():
    """Return Keras's own callback, which runs code of the user's."""
    resets = Resets()

    def at_batch(batch, logs=None):
        resets.set_model(callback.model)
        resets.on_train_batch_begin(batch)

    callback = keras.callbacks.LambdaCallback(on_train_batch_begin=at_batch)
    return callback


def resets_in_partial():
    """Return Keras's own callback, which runs what is no plain function."""
    callback = keras.callbacks.LambdaCallback()
    resets = Resets()

    def at_batch(model, batch, logs=None):
        resets.set_model(model())
        resets.on_train_batch_begin(batch)

    callback.on_train_batch_begin = functools.partial(at_batch, lambda: callback.model)
    return callback


@pytest.mark.filterwarnings("ignore::keras_stateful_guard.StatefulPitfallWarning")
@pytest.mark.parametrize("other", [Resets, resets_in_lambda, resets_in_partial])
def test_a_reset_by_another_callback_is_seen(other):
    model, monitor = running_sum(), StateMonitor()
    callbacks = [StatefulGuard(), other(), monitor]
    model.fit(*ones(16), callbacks=callbacks, **FIT)
    assert monitor.norms["sum"].tolist() == [4, 8, 4, 8]
    assert [(each.before, each.by) for each in monitor.resets if each.before] == [
        (2, "seen"),
        (4, "guard"),
    ]


@pytest.mark.parametrize(("kind", "looks"), [("arrays", 4 + 1), ("generator", 2 * 4)])
def test_it_looks_twice_where_the_data_runs_code(kind, looks, monkeypatch):
    model, monitor, seen = running_sum(), StateMonitor(), []
    model.predict_on_batch(ones(4)[0])
    bank = find_bank(model)
    snapshot = bank.snapshot
    monkeypatch.setattr(bank, "snapshot", lambda: seen.append(1) or snapshot())
    generator = {"x": (ones(4) for _ in range(4)), "steps_per_epoch": 4}
    arrays = {"x": ones(16)[0], "y": ones(16)[1], "batch_size": 4}
    data = arrays if kind == "arrays" else generator
    model.fit(**data, shuffle=False, verbose=0, callbacks=[StatefulGuard(), monitor])
    assert len(seen) == looks
    assert monitor.norms["sum"].tolist() == [4, 8, 12, 16]


@pytest.mark.parametrize("given", [lambda *each: list(each), lambda *each: dict(enumerate(each))])
def test_it_records_in_order_however_callbacks_are_given(given):
    """On jax and torch Keras would run its hooks in threads where callbacks are no list."""
    for _ in range(3):
        monitor = StateMonitor()
        callbacks, (x, y) = given(StatefulGuard(), monitor), ones(24)
        model = running_sum()
        model.fit(x, y, epochs=2, validation_data=ones(8), callbacks=callbacks, **FIT)
        model.evaluate(x, y, batch_size=4, verbose=0, callbacks=given(StatefulGuard(), monitor))
        model.predict(x, batch_size=4, verbose=0, callbacks=given(StatefulGuard(), monitor))
        every = [4, 8, 12, 16, 20, 24]
        assert monitor.norms["sum"].tolist() == 2 * [*every, 4, 8] + 2 * every
