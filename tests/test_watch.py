"""Faults that only the run shows: what the asserting callbacks warn of, once."""

from __future__ import annotations

import warnings

import pytest
from support import keras, ones, reset_layer, running_sum

from keras_stateful_guard import (
    AssertFixedBatchSize,
    AssertNoShuffle,
    IsolateEvaluation,
    ResetStatesOnEpoch,
    StatefulGuard,
    StatefulPitfallWarning,
)

FIT = {"batch_size": 4, "shuffle": False, "verbose": 0}


class Reset(keras.callbacks.Callback):
    """Resets in the hooks named, as public hand-written callbacks do."""

    def __init__(self, *hooks):
        super().__init__()
        for hook in hooks:
            setattr(self, hook, self.reset)

    def reset(self, *_, **__):
        reset_layer(self.model.get_layer("sum"))


def warned(*callbacks, **fit):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        running_sum().fit(*ones(8), epochs=3, callbacks=list(callbacks), **FIT, **fit)
    found = [each.message for each in caught if isinstance(each.message, StatefulPitfallWarning)]
    return [symbol for warning in found for symbol in warning.symbols]


@pytest.mark.parametrize("callback", [AssertNoShuffle, AssertFixedBatchSize])
def test_epochs_that_nobody_resets(callback):  # R01
    assert warned(callback()) == ["stateful-missing-reset"]


def test_two_asserts_warn_once():
    assert warned(AssertFixedBatchSize(), AssertNoShuffle()) == ["stateful-missing-reset"]


@pytest.mark.parametrize("hook", ["on_epoch_begin", "on_epoch_end"])
def test_a_callback_that_resets_on_one_side_of_the_epoch_leaks(hook):  # R02, R03
    found = warned(Reset(hook), AssertNoShuffle(), validation_data=ones(8))
    assert found == ["stateful-validation-leak"]


def test_a_callback_that_resets_only_for_validation_leaks():  # R05
    found = warned(Reset("on_test_begin"), AssertNoShuffle(), validation_data=ones(8))
    assert sorted(found) == ["stateful-missing-reset", "stateful-validation-leak"]


def test_nobody_in_charge_of_anything():  # R04
    found = warned(AssertNoShuffle(), validation_data=ones(8))
    assert found == ["stateful-validation-leak", "stateful-missing-reset"]


def test_reset_states_on_epoch_alone_leaks():
    found = warned(ResetStatesOnEpoch(), validation_data=ones(8))
    assert found == ["stateful-validation-leak"]


@pytest.mark.parametrize(
    "callbacks",
    [
        [Reset("on_epoch_begin", "on_test_begin"), AssertNoShuffle()],
        [AssertNoShuffle(), Reset("on_epoch_begin", "on_test_begin")],
        [AssertNoShuffle(), ResetStatesOnEpoch(), IsolateEvaluation()],
        [StatefulGuard()],
        [StatefulGuard(reset="never")],
        [StatefulGuard(), AssertNoShuffle(), AssertFixedBatchSize()],
    ],
    ids=["before", "after", "parts", "guard", "never", "all"],
)
def test_states_in_good_hands_are_quiet(callbacks):
    assert warned(*callbacks, validation_data=ones(8)) == []


def test_a_callback_that_may_still_reset_before_the_batch_keeps_us_silent():
    assert warned(AssertNoShuffle(), Reset("on_train_batch_begin")) == []


def test_the_report_settles_what_the_run_showed():
    callback = AssertNoShuffle()
    assert warned(callback) == ["stateful-missing-reset"]
    assert callback.report.status("stateful-missing-reset") == "breach"
