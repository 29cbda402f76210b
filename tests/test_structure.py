"""Where stateful layers stand and how they are called. Cases M03 to M06."""

from __future__ import annotations

import numpy as np
import pytest
from support import BUILDS_IN_FIT, KERAS_3_0, compile_sum, keras, layers

from keras_stateful_guard import StatefulGuard, StatefulPitfallWarning, stateful_batches

JUDGED = (
    "stateful-bidirectional",
    "stateful-time-distributed",
    "stateful-initial-state",
    "stateful-shared-layer",
)


def recurrent(*, stateful=True, **arguments):
    return layers.SimpleRNN(2, stateful=stateful, **arguments)


def series(*shape, batch_size=4):
    return keras.Input(batch_shape=(batch_size, *(shape or (2, 1))))


def model(inputs, outputs):
    made = keras.Model(inputs, outputs)
    compile_sum(made, run_eagerly=True)
    return made


def sequential(*of):
    made = keras.Sequential(list(of))
    compile_sum(made, run_eagerly=True)
    return made


def fit(made):
    """Fit on ones under the guard; return the guard."""
    x = [np.ones((4, *each.shape[1:]), "float32") for each in made.inputs]
    y = [np.zeros((4, *each.shape[1:]), "float32") for each in made.outputs]
    guard = StatefulGuard()
    x, y = (x if len(x) > 1 else x[0]), (y if len(y) > 1 else y[0])
    made.fit(x, y, batch_size=4, shuffle=False, verbose=0, callbacks=[guard])
    return guard


def warned(made):
    """Return the findings that a fit is warned of, by symbol."""
    with pytest.warns(StatefulPitfallWarning) as caught:
        fit(made)
    told = [each.message for each in caught if isinstance(each.message, StatefulPitfallWarning)]
    return {finding.symbol: finding for each in told for finding in each.findings}


def quiet(made):
    """Fit without a warning; all four pitfalls must be judged right."""
    report = fit(made).report
    assert {symbol: report.status(symbol) for symbol in JUDGED} == dict.fromkeys(JUDGED, "ok")


# Bidirectional


class OwnBidirectional(layers.Bidirectional):
    pass


class OwnDistributed(layers.TimeDistributed):
    pass


@pytest.mark.parametrize("wrapper", [layers.Bidirectional, OwnBidirectional])
def test_bidirectional_around_a_stateful_layer(wrapper):
    found = warned(sequential(series(), wrapper(recurrent(name="rnn"), name="both")))
    assert list(found) == ["stateful-bidirectional"]
    finding = found["stateful-bidirectional"]
    assert finding.found.startswith(
        "stateful layers 'both/forward_rnn', 'both/backward_rnn' inside Bidirectional"
    )
    assert "layers.SimpleRNN(..., stateful=True)" in finding.remedy


def test_bidirectional_in_a_model_inside_the_model():
    inner = keras.Sequential([series(), layers.Bidirectional(recurrent(name="rnn"))])
    x = series()
    assert list(warned(model(x, inner(x)))) == ["stateful-bidirectional"]


def test_bidirectional_whose_layers_keep_no_states_is_quiet():
    x = series()
    both = layers.Bidirectional(recurrent(stateful=False, return_sequences=True))
    quiet(model(x, recurrent()(both(x))))


def wave(*, backwards):
    """Fit on a sine in 4 slots; return the guard."""
    batches = stateful_batches(np.sin(np.arange(1024) / 9)[:, None], batch_size=4, timesteps=8)
    made = sequential(series(8, 1), recurrent(go_backwards=backwards, name="rnn"))
    guard, x = StatefulGuard(batches.boundaries), np.asarray(batches.x)
    made.fit(x, x[:, 0, :], batch_size=4, shuffle=False, verbose=0, callbacks=[guard])
    return guard.report


def test_backwards_over_chunks_that_come_forward():
    with pytest.warns(StatefulPitfallWarning, match="layer 'rnn' with go_backwards=True"):
        wave(backwards=True)
    assert wave(backwards=False).status("stateful-bidirectional") == "ok"


def test_backwards_over_chunks_in_an_order_that_nobody_sees_is_quiet():
    report = fit(sequential(series(), recurrent(go_backwards=True))).report
    assert report.status("stateful-bidirectional") == "unknown"


# TimeDistributed


@pytest.mark.parametrize("wrapper", [layers.TimeDistributed, OwnDistributed])
def test_time_distributed_around_a_stateful_layer(wrapper):
    found = warned(sequential(series(3, 2, 1), wrapper(recurrent(name="rnn"), name="steps")))
    assert list(found) == ["stateful-time-distributed"]
    assert found["stateful-time-distributed"].found.startswith("stateful layer 'steps/rnn' inside")


@pytest.mark.skipif(KERAS_3_0, reason="its TimeDistributed takes no models")
def test_time_distributed_around_a_model_with_a_stateful_layer():
    step, x = series(), series(3, 2, 1)
    inner = keras.Model(step, recurrent()(step))
    found = warned(model(x, layers.TimeDistributed(inner)(x)))
    assert list(found) == ["stateful-time-distributed"]


def test_time_distributed_around_layers_without_state_is_quiet():
    x = series()
    hidden = recurrent(return_sequences=True)(x)
    quiet(model(x, layers.TimeDistributed(layers.Dense(1))(hidden)))
    x = series(3, 2, 1)
    quiet(model(x, recurrent()(layers.TimeDistributed(recurrent(stateful=False))(x))))


# initial_state


def states(number):
    return [series(2) for _ in range(number)]


def test_initial_state_by_keyword():
    x, given = series(), states(1)
    found = warned(model([x, *given], recurrent(name="rnn")(x, initial_state=given)))
    assert list(found) == ["stateful-initial-state"]
    assert found["stateful-initial-state"].found.startswith("stateful layer 'rnn' called with")


@pytest.mark.parametrize(
    ("layer", "number"), [(layers.LSTM, 2), (layers.GRU, 1), (layers.SimpleRNN, 1)]
)
def test_initial_state_as_the_second_argument(layer, number):
    x, given = series(), states(number)
    made = model([x, *given], layer(2, stateful=True)(x, given))
    assert list(warned(made)) == ["stateful-initial-state"]


def test_initial_state_handed_to_bidirectional():
    x, given = series(), states(2)
    found = warned(model([x, *given], layers.Bidirectional(recurrent())(x, initial_state=given)))
    assert list(found) == ["stateful-bidirectional", "stateful-initial-state"]


def test_initial_state_inside_a_model_inside_the_model():
    x, given = series(), states(1)
    inner = keras.Model([x, *given], recurrent(name="rnn")(x, initial_state=given), name="inner")
    others = [series(), *states(1)]
    found = warned(model(others, inner(others)))
    assert "'inner/rnn'" in found["stateful-initial-state"].found


def test_initial_state_of_a_layer_without_state_is_quiet():
    x, given = series(), states(1)
    hidden = recurrent(stateful=False, return_sequences=True)(x, initial_state=given)
    quiet(model([x, *given], recurrent()(hidden)))


def test_a_decoder_that_starts_from_the_stateful_encoder_is_quiet():
    x, target = series(), series()
    _, last = recurrent(return_state=True)(x)
    quiet(model([x, target], recurrent(stateful=False)(target, initial_state=[last])))


def test_an_argument_that_is_no_state_is_quiet():
    x = series()
    quiet(model(x, recurrent()(x, initial_state=None)))


# Shared layers


def test_a_layer_called_on_two_inputs():
    first, second, rnn = series(), series(), recurrent(name="rnn")
    found = warned(model([first, second], layers.Add()([rnn(first), rnn(second)])))
    assert list(found) == ["stateful-shared-layer"]
    assert found["stateful-shared-layer"].found.startswith(
        "stateful layer 'rnn' called at 2 places of the model"
    )


def test_a_model_called_twice_shares_its_layers():
    inner = keras.Sequential([series(), recurrent(name="rnn")], name="inner")
    first, second = series(), series()
    found = warned(model([first, second], layers.Add()([inner(first), inner(second)])))
    assert "'inner/rnn' called at 2 places" in found["stateful-shared-layer"].found


def test_a_layer_called_inside_and_outside_of_a_model():
    x, rnn = series(), recurrent(name="rnn")
    inner = keras.Sequential([series(), rnn])
    assert list(warned(model(x, layers.Add()([inner(x), rnn(x)])))) == ["stateful-shared-layer"]


def test_two_models_around_one_layer():
    rnn = recurrent(name="rnn")
    pair = [keras.Sequential([series(), rnn]) for _ in range(2)]
    x = series()
    assert list(warned(model(x, layers.Add()([each(x) for each in pair])))) == [
        "stateful-shared-layer"
    ]


class OwnBlock(layers.Layer):
    """A layer of whose inner calls nobody outside knows."""

    def __init__(self, **arguments):
        super().__init__(**arguments)
        self.rnn = recurrent(name="rnn")

    def build(self, shape):
        self.rnn.build(shape)
        self.built = True

    def call(self, x):
        return self.rnn(x)


def test_a_layer_of_ones_own_called_twice():
    block, first, second = OwnBlock(), series(), series()
    found = warned(model([first, second], layers.Add()([block(first), block(second)])))
    assert list(found) == ["stateful-shared-layer"]


def test_a_model_called_on_another_input_is_quiet():
    inner = keras.Sequential([series(), recurrent(), layers.Dense(1)])
    x = series()
    quiet(model(x, inner(x)))


def test_a_model_called_on_its_own_input_is_quiet():
    x = series()
    inner = keras.Model(x, recurrent()(x))
    quiet(model(x, layers.Dense(1)(inner(x))))


def test_a_layer_that_other_models_call_too_is_quiet():
    rnn, x = recurrent(name="rnn"), series()
    for _ in range(2):
        keras.Model(x, layers.Dense(1)(rnn(x)))
    rnn(series())
    quiet(model(x, rnn(x)))
    quiet(sequential(series(), rnn, layers.Dense(1)))


def test_a_sequential_model_that_grew_and_shrank_is_quiet():
    made = keras.Sequential([series(), recurrent(return_sequences=True), recurrent()])
    made.pop()
    made.add(recurrent())
    made.add(layers.Dense(1))
    compile_sum(made, run_eagerly=True)
    quiet(made)


def test_a_shared_layer_without_state_is_quiet():
    first, second, rnn = series(), series(), recurrent(stateful=False, return_sequences=True)
    quiet(model([first, second], recurrent()(layers.Add()([rnn(first), rnn(second)]))))


# What cannot be seen


class OwnModel(keras.Model):
    def __init__(self):
        super().__init__()
        self.rnn = recurrent(name="rnn")

    def call(self, x):
        return self.rnn(x)


@BUILDS_IN_FIT
def test_what_a_call_of_ones_own_does_is_unknown():
    made = OwnModel()
    compile_sum(made, run_eagerly=True)
    guard = StatefulGuard(batch_size=4)
    x, y = np.ones((4, 2, 1), "float32"), np.zeros((4, 2), "float32")
    made.fit(x, y, batch_size=4, shuffle=False, verbose=0, callbacks=[guard])
    said = {each.symbol: each for each in guard.report.verdicts}
    assert [said[symbol].status for symbol in JUDGED] == ["ok", "ok", "unknown", "unknown"]
    assert said["stateful-shared-layer"].detail == (
        "what OwnModel.call() calls cannot be looked into"
    )


def test_what_a_block_of_ones_own_does_is_unknown():
    x = series()
    report = fit(model(x, OwnBlock()(x))).report
    assert report.status("stateful-shared-layer") == "unknown"
    assert report.status("stateful-initial-state") == "unknown"


class OwnTraining(keras.Model):
    def train_step(self, *arguments):
        return super().train_step(*arguments)


def test_a_functional_model_with_a_train_step_of_its_own_is_seen():
    x = series()
    made = OwnTraining(x, recurrent()(x))
    compile_sum(made, run_eagerly=True)
    quiet(made)


@BUILDS_IN_FIT
def test_a_sequential_model_without_input_is_seen():
    made = sequential(recurrent(), layers.Dense(1))
    guard = StatefulGuard(batch_size=4)
    x, y = np.ones((4, 2, 1), "float32"), np.zeros((4, 1), "float32")
    made.fit(x, y, batch_size=4, shuffle=False, verbose=0, callbacks=[guard])
    assert {guard.report.status(symbol) for symbol in JUDGED} == {"ok"}


def test_a_keras_that_hides_its_graph_makes_it_unknown(monkeypatch):
    from keras_stateful_guard import keras_api

    monkeypatch.setattr(keras_api, "inner_calls", lambda layer: None)
    report = fit(model(x := series(), recurrent()(x))).report
    assert report.status("stateful-shared-layer") == "unknown"
