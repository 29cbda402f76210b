"""The oracle: under the guard, chunk by chunk equals the stateless model on whole sequences.

Random architectures, sequences, slot schedules and data sources; and with one fault injected, the
guard refuses before the first step or warns. `HYPOTHESIS_PROFILE=long` runs a thousand of each.
"""

from __future__ import annotations

import os
import warnings

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support import BACKEND, KERAS_3_0, keras, layers, steps_made, tensor, tf, to_numpy

from keras_stateful_guard import (
    AssertNoShuffle,
    StatefulGuard,
    StatefulPitfallError,
    StatefulPitfallWarning,
    equivalence_gap,
    stateful_batches,
)

settings.register_profile(
    "quick", max_examples=12, deadline=None, suppress_health_check=list(HealthCheck)
)
settings.register_profile("long", settings.get_profile("quick"), max_examples=1000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))

FEATURES = 2
KINDS = ("SimpleRNN", "LSTM", "GRU", "cells", "nested", "wrapped", "convolutional", "dense")


def layer(kind: str, rows: int, timesteps: int | None, *, stateful: bool):
    """Return one layer of the kind, from and to (batch_size, timesteps, FEATURES)."""
    keep = {"stateful": stateful, "return_sequences": True}
    if kind in {"SimpleRNN", "LSTM", "GRU"}:
        return getattr(layers, kind)(FEATURES, **keep)
    if kind == "cells":
        return layers.RNN([layers.LSTMCell(3), layers.GRUCell(FEATURES)], **keep)
    if kind == "nested":
        inside = [layers.GRU(3, **keep), layers.LSTM(FEATURES, **keep)]
        return model_of(inside, rows, timesteps)
    if kind == "wrapped":
        return model_of(
            [model_of([layers.LSTM(FEATURES, **keep)], rows, timesteps)], rows, timesteps
        )
    if kind == "convolutional":
        return [
            layers.Reshape((-1, FEATURES, 1)),
            layers.ConvLSTM1D(1, 2, padding="same", **keep),
            layers.Reshape((-1, FEATURES)),
        ]
    return layers.Dense(FEATURES, activation="tanh")


def model_of(inside, rows: int, timesteps: int | None):
    """Return a functional model of the layers in a row."""
    inputs = keras.Input(batch_shape=(rows, timesteps, FEATURES))
    outputs = inputs
    for each in inside:
        for one in each if isinstance(each, list) else [each]:
            outputs = one(outputs)
    return keras.Model(inputs, outputs)


def build(kinds, rows: int, timesteps: int, *, stateful: bool):
    """Return the compiled model of an architecture."""
    inside = [layer(kind, rows, timesteps, stateful=stateful) for kind in kinds]
    model = model_of(inside, rows, timesteps)
    model.compile(keras.optimizers.SGD(0.1), "mse")
    return model


def outputs_of_whole(sequence, kinds, model):
    """Return what the stateless model of the same weights makes of a whole sequence."""
    whole = build(kinds, 1, len(sequence), stateful=False)
    whole.set_weights(model.get_weights())
    return to_numpy(whole(tensor(sequence[None])))[0]


@st.composite
def architectures(draw):
    kinds = draw(st.lists(st.sampled_from(KINDS), min_size=1, max_size=3))
    return [*kinds, draw(st.sampled_from(KINDS[:6]))]


@st.composite
def schedules(draw):
    """Draw slots of sequences, each so many chunks long; all slots are of one length."""
    steps = draw(st.integers(1, 6))
    slots = []
    for _ in range(draw(st.integers(1, 3))):
        lengths, left = [], steps
        while left:
            lengths.append(draw(st.integers(1, left)))
            left -= lengths[-1]
        slots.append(lengths)
    return slots


class Stream(keras.utils.Sequence):
    def __init__(self, chunks):
        super().__init__()
        self.chunks = chunks

    def __len__(self):
        return len(self.chunks)

    def __getitem__(self, index):
        return (self.chunks[index],)


SOURCES = {
    "array": lambda chunks: {"x": np.concatenate(chunks), "batch_size": chunks.shape[1]},
    "tensor": lambda chunks: {
        "x": tf.constant(np.concatenate(chunks)),
        "batch_size": chunks.shape[1],
    },
    "dataset": lambda chunks: {
        "x": tf.data.Dataset.from_tensor_slices(np.concatenate(chunks)).batch(
            chunks.shape[1], drop_remainder=True
        )
    },
    "dataset of batches": lambda chunks: {
        "x": tf.data.Dataset.from_tensor_slices(chunks).prefetch(2)
    },
    "sequence": lambda chunks: {"x": Stream(chunks)},
    "generator": lambda chunks: {"x": ((each,) for each in chunks), "steps": len(chunks)},
}
if BACKEND != "tensorflow":
    SOURCES = {name: SOURCES[name] for name in ("array", "sequence", "generator")}


@given(
    kinds=architectures(),
    slots=schedules(),
    timesteps=st.integers(1, 4),
    source=st.sampled_from(sorted(SOURCES)),
    seed=st.integers(0, 999),
)
def test_chunks_under_the_guard_equal_whole_sequences(kinds, slots, timesteps, source, seed):
    keras.utils.set_random_seed(seed)
    rows, steps = len(slots), sum(slots[0])
    begins = np.zeros((steps, rows), bool)
    for slot, lengths in enumerate(slots):
        begins[np.cumsum([0, *lengths[:-1]]), slot] = True
    chunks = np.random.default_rng(seed).normal(size=(steps, rows, timesteps, FEATURES))
    chunks = chunks.astype("float32")

    model = build(kinds, rows, timesteps, stateful=True)
    guard = StatefulGuard(boundaries=begins)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        predicted = model.predict(**SOURCES[source](chunks), verbose=0, callbacks=[guard])
    told = [each.message for each in caught if isinstance(each.message, StatefulPitfallWarning)]
    pointless = steps > 1 and begins.all()
    expected = [("stateful-reset-every-batch",)] if pointless else []
    assert [each.symbols for each in told] == expected
    predicted = predicted.reshape(chunks.shape)

    for slot, lengths in enumerate(slots):
        begin = 0
        for length in lengths:
            part = slice(begin, begin + length)
            sequence = chunks[part, slot].reshape(-1, FEATURES)
            expected = outputs_of_whole(sequence, kinds, model)
            chunked = predicted[part, slot].reshape(sequence.shape)
            np.testing.assert_allclose(chunked, expected, atol=1e-5)
            begin += length


@given(
    kinds=architectures(),
    lengths=st.lists(st.integers(1, 9), min_size=1, max_size=6),
    rows=st.integers(1, 4),
    timesteps=st.integers(1, 4),
    lazy=st.booleans(),
    seed=st.integers(0, 999),
)
def test_packed_sequences_equal_whole_ones(kinds, lengths, rows, timesteps, lazy, seed):
    keras.utils.set_random_seed(seed)
    random = np.random.default_rng(seed)
    sequences = [random.normal(size=(each, FEATURES)).astype("float32") for each in lengths]
    batches = stateful_batches(sequences, batch_size=rows, timesteps=timesteps, lazy=lazy)

    model = build(kinds, rows, timesteps, stateful=True)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="stateful-reset-every-batch")
        guard = StatefulGuard(batches.boundaries)
        size = {} if lazy else {"batch_size": rows}
        predicted = model.predict(batches.x, **size, verbose=0, callbacks=[guard])
        if not KERAS_3_0:  # makes no functional model anew that holds two others
            assert equivalence_gap(model, batches) < 1e-5
    for sequence, chunked in zip(sequences, batches.unbatch(predicted), strict=True):
        expected = outputs_of_whole(sequence, kinds, model)
        np.testing.assert_allclose(chunked, expected, atol=1e-5)


def shuffled_rows(fit):
    return {**fit, "shuffle": True}, StatefulGuard(), "stateful-shuffle"


def shuffled_dataset(fit):
    data = tf.data.Dataset.from_tensor_slices((fit["x"], fit["y"])).shuffle(99)
    rest = {key: fit[key] for key in ("epochs", "shuffle", "verbose")}
    data = data.batch(fit["batch_size"], drop_remainder=True)
    return {"x": data, **rest}, StatefulGuard(), "stateful-shuffled-data"


def short_batch(fit):
    cut = {"x": fit["x"][:-1], "y": fit["y"][:-1]}
    return {**fit, **cut}, StatefulGuard(), "stateful-partial-batch"


def wrong_batch(fit):
    wrong = {"batch_size": fit["batch_size"] * 2}
    return {**fit, **wrong}, StatefulGuard(), "stateful-batch-size-mismatch"


def shifted_boundaries(fit):
    steps = len(fit["x"]) // fit["batch_size"]
    return fit, StatefulGuard(boundaries=[steps]), "stateful-misplaced-boundary"


def missing_reset(fit):
    return fit, AssertNoShuffle(), "stateful-missing-reset"


FAULTS = [
    shuffled_rows,
    *([shuffled_dataset] if BACKEND == "tensorflow" else []),
    short_batch,
    wrong_batch,
    shifted_boundaries,
    missing_reset,
]


@given(
    kinds=architectures(),
    rows=st.integers(2, 4),
    steps=st.integers(2, 4),
    fault=st.sampled_from(FAULTS),
)
def test_one_fault_is_refused_or_warned_of(kinds, rows, steps, fault):
    model = build(kinds, rows, 2, stateful=True)
    x = np.random.default_rng(0).normal(size=(rows * steps, 2, FEATURES)).astype("float32")
    right = {
        "x": x, "y": x, "batch_size": rows, "epochs": 2, "shuffle": False, "verbose": 0
    }  # fmt: skip
    model.test_on_batch(x[:rows], x[:rows])  # else Keras is first to refuse on jax and torch
    fit, guard, symbol = fault(right)
    if fault is missing_reset:
        with pytest.warns(StatefulPitfallWarning, match=symbol):
            model.fit(**fit, callbacks=[guard])
        return
    with pytest.raises(StatefulPitfallError) as caught:
        model.fit(**fit, callbacks=[guard])
    assert symbol in caught.value.symbols
    assert steps_made(model) == 0
