"""What all callbacks share: thin hooks that read the call, judge it, and act on its states."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import numpy as np

from keras_stateful_guard import backup, keras_api, others, reading, states
from keras_stateful_guard.arguments import OnPitfall, ResetWhen, positive
from keras_stateful_guard.backends import Carried
from keras_stateful_guard.backup import StateBackup
from keras_stateful_guard.boundaries import Boundaries
from keras_stateful_guard.canary import Canary
from keras_stateful_guard.carrying import carry
from keras_stateful_guard.judging import Judge
from keras_stateful_guard.keras_api import RunningCall
from keras_stateful_guard.plan import FitPlan, Seen
from keras_stateful_guard.report import Phase, Report, Reset, planned
from keras_stateful_guard.verification import verify_batches

_Callback: Any = keras_api.keras().callbacks.Callback
NOT_BUILT = "not built"  # states that are made by the first batch, which finds them zero
Logs = dict[str, Any] | None


class Guarding(_Callback):  # type: ignore[misc]  # Keras is not typed
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
        boundaries: Any = None,
        validation_boundaries: Any = None,
        verify_batches: bool = False,
    ) -> None:
        super().__init__()
        self._batch_size = positive(batch_size)
        self._judge = Judge(type(self).__name__, ignore, on_pitfall)
        self._boundaries = None if boundaries is None else Boundaries(boundaries)
        self._validation_boundaries = (
            None
            if validation_boundaries is None
            else Boundaries(validation_boundaries, "validation_boundaries")
        )
        self._verify_batches = verify_batches
        self._kept: list[object] = []
        self._plan: FitPlan | None = None
        self._watching: frozenset[str] = frozenset()
        self._pass_begins: Seen | None = None
        self._epoch: int | None = None
        self._evaluated = False
        self._evaluation_boundaries: Boundaries | None = None
        self._validation_verified = False
        self._canary: Canary | None = None
        self._backup: StateBackup | None = None
        self._carried = Carried()

    # Training

    def on_train_begin(self, logs: Logs = None) -> None:
        """Judge the fit before its first step; then start it from zero states."""
        call = self._begin_call("fit")
        ours = self._ours(call)
        for each in ours if ours[0] is self else ():
            each._kept.clear()
        if call is not None and call.inside_fit:
            self._keep([each for each in ours if each.resets == "epoch"])  # of the fit around it
        self._carried.undo()  # of a fit that was interrupted
        self._carried = self._carry()
        self._epoch, self._evaluated, self._pass_begins = None, False, None
        self._validation_verified = False
        meddling = self._plan.meddling if self._plan is not None else ()
        self._canary = Canary(meddling) if "stateful-backend" in self.judges else None
        self._watching = frozenset(self.watches) if self._last_watcher(call) else frozenset()
        self._backup = None
        if self.resets == "epoch":
            self._reset("train")
        elif self.resets == "never" and call is not None and self._plan is not None:
            first_epoch = call.arguments.get("initial_epoch", 0)
            self._backup = backup.find(self.model, call.callbacks, first_epoch)

    def on_epoch_begin(self, epoch: int, logs: Logs = None) -> None:
        """Start the epoch from zero states."""
        first, self._epoch = self._epoch is None, epoch
        if self.resets == "epoch":
            self._reset("train")
        elif self._watching and not first:
            self._pass_begins = Seen("train", epoch, False, self._evaluated)
        if self._backup is not None and states.find_bank(self.model) is not None:
            said = self._backup.on_epoch_begin(epoch)
            self.report.notes += [said] if said else []
        self._evaluated = False

    def on_train_batch_begin(self, batch: int, logs: Logs = None) -> None:
        """Start the sequences that begin at this batch from zero states."""
        if self._pass_begins is not None:
            self._look()
        if self._canary is not None and batch >= self._canary.due:
            self._probe(batch, self._canary)
        if self._boundaries is not None:
            self._reset_at("train", batch, self._boundaries)

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        """Tell of states that a whole epoch has left at zero; back the states up."""
        canary, self._canary = self._canary, None
        if canary is not None and canary.looks and self._plan is not None:
            if not canary.resetter:
                self._probe(canary.due, canary)
            self._judge.tell(canary.finding(self._plan.model.stateful_layer))
        if self._backup is not None:
            self._backup.on_epoch_end(epoch)

    def on_train_end(self, logs: Logs = None) -> None:
        """Leave zero states behind."""
        if self.resets == "epoch":
            self._reset("train")
        if self._backup is not None:
            self._backup.on_train_end()
        self._put_back()
        self._carried.undo()
        self._epoch, self._pass_begins = None, None

    # Validation inside fit, evaluate and predict

    def on_test_begin(self, logs: Logs = None) -> None:
        """Judge an evaluate; put the states of training aside."""
        self._set_aside("test")

    def on_test_batch_begin(self, batch: int, logs: Logs = None) -> None:
        """Start the sequences that begin at this batch from zero states."""
        if self._pass_begins is not None:
            self._look()
        if self._evaluation_boundaries is not None:
            self._reset_at("test", batch, self._evaluation_boundaries)

    def on_test_end(self, logs: Logs = None) -> None:
        """Put the states of training back."""
        self._put_back()

    def on_predict_begin(self, logs: Logs = None) -> None:
        """Judge a predict; put the states aside."""
        self._set_aside("predict")

    def on_predict_batch_begin(self, batch: int, logs: Logs = None) -> None:
        """Start the sequences that begin at this batch from zero states."""
        if self._evaluation_boundaries is not None:
            self._reset_at("predict", batch, self._evaluation_boundaries)

    def on_predict_end(self, logs: Logs = None) -> None:
        """Put the states back."""
        self._put_back()

    # How

    def _begin_call(self, name: str) -> RunningCall | None:
        """Read and judge the call that has just begun; raise with nothing changed."""
        call = keras_api.running_call(self.model)
        self._plan = None
        if call is None:
            self._judge.cannot_see(name, self.model, self.judges)
            return None
        others.refuse_two_calls_at_once(self, call)
        if self.model is None:
            self.set_model(call.model)
        plan = self._read(call)
        if not self._judge.begin(plan.call, [layer.name for layer in plan.model.layers]):
            return call
        ours = self._ours(call)
        self._plan = replace(
            plan,
            resets=next((each.resets for each in ours if each.resets), None),
            isolates=any(each.isolates for each in ours),
            meddling=others.meddling(call, Guarding, self.resets == "never"),
        )
        self.report.planned = planned(self.resets, self.sets_boundaries, self.isolates)
        self._judge.judge(self._plan, self.judges)
        if self._verify_batches:
            self.report.notes.append(self._verified(call, self._plan))
        return call

    def _verified(self, call: RunningCall, plan: FitPlan) -> str:
        return verify_batches(call, plan.batch_size, self._judge.fail)

    def _carry(self) -> Carried:
        """Let the loop that has begun carry states, on a backend where it would not."""
        carried = carry(self.model)
        if carried.note and carried.note not in self.report.notes:
            self.report.notes.append(carried.note)
        return carried

    def _read(self, call: RunningCall) -> FitPlan:
        ours = [self, *(each for each in call.callbacks if isinstance(each, Guarding))]
        sets = next((each for each in ours if each.sets_boundaries), self)
        declared = self._batch_size, sets._boundaries, sets._validation_boundaries
        return reading.read_call(call, *declared, looks="stateful-broken-layout" in self.judges)

    def _last_watcher(self, call: RunningCall | None) -> bool:
        """Return whether nothing that comes later in the list may reset before a batch."""
        if call is None or self not in call.callbacks:
            return False
        return not any(
            (each.watches or each.sets_boundaries)
            if isinstance(each, Guarding)
            else others.acts_before_batches(each)
            for each in call.callbacks[call.callbacks.index(self) + 1 :]
        )

    @property
    def report(self) -> Report:
        """What was judged and done in the last call; readable when printed."""
        return self._judge.report

    @property
    def sets_boundaries(self) -> bool:
        """Whether this callback resets inside an epoch."""
        return self._boundaries is not None or self._validation_boundaries is not None

    def _look(self) -> None:
        """Judge what the states show where nobody of ours is in charge, once a pass."""
        seen, self._pass_begins = self._pass_begins, None
        bank = states.find_bank(self.model)
        if seen is None or self._plan is None or bank is None:
            return
        plan = replace(self._plan, seen=replace(seen, carried=bank.carried()))
        self._watching -= self._judge.judge_seen(plan, self._watching)

    def _probe(self, batch: int, canary: Canary) -> None:
        bank = states.find_bank(self.model)
        if bank is not None:
            canary.look(batch, bank.carried())
        if canary.done:
            self._canary = None

    def _set_aside(self, phase: Phase) -> None:
        call = keras_api.running_call(self.model)
        in_fit = call is not None and call.inside_fit
        validates = call is not None and call.arguments.get("use_cached_eval_dataset", False)
        self._evaluation_boundaries = self._boundaries
        if call is None or not call.inside_fit:
            self._begin_call("evaluate" if phase == "test" else "predict")
        elif validates:
            self._evaluation_boundaries = self._validation_boundaries
            if self._verify_batches and self._plan is not None and not self._validation_verified:
                self._validation_verified = True
                self.report.notes.append(self._verified(call, self._plan))
        else:
            self._judge_inside_fit(call)
        self._carry()
        ours = self._ours(call)
        apart = [each for each in ours if each.isolates and (in_fit or each.resets != "never")]
        self._keep(apart)
        if call is not None and self is ours[0]:
            keras_api.on_error(call, "put back", lambda _: self._interrupted(call.model, ours))
        if self in apart:
            self._reset(phase)
        if self._watching and in_fit and phase == "test" and self._epoch is not None:
            self._pass_begins = Seen("test", self._epoch, False)
        self._evaluated = True

    def _judge_inside_fit(self, call: RunningCall) -> None:
        """Judge an evaluate or predict that another callback makes; the report stays the fit's."""
        plan = self._read(call)
        if plan.model.layers:
            plan = replace(plan, isolates=self.isolates)
            self._judge.judge_inside(plan, self.judges)

    def _ours(self, call: RunningCall | None) -> list[Guarding]:
        """Return the callbacks of ours that a call was given, in order."""
        given = call.callbacks if call is not None else ()
        ours = [each for each in given if isinstance(each, Guarding)]
        return ours if self in ours else [self]

    def _keep(self, apart: list[Guarding]) -> None:
        """Keep the states, once for all that keep them apart.

        The first of them does so and the last puts them back: what the others do lies between.
        """
        if apart and apart[0] is self:
            bank = states.find_bank(self.model)
            apart[-1]._kept.append(bank.snapshot() if bank else NOT_BUILT)
        if not apart or apart[-1] is not self:
            self._kept.append(None)

    @staticmethod
    def _interrupted(model: Any, ours: list[Guarding]) -> None:
        """Leave a model whose evaluation an error ends as it was before."""
        keras_api.sync(model)  # where a loop on jax has emptied it
        for each in ours:
            each._put_back()

    def _put_back(self) -> None:
        kept = self._kept.pop() if self._kept else None
        if kept is not None and (bank := states.find_bank(self.model)) is not None:
            bank.zero() if kept == NOT_BUILT else bank.restore(kept)

    def _reset_at(self, phase: Phase, batch: int, boundaries: Boundaries) -> None:
        expected = self._plan.batch_size if self._plan else None
        try:
            slots = boundaries.slots(batch, expected)
        except BaseException:
            keras_api.sync(self.model)  # where a loop on jax would leave it without values
            raise
        if slots is not None:
            self._reset(phase, batch, None if slots is True else slots)

    def _reset(
        self, phase: Phase, batch: int | None = None, slots: np.ndarray | None = None
    ) -> None:
        bank = states.find_bank(self.model)
        if bank is None:
            return
        bank.zero(slots)
        rows = None if slots is None else tuple(np.flatnonzero(slots).tolist())
        self.report.resets.append(Reset(phase, self._epoch, batch, rows))
