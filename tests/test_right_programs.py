"""What is right stays as it is: every source, masks, copies. Cases R06, P02."""

from __future__ import annotations

import copy
import pickle

import numpy as np
import pytest
from support import (
    BUILDS_IN_FIT,
    KERAS_3_0,
    carried,
    compile_sum,
    keras,
    losses,
    noise,
    ones,
    reset_layer,
    running_sum,
    same,
    small_lstm,
    statuses,
    tf,
)

from keras_stateful_guard import StatefulGuard, get_states

FIT = {"batch_size": 4, "shuffle": False, "verbose": 0}


def states(model):
    return [each for arrays in get_states(model).values() for each in arrays]


class ByHand(keras.callbacks.Callback):
    """Resets as a careful user would write them, validation kept apart by hand."""

    def on_epoch_begin(self, epoch, logs=None):
        reset_layer(self.model.get_layer("lstm"))

    def on_test_begin(self, logs=None):
        reset_layer(self.model.get_layer("lstm"))


class Batches(keras.utils.Sequence):
    def __len__(self):
        return 4

    def __getitem__(self, index):
        return tuple(each[4 * index : 4 * index + 4] for each in noise(16))


def endless():
    while True:
        yield from (Batches()[index] for index in range(4))


SOURCES = {
    "tensors": lambda: {"x": tf.constant(noise(16)[0]), "y": noise(16)[1], "batch_size": 4},
    "dataset": lambda: {"x": tf.data.Dataset.from_tensor_slices(noise(16)).batch(4)},
    "sequence": lambda: {"x": Batches()},
    "generator": lambda: {"x": endless(), "steps_per_epoch": 4},
    "weighted": lambda: dict(
        zip(("x", "y"), noise(16), strict=True), sample_weight=np.ones(16), batch_size=4
    ),
    "steps": lambda: dict(zip(("x", "y"), noise(16), strict=True), steps_per_epoch=4, batch_size=4),
}


WAYS = [
    *((source, {}) for source in SOURCES),
    ("dataset", {"jit_compile": True}),
    ("dataset", {"run_eagerly": True}),
]


@pytest.mark.filterwarnings("ignore:Your input ran out of data:UserWarning")  # Keras 3.0 says so
@pytest.mark.parametrize(("source", "compiled"), WAYS, ids=str)
def test_every_source_trains_as_with_resets_by_hand(source, compiled):
    found = []
    for callback in (ByHand(), StatefulGuard()):
        model = small_lstm()
        model.compile(keras.optimizers.SGD(0.1), "mse", **compiled)
        carried(model)
        history = model.fit(
            **SOURCES[source](),
            epochs=3,
            shuffle=False,
            verbose=0,
            validation_data=noise(8, seed=5),
            validation_batch_size=4,
            callbacks=[callback],
        )
        found.append((history.history, model.get_weights()))
    (first, by_hand), (second, guarded) = found
    assert first == second
    assert same(by_hand, guarded)


def last(model, **arguments):
    predicted = model.predict(ones(4)[0], batch_size=4, verbose=0, **arguments)
    return predicted[:, 0].tolist()


def test_predict_and_evaluate_one_after_the_other_start_from_zero():  # R06
    model, guard = running_sum(), StatefulGuard()
    assert [last(model, callbacks=[guard]) for _ in range(2)] == [[2.0] * 4] * 2
    assert model.evaluate(*ones(4), batch_size=4, verbose=0, callbacks=[guard]) == 2.0
    guard = StatefulGuard(reset="never")
    assert [last(model, callbacks=[guard])[0] for _ in range(2)] == [2.0, 4.0]
    assert model.evaluate(*ones(4), batch_size=4, verbose=0, callbacks=[guard]) == 6.0


@BUILDS_IN_FIT
def test_a_predict_that_builds_the_model_leaves_zero_states():
    model = keras.Sequential([keras.layers.SimpleRNN(1, stateful=True)])
    compile_sum(model)
    last(model, callbacks=[StatefulGuard(batch_size=4)])
    assert not states(model)[0].any()


def test_padding_that_is_masked_leaves_its_row_alone():  # P02
    x = ones(8)[0]
    x[5] = 0  # row 1 of the second batch is nothing but padding
    model = keras.Sequential(
        [keras.Input(batch_shape=(4, 2, 1)), keras.layers.Masking(), *running_sum().layers]
    )
    compile_sum(model)
    guard = StatefulGuard(reset="never")
    model.predict(x, batch_size=4, verbose=0, callbacks=[guard])
    assert states(model)[0][:, 0].tolist() == [4.0, 2.0, 4.0, 4.0]
    assert statuses(guard.report) == {"ok"}


def test_a_layer_whose_states_are_no_variables_is_left_alone():
    class Holder(keras.layers.Layer):
        stateful = True
        states = (np.zeros(3),)

        def call(self, x):
            return x

    model = keras.Sequential([keras.Input(batch_shape=(4, 2, 1)), Holder(), *running_sum().layers])
    compile_sum(model)
    assert losses(model.fit(*ones(8), epochs=2, callbacks=[StatefulGuard()], **FIT)) == [3.0] * 2


@pytest.mark.skipif(KERAS_3_0, reason="its callbacks cannot be copied once they have a model")
@pytest.mark.filterwarnings("ignore:The object being serialized")
def test_a_guard_is_copied_and_pickled_before_and_after_a_fit():
    class Interrupt(keras.callbacks.Callback):
        def on_test_batch_end(self, batch, logs=None):
            raise KeyboardInterrupt

    guard = StatefulGuard(ResetsAt(), ignore={"stateful-shuffle"})
    used, interrupted = copy.deepcopy(guard), pickle.loads(pickle.dumps(guard))
    small_lstm().fit(*noise(16), callbacks=[used], **FIT)
    with pytest.raises(KeyboardInterrupt):
        small_lstm().fit(
            *noise(16), validation_data=noise(4), callbacks=[interrupted, Interrupt()], **FIT
        )
    for each in (guard, used, interrupted):
        for copied in (copy.deepcopy(each), pickle.loads(pickle.dumps(each))):
            history = running_sum().fit(*ones(16), batch_size=4, verbose=0, callbacks=[copied])
            assert losses(history) == [3.0]
            assert copied.report.status("stateful-shuffle") == "ignored"


class ResetsAt:
    def __call__(self, batch):
        return batch == 2
