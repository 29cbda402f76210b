"""Every kind of data that fit takes, seen through the guard. Cases S04 to S06, L01."""

from __future__ import annotations

import contextlib

import numpy as np
import pytest
from support import KERAS_2, ON_TENSORFLOW, keras, losses, ones, running_sum, steps_made, tf

from keras_stateful_guard import StatefulGuard, StatefulPitfallError

QUIET = {"verbose": 0}


class Batches(keras.utils.Sequence):
    """Ones in batches of the rows given."""

    def __init__(self, *rows):
        super().__init__()
        self.rows = rows

    def __len__(self):
        return len(self.rows)

    def __getitem__(self, index):
        rows = self.rows[index]
        return np.ones((rows, 2, 1), "float32"), np.zeros((rows, 1), "float32")


def refused(call, *args, **arguments):
    model = running_sum()
    model.test_on_batch(*ones(4))  # else Keras is first to refuse on jax and torch
    with pytest.raises(StatefulPitfallError) as caught:
        getattr(model, call)(*args, callbacks=[StatefulGuard()], **arguments, **QUIET)
    assert steps_made(model) == 0
    return caught.value.symbols


def test_a_sequence_is_shuffled_by_default():  # S04
    assert refused("fit", Batches(4, 4)) == ("stateful-shuffle",)


def test_a_sequence_in_order_is_right():
    guard = StatefulGuard()
    history = running_sum().fit(
        Batches(4, 4),
        shuffle=False,
        epochs=2,
        validation_data=Batches(4),
        callbacks=[guard],
        **QUIET,
    )
    assert losses(history) == [3.0, 3.0]
    status = {each.symbol: each.status for each in guard.report.verdicts}
    assert status.pop("stateful-broken-layout") == "unknown"
    assert set(status.values()) == {"ok"}


@pytest.mark.parametrize(
    ("rows", "symbol"),
    [((4, 4, 1), "stateful-partial-batch"), ((2, 2), "stateful-batch-size-mismatch")],
)
@pytest.mark.parametrize("call", ["fit", "evaluate"])
def test_a_sequence_of_other_rows(rows, symbol, call):
    arguments = {"shuffle": False} if call == "fit" else {}
    assert symbol in refused(call, Batches(*rows), **arguments)


def test_a_sequence_as_validation_data_is_judged_before_the_first_step():
    assert refused("fit", Batches(4), shuffle=False, validation_data=Batches(4, 1)) == (
        "stateful-partial-batch",
    )


@ON_TENSORFLOW
@pytest.mark.skipif(KERAS_2, reason="in Keras 2 workers are an argument of fit")
def test_workers_keep_the_order_on_tensorflow():  # S05
    data = Batches(4, 4, 4)
    data.workers = 3
    running_sum().fit(data, shuffle=False, callbacks=[StatefulGuard()], **QUIET)


def test_a_generator_is_unknown_and_said_so():  # S06
    def stream():
        while True:
            yield ones(4)

    guard = StatefulGuard(batch_size=4)
    history = running_sum().fit(
        stream(), steps_per_epoch=2, epochs=2, shuffle=False, callbacks=[guard], **QUIET
    )
    assert losses(history) == [3.0, 3.0]
    assert guard.report.status("stateful-shuffled-data") == "unknown"
    assert guard.report.status("stateful-partial-batch") == "unknown"
    assert guard.report.status("stateful-batch-size-mismatch") == "ok"


@ON_TENSORFLOW
def test_windows_of_one_series_leave_a_short_batch():  # L01
    data = keras.utils.timeseries_dataset_from_array(
        np.arange(20.0)[:, None], np.zeros(20), sequence_length=2, batch_size=4
    )
    assert "stateful-partial-batch" in refused("fit", data, shuffle=False)


@ON_TENSORFLOW
@pytest.mark.parametrize("order", [{"shuffle": True}, {"shuffle": False}], ids=str)
def test_windows_that_keras_shuffles(order):
    data = keras.utils.timeseries_dataset_from_array(
        np.arange(21.0)[:, None], np.zeros(21), sequence_length=2, batch_size=4, **order
    )
    guard = StatefulGuard(on_pitfall="warn")
    with (
        pytest.warns(UserWarning, match="stateful-")
        if order["shuffle"]
        else contextlib.nullcontext()
    ):
        running_sum().predict(data.map(lambda x, _: x), callbacks=[guard], **QUIET)
    expected = "breach" if order["shuffle"] else "ok"
    assert guard.report.status("stateful-shuffled-data") == expected


def test_a_dict_of_inputs_and_sample_weights():
    inputs = keras.Input(batch_shape=(4, 2, 1), name="series")
    rnn = keras.layers.SimpleRNN(1, stateful=True)
    model = keras.Model({"series": inputs}, rnn(inputs))
    model.compile(keras.optimizers.SGD(0.1), "mse")
    x, y = ones(8)
    fit = {"sample_weight": np.ones(8), "batch_size": 4, **QUIET}
    with pytest.raises(StatefulPitfallError, match="stateful-shuffle"):
        model.fit({"series": x}, y, callbacks=[StatefulGuard()], **fit)
    model.fit({"series": x}, y, shuffle=False, callbacks=[StatefulGuard()], **fit)
    data = tf.data.Dataset.from_tensor_slices(({"series": x}, y, np.ones(8)))
    data = data.batch(4, drop_remainder=True)
    model.fit(data, shuffle=False, callbacks=[StatefulGuard()], **QUIET)


def test_validation_steps_that_stop_before_a_short_batch_are_right():
    fit = {"batch_size": 4, "shuffle": False, "validation_steps": 2, **QUIET}
    history = running_sum().fit(
        *ones(8), validation_data=ones(9), callbacks=[StatefulGuard()], **fit
    )
    assert losses(history, "val_loss") == [3.0]
