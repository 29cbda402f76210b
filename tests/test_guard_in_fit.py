"""StatefulGuard in fit: what is right runs as by hand, epoch by epoch. Cases R, N of the table."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from support import (
    carried,
    compile_sum,
    keras,
    losses,
    noise,
    ones,
    reset_layer,
    running_sum,
    same,
    small_lstm,
    statuses,
)

from keras_stateful_guard import (
    IsolateEvaluation,
    ResetStatesOnEpoch,
    StatefulGuard,
    StatefulPitfallWarning,
    get_states,
    preserve_states,
    reset_states,
)

FIT = {"batch_size": 4, "shuffle": False, "verbose": 0}


def states(model):
    return [each for arrays in get_states(model).values() for each in arrays]


def zero(model):
    return all(not each.any() for each in states(model))


def test_every_epoch_starts_from_zero():  # R01
    model = running_sum()
    history = model.fit(*ones(8), epochs=3, callbacks=[StatefulGuard()], **FIT)
    assert losses(history) == [3.0, 3.0, 3.0]
    assert zero(model)


def test_without_the_guard_states_run_on():  # R01, the fault itself
    history = carried(running_sum()).fit(*ones(8), epochs=3, **FIT)
    assert losses(history) == [3.0, 7.0, 11.0]


def test_validation_starts_from_zero_and_leaves_nothing():  # R04
    guard = StatefulGuard()
    history = running_sum().fit(
        *ones(8), epochs=2, validation_data=ones(8), callbacks=[guard], **FIT
    )
    assert losses(history) == [3.0, 3.0]
    assert losses(history, "val_loss") == [3.0, 3.0]


def test_reset_never_runs_on_across_epochs_but_not_through_validation():  # R05
    model = running_sum()
    history = model.fit(
        *ones(8),
        epochs=2,
        validation_data=ones(8, value=10.0),
        callbacks=[StatefulGuard(reset="never")],
        **FIT,
    )
    assert losses(history) == [3.0, 7.0]
    assert losses(history, "val_loss") == [30.0, 30.0]
    assert get_states(model)["sum"][0].tolist() == [[8.0]] * 4


def test_an_interrupted_fit_leaves_nothing_to_the_next():  # R13
    class Interrupt(keras.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            if batch == 1:
                raise KeyboardInterrupt

    model = running_sum()
    with pytest.raises(KeyboardInterrupt):
        model.fit(*ones(12), callbacks=[StatefulGuard(), Interrupt()], **FIT)
    assert not zero(model)
    assert losses(model.fit(*ones(8), callbacks=[StatefulGuard()], **FIT)) == [3.0]


def test_a_callback_may_predict_inside_preserve_states():  # R07
    class Sample(keras.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            with preserve_states(self.model):
                self.model.predict(ones(4, value=100.0)[0], batch_size=4, verbose=0)

    history = running_sum().fit(*ones(8), epochs=2, callbacks=[StatefulGuard(), Sample()], **FIT)
    assert losses(history) == [3.0, 3.0]


def test_a_hand_written_loop_stays_quiet_and_right():  # R15
    model, found = carried(running_sum()), []
    for _ in range(3):
        found += losses(model.fit(*ones(8), **FIT))
        reset_states(model)
    assert found == [3.0, 3.0, 3.0]


def test_a_model_without_stateful_layers_is_one_line_in_the_report():  # N01
    model = keras.Sequential([keras.Input((2, 1)), keras.layers.LSTM(2), keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    guard = StatefulGuard()
    model.fit(*noise(9), callbacks=[guard], verbose=0)
    assert "no stateful layer" in str(guard.report)
    assert guard.report.verdicts == []


class ByHand(keras.callbacks.Callback):
    """Resets as a careful user would write them, validation kept apart by hand."""

    def on_epoch_begin(self, epoch, logs=None):
        reset_layer(self.model.get_layer("lstm"))

    def on_test_begin(self, logs=None):
        reset_layer(self.model.get_layer("lstm"))


@pytest.mark.parametrize("validation", [None, noise(8, seed=5)], ids=["alone", "validated"])
def test_losses_and_weights_are_those_of_resets_by_hand(validation):  # N02
    fit = {**FIT, "epochs": 3, "validation_data": validation}
    by_hand, guarded = carried(small_lstm()), small_lstm()
    first = by_hand.fit(*noise(16), callbacks=[ByHand()], **fit)
    second = guarded.fit(*noise(16), callbacks=[StatefulGuard()], **fit)
    assert first.history == second.history
    assert same(by_hand.get_weights(), guarded.get_weights())


@pytest.mark.parametrize("reset", ["epoch", "never"])
def test_training_goes_on_as_if_no_validation_had_run(reset):
    alone, validated = small_lstm(), small_lstm()
    first = alone.fit(*noise(16), epochs=3, callbacks=[StatefulGuard(reset=reset)], **FIT)
    second = validated.fit(
        *noise(16),
        epochs=3,
        validation_data=noise(8, seed=5),
        callbacks=[StatefulGuard(reset=reset)],
        **FIT,
    )
    assert first.history["loss"] == second.history["loss"]
    assert same(alone.get_weights(), validated.get_weights())
    assert same(states(alone), states(validated))


def test_the_parts_together_are_the_guard():
    guarded, parts = small_lstm(), small_lstm()
    fit = {**FIT, "epochs": 2, "validation_data": noise(8, seed=5)}
    first = guarded.fit(*noise(16), callbacks=[StatefulGuard()], **fit)
    second = parts.fit(*noise(16), callbacks=[ResetStatesOnEpoch(), IsolateEvaluation()], **fit)
    assert first.history == second.history
    assert same(guarded.get_weights(), parts.get_weights())


def test_validation_only_every_second_epoch():
    history = running_sum().fit(
        *ones(8),
        epochs=4,
        validation_data=ones(8),
        validation_freq=2,
        callbacks=[StatefulGuard()],
        **FIT,
    )
    assert losses(history) == [3.0] * 4
    assert losses(history, "val_loss") == [3.0] * 2


def test_one_guard_serves_many_fits():
    guard, model = StatefulGuard(), running_sum()
    for _ in range(2):
        assert losses(model.fit(*ones(8), callbacks=[guard], **FIT)) == [3.0]


@pytest.mark.parametrize(
    "wrap",
    [lambda guard: guard, lambda guard: {"guard": guard}, lambda guard: (guard,)],
    ids=["bare", "dict", "tuple"],
)
def test_callbacks_need_not_be_a_list(wrap):
    assert losses(
        running_sum().fit(*ones(8), epochs=2, callbacks=wrap(StatefulGuard()), **FIT)
    ) == [
        3.0,
        3.0,
    ]


def test_a_callback_list_made_by_hand_works():
    model = running_sum()
    guard = StatefulGuard()
    ready = keras.callbacks.CallbackList([guard, keras.callbacks.History()], model=model)
    model.fit(*ones(8), epochs=2, callbacks=ready, **FIT)
    assert losses(model.history) == [3.0, 3.0]
    assert guard.report.status("stateful-shuffle") == "ok"


def test_a_callback_list_without_a_model_works():
    model = running_sum()
    ready = keras.callbacks.CallbackList([StatefulGuard()])
    model.history = keras.callbacks.History()  # which Keras's fit returns at its end
    model.fit(*ones(8), epochs=2, callbacks=ready, **FIT)
    assert zero(model)


def test_a_fit_of_the_users_own_around_keras_fit_is_seen_through():
    class Mine(keras.Sequential):
        def fit(self, x, y, shuffle="decoy", **arguments):
            return super().fit(x, y, shuffle=False, **arguments)

    model = Mine(running_sum().layers)
    compile_sum(model)
    history = model.fit(*ones(8), batch_size=4, epochs=2, verbose=0, callbacks=[StatefulGuard()])
    assert losses(history) == [3.0, 3.0]


def test_a_fit_inside_a_callback_of_another_fit_is_its_own():
    inner = running_sum()

    class Nested(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            inner.fit(*ones(8), callbacks=[StatefulGuard()], **FIT)

    outer = running_sum(batch_size=2)
    history = outer.fit(
        *ones(4),
        batch_size=2,
        shuffle=False,
        epochs=2,
        verbose=0,
        callbacks=[StatefulGuard(), Nested()],
    )
    assert losses(history) == [3.0, 3.0]
    assert losses(inner.history) == [3.0]


def test_nothing_is_said_of_a_right_fit():
    with warnings.catch_warnings():
        warnings.simplefilter("error", StatefulPitfallWarning)
        guard = StatefulGuard()
        small_lstm().fit(*noise(16), epochs=2, validation_data=noise(8), callbacks=[guard], **FIT)
    assert guard.report.status("stateful-broken-layout") == "unknown"  # noise continues anywhere
    assert statuses(guard.report) == {"ok"}


def test_states_after_each_call_are_as_promised():
    model = carried(running_sum())
    x, y = ones(8)
    model.predict(x, batch_size=4, verbose=0)
    before = states(model)
    model.evaluate(x, y, batch_size=4, verbose=0, callbacks=[StatefulGuard()])
    assert same(states(model), before)
    model.predict(x, batch_size=4, verbose=0, callbacks=[StatefulGuard()])
    assert same(states(model), before)
    assert np.all(before[0] == 4.0)


def test_hooks_are_never_called_in_threads_of_their_own():
    assert not getattr(StatefulGuard(), "async_safe", False)
