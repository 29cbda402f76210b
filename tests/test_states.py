"""States are found, read, set, reset and preserved in every kind of model. Cases M, P, V01."""

from __future__ import annotations

import numpy as np
import pytest
from support import KERAS_3_0, carried, keras, layers, ones, running_sum, same, set_policy, tf

from keras_stateful_guard import (
    StatefulGuard,
    get_states,
    preserve_states,
    reset_states,
    set_states,
    stateful_layers,
)


def flat(model):
    return [each for arrays in get_states(model).values() for each in arrays]


def lstm(units=2, **arguments):
    return layers.LSTM(units, stateful=True, **arguments)


def functional(*inner, shape=(2, 1)):
    inputs = keras.Input(batch_shape=(4, *shape))
    outputs = inputs
    for layer in inner:
        outputs = layer(outputs)
    return keras.Model(inputs, outputs)


def built(model, shape):
    """Return a model that has been called once, starts from zero and carries its states."""
    model(np.ones((4, *shape), "float32"))
    reset_states(model)
    return carried(model)


class Holder(layers.Layer):
    """A custom layer that keeps its recurrent layers in a list and a dict."""

    def __init__(self):
        super().__init__(name="holder")
        self.first = [lstm(return_sequences=True, name="listed")]
        self.second = {"a": lstm(name="keyed")}

    def build(self, shape):
        self.first[0].build(shape)
        self.second["a"].build((*shape[:-1], 2))

    def call(self, x):
        return self.second["a"](self.first[0](x))


class Subclassed(keras.Model):
    def __init__(self):
        super().__init__()
        self.encoder = keras.Sequential([lstm(return_sequences=True, name="inner")], name="encoder")
        self.decoder = lstm(name="decoder")

    def call(self, x):
        return self.decoder(self.encoder(x))


def shared():
    twice = lstm(name="shared", return_sequences=True)
    inputs = keras.Input(batch_shape=(4, 2, 2))
    return keras.Model(inputs, twice(twice(inputs)))


WARNED_OF = ("stateful-bidirectional", "stateful-time-distributed", "stateful-shared-layer")
MODELS = {
    "sequential": (running_sum, (2, 1), ["sum"]),
    "nested": (
        lambda: functional(
            keras.Sequential(
                [keras.Input(batch_shape=(4, 2, 1)), lstm(name="inner")], name="encoder"
            )
        ),
        (2, 1),
        ["encoder/inner"],
    ),
    "two deep": (
        lambda: functional(functional(functional(lstm(name="deep")))),
        (2, 1),
        None,
    ),
    "bidirectional": (
        lambda: functional(layers.Bidirectional(lstm(), name="both")),
        (2, 1),
        None,
    ),
    "time distributed": (
        lambda: functional(
            layers.TimeDistributed(lstm(name="step"), name="steps"), shape=(3, 2, 1)
        ),
        (3, 2, 1),
        ["steps/step"],
    ),
    "custom layer": (lambda: functional(Holder()), (2, 1), ["holder/listed", "holder/keyed"]),
    "subclassed": (Subclassed, (2, 1), ["encoder/inner", "decoder"]),
    "shared": (shared, (2, 2), ["shared"]),
    "stacked cells": (
        lambda: functional(
            layers.RNN([layers.LSTMCell(2), layers.LSTMCell(3)], stateful=True, name="stacked")
        ),
        (2, 1),
        ["stacked"],
    ),
    "convolutional": (
        lambda: functional(layers.ConvLSTM2D(2, 2, stateful=True, name="conv"), shape=(2, 3, 3, 1)),
        (2, 3, 3, 1),
        ["conv"],
    ),
    "GRU": (lambda: functional(layers.GRU(2, stateful=True, name="gru")), (2, 1), ["gru"]),
}


@pytest.mark.parametrize(("build", "shape", "names"), MODELS.values(), ids=MODELS)
def test_states_of_every_kind_of_model(build, shape, names):  # M01, M02, M03, M04, M07
    model = built(build(), shape)
    x = np.ones((4, *shape), "float32")
    first = model.predict(x, batch_size=4, verbose=0)
    if names is not None:
        assert list(stateful_layers(model)) == names
    kept = flat(model)
    assert any(each.any() for each in kept)
    second = model.predict(x, batch_size=4, verbose=0)
    assert not np.array_equal(first, second)

    reset_states(model)
    assert not any(each.any() for each in flat(model))
    assert np.array_equal(model.predict(x, batch_size=4, verbose=0), first)

    with preserve_states(model):
        assert np.array_equal(model.predict(x, batch_size=4, verbose=0), first)
    assert same(flat(model), kept)

    reset_states(model)
    set_states(model, dict(zip(stateful_layers(model), get_states(model).values(), strict=True)))
    assert np.array_equal(model.predict(x, batch_size=4, verbose=0), first)


@pytest.mark.parametrize(("build", "shape", "names"), MODELS.values(), ids=MODELS)
def test_the_guard_reaches_every_kind_of_model(build, shape, names):
    model = build()
    model(np.ones((4, *shape), "float32"))
    before = flat(model)
    x = np.ones((8, *shape), "float32")
    guard = StatefulGuard(ignore=WARNED_OF)
    first = model.predict(x, batch_size=4, verbose=0, callbacks=[guard])
    again = model.predict(x, batch_size=4, verbose=0, callbacks=[guard])
    assert np.array_equal(first, again)
    assert not np.array_equal(first[:4], first[4:])
    assert same(flat(model), before)


@pytest.mark.parametrize("slots", [[2], [False, False, True, False], np.array([2]), (2,)])
def test_one_row_is_reset_alone(slots):  # P01
    model = carried(running_sum())
    x = ones(4)[0]
    model.predict(x, verbose=0)
    reset_states(model, slots=slots)
    assert model.predict(x, verbose=0)[:, 0].tolist() == [4.0, 4.0, 2.0, 4.0]


def test_a_row_that_is_nan_is_reset_too():
    model = running_sum()
    set_states(model, {"sum": [np.array([[np.nan], [1.0], [2.0], [3.0]], "float32")]})
    reset_states(model, slots=[0])
    assert get_states(model)["sum"][0][:, 0].tolist() == [0.0, 1.0, 2.0, 3.0]


@pytest.mark.parametrize("slots", [[4], [-1], [True, False], [[1]], [0.5]])
def test_slots_that_the_batch_has_not_are_refused(slots):
    model = carried(running_sum())
    model.predict(ones(4)[0], verbose=0)
    before = flat(model)
    with pytest.raises(ValueError, match=r"slots must be a bool mask of shape \(4,\)"):
        reset_states(model, slots=slots)
    assert same(flat(model), before)


def test_no_slots_reset_nothing():
    model = carried(running_sum())
    model.predict(ones(4)[0], verbose=0)
    reset_states(model, slots=[])
    assert get_states(model)["sum"][0].any()


def test_states_are_copies():
    model = running_sum()
    get_states(model)["sum"][0][:] = 9.0
    assert not get_states(model)["sum"][0].any()


@pytest.mark.parametrize(
    "states",
    [
        {},
        {"other": [np.zeros((4, 1))]},
        {"sum": []},
        {"sum": [np.zeros((3, 1))]},
        {"sum": [np.zeros((4, 1)), np.zeros((4, 1))]},
    ],
    ids=["none", "another name", "no array", "fewer rows", "too many"],
)
def test_states_that_are_not_the_models_are_refused_whole(states):
    model = carried(running_sum())
    model.predict(ones(4)[0], verbose=0)
    before = flat(model)
    with pytest.raises(ValueError, match="states"):
        set_states(model, states)
    assert same(flat(model), before)


def test_preserve_states_may_continue_the_present_ones():
    model = carried(running_sum())
    x = ones(4)[0]
    model.predict(x, verbose=0)
    with preserve_states(model, reset=False):
        assert model.predict(x, verbose=0)[0, 0] == 4.0
    assert get_states(model)["sum"][0][0, 0] == 2.0


def test_preserve_states_puts_back_after_an_error():
    model = carried(running_sum())
    model.predict(ones(4)[0], verbose=0)
    with pytest.raises(KeyError), preserve_states(model):
        raise KeyError
    assert get_states(model)["sum"][0][0, 0] == 2.0


WITHOUT = [reset_states, get_states, lambda model: set_states(model, {}), preserve_states]


@pytest.mark.parametrize("function", WITHOUT)
def test_a_model_without_stateful_layers_is_told_so(function):
    model = keras.Sequential([keras.Input((2, 1)), layers.LSTM(2)])
    assert stateful_layers(model) == {}
    with pytest.raises(ValueError, match="has no stateful layer"), as_context(function(model)):
        pass


@pytest.mark.parametrize("function", WITHOUT)
def test_a_model_not_built_yet_is_told_so(function):  # M07
    model = keras.Sequential([lstm(name="lstm")])
    assert list(stateful_layers(model)) == ["lstm"]
    with pytest.raises(ValueError, match="is not built yet"), as_context(function(model)):
        pass


def as_context(value):
    """Enter what is a context manager: preserve_states does nothing before."""
    import contextlib

    return value if hasattr(value, "__enter__") else contextlib.nullcontext()


@pytest.mark.skipif(KERAS_3_0, reason="Keras 3.0 assigns float16 states to float32 variables")
@pytest.mark.parametrize("policy", ["mixed_float16", "mixed_bfloat16"])
def test_mixed_precision(policy):  # M07
    set_policy(policy)
    try:
        model = carried(functional(lstm(name="lstm")))
    finally:
        set_policy("float32")
    first = model.predict(ones(4)[0], verbose=0)
    kept = get_states(model)
    reset_states(model)
    assert np.array_equal(model.predict(ones(4)[0], verbose=0), first)
    set_states(model, kept)
    assert same(get_states(model)["lstm"], kept["lstm"])


def test_the_layers_of_one_name_are_told_apart():
    class Twice(keras.Model):
        def __init__(self):
            super().__init__()
            self.one = lstm(name="same", return_sequences=True)
            self.two = lstm(name="same")

        def call(self, x):
            return self.two(self.one(x))

    model = Twice()
    model(ones(4)[0])
    assert list(stateful_layers(model)) == ["same", "same_2"]


def test_many_models_bring_no_warning_of_tensorflow(caplog, monkeypatch):
    monkeypatch.setattr(tf.get_logger(), "propagate", True)
    for _ in range(7):
        model = running_sum()
        model.predict_on_batch(ones(4)[0])
        with preserve_states(model):
            reset_states(model, slots=[1])
        assert flat(model)[0].tolist() == [[2.0]] * 4
    assert not [each for each in caplog.messages if "Bank" in each]
