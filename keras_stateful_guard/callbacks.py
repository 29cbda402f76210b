"""The callbacks: thin hooks that read the call, judge it, and keep its states apart."""

from __future__ import annotations

import difflib
import warnings
from collections.abc import Iterable
from dataclasses import replace
from typing import Any, Literal

from keras_stateful_guard import checks, keras_api, reading, states
from keras_stateful_guard.backends import StateBank
from keras_stateful_guard.errors import StatefulPitfallError, StatefulPitfallWarning
from keras_stateful_guard.keras_api import RunningCall
from keras_stateful_guard.pitfalls import BY_SYMBOL
from keras_stateful_guard.plan import FitPlan, Seen
from keras_stateful_guard.report import Phase, Report, Reset, Verdict

OnPitfall = Literal["raise", "warn"]
ResetWhen = Literal["epoch", "never"]
SEEN_WHILE_RUNNING = ("stateful-missing-reset", "stateful-validation-leak")

_Callback: Any = keras_api.keras().callbacks.Callback


class _Guarding(_Callback):  # type: ignore[misc]  # Keras is not typed
    """What all the callbacks share; each switches on the parts it stands for."""

    judges: tuple[str, ...] = ()
    watches: tuple[str, ...] = ()
    resets: ResetWhen | None = None
    isolates = False

    def __init__(
        self,
        batch_size: int | None = None,
        ignore: Iterable[str] = (),
        on_pitfall: OnPitfall = "raise",
    ) -> None:
        super().__init__()
        self._batch_size = _positive(batch_size)
        self._ignore = _symbols(ignore)
        self._on_pitfall = _one_of("on_pitfall", on_pitfall, ("raise", "warn"))
        self.report = Report()
        self._kept: list[tuple[StateBank | None, object]] = []
        self._plan: FitPlan | None = None
        self._watching: frozenset[str] = frozenset()
        self._pass_begins: Seen | None = None
        self._epoch: int | None = None
        self._evaluated = False

    # Training

    def on_train_begin(self, logs: dict[str, Any] | None = None) -> None:
        """Judge the fit before its first step; then start it from zero states."""
        call = self._begin_call("fit")
        self._kept.clear()
        self._epoch, self._evaluated, self._pass_begins = None, False, None
        self._watching = frozenset(self.watches) if self._last_watcher(call) else frozenset()
        if self.resets == "epoch":
            self._reset("train")

    def on_epoch_begin(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Start the epoch from zero states."""
        first, self._epoch = self._epoch is None, epoch
        if self.resets == "epoch":
            self._reset("train")
        elif self._watching and not first:
            self._pass_begins = Seen("train", epoch, False, self._evaluated)
        self._evaluated = False

    def on_train_batch_begin(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        """Look at the states of which nobody else is in charge, once a pass."""
        if self._pass_begins is not None:
            self._look()

    def on_train_end(self, logs: dict[str, Any] | None = None) -> None:
        """Leave zero states behind."""
        if self.resets == "epoch":
            self._reset("train")
        self._epoch, self._pass_begins = None, None

    # Validation inside fit, evaluate and predict

    def on_test_begin(self, logs: dict[str, Any] | None = None) -> None:
        """Judge an evaluate; put the states of training aside."""
        self._set_aside("test")

    def on_test_batch_begin(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        """Look at the states of which nobody else is in charge, once a pass."""
        if self._pass_begins is not None:
            self._look()

    def on_test_end(self, logs: dict[str, Any] | None = None) -> None:
        """Put the states of training back."""
        self._put_back()

    def on_predict_begin(self, logs: dict[str, Any] | None = None) -> None:
        """Judge a predict; put the states aside."""
        self._set_aside("predict")

    def on_predict_end(self, logs: dict[str, Any] | None = None) -> None:
        """Put the states back."""
        self._put_back()

    # How

    def _begin_call(self, name: str) -> RunningCall | None:
        """Read and judge the call that has just begun; raise with nothing changed."""
        call = keras_api.running_call(self.model)
        self._plan = None
        if call is None:
            self._report_hidden(name)
            return None
        if self.model is None:
            self.set_model(call.model)
        plan = reading.read_call(call, self._batch_size)
        self.report = Report(plan.call, tuple(layer.name for layer in plan.model.layers))
        if not plan.model.layers:
            self.report.notes.append("the model has no stateful layer; nothing to judge")
            return call
        ours = [each for each in call.callbacks if isinstance(each, _Guarding)] or [self]
        self._plan = replace(
            plan,
            resets=next((each.resets for each in ours if each.resets), None),
            isolates=any(each.isolates for each in ours),
        )
        self.report.planned = _planned(self)
        self._pronounce(checks.judge(self._plan, self.judges, self._ignore))
        return call

    def _report_hidden(self, name: str) -> None:
        if self.model is None:
            message = (
                f"{type(self).__name__} has no model: pass it to model.fit(callbacks=[...]), or "
                "give CallbackList(...) a model"
            )
            raise ValueError(message)
        self.report = Report(name, tuple(states.stateful_layers(self.model)))
        if not self.report.layers:
            self.report.notes.append("the model has no stateful layer; nothing to judge")
            return
        note = (
            f"{type(self).__name__} does not see the arguments of this {name}, which is not "
            f"Keras's own: batch size and order are not judged ({', '.join(self.judges)})"
        )
        self.report.notes.append(note)
        if self.judges:
            self._warn(StatefulPitfallWarning(note=note))

    def _pronounce(self, verdicts: list[Verdict]) -> None:
        for verdict in verdicts:
            self.report.settle(verdict)
        found = [each.finding for each in verdicts if each.finding is not None]
        fatal = [
            finding
            for finding in found
            if self._on_pitfall == "raise" and BY_SYMBOL[finding.symbol].run == "raise"
        ]
        if fatal:
            raise StatefulPitfallError(found)
        if found:
            self._warn(StatefulPitfallWarning(found))

    @staticmethod
    def _warn(warning: StatefulPitfallWarning) -> None:
        warnings.warn(warning, stacklevel=keras_api.user_stacklevel())

    def _last_watcher(self, call: RunningCall | None) -> bool:
        """Return whether nothing that comes later in the list may reset before a batch."""
        if call is None or self not in call.callbacks:
            return False
        later = call.callbacks[call.callbacks.index(self) + 1 :]
        return not any(
            (isinstance(each, _Guarding) and each.watches)
            or keras_api.overrides(each, "on_train_batch_begin", "on_batch_begin")
            for each in later
            if not type(each).__module__.startswith(("keras.", "tf_keras."))
        )

    def _look(self) -> None:
        seen, self._pass_begins = self._pass_begins, None
        bank = states.find_bank(self.model)
        if seen is None or self._plan is None or bank is None:
            return
        plan = replace(self._plan, seen=replace(seen, carried=bank.carried()))
        verdicts = checks.judge(plan, self._watching, self._ignore)
        verdicts = [each for each in verdicts if each.status != "unknown"]
        self._watching -= {each.symbol for each in verdicts if each.status == "breach"}
        self._pronounce(verdicts)

    def _set_aside(self, phase: Phase) -> None:
        call = keras_api.running_call(self.model)
        in_fit = call is not None and call.inside_fit
        if call is None or not call.inside_fit:
            self._begin_call("evaluate" if phase == "test" else "predict")
        elif not call.arguments.get("use_cached_eval_dataset"):
            self._judge_inside_fit(call)
        bank = states.find_bank(self.model) if self.isolates else None
        if bank is None or (self.resets == "never" and not in_fit):
            self._kept.append((None, None))
        else:
            self._kept.append((bank, bank.snapshot()))
            self._reset(phase)
        if self._watching and in_fit and phase == "test" and self._epoch is not None:
            self._pass_begins = Seen("test", self._epoch, False)
        self._evaluated = True

    def _judge_inside_fit(self, call: RunningCall) -> None:
        """Judge an evaluate or predict that another callback makes; the report stays the fit's."""
        plan = reading.read_call(call, self._batch_size)
        if plan.model.layers:
            self._pronounce(checks.judge(plan, self.judges, self._ignore))

    def _put_back(self) -> None:
        if not self._kept:
            return
        bank, kept = self._kept.pop()
        if bank is not None:
            bank.restore(kept)

    def _reset(self, phase: Phase) -> None:
        bank = states.find_bank(self.model)
        if bank is not None:
            bank.zero()
            self.report.resets.append(Reset(phase, self._epoch, None, None))


def _planned(callback: _Guarding) -> str:
    resets = {
        "epoch": "train begin, every epoch begin and train end",
        "never": "none in training",
        None: "",
    }[callback.resets]
    apart = "evaluation from zero, states put back after it" if callback.isolates else ""
    return "; ".join(filter(None, (resets, apart)))


def _positive(batch_size: int | None) -> int | None:
    if batch_size is None or (isinstance(batch_size, int) and batch_size >= 1):
        return batch_size
    message = f"batch_size must be a number of rows, 1 or more, or None; got {batch_size!r}"
    raise ValueError(message)


def _one_of(name: str, value: Any, accepted: tuple[str, ...]) -> Any:
    if value in accepted:
        return value
    message = f"{name} must be one of {', '.join(map(repr, accepted))}; got {value!r}"
    raise ValueError(message)


def _symbols(ignore: Iterable[str]) -> frozenset[str]:
    given = frozenset([ignore] if isinstance(ignore, str) else ignore)
    for symbol in sorted(given - set(BY_SYMBOL)):
        near = difflib.get_close_matches(symbol, BY_SYMBOL, n=3, cutoff=0.4)
        hint = f"did you mean {' or '.join(map(repr, near))}?" if near else ""
        accepted = hint or f"known are {', '.join(BY_SYMBOL)}"
        message = f"ignore holds {symbol!r}, which is no pitfall; {accepted}"
        raise ValueError(message)
    return given


class StatefulGuard(_Guarding):
    """Keeps the states of a stateful model right through fit, evaluate and predict.

    Before the first step it refuses a call whose batch size is not fixed or whose order of batches
    is not stable. While the call runs, it starts every epoch from zero states and keeps the states
    of validation apart from those of training. `evaluate` and `predict` called with it start from
    zero states and leave the model's states as they were.

    Args:
        reset: `"epoch"`: states are zero at train begin, at every epoch begin and at train end.
            `"never"`: states run on across epochs, and through evaluate and predict.
        batch_size: Rows per batch, for data that cannot be looked into.
        ignore: Symbols of pitfalls not to judge, such as `{"stateful-shuffled-data"}`.
        on_pitfall: `"raise"`, or `"warn"` to let the call go on.

    Attributes:
        report: What was judged and done in the last call; readable when printed.

    Raises:
        ValueError: An argument is not one of those accepted.
        StatefulPitfallError: By `fit`, `evaluate` or `predict`, before the first step, naming
            every pitfall found; weights, optimizer and states are as they were.

    Example:

    ```python
    model.fit(x, y, batch_size=4, shuffle=False, epochs=3, callbacks=[StatefulGuard()])
    ```
    """

    judges = checks.SYMBOLS
    isolates = True

    def __init__(
        self,
        *,
        reset: ResetWhen = "epoch",
        batch_size: int | None = None,
        ignore: Iterable[str] = (),
        on_pitfall: OnPitfall = "raise",
    ) -> None:
        super().__init__(batch_size, ignore, on_pitfall)
        self.resets = _one_of("reset", reset, ("epoch", "never"))


class ResetStatesOnEpoch(_Guarding):
    """Sets states to zero at train begin, at every epoch begin and at train end.

    Validation inside fit is not kept apart; it warns of `stateful-validation-leak` where nothing
    else does that.

    Example:

    ```python
    model.fit(x, y, batch_size=4, shuffle=False, epochs=3, callbacks=[ResetStatesOnEpoch()])
    ```
    """

    watches = ("stateful-validation-leak",)
    resets = "epoch"

    def __init__(self) -> None:
        super().__init__()


class AssertFixedBatchSize(_Guarding):
    """Refuses a call whose batches do not all have the rows the model is fixed to.

    It changes no state. Where nobody resets states between epochs or keeps validation apart, it
    warns of `stateful-missing-reset` and `stateful-validation-leak`.

    Args:
        batch_size: Rows per batch, for data that cannot be looked into.
        on_pitfall: `"raise"`, or `"warn"` to let the call go on.

    Raises:
        ValueError: An argument is not one of those accepted.
        StatefulPitfallError: By `fit`, `evaluate` or `predict`, before the first step.

    Example:

    ```python
    model.fit(x, y, batch_size=4, shuffle=False, callbacks=[AssertFixedBatchSize()])
    ```
    """

    judges = (
        "stateful-input-shape",
        "stateful-batch-size-mismatch",
        "stateful-partial-batch",
    )
    watches = SEEN_WHILE_RUNNING

    def __init__(self, batch_size: int | None = None, *, on_pitfall: OnPitfall = "raise") -> None:
        super().__init__(batch_size, on_pitfall=on_pitfall)


class AssertNoShuffle(_Guarding):
    """Refuses a call whose order of batches is not stable.

    It changes no state. Where nobody resets states between epochs or keeps validation apart, it
    warns of `stateful-missing-reset` and `stateful-validation-leak`.

    Args:
        on_pitfall: `"raise"`, or `"warn"` to let the call go on.

    Raises:
        ValueError: An argument is not one of those accepted.
        StatefulPitfallError: By `fit`, `evaluate` or `predict`, before the first step.

    Example:

    ```python
    model.fit(x, y, batch_size=4, shuffle=False, callbacks=[AssertNoShuffle()])
    ```
    """

    judges = ("stateful-shuffle", "stateful-shuffled-data")
    watches = SEEN_WHILE_RUNNING

    def __init__(self, *, on_pitfall: OnPitfall = "raise") -> None:
        super().__init__(on_pitfall=on_pitfall)


class IsolateEvaluation(_Guarding):
    """Keeps the states of validation, evaluate and predict apart from those of training.

    They are saved and set to zero when an evaluation begins and put back when it ends, so that
    training goes on as if no validation had run.

    Example:

    ```python
    model.fit(x, y, batch_size=4, shuffle=False, validation_data=(x_val, y_val),
              callbacks=[ResetStatesOnEpoch(), IsolateEvaluation()])
    ```
    """

    isolates = True

    def __init__(self) -> None:
        super().__init__()
