"""The gap between chunks and whole sequences: none where all is right, wide where it is not."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from support import BACKEND, KERAS_3_0, carried, keras, layers, same, small_lstm, training_state

from keras_stateful_guard import (
    StatefulPitfallError,
    equivalence_gap,
    stateful_batches,
)

SMALL = 1e-5


def model_of(*inside, shape=(3, 2), rows=2):
    keras.utils.set_random_seed(5)
    inputs = keras.Input(batch_shape=(rows, *shape))
    outputs = inputs
    for layer in inside:
        outputs = layer(outputs)
    return keras.Model(inputs, outputs)


def recurrent(kind="LSTM", **more):
    return getattr(layers, kind)(2, stateful=True, return_sequences=True, **more)


def sequences(*lengths, features=2):
    random = np.random.default_rng(2)
    return [random.normal(size=(each, features)).astype("float32") for each in lengths]


LAID_OUT = {
    "one series": lambda **more: stateful_batches(
        sequences(26)[0], batch_size=2, timesteps=3, **more
    ),
    "ragged": lambda **more: stateful_batches(
        sequences(7, 3, 11, 5, 2), batch_size=2, timesteps=3, **more
    ),
}
MODELS = {
    "LSTM": lambda: [recurrent()],
    "stacked": lambda: [recurrent("GRU"), layers.Dense(3), recurrent("SimpleRNN")],
    "nested": lambda: [model_of(recurrent("GRU")), recurrent()],
}


@pytest.mark.parametrize("laid_out", LAID_OUT.values(), ids=LAID_OUT)
@pytest.mark.parametrize("inside", MODELS.values(), ids=MODELS)
@pytest.mark.parametrize("lazy", [False, True])
def test_there_is_no_gap_where_all_is_right(laid_out, inside, lazy):
    assert equivalence_gap(model_of(*inside()), laid_out(lazy=lazy)) < SMALL


@pytest.mark.parametrize("laid_out", LAID_OUT.values(), ids=LAID_OUT)
def test_one_output_a_chunk_is_compared_for_every_chunk(laid_out):
    model = model_of(layers.Masking(), recurrent(), layers.GRU(3, stateful=True), layers.Dense(1))
    batches = laid_out(per_step=False)
    assert equivalence_gap(model, batches) < SMALL
    with pytest.raises(ValueError, match=r"expected .* for per_step=True"):
        equivalence_gap(model, laid_out())
    with pytest.raises(ValueError, match=r"lay its data out with .*per_step=True"):
        equivalence_gap(model_of(recurrent()), batches)


@pytest.mark.parametrize("per_step", [True, False])
@pytest.mark.parametrize("steps_per_execution", [1, 3])
def test_padding_is_not_compared(per_step, steps_per_execution):
    given = sequences(17, 3, 22, 1, 9)
    layout = {"batch_size": 2, "timesteps": 3, "steps_per_execution": steps_per_execution}
    batches = stateful_batches(given, per_step=per_step, **layout)
    last = layers.LSTM(2, stateful=True, return_sequences=per_step)
    assert equivalence_gap(model_of(layers.Masking(), recurrent(), last), batches) < SMALL


def test_an_output_after_padding_is_not_that_of_the_sequence():
    batches = stateful_batches(sequences(7, 5), batch_size=2, timesteps=3, per_step=False)
    assert equivalence_gap(model_of(layers.LSTM(2, stateful=True)), batches) > 0.001
    whole_chunks = stateful_batches(sequences(6, 9), batch_size=2, timesteps=3, per_step=False)
    assert equivalence_gap(model_of(layers.LSTM(2, stateful=True)), whole_chunks) < SMALL


def test_as_many_units_as_time_steps_do_not_hide_the_missing_axis():
    one_a_chunk = model_of(layers.LSTM(3, stateful=True))
    with pytest.raises(ValueError, match=r"one output a chunk; lay .*per_step=False"):
        equivalence_gap(one_a_chunk, LAID_OUT["ragged"]())


@pytest.mark.skipif(KERAS_3_0, reason="takes no nested outputs")
def test_outputs_may_be_nested():
    inputs = keras.Input(batch_shape=(2, 3, 2))
    outputs = recurrent()(inputs)
    model = keras.Model(inputs, {"b": [layers.Dense(3)(outputs), outputs], "a": outputs})
    assert equivalence_gap(model, LAID_OUT["ragged"]()) < SMALL


ON_TWO_DEVICES = """
import keras
from test_equivalence import LAID_OUT, equivalence_gap, model_of, recurrent

keras.distribution.set_distribution(keras.distribution.DataParallel())
print(equivalence_gap(model_of(recurrent()), LAID_OUT["ragged"]()) < 1e-5)
"""


@pytest.mark.skipif(BACKEND != "jax", reason="of jax, whose devices must share a batch evenly")
def test_groups_that_no_two_devices_can_share():  # several devices are set up before jax starts
    run = subprocess.run(
        [sys.executable, "-c", ON_TWO_DEVICES],
        cwd=Path(__file__).parent,
        env={**os.environ, "XLA_FLAGS": "--xla_force_host_platform_device_count=2"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.stdout.endswith("True\n"), run.stderr[-2000:]


@pytest.mark.filterwarnings("ignore::keras_stateful_guard.StatefulPitfallWarning")
def test_what_cannot_match_shows_a_gap():
    both = layers.Bidirectional(recurrent())
    assert equivalence_gap(model_of(both), LAID_OUT["ragged"]()) > 0.01


def test_states_weights_and_optimizer_are_as_before():
    model = carried(small_lstm(batch_size=2))
    batches = stateful_batches(
        sequences(8, 4, features=1), batch_size=2, timesteps=2, per_step=False
    )
    model.fit(np.ones((2, 2, 1)), np.ones((2, 1)), batch_size=2, shuffle=False, verbose=0)
    model.predict(np.ones((2, 2, 1)), batch_size=2, verbose=0)
    before = training_state(model)
    assert equivalence_gap(model, batches) < SMALL
    assert same(training_state(model), before)


def test_numbers_that_are_none_are_equal_on_both_sides():
    given = sequences(12)
    given[0][5] = np.nan
    batches = stateful_batches(given, batch_size=2, timesteps=3)
    model = model_of(recurrent())
    assert equivalence_gap(model, batches) < SMALL


def test_what_does_not_fit_is_refused():
    batches = LAID_OUT["ragged"]()
    with pytest.raises(StatefulPitfallError, match="stateful-batch-size-mismatch"):
        equivalence_gap(model_of(recurrent(), rows=4), batches)
    with pytest.raises(ValueError, match="has no stateful layer"):
        equivalence_gap(model_of(layers.LSTM(2)), batches)
    with pytest.raises(ValueError, match=r"batches must be what .* gives; got ndarray"):
        equivalence_gap(model_of(recurrent()), batches.x)
    with pytest.raises(ValueError, match="model must be a Keras model; got LSTM"):
        equivalence_gap(recurrent(), batches)
    inputs = [keras.Input(batch_shape=(2, 3, 2), name=name) for name in ("one", "other")]
    several = keras.Model(inputs, recurrent()(layers.Add()(inputs)), name="several")
    with pytest.raises(ValueError, match="'several' has inputs 'one', 'other', and batches"):
        equivalence_gap(several, batches)
    flat = model_of(recurrent(), layers.Flatten(), layers.Dense(1))
    with pytest.raises(ValueError, match="cannot make"):
        equivalence_gap(flat, LAID_OUT["ragged"](per_step=False))
