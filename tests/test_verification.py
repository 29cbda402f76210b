"""verify_batches and the canary: what can only be seen while batches are trained."""

from __future__ import annotations

import numpy as np
import pytest
from support import (
    BACKEND,
    BROADCASTS,
    ON_TENSORFLOW,
    carried,
    keras,
    noise,
    ones,
    running_sum,
    same,
    small_lstm,
)

from keras_stateful_guard import (
    StatefulGuard,
    StatefulPitfallError,
    StatefulPitfallWarning,
    get_states,
    set_states,
)

FIT = {"shuffle": False, "verbose": 0}


def batches(*sizes):
    while True:
        for rows in sizes:
            yield noise(rows)


@ON_TENSORFLOW
def test_a_batch_of_other_rows_stops_the_fit_before_it_is_trained():
    model = small_lstm()
    expected = carried(small_lstm())
    expected.fit(batches(4), steps_per_epoch=3, **FIT)
    guard = StatefulGuard(batch_size=4, verify_batches=True)
    with pytest.raises(StatefulPitfallError, match="fit was given a batch of 1 rows") as caught:
        model.fit(batches(4, 4, 4, 1), steps_per_epoch=4, callbacks=[guard], **FIT)
    assert same(model.get_weights(), expected.get_weights())
    assert caught.value.symbols == ("stateful-batch-size-mismatch",)
    assert guard.report.status("stateful-batch-size-mismatch") == "breach"
    assert "every batch of fit is verified to have 4 rows" in str(guard.report)


def test_batches_of_the_right_rows_train_as_without():
    plain, verified = small_lstm(), small_lstm()
    fit = {"steps_per_epoch": 4, "epochs": 2, "validation_steps": 2, **FIT}
    first = plain.fit(batches(4), validation_data=batches(4), callbacks=[StatefulGuard()], **fit)
    second = verified.fit(
        batches(4),
        validation_data=batches(4),
        callbacks=[StatefulGuard(verify_batches=True)],
        **fit,
    )
    assert first.history == second.history
    assert same(plain.get_weights(), verified.get_weights())


@pytest.mark.skipif(BACKEND == "tensorflow", reason="there Keras broadcasts a batch of one row")
def test_keras_itself_stops_at_a_batch_of_other_rows_elsewhere():
    model, expected = small_lstm(), carried(small_lstm())
    expected.fit(batches(4), steps_per_epoch=3, **FIT)
    guard = StatefulGuard(batch_size=4, verify_batches=True)
    with pytest.raises(ValueError, match="Expected batch size: 4"):
        model.fit(batches(4, 4, 4, 1), steps_per_epoch=4, callbacks=[guard], **FIT)
    assert same(model.get_weights(), expected.get_weights())
    assert "Keras itself stops at other rows" in str(guard.report)


@ON_TENSORFLOW
def test_validation_and_predict_are_verified_too():
    guard = StatefulGuard(verify_batches=True)
    with pytest.raises(StatefulPitfallError, match="evaluate was given a batch"):
        small_lstm().fit(
            batches(4),
            steps_per_epoch=2,
            validation_data=batches(4, 1),
            validation_steps=4,
            callbacks=[guard],
            **FIT,
        )
    x = (each[:1] for each in batches(4, 1))
    with pytest.raises(StatefulPitfallError, match="predict was given a batch"):
        small_lstm().predict(x, steps=4, verbose=0, callbacks=[guard])


def test_an_error_of_the_data_stays_what_it_is():
    def breaking():
        yield noise(4)
        raise LookupError("no more of it")

    with pytest.raises(Exception, match="no more of it") as caught:
        small_lstm().fit(
            breaking(),
            steps_per_epoch=3,
            callbacks=[StatefulGuard(batch_size=4, verify_batches=True)],
            **FIT,
        )
    assert not isinstance(caught.value, StatefulPitfallError)


@BROADCASTS
def test_without_verification_a_batch_of_one_row_is_silent():  # why it exists
    small_lstm().fit(batches(4, 1), steps_per_epoch=4, callbacks=[StatefulGuard()], **FIT)


class Zeroes(keras.callbacks.Callback):
    """Sets states to zero in a way of its own, which no name of a method tells."""

    def on_train_batch_end(self, batch, logs=None):
        states = get_states(self.model)
        set_states(self.model, {name: [0 * each for each in states[name]] for name in states})


def test_a_callback_that_sets_states_to_zero_is_the_likely_cause():
    with pytest.warns(StatefulPitfallWarning, match="is still zero") as caught:
        running_sum().fit(*ones(24), batch_size=4, callbacks=[Zeroes(), StatefulGuard()], **FIT)
    told = [each.message for each in caught if isinstance(each.message, StatefulPitfallWarning)]
    (finding,) = (finding for each in told for finding in each.findings)
    assert finding.remedy.startswith("leave out the callback, or the call, that sets states to ze")
    assert ("KERAS_BACKEND=tensorflow" in finding.remedy) is (BACKEND != "tensorflow")


def test_states_that_stay_zero_for_an_epoch_are_told_once():
    model, guard = running_sum(), StatefulGuard()
    model.set_weights([np.zeros_like(each) for each in model.get_weights()])
    with pytest.warns(StatefulPitfallWarning, match="is still zero") as caught:
        model.fit(*ones(24), batch_size=4, epochs=2, callbacks=[guard], **FIT)
    told = [each.message for each in caught if isinstance(each.message, StatefulPitfallWarning)]
    assert [each.symbols for each in told] == [("stateful-backend",)]
    assert guard.report.status("stateful-backend") == "breach"


def test_padding_at_the_begin_is_no_such_thing():
    x, y = ones(40)
    x[:36] = 0
    running_sum().fit(x, y, batch_size=4, epochs=2, callbacks=[StatefulGuard()], **FIT)


def test_one_batch_an_epoch_tells_nothing():
    x, y = np.zeros((4, 2, 1), "float32"), np.zeros((4, 1), "float32")
    running_sum().fit(x, y, batch_size=4, epochs=3, callbacks=[StatefulGuard()], **FIT)
