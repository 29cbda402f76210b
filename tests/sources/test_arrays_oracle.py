"""What is said of arrays is what the adapter of the installed Keras does with them."""

import importlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keras_stateful_guard import keras_api
from keras_stateful_guard.plan import Shuffled
from keras_stateful_guard.sources import Request, read

pytest.importorskip("tensorflow")
ADAPTERS = (
    "keras.src.trainers.data_adapters.array_data_adapter",
    "keras.src.engine.data_adapter",
    "tf_keras.src.engine.data_adapter",
)


def adapter(x, y, batch_size, steps, shuffle):
    package = keras_api.keras().__name__.partition(".")[0]
    for name in ADAPTERS:
        try:
            found = importlib.import_module(name)
        except ImportError:
            continue
        if name.partition(".")[0] == package:
            break
    made = getattr(found, "ArrayDataAdapter", None) or found.TensorLikeDataAdapter
    given = {"batch_size": batch_size, "steps": steps, "shuffle": shuffle}
    return made(x, y, **given)


@settings(max_examples=60, deadline=None)
@given(
    st.integers(1, 70),
    st.none() | st.integers(1, 40),
    st.none() | st.integers(1, 8),
    st.sampled_from([True, False, "batch"]),
    st.sampled_from(["array", "dict", "tensor"]),
)
def test_arrays_equal_the_adapter(rows, batch_size, steps, shuffle, kind):
    tf = pytest.importorskip("tensorflow")
    x = np.zeros((rows, 2, 1), "float32")
    x = {"array": x, "dict": {"a": x, "b": x}, "tensor": tf.constant(x)}[kind]
    y = np.zeros((rows, 1), "float32")
    theirs = adapter(x, y, batch_size, steps, shuffle)
    ours = read(Request((x, y), batch_size, shuffle, steps))
    if rows <= theirs._batch_size:
        assert (ours.batch_size, ours.left_over, ours.steps) == (rows, 0, 1)
    else:
        assert ours.batch_size == theirs._batch_size
        assert ours.left_over == theirs._partial_batch_size
    assert ours.steps == theirs._size
    assert ours.default_batch_size == (not batch_size and not steps)
    assert isinstance(ours.order, Shuffled) == bool(theirs._shuffle)
