"""Beside Keras's own checkpoints: resumed, stopped early or interrupted. Cases V02, R13."""

from __future__ import annotations

import numpy as np
import pytest
from support import (
    KERAS_2,
    KERAS_3_0,
    ON_TENSORFLOW,
    carried,
    keras,
    layers,
    losses,
    noise,
    ones,
    running_sum,
    same,
    small_lstm,
)

from keras_stateful_guard import StatefulGuard, StatefulPitfallWarning, backup, get_states

FIT = {"batch_size": 4, "shuffle": False, "verbose": 0}
EPOCHS = 4


class BackUp(keras.callbacks.Callback):
    """Calls the hooks as a guard with reset="never" does."""

    def on_train_begin(self, logs=None):
        self.backup = backup.find(self.model, self.callbacks, self.initial_epoch)

    def on_epoch_begin(self, epoch, logs=None):
        self.said = self.backup.on_epoch_begin(epoch)

    def on_epoch_end(self, epoch, logs=None):
        self.backup.on_epoch_end(epoch)

    def on_train_end(self, logs=None):
        self.backup.on_train_end()


def never():
    return StatefulGuard(reset="never")


class Crash(keras.callbacks.Callback):
    """Raises where it is told to."""

    def __init__(self, epoch, batch=None):
        super().__init__()
        self.at = epoch, batch

    def on_epoch_begin(self, epoch, logs=None):
        self.epoch = epoch
        if self.at == (epoch, None):
            raise KeyboardInterrupt

    def on_train_batch_end(self, batch, logs=None):
        if self.at == (self.epoch, batch):
            raise RuntimeError("crash")


def states(model):
    return [each for arrays in get_states(model).values() for each in arrays]


def with_backup(folder, guard, *others, first=True, resume_at=0, **options):
    """Return the arguments of a fit that is backed up; Keras 3.0 has to be told the epoch."""
    keeper = keras.callbacks.BackupAndRestore(str(folder), **options)
    callbacks = [guard, keeper, *others] if first else [keeper, guard, *others]
    guard.callbacks, guard.initial_epoch = callbacks, resume_at
    return {**FIT, "epochs": EPOCHS, "callbacks": callbacks, "initial_epoch": resume_at}


def crashed(model, data, folder, guard, crash, **options):
    with pytest.raises((KeyboardInterrupt, RuntimeError)):
        model.fit(*data, **with_backup(folder, guard, crash, **options))


def resume_at(epoch):
    return {"resume_at": epoch if KERAS_3_0 else 0}


@pytest.mark.parametrize("crash", [(2, None), (2, 0), (2, 1)], ids=["begin", "first", "last"])
@pytest.mark.parametrize("first", [True, False])
@pytest.mark.parametrize("guard", [BackUp, never])
def test_states_that_run_on_are_resumed(crash, first, guard, tmp_path):  # V02
    crashed(carried(running_sum()), ones(8), tmp_path / "b", guard(), Crash(*crash), first=first)
    model = carried(running_sum())
    fit = with_backup(tmp_path / "b", guard(), first=first, **resume_at(2))
    assert losses(model.fit(*ones(8), **fit)) == [11.0, 15.0]
    assert not list(tmp_path.rglob("states-*"))


def momentum():
    model = small_lstm()
    model.compile(keras.optimizers.SGD(0.1, momentum=0.9), "mse")
    if KERAS_3_0:  # loads the variables of no optimizer that is not built
        model.optimizer.build(model.trainable_variables)
    return model


@pytest.mark.parametrize("guard", [never, StatefulGuard])
def test_a_resumed_fit_ends_where_an_uninterrupted_one_does(guard, tmp_path):
    whole, resumed = momentum(), momentum()
    reset = "epoch" if guard is StatefulGuard else "never"
    whole.fit(*noise(16), epochs=EPOCHS, callbacks=[StatefulGuard(reset=reset)], **FIT)
    crashed(momentum(), noise(16), tmp_path / "b", guard(), Crash(2, 1))
    resumed.fit(*noise(16), **with_backup(tmp_path / "b", guard(), **resume_at(2)))
    assert same(resumed.get_weights(), whole.get_weights())
    assert same(states(resumed), states(whole))
    assert states(whole)[0].any() == (reset == "never")


def test_a_model_made_again_in_one_process_resumes_under_other_names(tmp_path):
    def made():
        model = keras.Sequential(
            [keras.Input(batch_shape=(4, 2, 1)), layers.SimpleRNN(1, stateful=True)]
        )
        model.compile("sgd", "mse")
        return carried(model)

    crashed(made(), noise(8), tmp_path / "b", never(), Crash(2))
    saved = np.load(tmp_path / "b" / "states-2.npz")
    again, guard = made(), never()
    assert not set(get_states(again)) & {name.partition("/")[0] for name in saved.files}
    again.fit(*noise(8), **with_backup(tmp_path / "b", guard, **resume_at(2)))
    assert "epoch 2 resumes with the states in" in str(guard.report)


def test_the_same_model_resumes_too(tmp_path):
    model = carried(running_sum())
    crashed(model, ones(8), tmp_path / "b", BackUp(), Crash(2, 0))
    assert get_states(model)["sum"][0][0, 0] == 10.0  # one batch into the lost epoch
    fit = with_backup(tmp_path / "b", BackUp(), **resume_at(2))
    assert losses(model.fit(*ones(8), **fit)) == [11.0, 15.0]


def test_a_second_crash_is_resumed_too(tmp_path):
    crashed(carried(running_sum()), ones(8), tmp_path / "b", BackUp(), Crash(1, 1))
    crashed(carried(running_sum()), ones(8), tmp_path / "b", BackUp(), Crash(3, 0), **resume_at(1))
    assert sorted(each.name for each in tmp_path.rglob("states-*")) == [
        "states-2.npz",
        "states-3.npz",
    ]
    fit = with_backup(tmp_path / "b", BackUp(), **resume_at(3))
    assert losses(carried(running_sum()).fit(*ones(8), **fit)) == [15.0]


def test_a_crash_before_the_first_backup_begins_anew(tmp_path):
    crashed(carried(running_sum()), ones(8), tmp_path / "b", BackUp(), Crash(0, 1))
    fit = with_backup(tmp_path / "b", BackUp())
    assert losses(carried(running_sum()).fit(*ones(8), **fit)) == [3.0, 7.0, 11.0, 15.0]


def test_what_is_to_be_kept_is_kept(tmp_path):
    fit = with_backup(tmp_path / "b", BackUp(), delete_checkpoint=False)
    carried(running_sum()).fit(*ones(8), **fit)
    assert (tmp_path / "b" / "states-4.npz").exists()
    again = with_backup(tmp_path / "b", BackUp(), delete_checkpoint=False, **resume_at(4))
    assert losses(carried(running_sum()).fit(*ones(8), **{**again, "epochs": 5})) == [19.0]


@pytest.mark.skipif(KERAS_2, reason="Keras 2 resumes in the middle of the epoch")
def test_a_backup_of_every_batch_resumes_with_the_states_of_its_epoch(tmp_path):
    model = carried(running_sum())
    crashed(carried(running_sum()), ones(8), tmp_path / "b", BackUp(), Crash(2, 1), save_freq=1)
    fit = with_backup(tmp_path / "b", BackUp(), save_freq=1, **resume_at(2))
    assert losses(model.fit(*ones(8), **fit)) == [11.0, 15.0]


def test_states_that_are_missing_are_told_of(tmp_path):
    crashed(carried(running_sum()), ones(8), tmp_path / "b", BackUp(), Crash(2))
    (tmp_path / "b" / "states-2.npz").unlink()
    fit = with_backup(tmp_path / "b", BackUp(), **resume_at(2))
    with pytest.warns(StatefulPitfallWarning, match="epoch 2 resumes without its states"):
        running_sum().fit(*ones(8), **fit)


def test_a_stateless_model_is_left_alone(tmp_path):
    model = keras.Sequential([keras.Input((2, 1)), keras.layers.LSTM(2), keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    model.fit(*noise(8), **with_backup(tmp_path / "b", never(), delete_checkpoint=False))
    assert not list(tmp_path.rglob("states-*"))


@ON_TENSORFLOW
def test_a_folder_elsewhere_is_told_of():
    keeper = keras.callbacks.BackupAndRestore("gs://bucket/b")
    with pytest.warns(StatefulPitfallWarning, match="states are not backed up"):
        assert backup.find(running_sum(), [keeper]) is None
    assert backup.find(running_sum(), [StatefulGuard()]) is None


# Stopped or interrupted


def test_early_stopping_leaves_no_stale_state():
    stop = keras.callbacks.EarlyStopping("loss", patience=1, restore_best_weights=True)
    model = small_lstm()
    model.optimizer.learning_rate = 0.0  # nothing improves, so it stops after two epochs
    history = model.fit(*noise(16), epochs=9, callbacks=[stop, StatefulGuard()], **FIT)
    assert len(history.history["loss"]) == 2
    assert not any(each.any() for each in states(model))
    x = noise(4)[0]
    predicted, fresh = (each.predict(x, batch_size=4, verbose=0) for each in (model, small_lstm()))
    np.testing.assert_allclose(predicted, fresh, atol=1e-6)


def test_stop_training_leaves_zero_states():
    class Stop(keras.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            self.model.stop_training = batch == 0

    model = running_sum()
    model.fit(*ones(8), epochs=3, callbacks=[StatefulGuard(), Stop()], **FIT)
    assert not any(each.any() for each in states(model))


@pytest.mark.parametrize("crash", [(1, None), (1, 0)], ids=["KeyboardInterrupt", "error"])
@pytest.mark.parametrize("position", [0, 1])
def test_the_fit_after_an_interruption_starts_from_zero(crash, position):  # R13
    model = running_sum()
    callbacks = [StatefulGuard()]
    callbacks.insert(position, Crash(*crash))
    with pytest.raises((KeyboardInterrupt, RuntimeError)):
        model.fit(*ones(8), epochs=3, callbacks=callbacks, **FIT)
    assert "resets planned" in str(callbacks[1 - position].report)
    assert losses(model.fit(*ones(8), callbacks=[StatefulGuard()], **FIT)) == [3.0]


def test_an_error_inside_validation_does_not_leave_its_states_to_the_next_fit():
    class Fail(keras.callbacks.Callback):
        def on_test_batch_end(self, batch, logs=None):
            raise RuntimeError("crash")

    model, guard = running_sum(), StatefulGuard(reset="never")
    with pytest.raises(RuntimeError):
        model.fit(*ones(4), validation_data=ones(4, value=9.0), callbacks=[guard, Fail()], **FIT)
    history = model.fit(*ones(8), epochs=2, callbacks=[StatefulGuard()], **FIT)
    assert losses(history) == [3.0, 3.0]


def test_a_model_checkpoint_holds_weights_of_a_right_training(tmp_path):
    path = tmp_path / ("best.h5" if KERAS_2 else "best.weights.h5")
    keep = keras.callbacks.ModelCheckpoint(str(path), "val_loss", save_weights_only=True)
    model, loaded = small_lstm(), small_lstm(seed=9)
    fit = {**FIT, "epochs": 2, "validation_data": noise(8, seed=5)}
    model.fit(*noise(16), callbacks=[StatefulGuard(), keep], **fit)
    loaded.load_weights(path)
    assert same(loaded.get_weights(), model.get_weights())
    assert not any(each.any() for each in states(loaded))
