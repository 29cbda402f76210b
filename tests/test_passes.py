"""Validation, evaluate and predict that pass over their data more than once, or start inside it."""

from __future__ import annotations

import numpy as np
import pytest
from support import losses, ones, running_sum, steps_made, tf

from keras_stateful_guard import StatefulGuard, StatefulPitfallError

FIT = {"batch_size": 4, "shuffle": False, "verbose": 0}
QUIET = {"verbose": 0}


def repeated(times=None):
    data = tf.data.Dataset.from_tensor_slices(ones(12)).batch(4, drop_remainder=True)
    return data.repeat(times)


def refused(call, *args, guard=None, **arguments):
    model = running_sum()
    with pytest.raises(StatefulPitfallError) as caught:
        getattr(model, call)(*args, callbacks=[guard or StatefulGuard()], **arguments)
    assert caught.value.symbols == ("stateful-misplaced-boundary",)
    assert steps_made(model) == 0
    return caught.value.findings[0]


def test_validation_data_that_comes_twice_needs_a_reset_between():
    finding = refused("fit", *ones(8), validation_data=repeated(2), **FIT)
    assert finding.found == "validation of 6 batches passes over 3 batches of data 2 times"
    assert finding.remedy == "StatefulGuard(validation_boundaries=3)"
    guard = StatefulGuard(validation_boundaries=3)
    history = running_sum().fit(*ones(8), validation_data=repeated(2), callbacks=[guard], **FIT)
    assert losses(history, "val_loss") == [4.0]  # 2, 4, 6, 2, 4, 6


def test_validation_steps_that_go_beyond_the_data_are_named():
    finding = refused("fit", *ones(8), validation_data=repeated(), validation_steps=7, **FIT)
    assert finding.remedy == "validation_steps=3"


@pytest.mark.parametrize("steps", [2, 3])
def test_validation_of_one_pass_or_less_is_right(steps):
    history = running_sum().fit(
        *ones(8),
        validation_data=repeated(),
        validation_steps=steps,
        epochs=2,
        callbacks=[StatefulGuard()],
        **FIT,
    )
    assert losses(history, "val_loss") == [steps + 1.0] * 2


@pytest.mark.parametrize("call", ["evaluate", "predict"])
def test_evaluate_and_predict_over_repeated_data(call):
    finding = refused(call, repeated(), steps=6, **QUIET)
    assert finding.found == f"{call} of 6 batches passes over 3 batches of data 2 times"
    assert finding.remedy == "StatefulGuard(boundaries=3)"
    guard = StatefulGuard(boundaries=3)
    data = repeated().map(lambda x, _: x)
    predicted = running_sum().predict(data, steps=6, callbacks=[guard], **QUIET)
    assert predicted[::4, 0].tolist() == [2.0, 4.0, 6.0] * 2


def test_states_that_run_on_by_wish_run_on_through_repeated_data():
    guard = StatefulGuard(reset="never")
    loss = running_sum().evaluate(repeated(), steps=6, callbacks=[guard], **QUIET)
    assert np.isclose(loss, 7.0)


def batches(times):
    for _ in range(times):
        yield ones(4)


@pytest.mark.filterwarnings("ignore:Your input ran out of data")
def test_a_generator_that_ends_validates_once():
    finding = refused("fit", *ones(8), validation_data=batches(3), epochs=2, **FIT)
    assert "gives its data once; validations 2 to 2 run on the batches" in finding.found
    fit = {**FIT, "epochs": 2, "validation_freq": 2}
    running_sum().fit(*ones(8), validation_data=batches(3), callbacks=[StatefulGuard()], **fit)


def test_a_generator_that_validates_again_is_unknown_and_said_so():
    guard = StatefulGuard()
    fit = {**FIT, "epochs": 2, "validation_steps": 2}
    running_sum().fit(*ones(8), validation_data=batches(99), callbacks=[guard], **fit)
    assert guard.report.status("stateful-misplaced-boundary") == "unknown"
    assert "goes on where the last one stopped" in str(guard.report)
