"""The example of the article trains under the guard, and each of its pitfalls is met."""

from __future__ import annotations

import numpy as np
import pytest
from support import BUILDS_IN_FIT, keras, layers, same

from keras_stateful_guard import (
    AssertFixedBatchSize,
    StatefulGuard,
    StatefulPitfallError,
    StatefulPitfallWarning,
    get_states,
    rebatch,
)

X = np.random.default_rng(0).normal(size=(4, 3, 1)).astype("float32")
Y = np.array([[0.0], [1.0], [1.0], [0.0]], "float32")
FIT = {"batch_size": 2, "shuffle": False, "epochs": 2, "verbose": 0}


def functional(batch_size=2, *, stateful=True):
    inputs = keras.Input(batch_shape=(batch_size, 3, 1))
    outputs = layers.Dense(1)(layers.LSTM(4, stateful=stateful)(inputs))
    return compiled(keras.Model(inputs, outputs), "mse")


def classifier():
    inputs = keras.Input(batch_shape=(2, 3, 1))
    hidden = layers.LayerNormalization()(layers.LSTM(4, stateful=True)(inputs))
    return compiled(
        keras.Model(inputs, layers.Dense(1, activation="sigmoid")(hidden)), "binary_crossentropy"
    )


def compiled(model, loss):
    model.compile(optimizer="adam", loss=loss)
    return model


@pytest.mark.parametrize("build", [functional, classifier])
def test_it_trains_under_the_guard(build):
    model, guard = build(), StatefulGuard()
    before = [np.array(each) for each in model.get_weights()]
    history = model.fit(X, Y, callbacks=[guard], **FIT)
    assert len(history.history["loss"]) == 2
    assert not same(before, model.get_weights())
    assert not any(each.any() for arrays in get_states(model).values() for each in arrays)
    status = {verdict.symbol: verdict.status for verdict in guard.report.verdicts}
    assert status.pop("stateful-broken-layout") == "unknown"  # noise shows no layout
    assert set(status.values()) == {"ok"}


def test_input_shape_instead_of_batch_shape():
    with pytest.raises(ValueError, match=r"batch size must be static|needs to know its batch size"):
        layers.LSTM(4, stateful=True)(keras.Input((3, 1)))


@BUILDS_IN_FIT
def test_no_input_at_all():
    model = compiled(keras.Sequential([layers.LSTM(4, stateful=True), layers.Dense(1)]), "mse")
    with pytest.warns(StatefulPitfallWarning, match="stateful-input-shape"):
        model.fit(X, Y, callbacks=[StatefulGuard()], **FIT)


def test_shuffle_true():
    with pytest.raises(StatefulPitfallError, match="stateful-shuffle"):
        functional().fit(X, Y, callbacks=[StatefulGuard()], **{**FIT, "shuffle": True})


def test_no_reset():
    with pytest.warns(StatefulPitfallWarning, match="stateful-missing-reset"):
        functional().fit(X, Y, callbacks=[AssertFixedBatchSize()], **FIT)


def test_another_batch_size_at_inference():
    model = functional()
    model.fit(X, Y, callbacks=[StatefulGuard()], **FIT)
    with pytest.raises(StatefulPitfallError, match="stateful-batch-size-mismatch") as caught:
        model.predict(X[:1], verbose=0, callbacks=[StatefulGuard()])
    assert "keras_stateful_guard.rebatch(model, 1)" in caught.value.findings[0].remedy
    single = rebatch(model, 1)
    assert single.predict(X[:1], verbose=0, callbacks=[StatefulGuard()]).shape == (1, 1)


def test_chunk_by_chunk_equals_the_whole_sequence():
    chunked, whole = functional(), functional(stateful=False)
    whole.set_weights(chunked.get_weights())
    x = np.random.default_rng(1).normal(size=(2, 9, 1)).astype("float32")
    rows = x.reshape(2, 3, 3, 1).swapaxes(0, 1).reshape(6, 3, 1)
    last = chunked.predict(rows, batch_size=2, verbose=0, callbacks=[StatefulGuard()])[-2:]
    inputs = keras.Input(batch_shape=(2, 9, 1))
    outputs = inputs
    for layer in whole.layers[1:]:
        outputs = layer(outputs)
    np.testing.assert_allclose(
        last, keras.Model(inputs, outputs).predict(x, batch_size=2, verbose=0), atol=1e-6
    )
