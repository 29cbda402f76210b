"""tf.data pipelines: order and batches read from the nodes alone."""

import numpy as np
import pytest

from keras_stateful_guard.plan import Shuffled, Stable, Unknown
from keras_stateful_guard.sources import Request, read

tf = pytest.importorskip("tensorflow")
Dataset = tf.data.Dataset


def rows(n=12):
    return Dataset.from_tensor_slices((np.arange(n * 2.0).reshape(n, 2, 1), np.arange(float(n))))


def whole(n=12, batch=4):
    return rows(n).batch(batch, drop_remainder=True)


def plan_of(dataset, **given):
    return read(Request(dataset, **given))


def same(x):
    return x


def noisy(x, y):
    return x + tf.random.normal(tf.shape(x), dtype=x.dtype), y


def through_python(x, y):
    return tf.py_function(same, [x], tf.float64), y


def unordered(dataset):
    options = tf.data.Options()
    options.deterministic = False
    return dataset.with_options(options)


def window_batches(w):
    return w.batch(3)


SHUFFLED = {
    "shuffle": lambda: rows().shuffle(12).batch(4),
    "shuffle of batches": lambda: whole().shuffle(3),
    "shuffle under cache": lambda: rows().shuffle(12).cache().batch(4).prefetch(1),
    "fixed shuffle": lambda: rows().shuffle(12, seed=1, reshuffle_each_iteration=False).batch(4),
    "shuffle in a zip": lambda: Dataset.zip((Dataset.range(8).shuffle(8), Dataset.range(8))),
    "shuffle in a concatenate": lambda: whole().concatenate(rows().shuffle(9).batch(4)),
    "shuffle in flat_map": lambda: Dataset.range(3).flat_map(
        lambda i: Dataset.range(4).shuffle(4, seed=1)
    ),
    "shuffle two functions deep": lambda: Dataset.range(3).flat_map(
        lambda i: Dataset.range(2).flat_map(lambda j: Dataset.range(4).shuffle(4, seed=1))
    ),
    "nondeterministic map": lambda: (
        Dataset.range(8).map(same, num_parallel_calls=2, deterministic=False).batch(4)
    ),
    "nondeterministic batch": lambda: rows().batch(4, num_parallel_calls=2, deterministic=False),
    "nondeterministic map in a function": lambda: Dataset.range(3).flat_map(
        lambda i: Dataset.range(4).map(same, num_parallel_calls=2, deterministic=False)
    ),
    "options with a parallel map": lambda: unordered(
        Dataset.range(8).map(same, num_parallel_calls=2).batch(4)
    ),
    "options with a parallel interleave": lambda: unordered(
        Dataset.range(8).interleave(lambda i: Dataset.range(4), num_parallel_calls=2)
    ),
    "sample_from_datasets": lambda: Dataset.sample_from_datasets([whole(), whole()]),
    "random": lambda: Dataset.random(seed=1).take(8).batch(4),
    "time series": lambda: tf.keras.utils.timeseries_dataset_from_array(
        np.arange(20.0), None, sequence_length=2, batch_size=4, shuffle=True
    ),
}

STABLE = {
    "batch": whole,
    "cache and prefetch": lambda: whole().cache().prefetch(2),
    "shuffle of one": lambda: rows().shuffle(1).batch(4),
    "parallel map": lambda: Dataset.range(8).map(same, num_parallel_calls=2).batch(4),
    "map told to keep order": lambda: unordered(
        Dataset.range(8).map(same, num_parallel_calls=2, deterministic=True).batch(4)
    ),
    "zip": lambda: Dataset.zip((Dataset.range(8), Dataset.range(8))).batch(4),
    "enumerate": lambda: rows().enumerate().batch(4),
    "windows": lambda: Dataset.range(8).window(3, shift=1).flat_map(window_batches),
    "flat_map": lambda: Dataset.range(3).flat_map(lambda i: Dataset.range(4)).batch(4),
    "sequential interleave": lambda: (
        Dataset.range(4).interleave(lambda i: Dataset.range(3), cycle_length=4).batch(4)
    ),
    "filter": lambda: Dataset.range(9).filter(lambda i: i > 1).batch(4),
    "unbatch": lambda: whole().unbatch().batch(2),
    "concatenate": lambda: whole().concatenate(whole()),
    "repeat, take, skip, shard": lambda: whole().repeat(2).take(5).skip(1).shard(2, 0),
    "from_tensors": lambda: Dataset.from_tensors(np.ones((4, 2, 1))).repeat(3),
    "time series": lambda: tf.keras.utils.timeseries_dataset_from_array(
        np.arange(20.0), np.arange(20.0), sequence_length=2, batch_size=4
    ),
}

UNKNOWN = {
    "from_generator": lambda: Dataset.from_generator(
        lambda: iter([[1.0]]), output_signature=tf.TensorSpec((1,), tf.float32)
    ),
    "py_function": lambda: rows().map(through_python).batch(4),
    "parallel interleave": lambda: Dataset.range(4).interleave(
        lambda i: Dataset.range(3), num_parallel_calls=2
    ),
    "random numbers": lambda: rows().map(noisy).batch(4),
    "random zipped in": lambda: Dataset.zip((rows(), Dataset.random(seed=1))).batch(4),
    "bucketing": lambda: Dataset.range(9).bucket_by_sequence_length(lambda x: 1, [2], [4, 4]),
    "chosen": lambda: Dataset.choose_from_datasets([whole(), whole()], Dataset.range(2).repeat()),
}


@pytest.mark.parametrize("name", SHUFFLED)
def test_what_shuffles_is_found(name):
    order = plan_of(SHUFFLED[name]()).order
    assert isinstance(order, Shuffled)
    assert order.by == "data"


@pytest.mark.parametrize("name", STABLE)
def test_what_keeps_its_order_is_quiet(name):
    assert plan_of(STABLE[name](), shuffle=True).order == Stable()


@pytest.mark.parametrize("name", UNKNOWN)
def test_what_cannot_be_looked_into_is_unknown(name):
    assert isinstance(plan_of(UNKNOWN[name]()).order, Unknown)


def test_short_last_batch_is_counted_and_mended():
    plan = plan_of(rows(10).batch(4))
    assert (plan.batch_size, plan.left_over, plan.rows, plan.steps) == (4, 2, 10, 3)
    assert plan.drops_remainder is False
    assert plan.remedy == "dataset.batch(4, drop_remainder=True)"


@pytest.mark.parametrize("length", [8, 12])
def test_proven_divisibility_is_quiet(length):
    plan = plan_of(rows(length).map(lambda x, y: (x, y)).batch(4).prefetch(1))
    assert (plan.batch_size, plan.left_over, plan.rows) == (4, 0, length)


def test_unknown_length_is_whole_only_with_drop_remainder():
    odd = Dataset.range(9).filter(lambda i: i > 1)
    dropped, kept = plan_of(odd.batch(4, drop_remainder=True)), plan_of(odd.batch(4))
    assert (dropped.batch_size, dropped.left_over, dropped.drops_remainder) == (4, 0, True)
    assert kept.batch_size == 4
    assert kept.drops_remainder is False
    assert "no drop_remainder=True" in kept.left_over.why


def test_repeat_before_batch_wraps_rows():
    plan = plan_of(Dataset.range(10).repeat(2).batch(4, drop_remainder=True))
    assert (plan.left_over, plan.wrapped_rows, plan.steps) == (0, 2, 5)
    assert plan.remedy == "dataset.batch(4, drop_remainder=True).repeat()"
    endless = plan_of(Dataset.range(10).repeat().batch(4))
    assert endless.wrapped_rows == 2
    assert plan_of(Dataset.range(12).repeat().batch(4)).wrapped_rows == 0
    assert plan_of(Dataset.range(12).repeat().batch(4)).period == 3


def test_data_that_is_cut_and_repeated_again_is_not_believed():
    cut = Dataset.range(12).repeat().take(14).repeat(2).batch(4)
    assert [batch[0] for batch in cut.as_numpy_iterator()][:5] == [0, 4, 8, 0, 2]
    assert isinstance(plan_of(cut).wrapped_rows, Unknown)
    assert isinstance(plan_of(whole().repeat().take(4).repeat(2)).period, Unknown)
    assert plan_of(Dataset.range(12).repeat(2).repeat(2).batch(4)).period == 3
    assert plan_of(Dataset.range(12).repeat(2).take(8).repeat(2).batch(4)).period == 2
    assert plan_of(whole().repeat(2).repeat(2)).period == 3


def test_what_has_no_batch_can_be_repeated_without_end_twice():
    plan = plan_of(Dataset.range(1).batch(2, drop_remainder=True).repeat().repeat())
    assert plan.period is None


def test_unbatched_rows_are_counted_where_every_batch_is_whole():
    assert plan_of(whole(10).unbatch().batch(3)).left_over == 2
    assert isinstance(plan_of(rows(10).batch(4).unbatch().batch(3)).left_over, Unknown)


def test_a_shuffle_may_bring_the_short_batch_forward():
    assert isinstance(plan_of(rows(10).batch(4).shuffle(3).take(2)).left_over, Unknown)
    assert plan_of(whole().shuffle(3).take(2)).left_over == 0


def test_sampling_is_called_by_its_name():
    order = plan_of(Dataset.sample_from_datasets([whole(), whole()])).order
    assert order == Shuffled("data", "Dataset.sample_from_datasets")


def test_repeat_after_batch_keeps_slots():
    plan = plan_of(rows(10).batch(4).repeat())
    assert (plan.left_over, plan.wrapped_rows, plan.period) == (2, 0, 3)
    assert isinstance(plan.steps, Unknown)
    assert plan_of(whole().repeat(3)).period == 3
    assert plan_of(whole()).period is None


def test_distributed_datasets_are_read_through():
    dataset = tf.distribute.get_strategy().experimental_distribute_dataset(rows(10).batch(4))
    mirrored = tf.distribute.MirroredStrategy(["/cpu:0"])
    for each in (dataset, mirrored.experimental_distribute_dataset(rows(10).batch(4))):
        assert plan_of(each).left_over == 2
    made = mirrored.distribute_datasets_from_function(lambda context: whole())
    assert isinstance(plan_of(made).batch_size, Unknown)


@pytest.mark.parametrize(
    ("make", "left_over", "steps", "remedy"),
    [
        (lambda: rows(20).batch(8).rebatch(4), 0, 5, ""),
        (lambda: rows(20).batch(8).rebatch(6), 2, 4, "dataset.rebatch(6, drop_remainder=True)"),
        (lambda: rows(20).batch(8).rebatch(6, drop_remainder=True), 0, 3, ""),
    ],
)
def test_rebatch_cuts_all_rows_anew(make, left_over, steps, remedy):
    plan = plan_of(make())
    assert (plan.left_over, plan.steps, plan.remedy) == (left_over, steps, remedy)


def test_what_rebatch_hides_is_unknown():
    assert isinstance(plan_of(rows(20).batch(8).rebatch([4, 2])).batch_size, Unknown)
    assert isinstance(plan_of(rows(20).repeat(2).batch(8).rebatch(6)).wrapped_rows, Unknown)
    assert isinstance(plan_of(rows(20).batch(4).repeat(2).rebatch(4)).period, Unknown)
