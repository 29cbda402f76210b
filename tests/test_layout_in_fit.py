"""What stateful_batches lays out trains under the guard, which knows that it is right."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from support import KERAS_3_0, SEVERAL_STEPS, keras, layers, losses, running_sum, same, steps_made

from keras_stateful_guard import (
    ResetStatesOnSequence,
    StatefulGuard,
    StatefulPitfallError,
    StatefulPitfallWarning,
    stateful_batches,
)


def model_of(batch_size, timesteps, **compiled):
    keras.utils.set_random_seed(3)
    model = keras.Sequential(
        [
            keras.Input(batch_shape=(batch_size, timesteps, 1)),
            layers.LSTM(3, stateful=True, return_sequences=True),
            layers.Dense(1),
        ]
    )
    model.compile(keras.optimizers.SGD(0.1), "mse", **compiled)
    return model


def ragged(seed=0, lengths=(9, 4, 5, 2, 7)):
    random = np.random.default_rng(seed)
    return [random.normal(size=(length, 1)).astype("float32") for length in lengths]


def test_the_whole_of_the_users_code(recwarn):
    batches = stateful_batches(ragged(), ragged(1), batch_size=2, timesteps=3)
    guard = StatefulGuard(batches.boundaries)
    model = model_of(2, 3)
    model.fit(**batches.fit_arguments(), epochs=2, verbose=0, callbacks=[guard])
    assert {each.status for each in guard.report.verdicts} == {"ok"}
    assert not [each for each in recwarn if isinstance(each.message, StatefulPitfallWarning)]


def test_padding_weighs_nothing():
    weights = []
    for pad_value in (0.0, 55.0):
        batches = stateful_batches(
            ragged(), ragged(1), batch_size=2, timesteps=3, pad_value=pad_value
        )
        model = model_of(2, 3)
        guard = StatefulGuard(batches.boundaries)
        model.fit(**batches.fit_arguments(), epochs=2, verbose=0, callbacks=[guard])
        weights.append([np.array(each) for each in model.get_weights()])
    assert same(*weights)


def test_batches_read_lazily_train_to_the_same_weights(tmp_path):
    series = np.sin(np.arange(50, dtype="float32"))[:, None]
    on_disk = np.memmap(tmp_path / "series", "float32", "w+", shape=series.shape)
    on_disk[:] = series
    sizes = {"batch_size": 4, "timesteps": 3}
    weights = []
    for batches in (
        stateful_batches(series[:-1], series[1:], **sizes),
        stateful_batches(on_disk[:-1], on_disk[1:], lazy=True, **sizes),
    ):
        model, guard = model_of(4, 3), StatefulGuard(batches.boundaries)
        model.fit(**batches.fit_arguments(), epochs=2, verbose=0, callbacks=[guard])
        assert {each.status for each in guard.report.verdicts} == {"ok"}
        weights.append([np.array(each) for each in model.get_weights()])
    assert same(*weights)


class Chunked:
    """An array that reads what it is asked for, and tells the most that it ever read."""

    def __init__(self, array):
        self.array, self.shape, self.dtype, self.most = array, array.shape, array.dtype, 0

    def __getitem__(self, part):
        assert isinstance(part, slice)
        read = self.array[part]
        self.most = max(self.most, len(read))
        return read


def test_no_more_than_a_chunk_is_read_at_a_time():
    series = Chunked(np.arange(60, dtype="float32")[:, None])
    batches = stateful_batches(series, series, batch_size=2, timesteps=3, lazy=True)
    assert series.most == 0
    model = model_of(2, 3)
    model.fit(**batches.fit_arguments(), verbose=0, callbacks=[StatefulGuard(batches.boundaries)])
    assert series.most == 3
    predicted = model.predict(batches.x, verbose=0, callbacks=[StatefulGuard(batches.boundaries)])
    assert batches.unbatch(predicted)[0].shape == (60, 1)


def test_lazily_read_batches_without_targets():
    batches = stateful_batches(ragged(), batch_size=2, timesteps=3, lazy=True)
    assert batches.padding
    guard = StatefulGuard(batches.boundaries)
    predicted = model_of(2, 3).predict(batches.x, verbose=0, callbacks=[guard])
    assert [len(each) for each in batches.unbatch(predicted)] == [9, 4, 5, 2, 7]


def test_lazily_read_batches_are_shuffled_by_fit_as_any():
    batches = stateful_batches(ragged(), ragged(), batch_size=2, timesteps=3, lazy=True)
    with pytest.raises(StatefulPitfallError, match="stateful-shuffle:"):
        model_of(2, 3).fit(batches.x, verbose=0, callbacks=[StatefulGuard(batches.boundaries)])


@pytest.mark.skipif(KERAS_3_0, reason="Keras 3.0 leaves out an execution that is not whole")
@SEVERAL_STEPS
def test_boundaries_align_with_steps_per_execution():
    ones = [np.ones((length, 1), "float32") for length in (2, 4, 6, 2)]
    sizes = {"batch_size": 2, "timesteps": 2}
    loose = stateful_batches(ones, **sizes)
    with pytest.raises(StatefulPitfallError, match=r"stateful_batches\(.*steps_per_execution=2\)"):
        fit_sums(loose)
    aligned = stateful_batches(ones, steps_per_execution=2, **sizes)
    assert fit_sums(aligned) == pytest.approx(expected_sum(aligned), abs=1e-4)


def fit_sums(batches):
    """Return the loss of one epoch: the mean of the sums that the rows have seen."""
    model = running_sum(2, 2, steps_per_execution=2)
    targets = np.zeros((len(batches.x), 1), "float32")
    guard = ResetStatesOnSequence(batches.boundaries)
    history = model.fit(
        batches.x, targets, batch_size=2, shuffle=False, verbose=0, callbacks=[guard]
    )
    return losses(history)[0]


def expected_sum(batches):
    sums, total = np.zeros(2), 0.0
    for step, chunk in enumerate(batches.x.reshape(batches.steps, 2, 2)):
        sums = np.where(batches.boundaries[step], 0, sums) + chunk.sum(axis=1)
        total += sums.mean()
    return total / batches.steps


@pytest.mark.parametrize("per_step", [True, False])
def test_metrics_and_targets_of_both_kinds(per_step):
    batches = stateful_batches(ragged(), ragged(1), batch_size=2, timesteps=3, per_step=per_step)
    model = keras.Sequential(
        [
            keras.Input(batch_shape=(2, 3, 1)),
            layers.GRU(2, stateful=True, return_sequences=per_step),
            layers.Dense(1),
        ]
    )
    model.compile("sgd", "mse", weighted_metrics=["mae"])
    guard = StatefulGuard(batches.boundaries)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        model.fit(**batches.fit_arguments(), verbose=0, callbacks=[guard])
    predicted = model.predict(batches.x, batch_size=2, verbose=0, callbacks=[guard])
    assert [len(each) for each in batches.unbatch(predicted)] == (
        [9, 4, 5, 2, 7] if per_step else [3, 2, 2, 1, 3]
    )


def rows(steps, batch_size=4):
    """Return a rising series as consecutive windows of 2, row after row."""
    x = np.arange(steps * batch_size * 2, dtype="float32").reshape(-1, 2, 1)
    return x, np.zeros((len(x), 1), "float32")


def status(guard):
    return guard.report.status("stateful-broken-layout")


FIT = {"batch_size": 4, "shuffle": False, "verbose": 0}


def test_rows_that_do_not_continue_are_warned_of_and_trained():
    guard = StatefulGuard()
    with pytest.warns(StatefulPitfallWarning) as caught:
        running_sum().fit(*rows(8), epochs=2, callbacks=[guard], **FIT)
    (warning,) = (each for each in caught if each.category is StatefulPitfallWarning)
    assert str(warning.message).startswith(
        "stateful-broken-layout: the rows of the data lie row after row: each row continues the "
        "row above it, not the batch before; expected row i of every batch to continue row i"
    )
    assert "stateful_batches(" in warning.message.findings[0].remedy
    assert status(guard) == "breach"


def test_validation_and_predict_are_looked_at_too():
    right = stateful_batches(rows(8)[0].reshape(-1, 1), batch_size=4, timesteps=2).x
    model, guard = running_sum(), StatefulGuard()
    with pytest.warns(StatefulPitfallWarning, match="the rows of validation data lie row after"):
        model.fit(right, rows(8)[1], validation_data=rows(8), callbacks=[guard], **FIT)
    with pytest.warns(StatefulPitfallWarning, match="broken-layout"):
        model.predict(rows(8)[0], batch_size=4, verbose=0, callbacks=[guard])


def test_what_is_right_or_not_sure_is_quiet(recwarn):
    noise = np.random.default_rng(0).normal(size=(32, 2, 1)).astype("float32")
    sequences = [rows(1, 1)[0].reshape(-1, 1)] * 8
    for x, boundaries, expected in [
        (stateful_batches(rows(8)[0].reshape(-1, 1), batch_size=4, timesteps=2).x, None, "ok"),
        (np.copy(stateful_batches(sequences, batch_size=4, timesteps=2).x), [0, 1], "ok"),
        (rows(1)[0], None, "ok"),
        (rows(8)[0], [0, *range(1, 8)], "ok"),
        (rows(8)[0], lambda batch: batch % 2 == 0, "unknown"),
        (noise, None, "unknown"),
    ]:
        guard = StatefulGuard(boundaries, ignore={"stateful-reset-every-batch"})
        running_sum().predict(x, batch_size=4, verbose=0, callbacks=[guard])
        assert status(guard) == expected
    assert not [each for each in recwarn if issubclass(each.category, StatefulPitfallWarning)]


def test_one_row_a_batch_is_quiet(recwarn):
    guard = StatefulGuard()
    model = running_sum(1)
    model.fit(*rows(8, 1), **{**FIT, "batch_size": 1}, callbacks=[guard])
    assert status(guard) == "ok"
    assert not [each for each in recwarn if issubclass(each.category, StatefulPitfallWarning)]


def test_rows_are_only_compared_inside_sequences():
    """Each sequence is two batches long; across their borders nothing continues."""
    x = np.concatenate(
        [100 * k + np.tile(np.arange(4.0).reshape(2, 1, 2), (1, 4, 1)) for k in range(6)]
    )
    x = (x + 1000 * np.arange(4)[None, :, None]).astype("float32").reshape(-1, 2, 1)
    guard = StatefulGuard(boundaries=2)
    running_sum().predict(x, batch_size=4, verbose=0, callbacks=[guard])
    assert status(guard) == "ok"


def test_it_can_be_ignored(recwarn):
    guard = StatefulGuard(ignore={"stateful-broken-layout"})
    running_sum().fit(*rows(8), callbacks=[guard], **FIT)
    assert status(guard) == "ignored"
    assert not [each for each in recwarn if issubclass(each.category, StatefulPitfallWarning)]


def packed():
    return stateful_batches(ragged(), ragged(1), batch_size=2, timesteps=3)


@pytest.mark.parametrize("lazy", [False, True])
def test_packed_sequences_need_their_own_boundaries(lazy):
    batches = stateful_batches(ragged(), ragged(1), batch_size=2, timesteps=3, lazy=lazy)
    model = model_of(2, 3)
    model.predict(ragged()[0].reshape(1, 9, 1)[:, :3].repeat(2, 0), batch_size=2, verbose=0)
    for boundaries in (None, [3], np.roll(batches.boundaries, 1, axis=1)):
        with pytest.raises(StatefulPitfallError, match="stateful-misplaced-boundary") as caught:
            model.fit(**batches.fit_arguments(), verbose=0, callbacks=[StatefulGuard(boundaries)])
        assert "begins sequences in slot" in str(caught.value)
        assert "StatefulGuard(batches.boundaries)" in str(caught.value)
    assert steps_made(model) == 0


@pytest.mark.parametrize(
    ("turn", "remedy"),
    [
        (np.transpose, "boundaries.T"),
        (np.ravel, "boundaries.reshape(6, 2)"),
        (lambda slots: slots[:, :1], "boundaries: one column for each row of the batch"),
    ],
)
def test_boundaries_of_another_form_are_told_once(turn, remedy):
    batches = packed()
    guard = StatefulGuard(turn(batches.boundaries))
    with pytest.raises(StatefulPitfallError) as caught:
        model_of(2, 3).fit(**batches.fit_arguments(), verbose=0, callbacks=[guard])
    (finding,) = caught.value.findings
    assert finding.remedy == remedy
    assert " and " not in finding.found


def test_the_first_batch_of_boundaries_does_not_matter():
    batches, model = packed(), model_of(2, 3)
    later = batches.boundaries.copy()
    later[0] = False
    for callbacks in (
        [StatefulGuard(later)],
        [StatefulGuard(), ResetStatesOnSequence(batches.boundaries)],
        [StatefulGuard(lambda batch: batches.boundaries[batch])],
    ):
        model.predict(batches.x, batch_size=2, verbose=0, callbacks=callbacks)


def test_one_series_needs_no_boundaries():
    series = np.sin(np.arange(50, dtype="float32"))[:, None]
    batches = stateful_batches(series, series, batch_size=2, timesteps=3)
    model_of(2, 3).fit(**batches.fit_arguments(), verbose=0, callbacks=[StatefulGuard()])


def test_packed_validation_data_needs_its_boundaries_too():
    batches = packed()
    validation = (batches.x, batches.y, batches.sample_weight)
    arguments = {**batches.fit_arguments(), "validation_data": validation, "verbose": 0}
    guard = StatefulGuard(batches.boundaries)
    with pytest.raises(StatefulPitfallError, match="and validation_boundaries in no slot"):
        model_of(2, 3).fit(**arguments, callbacks=[guard])
    guard = StatefulGuard(batches.boundaries, batches.boundaries)
    model_of(2, 3).fit(**arguments, callbacks=[guard])


def test_it_is_shown_by_its_shapes():
    assert repr(packed()) == (
        "StatefulBatches(x=(12, 3, 1), y=(12, 3, 1), batch_size=2, timesteps=3, steps=6, "
        "padding=0.250, dropped=0, per_step=True)"
    )
