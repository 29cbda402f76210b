"""States that are kept apart stay so beside other callbacks of ours, and where an error comes."""

from __future__ import annotations

import numpy as np
import pytest
from support import (
    BACKEND,
    KERAS_2,
    KERAS_3_0,
    carried,
    keras,
    losses,
    noise,
    ones,
    running_sum,
    same,
)

from keras_stateful_guard import (
    IsolateEvaluation,
    ResetStatesOnEpoch,
    StatefulGuard,
    get_states,
)

FIT = {"batch_size": 4, "shuffle": False, "verbose": 0}
ENDS_ALONE = pytest.mark.skipif(
    BACKEND == "torch", reason="there Keras shows nobody that an error ends its loop"
)
TWO = {
    "never, isolate": lambda: [StatefulGuard(reset="never"), IsolateEvaluation()],
    "isolate, never": lambda: [IsolateEvaluation(), StatefulGuard(reset="never")],
    "isolate, isolate": lambda: [IsolateEvaluation(), IsolateEvaluation()],
    "guard, isolate": lambda: [StatefulGuard(), IsolateEvaluation()],
    "guard, guard": lambda: [StatefulGuard(), StatefulGuard()],
    "three": lambda: [StatefulGuard(), ResetStatesOnEpoch(), IsolateEvaluation()],
}


def states(model):
    return [each for arrays in get_states(model).values() for each in arrays]


class Stop(keras.callbacks.Callback):
    """Raises at the second batch of an evaluation."""

    def __init__(self, error=KeyboardInterrupt):
        super().__init__()
        self._error = error

    def on_test_batch_end(self, batch, logs=None):
        if batch == 1:
            raise self._error

    on_predict_batch_end = on_test_batch_end


@pytest.mark.parametrize("several", TWO.values(), ids=TWO)
def test_several_callbacks_keep_validation_apart_as_one(several):
    one, more = running_sum(), running_sum()
    never = several()[0].resets != "epoch" and several()[-1].resets != "epoch"
    first = one.fit(
        *ones(16),
        epochs=3,
        validation_data=ones(8),
        callbacks=[StatefulGuard(reset="never" if never else "epoch")],
        **FIT,
    )
    second = more.fit(*ones(16), epochs=3, validation_data=ones(8), callbacks=several(), **FIT)
    assert losses(first) == losses(second)
    assert losses(first, "val_loss") == losses(second, "val_loss")
    assert same(states(one), states(more))


@pytest.mark.parametrize("several", list(TWO.values())[1:], ids=list(TWO)[1:])
def test_several_callbacks_put_the_states_of_the_caller_back(several):
    model = carried(running_sum())
    model.predict(ones(4)[0], verbose=0)
    before = states(model)
    callbacks = [each for each in several() if getattr(each, "resets", None) != "never"]
    model.predict(ones(8)[0], batch_size=4, verbose=0, callbacks=callbacks)
    assert same(states(model), before)
    model.evaluate(*ones(8), batch_size=4, verbose=0, callbacks=callbacks)
    assert same(states(model), before)
    assert np.all(before[0] == 2)


@pytest.mark.skipif(KERAS_2 or KERAS_3_0, reason="their fit does not run inside of itself")
def test_a_fit_inside_a_fit_leaves_its_states_to_both_guards():
    class Inner(keras.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            if batch == 1:
                callbacks = [StatefulGuard(), ResetStatesOnEpoch()]
                self.model.fit(*ones(8), callbacks=callbacks, **FIT)

    plain, around = running_sum(), running_sum()
    expected = plain.fit(*ones(16), epochs=2, callbacks=[StatefulGuard()], **FIT)
    got = around.fit(*ones(16), epochs=2, callbacks=[StatefulGuard(), Inner()], **FIT)
    assert losses(expected) == losses(got)


@ENDS_ALONE
@pytest.mark.parametrize("guard", [IsolateEvaluation, lambda: StatefulGuard(reset="never")])
def test_an_interrupted_validation_leaves_the_states_of_training(guard):
    model, seen = running_sum(), []

    class Look(keras.callbacks.Callback):
        def on_train_batch_begin(self, batch, logs=None):
            seen.append(states(self.model)[0][0, 0])

    with pytest.raises(KeyboardInterrupt):
        model.fit(
            *ones(16),
            validation_data=ones(12),
            callbacks=[guard(), Stop()],
            **FIT,
        )
    assert np.all(states(model)[0] == 8)
    model.fit(*ones(8), callbacks=[Look(), guard()], **FIT)
    assert seen[0] == 8


@ENDS_ALONE
@pytest.mark.parametrize("call", ["evaluate", "predict"])
def test_an_interrupted_call_leaves_the_states_of_the_caller(call):
    model = carried(running_sum())
    model.predict(ones(4)[0], verbose=0)
    before = states(model)
    data = ones(12) if call == "evaluate" else ones(12)[:1]
    for error in (KeyboardInterrupt, LookupError):
        with pytest.raises(error):
            getattr(model, call)(
                *data, batch_size=4, verbose=0, callbacks=[StatefulGuard(), Stop(error)]
            )
        assert same(states(model), before)


@ENDS_ALONE
def test_training_goes_on_where_an_evaluation_that_failed_is_caught():
    x, y = noise(12)

    class Sample(keras.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            callbacks = [StatefulGuard(), Stop(LookupError)]
            with pytest.raises(LookupError):
                self.model.predict(x, batch_size=4, verbose=0, callbacks=callbacks)

    plain, sampled = running_sum(), running_sum()
    expected = plain.fit(x, y, epochs=2, callbacks=[StatefulGuard()], **FIT)
    got = sampled.fit(x, y, epochs=2, callbacks=[StatefulGuard(), Sample()], **FIT)
    assert expected.history == got.history
