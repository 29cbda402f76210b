"""What the monitor records, on models whose norms are known."""

from __future__ import annotations

import numpy as np
import pytest
from support import keras, layers, losses, noise, ones, running_sum, small_lstm

from keras_stateful_guard import IsolateEvaluation, StatefulGuard, StateMonitor, reset_states

FIT = {"batch_size": 4, "shuffle": False, "verbose": 0}


def carrying() -> StatefulGuard:
    """Return a guard that resets nothing, and lets every backend carry states."""
    return StatefulGuard(reset="never")


def test_norms_are_those_of_the_states():
    monitor = StateMonitor()
    running_sum().fit(*ones(12), epochs=2, callbacks=[StatefulGuard(), monitor], **FIT)
    # Each of 4 rows holds 2 ones a batch: the norm is sqrt(4) times the sum.
    assert monitor.norms["sum"].tolist() == [4, 8, 12, 4, 8, 12]
    assert monitor.starts["sum"].tolist() == [0, 4, 8, 0, 4, 8]
    assert monitor.phases.tolist() == ["train"] * 6
    assert monitor.epochs.tolist() == [0, 0, 0, 1, 1, 1]


def test_states_that_run_on_are_named():
    monitor = StateMonitor()
    running_sum().fit(*ones(8), epochs=2, callbacks=[carrying(), monitor], **FIT)
    assert monitor.starts["sum"].tolist() == [0, 4, 8, 12]
    assert [each.carried for each in monitor.passes] == [(), ("sum",)]
    assert monitor.resets == ()
    assert str(monitor) == (
        "state monitor: 4 batches of sum\n"
        "  epoch 0 train: 2 batches, starts from zero\n"
        "  epoch 1 train: 2 batches, starts from states that are not zero: sum 8"
    )


@pytest.mark.filterwarnings("ignore::keras_stateful_guard.StatefulPitfallWarning")
@pytest.mark.parametrize(("apart", "begins"), [(True, [0, 0, 8]), (False, [0, 8, 12])])
def test_validation_is_marked(apart, begins):
    monitor, (x, y) = StateMonitor(), ones(8)
    guards = [carrying()] if apart else []
    if not apart and keras.backend.backend() == "jax":
        pytest.skip("nothing carries states on jax without a guard")
    fit = {**FIT, "epochs": 2, "validation_data": (x[:4], y[:4]), "validation_batch_size": 4}
    running_sum().fit(x, y, callbacks=[*guards, monitor], **fit)
    assert [(each.phase, each.epoch) for each in monitor.passes] == [
        ("train", 0),
        ("validation", 0),
        ("train", 1),
        ("validation", 1),
    ]
    assert [each.starts["sum"] for each in monitor.passes][:3] == begins


def test_evaluate_and_predict_are_recorded_one_after_another():
    model, monitor, (x, y) = running_sum(), StateMonitor(), ones(8)
    model.evaluate(x, y, batch_size=4, verbose=0, callbacks=[carrying(), monitor])
    model.predict(x, batch_size=4, verbose=0, callbacks=[carrying(), monitor])
    assert monitor.phases.tolist() == ["evaluate"] * 2 + ["predict"] * 2
    assert monitor.epochs.tolist() == [-1] * 4
    assert monitor.norms["sum"].tolist() == [4, 8, 12, 16]


def test_resets_of_the_guard_are_told():
    monitor, begins = StateMonitor(), np.zeros((3, 4), bool)
    begins[0], begins[2, 1] = True, True
    guard = StatefulGuard(boundaries=begins)
    running_sum().fit(*ones(12), callbacks=[guard, monitor], **FIT)
    told = [(each.before, each.slots) for each in monitor.resets]
    assert told == [(0, None), (2, (1,)), (3, None)]
    assert {each.by for each in monitor.resets} == {"guard"}
    assert str(monitor.resets[1]) == "before batch 2: slots [1] of sum (guard)"
    assert monitor.starts["sum"][2] == pytest.approx(np.sqrt(3 * 4**2))
    assert str(monitor).endswith("epoch 0 train: 3 batches, starts from zero; resets inside: 1")


def test_resets_by_hand_are_seen():
    model, monitor = running_sum(), StateMonitor()
    for _ in range(2):
        model.fit(*ones(8), callbacks=[carrying(), monitor], **FIT)
        reset_states(model)
    assert [(each.before, each.by, each.layers) for each in monitor.resets] == [
        (2, "seen", ("sum",))
    ]


def test_it_changes_nothing():
    plain, watched = small_lstm(), small_lstm()
    fit = {**FIT, "epochs": 2}
    first = plain.fit(*noise(16), callbacks=[StatefulGuard()], **fit)
    second = watched.fit(*noise(16), callbacks=[StatefulGuard(), StateMonitor()], **fit)
    assert losses(first) == losses(second)
    for a, b in zip(plain.get_weights(), watched.get_weights(), strict=True):
        assert np.array_equal(a, b)


def test_every_batch_is_there_where_many_wait():
    monitor, guard = StateMonitor(), StatefulGuard()
    running_sum(1, 1).fit(*ones(600, 1), **{**FIT, "batch_size": 1}, callbacks=[guard, monitor])
    assert monitor.norms["sum"].tolist() == list(range(1, 601))


def test_an_interrupted_fit_keeps_what_was_recorded():
    class Stops(keras.callbacks.Callback):
        def on_train_batch_begin(self, batch, logs=None):
            if batch == 2:
                raise KeyboardInterrupt

    model, monitor = running_sum(), StateMonitor()
    with pytest.raises(KeyboardInterrupt):
        model.fit(*ones(12), callbacks=[carrying(), Stops(), monitor], **FIT)
    assert monitor.norms["sum"].tolist() == [4, 8]
    model.predict(ones(4)[0], verbose=0, callbacks=[StatefulGuard(), monitor])
    assert monitor.phases.tolist() == ["train", "train", "predict"]
    assert monitor.epochs.tolist() == [0, 0, -1]


def test_saturation_is_the_share_near_the_bounds():
    def model(activation, weight):
        rnn = layers.SimpleRNN(
            2,
            activation=activation,
            kernel_initializer=keras.initializers.Constant(weight),
            stateful=True,
            name="rnn",
        )
        made = keras.Sequential([keras.Input(batch_shape=(4, 2, 1)), rnn])
        made.compile("sgd", "mse")
        return made

    for activation, weight, expected in [
        ("tanh", 9.0, {"rnn": [1.0]}),
        ("tanh", 0.0, {"rnn": [0.0]}),
        ("relu", 9.0, {}),  # not bounded: nothing is said
    ]:
        monitor = StateMonitor()
        model(activation, weight).predict(
            ones(4)[0], verbose=0, callbacks=[StatefulGuard(), monitor]
        )
        assert {name: each.tolist() for name, each in monitor.saturation.items()} == expected


@pytest.mark.parametrize("late", [StatefulGuard, IsolateEvaluation])
def test_a_guard_behind_it_is_refused(late):
    model = running_sum()
    with pytest.raises(ValueError, match=rf"{late.__name__}.*callbacks=\[guard, monitor\]"):
        model.fit(*ones(8), callbacks=[StateMonitor(), late()], **FIT)


def test_another_model_is_refused():
    monitor = StateMonitor()
    running_sum().predict(ones(4)[0], verbose=0, callbacks=[monitor])
    with pytest.raises(ValueError, match=r"recorded layers \['sum'\].*\['lstm'\]"):
        small_lstm().predict(noise(4)[0], verbose=0, callbacks=[monitor])


def test_a_model_without_stateful_layer_and_an_unused_monitor():
    monitor = StateMonitor()
    assert "nothing recorded yet" in str(monitor)
    model = keras.Sequential([keras.Input((2, 1)), layers.SimpleRNN(1)])
    model.predict(ones(4)[0], verbose=0, callbacks=[monitor])
    assert (monitor.norms, monitor.resets, monitor.passes) == ({}, (), ())
