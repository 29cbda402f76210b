"""Arrays of every kind give the batches that Keras cuts them into."""

import numpy as np
import pytest

from keras_stateful_guard.plan import Shuffled, Stable, Unknown
from keras_stateful_guard.sources import Request, read


def plan_of(x, batch_size=None, **given):
    return read(Request(x, batch_size, **given))


def test_whole_batches_are_quiet():
    plan = plan_of(np.ones((8, 2, 1)), 4)
    assert (plan.batch_size, plan.left_over, plan.rows, plan.steps) == (4, 0, 8, 2)
    assert plan.order == Stable()
    assert plan.remedy == ""
    assert not plan.default_batch_size


def test_rows_left_over_and_the_slice_that_mends_it():
    plan = plan_of(np.ones((10, 2, 1)), 4)
    assert (plan.batch_size, plan.left_over, plan.rows, plan.steps) == (4, 2, 10, 3)
    assert plan.remedy == "x[:8], y[:8]"
    assert plan_of(np.ones((10, 2)), 4, call="predict").remedy == "x[:8]"


def test_no_batch_size_means_32():
    plan = plan_of(np.ones((64, 2, 1)))
    assert (plan.batch_size, plan.steps, plan.default_batch_size) == (32, 2, True)


def test_steps_without_batch_size_share_out_the_rows():
    plan = plan_of(np.ones((10, 2)), steps=3)
    assert (plan.batch_size, plan.left_over, plan.default_batch_size) == (4, 2, False)


def test_fewer_rows_than_a_batch_are_one_batch():
    plan = plan_of(np.ones((5, 2)), 8)
    assert (plan.batch_size, plan.left_over, plan.rows, plan.steps) == (5, 0, 5, 1)


def test_evaluate_with_steps_never_reaches_the_short_batch():
    plan = plan_of(np.ones((10, 2)), 4, steps=2, call="evaluate")
    assert (plan.left_over, plan.rows, plan.steps) == (0, 8, 2)
    assert plan_of(np.ones((10, 2)), 4, steps=2).left_over == 2


@pytest.mark.parametrize("shuffle", [True, "batch"])
def test_fit_shuffles(shuffle):
    order = plan_of(np.ones((8, 2)), 4, shuffle=shuffle).order
    assert order == Shuffled("fit", f"shuffle={shuffle!r}")


def nests():
    a = np.ones((6, 2))
    yield a, a
    yield [a, a], None
    yield {"one": a, "two": a}, a
    yield {"one": [a], "two": (a, a)}, {"out": a}
    yield [[1.0, 2.0]] * 6, [0.0] * 6


@pytest.mark.parametrize(("x", "y"), list(nests()))
def test_lists_and_dicts_of_arrays(x, y):
    assert plan_of(x, 3).rows == 6
    assert plan_of((x, y), 3).rows == 6


def test_tensors_and_frames():
    tf = pytest.importorskip("tensorflow")
    pandas = pytest.importorskip("pandas")
    ragged = tf.ragged.constant([[1], [2, 3], [4]])
    for x in (tf.ones((3, 2)), tf.Variable(tf.ones((3, 2))), ragged, tf.sparse.eye(3)):
        assert plan_of(x, 3).rows == 3
    frame = pandas.DataFrame({"a": [1, 2, 3]})
    assert plan_of(frame, 3).rows == plan_of((frame, frame["a"]), 3).rows == 3


@pytest.mark.parametrize("x", [None, object(), 3.0, "abc", [], {}, np.float32(1), np.ndarray])
def test_what_nobody_accepts_is_unknown_and_said(x):
    plan = plan_of(x, 4)
    assert isinstance(plan.batch_size, Unknown)
    assert isinstance(plan.order, Unknown)
    assert type(x).__name__ in plan.order.why
