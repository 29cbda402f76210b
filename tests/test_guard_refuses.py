"""What the guard refuses before the first step, with everything as it was. Cases B and S."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
import pytest
from support import (
    BUILDS_IN_FIT,
    compile_sum,
    keras,
    layers,
    noise,
    ones,
    running_sum,
    same,
    small_lstm,
    steps_made,
    tensor,
    tf,
    training_state,
)

from keras_stateful_guard import (
    AssertFixedBatchSize,
    AssertNoShuffle,
    StatefulGuard,
    StatefulPitfallError,
    StatefulPitfallWarning,
)
from keras_stateful_guard.reading import read_model

FIT = {"batch_size": 4, "shuffle": False, "verbose": 0}


def refused(model, call, *args, guard=None, **arguments):
    """Return the findings of a refused call, having checked that nothing was touched."""
    before = training_state(model)
    guard = guard or StatefulGuard()
    with pytest.raises(StatefulPitfallError) as caught:
        getattr(model, call)(*args, verbose=0, callbacks=[guard], **arguments)
    assert same(training_state(model), before)
    assert guard.report.status(caught.value.symbols[0]) == "breach"
    return {finding.symbol: finding for finding in caught.value.findings}


def dataset(rows=8, value=1.0):
    return tf.data.Dataset.from_tensor_slices(ones(rows, value=value))


# Shuffled by fit


@pytest.mark.parametrize("shuffle", [{}, {"shuffle": True}, {"shuffle": "batch"}])
def test_fit_that_shuffles_arrays(shuffle):  # S01, S02
    found = refused(running_sum(), "fit", *ones(8), batch_size=4, **shuffle)
    assert list(found) == ["stateful-shuffle"]
    assert str(found["stateful-shuffle"]).splitlines()[0] == (
        f"stateful-shuffle: fit(shuffle={shuffle.get('shuffle', True)!r}) with stateful layer "
        "'sum'; expected shuffle=False."
    )


def rnn_on(inputs, series):
    model = keras.Model(inputs, layers.SimpleRNN(1, stateful=True)(series))
    compile_sum(model)
    return model


def series():
    return keras.Input(batch_shape=(4, 2, 1), name="x")


def table():
    return keras.Input(batch_shape=(4, 2), name="x")


@pytest.mark.parametrize(
    ("make", "inputs", "wrap"),
    [
        (lambda: ones(8)[0], series, lambda x: x),
        (lambda: tensor(ones(8)[0]), series, lambda x: x),
        (lambda: [ones(8)[0]], series, lambda x: [x]),
        (lambda: {"x": ones(8)[0]}, series, lambda x: {"x": x}),
        (lambda: pd.DataFrame(np.ones((8, 2), "float32")), table, lambda x: x),
    ],
    ids=["numpy", "tensor", "list", "dict", "pandas"],
)
def test_every_kind_of_array_is_looked_into(make, inputs, wrap):
    x = make()
    given = inputs()
    model = rnn_on(wrap(given), layers.Reshape((2, 1))(given))
    y = np.zeros((8, 1), "float32")
    found = refused(model, "fit", x, y, batch_size=4)
    assert list(found) == ["stateful-shuffle"]
    model.fit(x, y, callbacks=[StatefulGuard()], **FIT)


# Shuffled data


def test_a_shuffled_dataset():  # S03
    data = dataset(12).shuffle(12).batch(4, drop_remainder=True)
    assert list(refused(running_sum(), "fit", data, shuffle=False)) == ["stateful-shuffled-data"]


def test_shuffled_validation_data():
    data = dataset(12).shuffle(12).batch(4, drop_remainder=True)
    found = refused(
        running_sum(), "fit", *ones(8), batch_size=4, shuffle=False, validation_data=data
    )
    assert "validation data" in found["stateful-shuffled-data"].found


def test_whole_files_may_be_shuffled_by_the_users_word():
    data = dataset(8).shuffle(8).batch(4, drop_remainder=True)
    guard = StatefulGuard(ignore={"stateful-shuffled-data"})
    running_sum().fit(data, shuffle=False, verbose=0, callbacks=[guard])
    assert guard.report.status("stateful-shuffled-data") == "ignored"


def test_a_dataset_in_order_is_quiet_whatever_fit_is_told():  # S06
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=".*`shuffle=True` was passed.*")
        warnings.filterwarnings("error", category=StatefulPitfallWarning)
        data = dataset().batch(4, drop_remainder=True)
        running_sum().fit(data, shuffle=False, verbose=0, callbacks=[StatefulGuard()])


# Batch size


def test_no_batch_size_means_32():  # B05
    model = running_sum(batch_size=1)
    model.test_on_batch(*ones(1))  # else Keras is first to refuse on jax and torch
    found = refused(model, "fit", *ones(100), shuffle=False)
    finding = found["stateful-batch-size-mismatch"]
    assert "batches of 32 rows" in finding.found
    assert "no batch_size is given" in finding.found
    assert finding.expected == "1 rows, as the model is fixed to"
    assert finding.remedy == "model.fit(..., batch_size=1)"


@pytest.mark.parametrize(
    ("rows", "batch_size"), [(1, None), (8, 2), (8, None)], ids=["one row", "2", "default"]
)
def test_predict_with_another_batch_size(rows, batch_size):  # B06
    found = refused(running_sum(), "predict", ones(rows)[0], batch_size=batch_size)
    (finding,) = found.values()
    assert finding.symbol == "stateful-batch-size-mismatch"
    if rows == 1:
        assert finding.remedy == "other = keras_stateful_guard.rebatch(model, 1)"


def test_one_row_into_a_model_of_one_is_fine():
    running_sum(batch_size=1).predict(ones(1)[0], verbose=0, callbacks=[StatefulGuard()])


def test_as_many_rows_as_the_model_needs_no_batch_size():
    running_sum().predict(ones(4)[0], verbose=0, callbacks=[StatefulGuard()])


@pytest.mark.parametrize(
    ("model_batch", "batch"),
    [
        (4, {"batch_size": 1}),
        (1, {"batch_size": 8}),
        (4, {"batch_size": 8, "drop_remainder": True}),
    ],
)
def test_a_dataset_of_another_batch_size(model_batch, batch):  # B11
    found = refused(
        running_sum(batch_size=model_batch), "fit", dataset(16).batch(**batch), shuffle=False
    )
    finding = found["stateful-batch-size-mismatch"]
    assert finding.remedy == f"dataset.batch({model_batch}, drop_remainder=True)"


def test_evaluate_without_a_batch_size():  # B13
    model = running_sum()
    model.fit(*ones(8), callbacks=[StatefulGuard()], **FIT)
    found = refused(model, "evaluate", *ones(8))
    assert found["stateful-batch-size-mismatch"].remedy == "model.evaluate(..., batch_size=4)"


def test_validation_takes_the_batch_size_of_fit():  # B13, control
    running_sum().fit(*ones(8), validation_data=ones(8), callbacks=[StatefulGuard()], **FIT)


def test_validation_beside_a_dataset_takes_32():
    data = dataset(8).batch(4, drop_remainder=True)
    found = refused(running_sum(), "fit", data, shuffle=False, validation_data=ones(64))
    assert found["stateful-batch-size-mismatch"].remedy == (
        "model.fit(..., validation_batch_size=4)"
    )
    running_sum().fit(
        data,
        shuffle=False,
        validation_data=ones(8),
        validation_batch_size=4,
        verbose=0,
        callbacks=[StatefulGuard()],
    )


def test_a_trained_model_does_not_train_on_a_whole_wrong_batch():
    model = running_sum()
    model.fit(*ones(8), callbacks=[StatefulGuard()], **FIT)
    assert list(refused(model, "fit", *ones(6), batch_size=1, shuffle=False)) == [
        "stateful-batch-size-mismatch"
    ]


@pytest.mark.parametrize("callback", [AssertFixedBatchSize, StatefulGuard])
def test_what_the_user_declares_must_be_the_models(callback):
    found = refused(
        running_sum(), "fit", *ones(8), batch_size=4, shuffle=False, guard=callback(batch_size=8)
    )
    assert "batch_size=8" in found["stateful-batch-size-mismatch"].found


# Short batches


@pytest.mark.parametrize("rows", [9, 10])
def test_a_short_last_batch_of_arrays(rows):  # B08, B09
    found = refused(small_lstm(), "fit", *noise(rows), batch_size=4, shuffle=False)
    finding = found["stateful-partial-batch"]
    assert f"{rows} rows in batches of 4" in finding.found
    assert f"a batch of {rows - 8}" in finding.found
    assert "[:8]" in finding.remedy


@pytest.mark.parametrize(
    ("call", "rows", "remedy"),
    [
        ("fit", 23, "x[:20], y[:20], batch_size=4"),
        ("predict", 23, "x[:20], batch_size=4"),
        ("fit", 4, "x[:4], y[:4], batch_size=4"),
    ],
)
def test_the_rows_proposed_fit_the_model(call, rows, remedy):
    x, y = ones(rows)
    data, fit = ((x,), {}) if call == "predict" else ((x, y), {"shuffle": False})
    model = running_sum()
    model.test_on_batch(*ones(4))  # else Keras is first to refuse on jax and torch
    found = refused(model, call, *data, batch_size=3, **fit)
    assert list(found) == ["stateful-batch-size-mismatch", "stateful-partial-batch"]
    assert found["stateful-partial-batch"].remedy == remedy


def test_the_batches_proposed_fit_the_model():
    found = refused(running_sum(), "fit", dataset(23).batch(3), shuffle=False)
    assert found["stateful-partial-batch"].remedy == "dataset.batch(4, drop_remainder=True)"


@pytest.mark.parametrize("call", ["fit", "evaluate", "predict"])
def test_a_dataset_without_drop_remainder(call):  # B10
    data = dataset(9).batch(4)
    arguments = {"shuffle": False} if call == "fit" else {}
    found = refused(running_sum(), call, data, **arguments)
    assert "drop_remainder=True" in found["stateful-partial-batch"].remedy


def test_a_dataset_that_divides_needs_no_drop_remainder():
    running_sum().fit(dataset(8).batch(4), shuffle=False, verbose=0, callbacks=[StatefulGuard()])


def test_validation_split_names_the_split_that_fits():  # B12
    found = refused(
        running_sum(), "fit", *ones(20), batch_size=4, shuffle=False, validation_split=0.1
    )
    finding = found["stateful-partial-batch"]
    assert "training data has 18 rows" in finding.found
    assert "validation data has 2 rows" in finding.found
    assert finding.remedy == "model.fit(..., validation_split=0.2)"
    running_sum().fit(*ones(20), validation_split=0.2, callbacks=[StatefulGuard()], **FIT)


@pytest.mark.parametrize("rows", [21, 33, 50, 101])
@pytest.mark.parametrize("split", [0.1, 0.3, 0.5])
def test_the_split_proposed_fits(rows, split):
    x, y = ones(rows)
    finding = refused(
        running_sum(), "fit", x, y, batch_size=4, shuffle=False, validation_split=split
    )["stateful-partial-batch"]
    whole = rows // 4 * 4
    share = float(finding.remedy.rpartition("=")[2].rstrip(")"))
    assert f"x[:{whole}], y[:{whole}]" in finding.remedy
    running_sum().fit(
        x[:whole], y[:whole], validation_split=share, callbacks=[StatefulGuard()], **FIT
    )


def test_validation_data_of_its_own_may_be_short_too():
    found = refused(
        running_sum(), "fit", *ones(8), batch_size=4, shuffle=False, validation_data=ones(5)
    )
    finding = found["stateful-partial-batch"]
    assert finding.found.startswith("validation data has 5 rows")
    assert finding.remedy == "validation_data=(x[:4], y[:4])"


# Nothing declared


@BUILDS_IN_FIT
def test_a_model_without_input_takes_the_first_batch_it_gets():  # B03
    model = keras.Sequential([layers.LSTM(1, stateful=True), layers.Dense(1)])
    model.compile("sgd", "mse")
    guard = StatefulGuard()
    with pytest.warns(StatefulPitfallWarning, match="the 32 rows of the first batch") as caught:
        model.fit(*noise(64), shuffle=False, verbose=0, callbacks=[guard])
    assert caught[0].message.symbols == ("stateful-input-shape",)
    assert caught[0].filename == __file__
    found = refused(model, "fit", *noise(100), shuffle=False)
    assert list(found) == ["stateful-partial-batch"]


@BUILDS_IN_FIT
def test_a_batch_size_declared_to_the_guard_is_declared():
    model = keras.Sequential([layers.LSTM(1, stateful=True), layers.Dense(1)])
    model.compile("sgd", "mse")
    model.fit(*noise(8), callbacks=[StatefulGuard(batch_size=4)], **FIT)


def two_inputs(**second):
    first = keras.Input(batch_shape=(4, 2, 1), name="series")
    other = keras.Input((3,), name="static", **second)
    joined = layers.Concatenate()([layers.SimpleRNN(2, stateful=True)(first), other])
    model = keras.Model([first, other], layers.Dense(1)(joined))
    model.compile(keras.optimizers.SGD(0.1), "mse")
    return model


def two_arrays(rows):
    return [ones(rows)[0], np.ones((rows, 3), "float32")], np.zeros((rows, 1), "float32")


@pytest.mark.parametrize("rows", [9, 10])
def test_every_input_is_looked_at(rows):  # B14
    model = two_inputs(batch_size=4)
    found = refused(model, "fit", *two_arrays(rows), batch_size=4, shuffle=False)
    assert list(found) == ["stateful-partial-batch"]


def free_input(kind):
    """Return a model with an input that has no batch size, before or beside its stateful layer."""
    first, static = keras.Input(batch_shape=(4, 2, 1)), keras.Input((3,), name="static")
    dense, rnn, join = layers.Dense(2), layers.SimpleRNN(2, stateful=True), layers.Concatenate()
    if kind == "before":
        out = rnn(join([first, layers.RepeatVector(2)(dense(static))]))
    elif kind == "beside, wrapped":
        out = join([layers.Bidirectional(rnn)(first), dense(static)])
    else:
        inner = keras.Input(batch_shape=(4, 2, 1))
        called = keras.Model(inner, rnn(inner)) if kind == "beside, nested" else rnn
        out = join([called(first), dense(static)])
    return keras.Model([static, first], out)


@pytest.mark.parametrize("kind", ["before", "beside", "beside, nested", "beside, wrapped"])
def test_an_input_without_batch_size_beside_one_with(kind):  # B14
    names = {each.name for each in read_model(free_input(kind)).inputs if each.leads}
    assert ("static" in names) is (kind == "before")
    assert len(names) == 1 + (kind == "before")


def test_an_input_without_batch_size_is_told_where_it_leads_to_states():  # B14
    two_inputs().fit(*two_arrays(8), callbacks=[StatefulGuard()], **FIT)
    model, x = free_input("before"), two_arrays(8)[0]
    model.compile(keras.optimizers.SGD(0.1), "mse")
    with pytest.warns(StatefulPitfallWarning, match="input 'static' has no batch size"):
        model.fit([x[1], x[0]], np.zeros((8, 2)), callbacks=[StatefulGuard()], **FIT)


# How it is said


def test_all_findings_come_in_one_error():
    model = running_sum()
    model.test_on_batch(*ones(4))  # else Keras is first to refuse on jax and torch
    found = refused(model, "fit", *ones(9), batch_size=2)
    assert list(found) == [
        "stateful-batch-size-mismatch",
        "stateful-partial-batch",
        "stateful-shuffle",
    ]


def test_on_pitfall_warn_lets_the_fit_go_on():
    model, guard = running_sum(), StatefulGuard(on_pitfall="warn")
    with pytest.warns(StatefulPitfallWarning) as caught:
        model.fit(*ones(8), batch_size=4, verbose=0, callbacks=[guard])
    assert caught[0].message.symbols == ("stateful-shuffle",)
    assert steps_made(model) == 2
    assert guard.report.status("stateful-shuffle") == "breach"


def test_the_next_fit_after_a_refusal_is_fine():
    model, guard = running_sum(), StatefulGuard()
    refused(model, "fit", *ones(8), batch_size=4, guard=guard)
    model.fit(*ones(8), callbacks=[guard], **FIT)
    assert guard.report.status("stateful-shuffle") == "ok"


def test_each_assert_judges_its_own_part():
    assert list(refused(running_sum(), "fit", *ones(9), batch_size=4, guard=AssertNoShuffle())) == [
        "stateful-shuffle"
    ]
    found = refused(running_sum(), "fit", *ones(9), batch_size=4, guard=AssertFixedBatchSize())
    assert list(found) == ["stateful-partial-batch"]
