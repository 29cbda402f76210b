"""Hand-written callbacks of public code beside the guard. Cases R02 to R10, R14."""

from __future__ import annotations

import warnings

import pytest
from support import (
    KERAS_2,
    KERAS_3_0,
    keras,
    losses,
    ones,
    reset_layer,
    running_sum,
    statuses,
    steps_made,
)

from keras_stateful_guard import (
    StatefulGuard,
    StatefulPitfallError,
    StatefulPitfallWarning,
    get_states,
    preserve_states,
    reset_states,
)

FIT = {"batch_size": 4, "shuffle": False, "verbose": 0}
BEYOND = {"validation_data": ones(8, value=10.0)}


class Reset(keras.callbacks.Callback):
    def reset(self):
        reset_layer(self.model.get_layer("sum"))


class OnEpochBegin(Reset):
    def on_epoch_begin(self, epoch, logs=None):
        self.reset()


class OnEpochEnd(Reset):
    def on_epoch_end(self, epoch, logs=None):
        self.reset()


class OnTestBegin(Reset):
    def on_test_begin(self, logs=None):
        self.reset()


class AroundTest(OnTestBegin):
    def on_test_end(self, logs=None):
        self.reset()


class OnBatchBegin(Reset):
    def on_train_batch_begin(self, batch, logs=None):
        self.reset()


class OnOldBatchBegin(Reset):
    def on_batch_begin(self, batch, logs=None):
        self.reset()


class OnBatchEnd(Reset):
    def on_train_batch_end(self, batch, logs=None):
        self.reset()


class Counter(Reset):
    """Counts batches and never starts anew, so that resets move from epoch to epoch."""

    def __init__(self):
        super().__init__()
        self.counter = 0

    def on_train_batch_begin(self, batch, logs=None):
        if self.counter % 2 == 0:
            self.reset()
        self.counter += 1


class StuckCounter(Counter):
    """Counts only where it resets."""

    def on_train_batch_begin(self, batch, logs=None):
        if self.counter % 2 == 0:
            self.reset()
            self.counter += 1


class Sample(keras.callbacks.Callback):
    def on_train_batch_end(self, batch, logs=None):
        self.sample()

    def sample(self):
        self.model.predict(ones(4, value=100.0)[0], batch_size=4, verbose=0)


class SampleApart(Sample):
    def sample(self):
        with preserve_states(self.model):
            super().sample()


def fit(*callbacks, rows=24, **arguments):
    """Fit two epochs; return losses, symbols that were warned of, and the report."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        history = running_sum().fit(
            *ones(rows), callbacks=list(callbacks), **{"epochs": 2, **FIT, **arguments}
        )
    told = [each.message for each in caught if isinstance(each.message, StatefulPitfallWarning)]
    (guard,) = (each for each in callbacks if isinstance(each, StatefulGuard))
    symbols = [symbol for warning in told for symbol in warning.symbols]
    return history, symbols, guard.report


def detail(report, symbol):
    return next(each.detail for each in report.verdicts if each.symbol == symbol)


def orders(callback, **arguments):
    """Return the guard beside a callback, in both orders."""
    return [
        [StatefulGuard(**arguments), callback()],
        [callback(), StatefulGuard(**arguments)],
    ]


@pytest.mark.parametrize("kind", [OnEpochBegin, OnEpochEnd, OnTestBegin, AroundTest])
def test_a_reset_at_the_edges_of_epochs_or_validation_does_no_harm(kind):  # R02, R03, R05
    for callbacks in orders(kind):
        history, told, report = fit(*callbacks, rows=8, **BEYOND)
        assert losses(history) == [3.0, 3.0]
        assert losses(history, "val_loss") == [30.0, 30.0]
        assert told == []
        assert statuses(report) == {"ok"}


@pytest.mark.parametrize("kind", [OnEpochEnd, OnTestBegin, AroundTest])
def test_a_reset_where_states_should_run_on_is_named(kind):  # R05
    for callbacks in orders(kind, reset="never"):
        _, told, report = fit(*callbacks, rows=8, **BEYOND)
        assert told == []
        assert f"{kind.__name__}.on_" in detail(report, "stateful-misplaced-boundary")


@pytest.mark.parametrize("kind", [OnBatchBegin, OnOldBatchBegin])
def test_a_reset_before_every_batch_is_warned_of(kind):  # R14
    history, told, report = fit(kind(), StatefulGuard())
    assert losses(history) == [2.0, 2.0]
    assert told == ["stateful-reset-every-batch"]
    assert report.status("stateful-reset-every-batch") == "breach"
    _, told, report = fit(StatefulGuard(), kind())  # after the guard has looked
    assert told == []
    assert kind.__name__ in detail(report, "stateful-misplaced-boundary")


def test_a_reset_after_every_batch_is_warned_of():  # R14
    for callbacks in orders(OnBatchEnd):
        assert fit(*callbacks)[1] == ["stateful-reset-every-batch"]
        assert fit(StatefulGuard(ignore={"stateful-reset-every-batch"}), OnBatchEnd())[1] == []


@pytest.mark.parametrize("kind", [Counter, StuckCounter])
def test_resets_that_a_callback_counts_are_named_where_they_may_be_wrong(kind):  # R08, R09
    for callbacks in orders(kind):
        _, told, report = fit(*callbacks, rows=20)
        assert told == []
        said = detail(report, "stateful-misplaced-boundary")
        assert said.startswith(f"{kind.__name__}.on_train_batch_begin() resets states at batches")
        assert "boundaries=" in said


def test_declared_instead_they_are_refused_or_right():  # R08
    with pytest.raises(StatefulPitfallError, match="stateful-misplaced-boundary"):
        fit(StatefulGuard(boundaries=2), rows=20)
    history, _, report = fit(StatefulGuard(boundaries=2))
    assert losses(history) == [3.0, 3.0]
    assert report.status("stateful-misplaced-boundary") == "ok"


def test_a_lambda_that_resets_is_seen_too():
    model = running_sum()
    lambda_callback = keras.callbacks.LambdaCallback(
        on_train_batch_begin=lambda batch, logs: reset_states(model)
    )
    guard = StatefulGuard()
    with pytest.warns(StatefulPitfallWarning, match="stateful-reset-every-batch"):
        model.fit(*ones(24), callbacks=[lambda_callback, guard], **FIT)


def test_a_model_that_runs_inside_of_fit_is_named_unless_its_states_are_kept():  # R07
    history, _, report = fit(StatefulGuard(), Sample(), rows=8)
    assert "Sample.on_train_batch_end() calls predict()" in detail(
        report, "stateful-validation-leak"
    )
    assert losses(history) != [3.0, 3.0]
    history, _, report = fit(StatefulGuard(), SampleApart(), rows=8)
    assert report.status("stateful-validation-leak") == "ok"
    assert losses(history) == [3.0, 3.0]


class SampleGuarded(keras.callbacks.Callback):
    def on_train_batch_end(self, batch, logs=None):
        x = ones(4, value=100.0)[0]
        self.model.predict(x, batch_size=4, verbose=0, callbacks=[StatefulGuard()])


def test_a_guard_of_its_own_keeps_the_states_of_fit_too():
    history, _, report = fit(StatefulGuard(), SampleGuarded(), rows=8)
    assert report.status("stateful-validation-leak") == "ok"
    assert losses(history) == [3.0, 3.0]


class EvaluateWith(keras.callbacks.Callback):
    def __init__(self, guard):
        super().__init__()
        self.guard = guard

    def on_epoch_end(self, epoch, logs=None):
        self.model.evaluate(*ones(8), batch_size=4, verbose=0, callbacks=[self.guard])


def test_what_is_unknown_of_a_fit_stays_so_beside_calls_inside_it():
    def stream():
        while True:
            yield ones(4)

    guard = StatefulGuard()
    fit = {"steps_per_epoch": 2, "shuffle": False, "verbose": 0}
    running_sum().fit(stream(), callbacks=[guard, EvaluateWith(guard)], **fit)
    assert guard.report.status("stateful-shuffled-data") == "unknown"


class Call(Sample):
    def sample(self):
        return self.model(ones(4, value=100.0)[0])


class Step(Sample):
    def sample(self):
        if self.params is None:  # never: backends hand it different things
            self.model.test_step(ones(4))


class CallInLambda(Sample):
    def sample(self):
        return [self.model(each) for each in [ones(4, value=100.0)[0]]]


@pytest.mark.parametrize(
    ("kind", "runs"), [(Call, "self.model"), (Step, "test_step"), (CallInLambda, "self.model")]
)
def test_a_model_that_is_called_inside_of_fit_is_named(kind, runs):
    _, _, report = fit(StatefulGuard(), kind(), rows=8)
    assert f"calls {runs}() on the states of training" in detail(report, "stateful-validation-leak")


class LooksAtTheModel(Sample):
    def sample(self):
        self.seen = [self.model.get_layer("sum"), self.model.name, str(self.model), self.model]


def test_a_model_that_is_only_looked_at_is_not_named():
    _, told, report = fit(StatefulGuard(), LooksAtTheModel(), rows=8)
    assert told == []
    assert statuses(report) == {"ok"}


def sampling(hook):
    """Return a callback that predicts in one hook alone."""
    return type("Sampling", (keras.callbacks.Callback,), {hook: lambda self, *_, **__: run(self)})()


def run(callback):
    callback.model.predict(ones(4, value=100.0)[0], batch_size=4, verbose=0)


@pytest.mark.parametrize("hook", ["on_test_begin", "on_test_batch_begin", "on_test_batch_end"])
def test_a_model_that_runs_inside_of_validation_is_named(hook):
    history, _, report = fit(StatefulGuard(), sampling(hook), rows=8, **BEYOND)
    assert losses(history, "val_loss") != [30.0, 30.0]
    named = f"Sampling.{hook}() calls predict()"
    assert named in detail(report, "stateful-validation-leak")
    assert statuses(fit(StatefulGuard(), sampling(hook), rows=8)[2]) == {"ok"}


def test_a_model_that_runs_before_states_are_set_to_zero_is_not_named():
    for hook in ("on_test_begin", "on_epoch_begin"):
        history, _, report = fit(sampling(hook), StatefulGuard(), rows=8, **BEYOND)
        assert losses(history) == [3.0, 3.0]
        assert losses(history, "val_loss") == [30.0, 30.0]
        assert statuses(report) == {"ok"}


@pytest.mark.parametrize("call", ["evaluate", "predict"])
def test_a_model_that_runs_inside_of_evaluate_or_predict_is_named(call):
    phase = {"evaluate": "test", "predict": "predict"}[call]
    for hook in (f"on_{phase}_batch_end", f"on_{phase}_begin"):
        guard = StatefulGuard()
        x, y = ones(8)
        data = (x,) if call == "predict" else (x, y)
        getattr(running_sum(), call)(
            *data, batch_size=4, verbose=0, callbacks=[guard, sampling(hook)]
        )
        said = detail(guard.report, "stateful-validation-leak")
        assert f"calls predict() on the states of {call}" in said


class SampleAtBegin(Sample):
    on_train_batch_end = keras.callbacks.Callback.on_train_batch_end

    def on_epoch_begin(self, epoch, logs=None):
        self.sample()


def test_a_model_that_runs_between_the_reset_and_the_first_batch_is_named():
    _, _, report = fit(StatefulGuard(), SampleAtBegin(), rows=8)
    assert "SampleAtBegin.on_epoch_begin() calls predict()" in detail(
        report, "stateful-validation-leak"
    )


class Log(keras.callbacks.Callback):
    def on_train_batch_end(self, batch, logs=None):
        self.seen = [str(key) for key in logs or {}]


def test_callbacks_that_do_not_touch_states_are_not_named():
    others = [Log(), keras.callbacks.TerminateOnNaN(), keras.callbacks.ReduceLROnPlateau("loss")]
    _, told, report = fit(StatefulGuard(), *others, rows=8)
    assert told == []
    assert statuses(report) == {"ok"}


# One guard, one call at a time


class Inner(keras.callbacks.Callback):
    """Trains or evaluates a model with the guard given, inside of another fit."""

    def __init__(self, model, call, guard):
        super().__init__()
        self.inner, self.call, self.guard = model, call, guard

    def on_epoch_end(self, epoch, logs=None):
        getattr(self.inner, self.call)(
            *ones(8), batch_size=4, verbose=0, callbacks=[self.guard], **self.shuffle()
        )

    def shuffle(self):
        return {"shuffle": False} if self.call == "fit" else {}


@pytest.mark.parametrize("call", ["fit", "evaluate"])
def test_one_guard_in_two_calls_at_once_is_refused(call):
    guard, outer, inner = StatefulGuard(), running_sum(), running_sum()
    with pytest.raises(ValueError, match=f"already serves the call that this {call} runs inside"):
        outer.fit(*ones(8), callbacks=[guard, Inner(inner, call, guard)], **FIT)
    assert guard.model is outer
    assert steps_made(inner) == 0
    own = Inner(inner, call, StatefulGuard())
    history = outer.fit(*ones(8), epochs=2, callbacks=[guard, own], **FIT)
    assert losses(history) == [3.0, 3.0]


@pytest.mark.skipif(KERAS_2 or KERAS_3_0, reason="their fit does not run inside of itself")
def test_a_fit_inside_a_fit_of_the_same_model_leaves_its_states_alone():
    class FitAgain(keras.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            if batch == 0:
                self.model.fit(*ones(12), callbacks=[StatefulGuard()], **FIT)
                found.append(get_states(self.model)["sum"][0][0, 0])

    model, found = running_sum(), []
    model.fit(*ones(8), callbacks=[StatefulGuard(), FitAgain()], **FIT)
    assert found == [2.0]
