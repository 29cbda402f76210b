"""What is proved of the function of a map() is what the function does, for every batch."""

import numpy as np
import pytest

from keras_stateful_guard.plan import Unknown
from keras_stateful_guard.sources import Request, read

tf = pytest.importorskip("tensorflow")
pytestmark = pytest.mark.filterwarnings("ignore::UserWarning")

VARIABLE = tf.Variable([1.0, 2.0])


@tf.function
def called(x):
    return x * 2.0


def scale(x):
    return tf.keras.layers.Rescaling(2.0)(x)


PROVED = {
    "same": lambda x: x,
    "arithmetic": lambda x: (tf.cast(x, tf.float32) - 1.0) / tf.constant([[1.0, 2.0]]) * VARIABLE,
    "the tutorial's split": lambda x: tf.stack([x[:, 0:1, :][..., 0]], axis=-1),
    "new last axis": lambda x: x[..., None],
    "expanded": lambda x: tf.expand_dims(x, -1),
    "squeezed": lambda x: tf.squeeze(tf.expand_dims(x, 1), 1),
    "transposed": lambda x: tf.transpose(x, [0, 2, 1]),
    "joined": lambda x: tf.concat([x, x], axis=-1),
    "joined in time": lambda x: tf.concat([x, x[:, -1:]], axis=1),
    "mean over time": lambda x: tf.reduce_mean(x, axis=1),
    "chosen": lambda x: tf.where(x > 3.0, x, 0.0),
    "one hot": lambda x: tf.one_hot(tf.cast(x[..., 0], tf.int32), 3),
    "looked up": lambda x: tf.gather(VARIABLE, tf.cast(x[:, :, 0], tf.int32) % 2),
    "columns": lambda x: tf.gather(x, [0], axis=1),
    "reshaped": lambda x: tf.reshape(x, [-1, 2, 2]),
    "reshaped by its shape": lambda x: tf.reshape(x, [tf.shape(x)[0], 4]),
    "called": called,
    "layer": scale,
    "clipped": lambda x: tf.clip_by_value(x, 0.0, 1.0),
    "pair": lambda x: ((x, x[:, 0]), x[0]),
    "dict": lambda x: {"a": x, "b": tf.zeros_like(x)},
}
NOT_PROVED = {
    "first two": lambda x: x[:2],
    "every other": lambda x: x[::2],
    "one row": lambda x: x[0],
    "masked": lambda x: tf.boolean_mask(x, x[:, 0, 0] > 3.0),
    "flat": lambda x: tf.reshape(x, [-1]),
    "regrouped": lambda x: tf.reshape(x, [-1, 2, 1]),
    "joined rows": lambda x: tf.concat([x, x], axis=0),
    "stacked": lambda x: tf.stack([x, x]),
    "new first axis": lambda x: x[None],
    "turned": lambda x: tf.transpose(x, [1, 0, 2]),
    "summed away": lambda x: tf.reduce_sum(x, axis=0),
    "summed from the end": lambda x: tf.reduce_sum(x, axis=-3),
    "constant": lambda x: tf.ones((3, 2)),
    "stretched": lambda x: x[:1] + tf.zeros((3, 1, 1)),
    "looked up rows": lambda x: tf.gather(x, [0, 1]),
    "pair with one cut": lambda x: ((x, x[:2]), x),
    "python": lambda x: tf.py_function(lambda v: v[:2], [x], tf.float32),
}


def batches(function):
    x = np.arange(40, dtype=np.float32).reshape(10, 2, 2)
    return tf.data.Dataset.from_tensor_slices(x).batch(4).map(function)


def rows_of(element):
    x = element[0] if isinstance(element, tuple) else element
    return {len(each) for each in tf.nest.flatten(x)}


@pytest.mark.parametrize("name", PROVED)
def test_proved_functions_keep_the_rows(name):
    dataset = batches(PROVED[name])
    plan = read(Request(dataset))
    assert (plan.batch_size, plan.left_over) == (4, 2)
    assert [rows_of(each) for each in dataset] == [{4}, {4}, {2}]


@pytest.mark.parametrize("name", NOT_PROVED)
def test_functions_that_change_the_rows_are_not_believed(name):
    dataset = batches(NOT_PROVED[name])
    plan = read(Request(dataset))
    if isinstance(plan.batch_size, int):  # declared by the static shape of what it yields
        assert [rows_of(each) for each in dataset] == [{plan.batch_size}] * 3
    else:
        assert isinstance(plan.left_over, Unknown)
    assert plan.drops_remainder is False
