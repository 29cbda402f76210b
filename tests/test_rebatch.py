"""A model of another batch size gives what the first one gives, row for row. Cases B06, B07."""

from __future__ import annotations

import re

import numpy as np
import pytest
from support import (
    BACKEND,
    KERAS_2,
    KERAS_3_0,
    keras,
    layers,
    noise,
    ones,
    running_sum,
    same,
    set_policy,
    small_lstm,
    tf,
    training_state,
)

from keras_stateful_guard import (
    StatefulGuard,
    carry_states,
    get_states,
    rebatch,
    reset_states,
    stateful_layers,
)

ROWS = 4


def lstm(units=2, **more):
    return layers.LSTM(units, stateful=True, **more)


def functional(*inner, shape=(2, 1)):
    inputs = keras.Input(batch_shape=(ROWS, *shape))
    outputs = inputs
    for layer in inner:
        outputs = layer(outputs)
    return keras.Model(inputs, outputs)


class Scaled(layers.Layer):
    """A layer of the user's that is not registered and holds a function and a batch size."""

    def __init__(self, batch_size, scale, **more):
        super().__init__(**more)
        self.batch_size = batch_size
        self.scale = scale

    def build(self, shape):
        self.factor = self.add_weight(shape=(shape[-1],), initializer="ones", name="factor")

    def call(self, x):
        return x * self.factor * (self.scale / self.batch_size * self.batch_size)

    def get_config(self):
        return {**super().get_config(), "batch_size": self.batch_size, "scale": self.scale}


class Encoder(keras.Model):
    """A subclassed model that says how it is made."""

    def __init__(self, units, stateful=True, **more):
        super().__init__(**more)
        self.units = units
        self.first = layers.GRU(units, stateful=stateful, return_sequences=True)
        self.second = layers.LSTM(units, stateful=stateful)

    def build(self, shape):
        self.first.build(shape)
        self.second.build((*shape[:-1], self.units))
        super().build(shape) if KERAS_2 else None

    def call(self, x):
        return self.second(self.first(x))

    def get_config(self):
        return {"units": self.units, "stateful": self.first.stateful, "name": self.name}


def squashed(x):
    return x / (1 + abs(x))


def two_inputs():
    words = keras.Input(batch_shape=(ROWS, 2), dtype="int32", name="words")
    numbers = keras.Input(batch_shape=(ROWS, 2, 1), name="numbers")
    embedded = layers.Embedding(5, 3)(words)
    joined = layers.Concatenate()([embedded, numbers])
    outputs = [lstm()(joined), layers.GRU(3, stateful=True)(joined)]
    return keras.Model([words, numbers], outputs)


def without_input():
    model = keras.Sequential([lstm(), layers.Dense(1)])
    model(noise(ROWS)[0])
    return model


def subclassed():
    model = Encoder(3)
    model.build((ROWS, 2, 1))
    return model


def nested():
    inner = keras.Sequential(
        [keras.Input(batch_shape=(ROWS, 2, 1)), lstm(return_sequences=True)], name="inner"
    )
    if KERAS_3_0:  # makes no functional model anew that holds both
        return functional(inner)
    return functional(inner, functional(layers.GRU(2, stateful=True), shape=(2, 2)))


def frozen():
    model = functional(layers.Dense(3, trainable=False), layers.BatchNormalization(), lstm())
    model.layers[2].trainable = False
    return model


def tanh(x):
    """Named as one of Keras's, and another."""
    return x * 2 + SHIFT


SHIFT = 0.5


def adapted():
    normalization = layers.Normalization()
    normalization.adapt(noise(64)[0] * 9 + 50)
    inner = keras.Sequential([keras.Input(batch_shape=(ROWS, 2, 1)), normalization])
    return functional(inner, lstm())


class Several(layers.Layer):
    """A layer that holds functions in a list and writes them down as Keras does."""

    def __init__(self, functions, **more):
        super().__init__(**more)
        self.functions = [keras.activations.get(each) for each in functions]

    def call(self, x):
        return self.functions[0](x) + self.functions[1](x)

    def get_config(self):
        names = [keras.activations.serialize(each) for each in self.functions]
        return {**super().get_config(), "functions": names}


class Looked(layers.Layer):
    """A layer that finds its function by the name that it wrote down."""

    def __init__(self, function, **more):
        super().__init__(**more)
        self.function = {"squashed": squashed}[function]

    def call(self, x):
        return self.function(x)

    def get_config(self):
        return {**super().get_config(), "function": self.function.__name__}


MODELS = {
    "sequential": small_lstm,
    "functional": lambda: functional(lstm(return_sequences=True), layers.Dropout(0.5), lstm(3)),
    "nested": nested,
    "two inputs": two_inputs,
    "bidirectional": lambda: functional(layers.Bidirectional(lstm())),
    "time distributed": lambda: functional(layers.TimeDistributed(lstm()), shape=(3, 2, 1)),
    "stacked cells": lambda: functional(
        layers.RNN([layers.LSTMCell(2), layers.GRUCell(3)], stateful=True)
    ),
    "convolutional": lambda: functional(layers.ConvLSTM2D(2, 2, stateful=True), shape=(2, 3, 3, 1)),
    "own layer": lambda: functional(Scaled(ROWS, 2.0), lstm(activation=squashed)),
    "lambda": lambda: functional(layers.Lambda(lambda x: x * 2), lstm()),
    "lambda that reads globals": lambda: functional(layers.Lambda(lambda x: x + SHIFT), lstm()),
    "function named as Keras's": lambda: functional(layers.Dense(3, activation=tanh), lstm()),
    "functions in a list": lambda: functional(Several([tanh, "tanh"]), lstm()),
    "function found by its name": lambda: functional(Looked("squashed"), lstm()),
    "adapted": adapted,
    "without an Input": without_input,
    "subclassed": subclassed,
    "frozen": frozen,
}


@pytest.fixture(params=MODELS)
def model(request):
    keras.utils.set_random_seed(3)
    made = MODELS[request.param]()
    carry_states(made)
    reset_states(made)
    return made


def batches(model, steps, rows=ROWS):
    """Return so many batches of random input."""
    random = np.random.default_rng(1)

    def one():
        if isinstance(model, Encoder):
            return random.normal(size=(rows, 2, 1)).astype("float32")
        shapes = [tuple(each.shape)[1:] for each in model.inputs]
        made = [random.normal(size=(rows, *shape)).astype("float32") for shape in shapes]
        made = [each.round() % 5 if each.ndim == 2 else each for each in made]
        return made if len(made) > 1 else made[0]

    return [one() for _ in range(steps)]


def parts(value):
    return value if isinstance(value, list) else [value]


def rows_of(x, rows):
    taken = [each[rows] for each in parts(x)]
    return taken if isinstance(x, list) else taken[0]


def predict(model, x):
    return parts(model.predict_on_batch(x))


def test_one_row_alone_is_predicted_as_in_its_batch(model):  # B07
    one = rebatch(model, 1)
    assert type(one) is type(model)
    named_alone = isinstance(model, Encoder)  # Keras numbers layers that its code does not name
    assert named_alone or list(stateful_layers(one)) == list(stateful_layers(model))
    assert not any(each.any() for arrays in get_states(one).values() for each in arrays)
    for x in batches(model, 3):
        alone = predict(one, rows_of(x, slice(2, 3)))
        for mine, whole in zip(alone, predict(model, x), strict=True):
            np.testing.assert_allclose(mine, whole[2:3], atol=1e-5)
    assert {each.shape[0] for arrays in get_states(one).values() for each in arrays} == {1}


@pytest.mark.parametrize("batch_size", [None, 3])
def test_without_states_every_batch_begins_from_zero(model, batch_size):
    kinds = {type(each) for each in model.layers}
    if Scaled in kinds and batch_size is None:
        with pytest.raises(ValueError, match="anew"):
            rebatch(model, None, stateful=False)
        return
    stateless = rebatch(model, batch_size, stateful=False)
    assert stateful_layers(stateless) == {}
    (x,) = batches(model, 1)
    rows = slice(0, batch_size or 2)
    first, again = (predict(stateless, rows_of(x, rows)) for _ in range(2))
    assert same(first, again)
    if layers.TimeDistributed in kinds:
        return  # its state ran on between the outer steps, which was wrong
    for mine, whole in zip(first, predict(model, x), strict=True):
        np.testing.assert_allclose(mine, whole[rows], atol=1e-5)


def test_the_model_itself_is_left_as_it_was():
    model = small_lstm()
    x, y = noise(8)
    fit = {"batch_size": 4, "shuffle": False, "verbose": 0}
    guard = StatefulGuard(reset="never")
    model.fit(x, y, callbacks=[guard], **fit)
    before = training_state(model)
    one = rebatch(model, 1)
    predict(one, x[:1])
    one.set_weights([each + 1 for each in one.get_weights()])
    assert same(training_state(model), before)
    assert model.get_layer("lstm").states[0].shape[0] == 4
    model.fit(x, y, callbacks=[guard], **fit)


def test_the_new_model_is_not_compiled_and_can_be():
    one = rebatch(small_lstm(), 1)
    with pytest.raises(Exception, match="compile"):
        one.fit(*noise(1), verbose=0)
    one.compile("sgd", "mse")
    one.fit(*noise(3), batch_size=1, shuffle=False, verbose=0, callbacks=[StatefulGuard()])


def test_the_running_sum_of_one_row():  # B06, B07
    one = rebatch(running_sum(), 1)
    x = ones(1)[0]
    assert [float(one.predict(x, verbose=0)[0, 0]) for _ in range(2)] == [2.0, 4.0]


@pytest.mark.parametrize("twice", [1, 8, 2])
def test_a_model_made_anew_is_made_anew_again(twice):
    model = rebatch(rebatch(small_lstm(), twice), 4)
    assert get_states(model)["lstm"][0].shape == (4, 3)
    assert same(model.get_weights(), small_lstm().get_weights())


def test_weights_are_copies_unless_they_are_shared():
    model = small_lstm()
    one = rebatch(model, 1)
    assert same(one.get_weights(), model.get_weights())
    model.set_weights([each + 1 for each in model.get_weights()])
    assert not same(one.get_weights(), model.get_weights())


def test_shared_weights_are_the_very_same(model):
    one = rebatch(model, 1, share_weights=True)
    for mine, its in zip(one.weights, model.weights, strict=True):
        assert mine is its
    for each in model.trainable_weights:
        each.assign(each + 0.5)
    for x in batches(model, 2):
        alone = predict(one, rows_of(x, slice(1, 2)))
        for mine, whole in zip(alone, predict(model, x), strict=True):
            np.testing.assert_allclose(mine, whole[1:2], atol=1e-5)
    assert {each.shape[0] for arrays in get_states(one).values() for each in arrays} == {1}
    assert {each.shape[0] for arrays in get_states(model).values() for each in arrays} == {ROWS}


def test_a_twin_that_shares_weights_follows_the_training():
    model = small_lstm()
    one, (x, y) = rebatch(model, 1, share_weights=True), noise(8)
    seen = []

    class Sample(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            assert self.model is model
            reset_states(one)
            seen.append(predict(one, x[:1])[0])

    fit = {"batch_size": 4, "epochs": 3, "shuffle": False, "verbose": 0}
    model.fit(x, y, callbacks=[StatefulGuard(), Sample()], **fit)
    plain = small_lstm()
    plain.fit(x, y, callbacks=[StatefulGuard()], **fit)
    assert same(training_state(model), training_state(plain))
    assert len({float(each[0, 0]) for each in seen}) == 3
    np.testing.assert_allclose(seen[-1], predict(model, x[:4])[0][:1], atol=1e-6)


class Direct(layers.Layer):
    """A layer that makes its weight without add_weight."""

    def build(self, shape):
        self.factor = layers.Dense(1, name="direct")
        self.factor.build(shape)
        self.own = keras.Variable(np.ones(1, "float32"), name="own")

    def call(self, x):
        return x * self.own


@pytest.mark.skipif(KERAS_2, reason="every layer of Keras 2 makes its weights by add_weight")
def test_weights_that_cannot_be_shared_are_named():
    model = functional(Direct(), lstm())
    assert same(rebatch(model, 1).get_weights(), model.get_weights())
    with pytest.raises(ValueError, match=r"share_weights=True cannot share weight .*own"):
        rebatch(model, 1, share_weights=True)


def test_layers_make_weights_as_before_afterwards():
    before = layers.Layer.add_weight
    rebatch(small_lstm(), 1, share_weights=True)
    assert layers.Layer.add_weight is before


@pytest.mark.skipif(KERAS_3_0, reason="assigns float16 states to float32 variables")
def test_mixed_precision():
    set_policy("mixed_float16")
    try:
        model = functional(layers.Dense(3), layers.SimpleRNN(2, stateful=True))
    finally:
        set_policy("float32")
    one = rebatch(model, 1)
    x = noise(ROWS)[0]
    assert predict(one, x[:1])[0].dtype == predict(model, x)[0].dtype == np.float16
    assert [each.dtype for each in one.weights] == [each.dtype for each in model.weights]


class Unknown(keras.Model):
    def __init__(self, recurrent):
        super().__init__(name="unknown")
        self.recurrent = recurrent

    def call(self, x):
        return self.recurrent(x)


def without_get_config():
    model = Unknown(lstm())
    model(noise(ROWS)[0])
    return model


def called_only():
    class Called(Encoder):
        build = keras.Model.build

    model = Called(2, name="called")
    model(noise(ROWS)[0])
    return model


class Closed(layers.Layer):
    def __init__(self, function):
        super().__init__(name="closed")
        self.function = function

    def call(self, x):
        return self.function(x)

    def get_config(self):
        return {"name": self.name}


class Fixed(layers.Layer):
    def call(self, x):
        if x.shape[0] != ROWS:
            message = f"no {ROWS} rows"
            raise ValueError(message)
        return x


class Stubborn(layers.Layer):
    def __init__(self, **more):
        super().__init__(**more)
        self.inside = lstm(name="inside")

    def build(self, shape):
        self.inside.build(shape)

    def call(self, x):
        return self.inside(x)


WAY_OUT = "other = build(batch_size)"


@pytest.mark.parametrize(
    ("build", "name"),
    [
        (without_get_config, "unknown"),
        pytest.param(
            called_only, "called", marks=pytest.mark.skipif(KERAS_2, reason="keeps the shape")
        ),
        (lambda: functional(lstm(return_sequences=True), Closed(abs)), "closed"),
        (
            lambda: functional(functional(lstm(return_sequences=True), Closed(abs))),
            "closed",
        ),
        (lambda: functional(lstm(return_sequences=True), Fixed(name="fixed")), "fixed"),
    ],
)
def test_a_model_that_cannot_be_made_anew_is_named_with_the_way_out(build, name):
    model = build()
    with pytest.raises(ValueError, match=f"(model|layer) '{name}' ") as caught:
        rebatch(model, 1)
    assert WAY_OUT in str(caught.value)
    assert caught.value.__cause__ is not None


def test_states_that_no_configuration_mends_are_named():
    model = functional(Stubborn(name="stubborn"))
    assert get_states(rebatch(model, 1))["stubborn/inside"][0].shape == (1, 2)
    with pytest.raises(ValueError, match="stubborn") as caught:
        rebatch(model, 3, stateful=False)
    assert WAY_OUT in str(caught.value)


@pytest.mark.parametrize("adapt", [True, False])
@pytest.mark.skipif(BACKEND != "tensorflow", reason="lookups of Keras run on tensorflow")
def test_what_a_lookup_has_learned_is_kept(adapt):
    tokens = np.array([[7, 3], [3, 9], [9, 9], [7, 5]])
    lookup = layers.IntegerLookup(**({} if adapt else {"vocabulary": [9, 3]}))
    if adapt:
        lookup.adapt(tokens)
    model = keras.Sequential(
        [
            keras.Input(batch_shape=(ROWS, 2), dtype="int64"),
            lookup,
            layers.Embedding(8, 2),
            lstm(),
        ]
    )
    for stateful in (True, False):
        one = rebatch(model, 1, stateful=stateful)
        reset_states(model)
        alone = one.predict(tokens[2:3], verbose=0)
        np.testing.assert_allclose(
            alone, model.predict(tokens, batch_size=ROWS, verbose=0)[2:3], atol=1e-6
        )
    assert lookup.get_config()["vocabulary"] == (None if adapt else [9, 3])


@pytest.mark.skipif(BACKEND != "tensorflow", reason="lookups of Keras run on tensorflow")
@pytest.mark.parametrize("share_weights", [True, False])
@pytest.mark.parametrize("kind", ["text", "bins"])
def test_what_was_learned_inside_a_layer_is_kept(kind, share_weights):
    if kind == "text":
        x, layer = tf.constant([["a b"], ["b c"], ["c d"], ["a d"]]), layers.TextVectorization()
    else:
        x, layer = noise(ROWS)[1], layers.Discretization(num_bins=4)
    layer.adapt(x)
    learned = keras.Input(batch_shape=(ROWS, 1), dtype=x.dtype)
    other = keras.Input(batch_shape=(ROWS, 2, 1))
    model = keras.Model([learned, other], [layers.Embedding(8, 2)(layer(learned)), lstm()(other)])
    one = rebatch(model, 1, share_weights=share_weights)
    both = [x, noise(ROWS)[0]]
    np.testing.assert_allclose(
        predict(one, rows_of(both, slice(2, 3)))[0], predict(model, both)[0][2:3], atol=1e-6
    )


def test_functions_keep_their_names():
    model = MODELS["function named as Keras's"]()
    assert rebatch(model, 1).layers[1].activation is tanh
    assert tanh.__name__ == "tanh"


def test_a_function_that_would_come_out_as_another_is_named():
    model = functional(Looked("squashed"), layers.Dense(3, activation=tanh), lstm())
    with pytest.raises(ValueError, match=r"function 'tanh' of .* comes out as that of") as caught:
        rebatch(model, 1)
    assert "give the one that is yours another name" in str(caught.value)


@pytest.mark.parametrize("batch_size", [np.int64(2), np.uint8(2), np.array(2)])
def test_every_whole_number_is_a_batch_size(batch_size):
    model = functional(lstm())
    assert rebatch(model, batch_size).inputs[0].shape[0] == 2


@pytest.mark.parametrize("batch_size", [0, -1, 2.0, "1", True, None])
def test_batch_sizes_that_are_not_accepted(batch_size):
    accepted = f"batch_size must be a number of rows, 1 or more; got {batch_size!r}"
    with pytest.raises(ValueError, match=re.escape(accepted)):
        rebatch(small_lstm(), batch_size)
    if batch_size is not None:
        with pytest.raises(ValueError, match="1 or more, or None for any number; got"):
            rebatch(small_lstm(), batch_size, stateful=False)


@pytest.mark.parametrize("model", [None, "model", layers.LSTM(2)], ids=["none", "text", "layer"])
def test_what_is_no_model_is_refused(model):
    with pytest.raises(ValueError, match="model must be a Keras model; got"):
        rebatch(model, 1)


def test_models_without_states_are_refused():
    with pytest.raises(ValueError, match="is not built yet"):
        rebatch(keras.Sequential([lstm()]), 1)
    stateless = keras.Sequential([keras.Input((2, 1)), layers.LSTM(2)])
    with pytest.raises(ValueError, match="has no stateful layer"):
        rebatch(stateless, 1)
    other = rebatch(stateless, 8, stateful=False)
    assert same(other.get_weights(), stateless.get_weights())


@pytest.mark.skipif(KERAS_2 or BACKEND != "tensorflow", reason="export is of Keras 3")
def test_without_states_a_model_can_be_exported(tmp_path):  # V03
    model = rebatch(small_lstm(), 1)
    if not KERAS_3_0:  # exports a stateful model for its own batch size
        with pytest.raises(ValueError, match="enters the loop with shape"):
            model.export(tmp_path / "stateful")
    rebatch(model, None, stateful=False).export(str(tmp_path / "stateless"))
    assert (tmp_path / "stateless" / "saved_model.pb").exists()
