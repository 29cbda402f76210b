"""Whatever a plan says about a pipeline is what comes out when the pipeline is run, twice."""

from contextlib import suppress
from itertools import islice

import numpy as np
import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from keras_stateful_guard.plan import Shuffled, Stable, Unknown
from keras_stateful_guard.sources import Request, read

tf = pytest.importorskip("tensorflow")
Dataset = tf.data.Dataset

FAR = 80  # batches that are looked at of a pipeline without end
small = st.integers(1, 5)


@tf.function
def called(x):
    return tf.expand_dims(x, 1)[:, 0] - 1


FUNCTIONS = {
    "same": lambda x: x,
    "scaled": lambda x: tf.cast(x, tf.float64) * 2.0 + tf.constant([[1.0]], tf.float64),
    "wider": lambda x: tf.stack([x[..., 0], x[..., 0]], axis=-1),
    "summed": lambda x: tf.reduce_sum(x, axis=-1, keepdims=True),
    "reshaped": lambda x: tf.reshape(x, [-1, 1, x.shape[-1]])[:, 0],
    "reshaped by shape": lambda x: tf.reshape(x, [tf.shape(x)[0], x.shape[-1], 1])[..., 0],
    "called": called,
    "first two": lambda x: x[:2],
    "flat": lambda x: tf.reshape(x, [-1])[:, None],
    "doubled": lambda x: tf.concat([x, x], axis=0),
    "turned": lambda x: tf.reverse(x, [0]),
    "positive": lambda x: tf.boolean_mask(x, x[:, 0] % 3 > 0),
}


def rows(n, first=0):
    return Dataset.from_tensor_slices(np.arange(first, first + n, dtype=np.float64)[:, None])


def unordered(dataset):
    options = tf.data.Options()
    options.deterministic = False
    return dataset.with_options(options)


def windows(dataset, n):
    return dataset.window(n, drop_remainder=True).flat_map(lambda w: w.batch(n))


ANYWHERE = {
    "take": (st.integers(0, 14), Dataset.take),
    "skip": (st.integers(0, 7), Dataset.skip),
    "shard": (st.just(2), lambda d, n: d.shard(n, 1)),
    "repeat": (st.integers(1, 3), Dataset.repeat),
    "endless": (st.none(), Dataset.repeat),
    "cache": (st.just(None), lambda d, _: d.cache()),
    "prefetch": (small, Dataset.prefetch),
    "options": (st.just(None), lambda d, _: d.with_options(tf.data.Options())),
    "filter": (st.just(None), lambda d, _: d.filter(lambda x: tf.reduce_sum(x) % 5 != 1)),
    "flat_map": (st.just(None), lambda d, _: d.flat_map(Dataset.from_tensors)),
    "shuffle": (st.sampled_from([1, 1, 1, 9]), lambda d, n: d.shuffle(n, seed=n)),
    "unordered": (st.just(None), lambda d, _: unordered(d)),
}
BEFORE = {
    **ANYWHERE,
    "window": (small, windows),
    "scaled": (st.just(None), lambda d, _: d.map(lambda x: x * 2.0, num_parallel_calls=2)),
    "more": (st.integers(1, 9), lambda d, n: d.concatenate(rows(n, 50))),
    "zipped": (st.integers(1, 12), lambda d, n: Dataset.zip((d, rows(n))).map(lambda x, y: x)),
    "counted": (st.just(None), lambda d, _: d.enumerate().map(lambda i, x: x)),
}
AFTER = {
    **ANYWHERE,
    "map": (st.sampled_from([*FUNCTIONS]), lambda d, name: d.map(FUNCTIONS[name])),
    "more": (
        st.tuples(st.integers(1, 9), small),
        lambda d, n: d.concatenate(rows(n[0]).batch(n[1]).map(lambda x: x)),
    ),
    "zipped": (
        st.tuples(st.integers(1, 12), small),
        lambda d, n: Dataset.zip((d, rows(n[0]).batch(n[1]))).map(lambda x, y: x),
    ),
    "rebatched": (small, lambda d, n: d.unbatch().batch(n)),
    "rebatch": (small, lambda d, n: d.rebatch(n)),
}
BATCH = {
    "batch": lambda d, n, drop: d.batch(n, drop_remainder=drop),
    "padded": lambda d, n, drop: d.padded_batch(n, drop_remainder=drop),
    "parallel": lambda d, n, drop: d.batch(n, drop_remainder=drop, num_parallel_calls=2),
}


@st.composite
def pipelines(draw):
    dataset, said = rows(n := draw(st.integers(1, 14))), [f"rows({n})"]
    for place in (BEFORE, BATCH, AFTER):
        if place is BATCH:
            name, n, drop = draw(st.tuples(st.sampled_from([*BATCH]), small, st.booleans()))
            known_rank = dataset.element_spec.shape.rank is not None
            batch = BATCH[name if known_rank else "batch"]
            dataset, said = batch(dataset, n, drop), [*said, f"{name}({n}, {drop})"]
            continue
        names = [*place, *["map"] * 4] if place is AFTER else [*place]
        for name in draw(st.lists(st.sampled_from(names), max_size=3)):
            if name == "filter" and "endless(None)" in said:
                continue  # what lets no row pass would run for ever
            arguments, apply = place[name]
            argument = draw(arguments)
            with suppress(TypeError, ValueError):  # elements that tf.data does not join
                dataset, said = apply(dataset, argument), [*said, f"{name}({argument})"]
    return dataset, ".".join(said)


def run(dataset):
    """Return the batches of one epoch and whether they end; None where the pipeline fails."""
    try:
        seen = [each.numpy() for each in islice(dataset, FAR)]
    except (tf.errors.InvalidArgumentError, tf.errors.FailedPreconditionError):
        return None
    return seen


def check(plan, batches):
    """Compare each known field of a plan with the batches that came out."""
    sizes = [len(batch) for batch in batches]
    ended = len(sizes) < FAR
    if isinstance(plan.steps, int):
        assert plan.steps == len(sizes) or (not ended and plan.steps > FAR)
    if isinstance(plan.rows, int) and ended:
        assert plan.rows == sum(sizes)
    if isinstance(plan.steps, Unknown) and "without end" in plan.steps.why:
        assert not ended or not sizes
    if isinstance(plan.batch_size, int) and sizes:
        assert max(sizes) <= plan.batch_size
        if plan.left_over == 0 or (isinstance(plan.left_over, int) and ended):
            assert max(sizes) == plan.batch_size
    if isinstance(plan.left_over, int) and ended and sizes:
        short = [size for size in sizes if size < max(sizes)]
        assert plan.left_over in short if plan.left_over else not short


def passes(batches, first_row):
    """Return the slot in which each pass over the data begins."""
    return [slot for batch in batches for slot, row in enumerate(batch[:, 0]) if row == first_row]


@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(pipelines())
def test_known_fields_are_what_comes_out(drawn):
    dataset, said = drawn
    plan = read(Request(dataset))
    event(type(plan.order).__name__)
    event("batch size known" if isinstance(plan.batch_size, int) else "batch size unknown")
    first, second = run(dataset), run(dataset)
    if not first and "endless" in said:
        return  # tf.data itself takes nothing, repeated without end, for endless
    if first is None or second is None:
        return
    check(plan, first)
    same = len(first) == len(second) and all(map(np.array_equal, first, second))
    ordered = ".shuffle(9)" not in said
    assert ordered or isinstance(plan.order, Shuffled)
    assert same or not isinstance(plan.order, Stable)
    if ordered and "unordered" not in said:
        assert not isinstance(plan.order, Shuffled)


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.integers(2, 14), st.sampled_from([-1, 2, 3]), small, st.integers(1, 40), st.integers(0, 9)
)
def test_wrapped_rows_are_those_that_change_slots(n, times, batch, taken, batches):
    dataset = rows(n).repeat(times).map(lambda x: x).take(taken).batch(batch).take(batches)
    plan = read(Request(dataset))
    came = list(dataset.as_numpy_iterator())
    slots = passes(came, 0.0)
    assert plan.wrapped_rows == (slots[1] if len(slots) > 1 else 0)
    starts = [k for k, each in enumerate(came) if each[0] == 0.0]
    if plan.wrapped_rows == 0:
        assert plan.period == (starts[1] if len(starts) > 1 else None)


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.integers(1, 14), small, st.integers(2, 3), st.integers(0, 9))
def test_a_period_is_where_the_data_begins_anew(n, batch, times, taken):
    dataset = rows(n).batch(batch).repeat(times).take(taken)
    plan = read(Request(dataset))
    starts = [k for k, each in enumerate(dataset) if each[0] == 0.0]
    assert plan.period == (starts[1] if len(starts) > 1 else None)
