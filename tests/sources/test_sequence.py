"""PyDataset and Sequence of each Keras: order from fit and hooks, sizes from two batches."""

import math
import random
import time

import numpy as np
import pytest

from keras_stateful_guard import keras_api
from keras_stateful_guard.plan import Shuffled, Stable, Unknown
from keras_stateful_guard.sources import Request, read

pytest.importorskip("tensorflow")
keras = keras_api.keras()
Base = getattr(keras.utils, "PyDataset", None) or keras.utils.Sequence
KIND = "PyDataset" if hasattr(keras.utils, "PyDataset") else "Sequence"
WITH_WORKERS = KIND == "PyDataset"


class Slices(Base):
    """The sequence of the Keras guide: slices of an array."""

    def __init__(self, n=12, batch_size=4, **given):
        super().__init__(**given)
        self.x, self.batch_size = np.arange(n * 2.0).reshape(n, 2, 1), batch_size

    def __len__(self):
        return math.ceil(len(self.x) / self.batch_size)

    def __getitem__(self, index):
        low = index * self.batch_size
        high = min(low + self.batch_size, len(self.x))
        return self.x[low:high], self.x[low:high]


class Recording(Slices):
    """Counts what is fetched; appending is a change that can be seen."""

    def __init__(self, *args, **given):
        super().__init__(*args, **given)
        self.fetched = []

    def __getitem__(self, index):
        self.fetched.append(index)
        return self.x[:4]


class Shuffling(Slices):
    def on_epoch_end(self):
        np.random.shuffle(self.x)


class Quiet(Slices):
    def on_epoch_end(self):
        pass


class Drawing(Slices):
    def __getitem__(self, index):
        return self.x[np.random.randint(0, len(self.x), self.batch_size)]


class Reading(Slices):
    def __init__(self, lines, **given):
        super().__init__(**given)
        self.lines = iter(lines)

    def __getitem__(self, index):
        return np.array([next(self.lines)])


class Slow(Slices):
    def __getitem__(self, index):
        return pause(self.x)


def pause(x):
    return x[: 4 + 0 * sum(range(8_000_000))]


class OfDicts(Slices):
    def __getitem__(self, index):
        return {"a": self.x[:4], "b": self.x[:4]}


class OfLists(Slices):
    def __getitem__(self, index):
        return [self.x[:4], self.x[:4]], self.x[:4]


def plan_of(x, **given):
    return read(Request(x, **given))


@pytest.mark.parametrize(
    ("rows", "sizes"),
    [(12, (4, 0, 12, 3)), (10, (4, 2, 10, 3)), (4, (4, 0, 4, 1)), (3, (3, 0, 3, 1))],
)
def test_sizes_from_the_first_and_the_last_batch(rows, sizes):
    x = Slices(rows)
    plan = plan_of(x)
    assert (plan.batch_size, plan.left_over, plan.rows, plan.steps) == sizes
    assert [len(x[k][0]) for k in range(len(x))] == [4] * (rows // 4) + [rows % 4] * (rows % 4 > 0)
    assert plan.kind == KIND


def test_the_remedy_is_a_length_of_whole_batches():
    remedy = plan_of(Slices(10)).remedy
    assert remedy.startswith("def __len__(self): return 2")
    mended = type("Mended", (Slices,), {})
    exec(remedy, scope := {})
    mended.__len__ = scope["__len__"]
    assert plan_of(mended(10)).left_over == 0


def test_batches_of_dicts_and_lists():
    assert plan_of(OfDicts()).batch_size == plan_of(OfLists()).batch_size == 4


def test_fit_permutes_the_batches():
    assert plan_of(Slices(), shuffle=True).order == Shuffled("fit", "shuffle=True")
    assert plan_of(Slices(), shuffle=False).order == Stable()
    assert plan_of(Quiet()).order == Stable()


def test_a_hook_that_may_reorder_is_unknown():
    order = plan_of(Shuffling()).order
    assert isinstance(order, Unknown)
    assert "on_epoch_end()" in order.why


def test_nothing_that_keeps_count_is_fetched():
    x = Recording()
    plan = plan_of(x)
    assert x.fetched == []
    assert "might change the data" in plan.batch_size.why
    assert plan.steps == 3
    lines = Reading([1, 2, 3])
    assert isinstance(plan_of(lines).left_over, Unknown)
    assert next(lines.lines) == 1


def test_no_random_number_is_drawn():
    np.random.seed(1), random.seed(1)
    before = np.random.get_state()[1].copy()
    plan = plan_of(Drawing())
    assert np.array_equal(before, np.random.get_state()[1])
    assert isinstance(plan.batch_size, Unknown)
    assert isinstance(plan.order, Unknown)


def test_a_slow_batch_is_fetched_once():
    begun = time.perf_counter()
    Slow()[0]
    took = time.perf_counter() - begun
    plan = plan_of(Slow())
    assert plan.batch_size == 4
    assert isinstance(plan.left_over, Unknown) or took < 0.2


def test_evaluate_with_fewer_steps_never_sees_the_short_batch():
    plan = plan_of(Slices(10), steps=2, call="evaluate")
    assert (plan.left_over, plan.rows, plan.steps) == (0, 8, 2)


@pytest.mark.skipif(not WITH_WORKERS, reason="workers are an argument of fit in this Keras")
def test_workers():
    x = Slices(workers=3)
    assert plan_of(x).order == Stable()
    for backend in ("jax", "torch"):
        order = plan_of(x, backend=backend).order
        assert order == Shuffled("data", f"Slices(workers=3) on {backend}", "Slices(workers=1)")
        for call in ("evaluate", "predict"):
            assert plan_of(x, backend=backend, call=call).order == Stable()
            assert plan_of(x, backend=backend, call=call, ahead=True).order == order
        assert plan_of(Slices(), backend=backend).order == Stable()
    assert plan_of(x, replicas=2).order.how == "Slices(workers=3) on 2 devices"
    assert plan_of(Slices(), replicas=2).order == Stable()
    assert "workers" in plan_of(x).batch_size.why


@pytest.mark.skipif(not hasattr(Base, "num_batches"), reason="this Keras has no endless PyDataset")
def test_an_endless_sequence_is_not_permuted():
    class Endless(Base):
        num_batches = None

        def __getitem__(self, index):
            return np.full((4, 2, 1), float(index))

    plan = plan_of(Endless(), shuffle=True)
    assert plan.order == Stable()
    assert plan.batch_size == 4
    assert isinstance(plan.steps, Unknown)
    assert isinstance(plan.left_over, Unknown)


def timeseries(**given):
    from tensorflow import keras as tf_keras

    made = getattr(tf_keras.preprocessing.sequence, "TimeseriesGenerator", None)
    if made is None:
        pytest.skip("no TimeseriesGenerator in this Keras")
    return made(np.arange(20.0), np.arange(20.0), length=3, batch_size=4, **given)


@pytest.mark.parametrize("given", [{}, {"stride": 2}, {"end_index": 18}, {"start_index": 4}])
def test_timeseries_generator_and_its_remedy(given):
    x = timeseries(**given)
    sizes = [len(x[k][0]) for k in range(len(x))]
    plan = plan_of(x)
    assert (plan.batch_size, plan.steps, plan.rows) == (max(sizes), len(sizes), sum(sizes))
    assert plan.left_over == (sizes[-1] if sizes[-1] < 4 else 0)
    if plan.left_over:
        end = int(plan.remedy.partition("end_index=")[2].rstrip(")"))
        assert plan_of(timeseries(**{**given, "end_index": end})).left_over == 0
    assert plan.order == Stable()


def test_timeseries_generator_that_shuffles():
    plan = plan_of(timeseries(shuffle=True))
    assert plan.order == Shuffled("data", "TimeseriesGenerator(shuffle=True)")
    assert plan.left_over == 0
