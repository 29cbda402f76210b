"""What is taken to change nothing really only computes; every doubt is said."""

import math
import random
from functools import lru_cache

import numpy as np
import pytest
from numpy.random import normal

from keras_stateful_guard.sources.untouched import is_random, why_not

TOTAL = []
SCALE = 2.0
TABLE = {"a": np.ones(3)}


def helper(values):
    return [each * SCALE for each in values]


def noisy_helper(values):
    return np.random.permutation(values)


class Owner:
    """A sequence with everything that such classes hold."""

    limit = 4

    def __init__(self):
        self.x = np.arange(12.0)
        self.names = ["a", "b"] * 20_000
        self.parts = [np.ones(2), (np.ones(3), "b")]
        self.log, self.cache = [], {}
        self.rng = np.random.default_rng(1)
        self.file = iter("abc")

    @property
    def size(self):
        return self.limit

    @staticmethod
    def double(x):
        return x * 2

    def low(self, k):
        return k * self.size

    def recurse(self, k):
        return self.recurse(k - 1) if k else 0

    def count(self):
        self.counter = 1
        return self.counter


def closure(value):
    return lambda self, k: value


@lru_cache
def cached(k):
    return k


STILL = {
    "slice": lambda self, k: self.x[k * 4 : (k + 1) * 4],
    "methods and properties": lambda self, k: self.double(self.x[self.low(k)]),
    "recursion": lambda self, k: self.recurse(k),
    "numpy": lambda self, k: np.stack([np.asarray(self.x[k]), np.zeros(1)[0]]),
    "math": lambda self, k: math.ceil(len(self.x) / self.size),
    "helper": lambda self, k: helper(self.x[k : k + 2]),
    "comprehension": lambda self, k: [self.x[i] for i in range(k)],
    "global table": lambda self, k: TABLE["a"],
    "long list of names": lambda self, k: self.names[k],
    "nested lists": lambda self, k: self.parts[k],
    "class attribute": lambda self, k: self.limit,
    "closure": closure(3),
    "array methods": lambda self, k: self.x[k:].reshape(-1, 1).astype("float32"),
    "exception": lambda self, k: IndexError(k),
    "conversion": lambda self, k: float(np.float32(self.x[k])),
}


def stores(self, k):
    self.last = k


def stores_item(self, k):
    self.x[k] = 0.0


exec("def stores_global(self, k):\n    global SCALE\n    SCALE = k", globals())


def in_place(self, k):
    batch = self.x[k:]
    batch -= 1.0
    return batch


def into_out(self, k):
    return np.multiply(self.x, 2.0, out=self.x)


def imports(self, k):
    import json

    return json


CHANGING = {
    "attribute": stores,
    "item": stores_item,
    "global": globals()["stores_global"],
    "in place": in_place,
    "out argument": into_out,
    "import": imports,
    "append": lambda self, k: self.log.append(k),
    "global append": lambda self, k: TOTAL.append(k),
    "next": lambda self, k: next(self.file),
    "iterator": lambda self, k: list(self.file),
    "generator of random numbers": lambda self, k: self.rng.normal(),
    "numpy.random": lambda self, k: np.random.rand(),
    "random": lambda self, k: random.random(),
    "imported function": lambda self, k: normal(),
    "random helper": lambda self, k: noisy_helper(self.x),
    "method that stores": lambda self, k: self.count(),
    "input": lambda self, k: input(k),
    "setattr": lambda self, k: setattr(self, k, 1),
    "closure": closure(iter([1])),
    "cached": lambda self, k: cached(k),
    "dict": lambda self, k: self.cache.setdefault(k, 1),
    "super": lambda self, k: super(Owner, self).size,
    "own class": lambda self, k: Owner(),
    "in a comprehension": lambda self, k: [self.log.append(i) for i in range(k)],
    "in a lambda": lambda self, k: sorted([k], key=lambda v: self.log.append(v) or v),
}


@pytest.mark.parametrize("name", STILL)
def test_what_only_computes(name):
    owner = Owner()
    before = repr(vars(owner))
    assert why_not(STILL[name], owner) == ""
    STILL[name](owner, 1)
    assert repr(vars(owner)) == before


@pytest.mark.parametrize("name", CHANGING)
def test_what_may_change_something(name):
    assert why_not(CHANGING[name], Owner())


def test_what_cannot_be_read():
    assert "cannot be read" in why_not(len)
    watched = type("Watched", (Owner,), {"__getattr__": lambda self, name: TOTAL.append(name)})
    assert "__getattr__()" in why_not(STILL["slice"], watched())


def test_random_by_its_own_code():
    assert is_random(CHANGING["numpy.random"])
    assert is_random(noisy_helper)
    assert not is_random(STILL["slice"])
    assert not is_random(len)
