"""What users read: arguments refused, errors, warnings, the report and the vocabulary."""

from __future__ import annotations

import pickle
import re

import numpy as np
import pytest
from support import BACKEND, compile_sum, keras, ones, running_sum

from keras_stateful_guard import (
    AssertFixedBatchSize,
    AssertNoShuffle,
    Finding,
    StatefulGuard,
    StatefulPitfallError,
    StatefulPitfallWarning,
    checks,
)
from keras_stateful_guard.pitfalls import BY_SYMBOL, PITFALLS

FIT = {"batch_size": 4, "shuffle": False, "verbose": 0}


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: StatefulGuard(ignore={"stateful-shufle"}), "did you mean 'stateful-shuffle'"),
        (lambda: StatefulGuard(ignore={"zzz"}), "known are stateful-input-shape, "),
        (
            lambda: StatefulGuard(reset="batch"),
            "reset must be one of 'epoch', 'never'; got 'batch'",
        ),
        (lambda: StatefulGuard(on_pitfall="log"), "on_pitfall must be one of 'raise', 'warn'"),
        (lambda: StatefulGuard(batch_size=0), "batch_size must be a number of rows, 1 or more"),
        (lambda: StatefulGuard(batch_size=2.0), "batch_size must be a number of rows, 1 or more"),
        (lambda: StatefulGuard(batch_size=True), "batch_size must be a number of rows, 1 or more"),
        (lambda: StatefulGuard(ignore=None), "ignore must hold symbols of pitfalls; got None"),
        (lambda: AssertFixedBatchSize(-1), "batch_size must be a number of rows, 1 or more"),
        (lambda: AssertNoShuffle(on_pitfall=True), "on_pitfall must be one of"),
    ],
)
def test_arguments_that_are_not_accepted(make, words):
    with pytest.raises(ValueError, match=re.escape(words)):
        make()


def test_a_number_of_rows_may_be_numpys():
    guard = StatefulGuard(batch_size=np.int64(4))
    running_sum().fit(*ones(8), batch_size=4, shuffle=False, verbose=0, callbacks=[guard])


def test_one_symbol_to_ignore_may_be_given_bare():
    running_sum().fit(
        *ones(8), batch_size=4, verbose=0, callbacks=[StatefulGuard(ignore="stateful-shuffle")]
    )


FINDING = Finding("stateful-shuffle", "fit(shuffle=True)", "shuffle=False", "model.fit(...)")


def test_a_finding_is_one_line_and_the_line_that_mends_it():
    assert str(FINDING) == (
        "stateful-shuffle: fit(shuffle=True); expected shuffle=False.\n    model.fit(...)"
    )


@pytest.mark.parametrize("kind", [StatefulPitfallError, StatefulPitfallWarning])
def test_errors_and_warnings_carry_their_findings(kind):
    said = kind([FINDING, FINDING])
    assert said.findings == (FINDING, FINDING)
    assert said.symbols == ("stateful-shuffle",) * 2
    assert str(said) == f"{FINDING}\n{FINDING}"
    assert pickle.loads(pickle.dumps(said)).findings == said.findings


def test_the_error_is_a_value_error_and_the_warning_a_user_warning():
    assert issubclass(StatefulPitfallError, ValueError)
    assert issubclass(StatefulPitfallWarning, UserWarning)


def test_the_report_reads_well():
    guard = StatefulGuard(ignore={"stateful-shuffled-data"})
    assert "nothing judged yet" in str(guard.report)
    running_sum().fit(*ones(8), epochs=2, validation_data=ones(4), callbacks=[guard], **FIT)
    status = {"stateful-shuffled-data": "ignored", "stateful-broken-layout": "unknown"}
    why = {"stateful-broken-layout": " (training data: its values do not change inside rows)"}
    assert str(guard.report).splitlines() == [
        "stateful guard, fit: sum",
        *(f"  {status.get(each, 'ok'):8} {each}{why.get(each, '')}" for each in checks.SYMBOLS),
        (
            "  resets planned: train begin, every epoch begin and train end; evaluation from zero, "
            "states put back after it; done: 4 in train, 2 in test"
        ),
        *(f"  note: {note}" for note in guard.report.notes),
    ]
    assert len(guard.report.notes) == (BACKEND != "tensorflow")  # of what mends the backend


def test_the_report_is_filled_when_fit_is_interrupted():
    class Interrupt(keras.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            raise KeyboardInterrupt

    guard = StatefulGuard()
    with pytest.raises(KeyboardInterrupt):
        running_sum().fit(*ones(8), callbacks=[guard, Interrupt()], **FIT)
    assert guard.report.status("stateful-shuffle") == "ok"
    assert [reset.epoch for reset in guard.report.resets] == [None, 0]


def test_what_cannot_be_looked_into_is_named():
    def batches():
        while True:
            yield ones(4)

    guard = StatefulGuard()
    running_sum().fit(batches(), steps_per_epoch=2, shuffle=False, verbose=0, callbacks=[guard])
    verdict = next(each for each in guard.report.verdicts if each.status == "unknown")
    assert verdict.detail
    assert verdict.detail in str(guard.report)


def test_a_fit_of_ones_own_is_warned_of():
    class Loop(keras.Sequential):
        def fit(self, x, y, callbacks):
            ready = keras.callbacks.CallbackList(callbacks, model=self)
            ready.on_train_begin()
            ready.on_epoch_begin(0)
            self.train_on_batch(x, y)
            ready.on_epoch_end(0)
            ready.on_train_end()

    model = Loop(running_sum().layers)
    compile_sum(model)
    guard = StatefulGuard()
    with pytest.warns(StatefulPitfallWarning, match="does not see the arguments of this fit"):
        model.fit(*ones(4), callbacks=[guard])
    assert "not judged" in str(guard.report)
    assert len(guard.report.resets) == 3


def test_a_guard_without_any_model_says_what_to_do():
    with pytest.raises(ValueError, match="pass it to model"):
        keras.callbacks.CallbackList([StatefulGuard()]).on_train_begin()


def test_every_check_is_in_the_vocabulary_once():
    assert len(set(checks.SYMBOLS)) == len(checks.SYMBOLS)
    assert set(checks.SYMBOLS) <= {each.symbol for each in PITFALLS if each.run}


def test_codes_and_symbols_are_each_their_own():
    assert len({each.code for each in PITFALLS}) == len(PITFALLS) == len(BY_SYMBOL)
    assert all(re.fullmatch(r"[EWR]87\d\d", each.code) for each in PITFALLS)
    assert all(each.lint or each.run for each in PITFALLS)
    assert all(each.what.endswith(".") and each.why and each.instead for each in PITFALLS)
