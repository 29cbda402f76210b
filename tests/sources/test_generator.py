"""Generators and iterators: nothing is known, and nothing is spent to find that out."""

import numpy as np
import pytest

from keras_stateful_guard.plan import Unknown
from keras_stateful_guard.sources import Request, read


def batches():
    for k in range(3):
        yield np.full((4, 2, 1), float(k)), np.zeros((4, 1))


@pytest.mark.parametrize("make", [batches, lambda: iter([1, 2]), lambda: map(abs, [0, 1])])
def test_everything_is_unknown_and_said(make):
    plan = read(Request(make(), shuffle=True))
    for known in (plan.batch_size, plan.left_over, plan.rows, plan.steps, plan.order):
        assert isinstance(known, Unknown)
        assert "generator" in known.why
    assert plan.drops_remainder is None


def test_nothing_is_spent():
    x = batches()
    read(Request(x, 4, steps=2))
    assert len(list(x)) == 3
