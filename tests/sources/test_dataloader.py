"""torch DataLoader: both samplers, drop_last, and what a loader of one's own hides."""

import pytest

from keras_stateful_guard.plan import Shuffled, Stable, Unknown
from keras_stateful_guard.sources import Request, read

torch = pytest.importorskip("torch")
data = torch.utils.data


def rows(n=10):
    return data.TensorDataset(torch.arange(2.0 * n).reshape(n, 2), torch.arange(float(n)))


def plan_of(loader, **given):
    return read(Request(loader, **given))


class Stream(data.IterableDataset):
    def __iter__(self):
        return iter(range(10))


class EveryOther(data.Sampler):
    def __iter__(self):
        return iter(range(0, 10, 2))

    def __len__(self):
        return 5


class Pairs(data.BatchSampler):
    def __iter__(self):
        return iter([[0, 1], [2, 3]])


@pytest.mark.parametrize("n", [12, 10, 4, 3])
@pytest.mark.parametrize("drop", [True, False])
def test_sizes_are_what_comes_out(n, drop):
    loader = data.DataLoader(rows(n), 4, drop_last=drop)
    sizes = [len(x) for x, _ in loader]
    plan = plan_of(loader)
    assert (plan.rows, plan.steps) == (sum(sizes), len(sizes))
    assert plan.batch_size == max(sizes, default=4)
    assert plan.left_over == (sizes[-1] if sizes and sizes[-1] < max(sizes) else 0)
    assert plan.remedy == ("DataLoader(..., drop_last=True)" if plan.left_over else "")
    assert plan.drops_remainder is drop


SHUFFLED = {
    "shuffle": lambda: data.DataLoader(rows(), 4, shuffle=True),
    "random sampler": lambda: data.DataLoader(rows(), 4, sampler=data.RandomSampler(rows())),
    "weighted": lambda: data.DataLoader(rows(), 4, sampler=data.WeightedRandomSampler([1.0], 8)),
    "subset": lambda: data.DataLoader(rows(), 4, sampler=data.SubsetRandomSampler(range(10))),
    "random batch sampler beside an idle sequential sampler": lambda: data.DataLoader(
        rows(), batch_sampler=data.BatchSampler(data.RandomSampler(rows()), 4, False)
    ),
    "distributed": lambda: data.DataLoader(
        rows(), 4, sampler=data.DistributedSampler(rows(), num_replicas=1, rank=0)
    ),
    "random_split": lambda: data.DataLoader(data.random_split(rows(40), [20, 20])[0], 4),
}
STABLE = {
    "plain": lambda: data.DataLoader(rows(), 4),
    "batch sampler": lambda: data.DataLoader(
        rows(), batch_sampler=data.BatchSampler(data.SequentialSampler(rows()), 4, True)
    ),
    "range": lambda: data.DataLoader(rows(), 4, sampler=range(8)),
    "distributed in order": lambda: data.DataLoader(
        rows(), 4, sampler=data.DistributedSampler(rows(), num_replicas=1, rank=0, shuffle=False)
    ),
    "workers": lambda: data.DataLoader(rows(), 4, num_workers=2),
    "head of the data": lambda: data.DataLoader(data.Subset(rows(), range(8)), 4),
}
UNKNOWN = {
    "stream": lambda: data.DataLoader(Stream(), 4),
    "own sampler": lambda: data.DataLoader(rows(), 4, sampler=EveryOther()),
    "own batch sampler": lambda: data.DataLoader(
        rows(), batch_sampler=Pairs(data.SequentialSampler(rows()), 2, False)
    ),
}


@pytest.mark.parametrize("name", SHUFFLED)
def test_random_samplers_are_found(name):
    order = plan_of(SHUFFLED[name]()).order
    assert isinstance(order, Shuffled)
    assert order.by == "data"


@pytest.mark.parametrize("name", STABLE)
def test_orderly_samplers_are_quiet(name):
    assert plan_of(STABLE[name](), shuffle=True).order == Stable()


@pytest.mark.parametrize("name", UNKNOWN)
def test_samplers_of_ones_own_are_unknown(name):
    assert isinstance(plan_of(UNKNOWN[name]()).order, Unknown)


def test_workers_that_hand_over_when_ready():
    try:
        loader = data.DataLoader(rows(), 4, num_workers=2, in_order=False)
    except TypeError:
        pytest.skip("this torch keeps the order")
    assert plan_of(loader).order == Shuffled("data", "DataLoader(in_order=False)")


def test_own_collate_and_own_batches_have_unknown_rows():
    own = plan_of(data.DataLoader(rows(), 4, collate_fn=torch.stack))
    assert isinstance(own.batch_size, Unknown)
    assert own.drops_remainder is False
    assert isinstance(plan_of(data.DataLoader(rows(), batch_size=None)).batch_size, Unknown)
    assert isinstance(plan_of(UNKNOWN["own batch sampler"]()).batch_size, Unknown)


def test_streams_are_whole_only_with_drop_last():
    dropped, kept = (plan_of(data.DataLoader(Stream(), 4, drop_last=d)) for d in (True, False))
    assert (dropped.batch_size, dropped.left_over) == (4, 0)
    assert isinstance(kept.left_over, Unknown)
    assert kept.drops_remainder is False
