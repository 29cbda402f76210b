"""The callback that records states while a model runs."""

from __future__ import annotations

from typing import Any

import numpy as np

from keras_stateful_guard import history, keras_api, others, states, structure
from keras_stateful_guard.guarding import Guarding
from keras_stateful_guard.history import Batch, Pass, SeenPhase, SeenReset, Series
from keras_stateful_guard.keras_api import RunningCall
from keras_stateful_guard.norms import Norms, Recorded, joined
from keras_stateful_guard.plan import CallName
from keras_stateful_guard.sources import arrays
from keras_stateful_guard.tensorboard import Scalars
from keras_stateful_guard.watched import WatchedBank

_Callback: Any = keras_api.keras().callbacks.Callback
CALLS: dict[SeenPhase, CallName] = {
    "train": "fit",
    "validation": "evaluate",
    "evaluate": "evaluate",
    "predict": "predict",
}
Logs = dict[str, Any] | None


class StateMonitor(_Callback):  # type: ignore[misc]  # Keras is not typed
    """Records the states of a stateful model, batch by batch, in fit, evaluate and predict.

    It changes nothing. For every batch it keeps the norm of each layer's state (over all its
    arrays and rows) before and after the batch. Resets are those that a guard reports, and those
    seen by hand: a layer's states are zero that the batch before left otherwise. A reset of single
    rows by hand is not told; it shows as a batch that starts from another norm than the one before
    left. Calls that it is passed to are recorded one after another; a new monitor starts afresh.
    Under `steps_per_execution` one batch recorded stands for all those of one execution.

    On jax every batch recorded gives all variables of the model their values back, and the next
    step gathers them again: there it costs more the more variables the model has.

    Args:
        log_dir: Where to write the norms for TensorBoard too, beside what Keras's own callback
            writes; nowhere by default. Needs tensorflow, on every backend.

    Attributes:
        norms: By layer path, the norm of the state that each batch left, `(batches,)`.
        starts: By layer path, the norm of the state that each batch started from, `(batches,)`.
        saturation: By layer path, the share of hidden states beyond 0.95 or -0.95, where tanh lets
            less than a tenth of the gradient through, `(batches,)`; only for Keras's own recurrent
            layers whose activation is tanh.
        phases: `"train"`, `"validation"`, `"evaluate"` or `"predict"`, `(batches,)`.
        epochs: The epoch of each batch, counted from 0; -1 outside `fit`, `(batches,)`.
        passes: Batches of one phase in a row, and the states that they started from.
        resets: The resets, in order.

    Raises:
        ImportError: `log_dir` is given and tensorflow is not installed.
        ValueError: By `fit`, `evaluate` or `predict`, where a guard is listed behind the monitor;
            it would reset what the monitor has just recorded.

    Example:

    ```python
    monitor = StateMonitor()
    model.fit(x, y, batch_size=4, shuffle=False, epochs=3, callbacks=[StatefulGuard(), monitor])
    print(monitor)
    monitor.norms["lstm"]  # (batches,)
    ```
    """

    def __init__(self, log_dir: str | None = None) -> None:
        super().__init__()
        self._scalars = None if log_dir is None else Scalars(log_dir)
        self._batches: list[Batch] = []
        self._resets: list[SeenReset] = []
        self._recorded = Norms()
        self._bank: WatchedBank | None = None
        self._variables: dict[str, list[Any]] = {}
        self._more, self._syncs = 0, True
        self._started: dict[str, object] = {}
        self._waits: object = None  # what a batch started from whose end was not looked at yet
        self._alone: dict[CallName, bool] = {}
        self._guards: list[Guarding] = []
        self._told: dict[int, tuple[Any, int]] = {}
        self._evaluation: SeenPhase = "evaluate"
        self._epoch = -1

    @property
    def norms(self) -> Series:
        """The norm of the state that each batch left, by layer path."""
        return self._series(self._recorded.left)

    @property
    def starts(self) -> Series:
        """The norm of the state that each batch started from, by layer path."""
        return self._series(self._recorded.starts)

    @property
    def saturation(self) -> Series:
        """The share of hidden states near 1 or -1, by the path of each layer where it is known."""
        return self._series(self._recorded.saturation)

    @property
    def phases(self) -> np.ndarray:
        """The phase of each batch."""
        return np.array([each.phase for each in self._batches], dtype="U10")

    @property
    def epochs(self) -> np.ndarray:
        """The epoch of each batch, -1 outside `fit`."""
        return np.array([each.epoch for each in self._batches], dtype=int)

    @property
    def passes(self) -> tuple[Pass, ...]:
        """The passes over the data, in order."""
        return history.passes(self._batches, self.starts)

    @property
    def resets(self) -> tuple[SeenReset, ...]:
        """The resets done by guards or seen, in order."""
        return history.resets(self._resets, self.starts, self.norms)

    def __str__(self) -> str:
        if not self._batches:
            return "state monitor: nothing recorded yet; pass it to fit, evaluate or predict"
        lines = [f"state monitor: {len(self._batches)} batches of {', '.join(self.norms)}"]
        for each in self.passes:
            inside = sum(each.first < reset.before < each.stop for reset in self.resets)
            lines.append(f"  {each}" + (f"; resets inside: {inside}" if inside else ""))
        return "\n".join(lines)

    def on_train_begin(self, logs: Logs = None) -> None:
        """Find the states and the guards of this fit."""
        self._epoch = -1
        self._begin()

    def on_epoch_begin(self, epoch: int, logs: Logs = None) -> None:
        """Count the epoch."""
        self._epoch = epoch

    def on_train_batch_begin(self, batch: int, logs: Logs = None) -> None:
        """Record what the batch starts from."""
        self._before("train")

    def on_train_batch_end(self, batch: int, logs: Logs = None) -> None:
        """Record what the batch left."""
        self._after("train", batch)

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        """Turn what was recorded into norms."""
        self._flush()

    def on_train_end(self, logs: Logs = None) -> None:
        """Take note of the resets after the last batch."""
        self._take_resets()
        self._epoch = -1

    def on_test_begin(self, logs: Logs = None) -> None:
        """Find out whether this is validation inside fit."""
        call = self._begin()
        inside = call is not None and call.inside_fit
        self._evaluation = "validation" if inside else "evaluate"
        self._epoch = self._epoch if inside else -1

    def on_test_batch_begin(self, batch: int, logs: Logs = None) -> None:
        """Record what the batch starts from."""
        self._before(self._evaluation)

    def on_test_batch_end(self, batch: int, logs: Logs = None) -> None:
        """Record what the batch left."""
        self._after(self._evaluation, batch)

    def on_test_end(self, logs: Logs = None) -> None:
        """Turn what was recorded into norms."""
        self._flush()

    def on_predict_begin(self, logs: Logs = None) -> None:
        """Find the states and the guards of this predict."""
        call = self._begin()
        if call is None or not call.inside_fit:
            self._epoch = -1

    def on_predict_batch_begin(self, batch: int, logs: Logs = None) -> None:
        """Record what the batch starts from."""
        self._before("predict")

    def on_predict_batch_end(self, batch: int, logs: Logs = None) -> None:
        """Record what the batch left."""
        self._after("predict", batch)

    def on_predict_end(self, logs: Logs = None) -> None:
        """Turn what was recorded into norms."""
        self._flush()

    def _begin(self) -> RunningCall | None:
        call = keras_api.running_call(self.model)
        listed = list(call.callbacks) if call is not None else []
        guards = [each for each in listed if isinstance(each, Guarding)]
        behind = listed[listed.index(self) :] if self in listed else []
        for late in (each for each in guards if each in behind):
            message = (
                f"StateMonitor stands before {type(late).__name__} and would record states that "
                "are then reset; list it behind: callbacks=[guard, monitor]"
            )
            raise ValueError(message)
        self._guards = guards
        self._find()
        if call is not None:
            keras_api.keep_order(call)
            quiet = others.nobody_acts(listed) and arrays.accepts(call.arguments.get("x"))
            self._alone[call.name] = quiet
        return call

    def _find(self) -> None:
        """Find the states; what was recorded of others becomes norms first."""
        self._flush()
        layers = states.variables_by_layer(self.model)
        if self._batches and layers.keys() != self._recorded.left.keys():
            message = (
                f"StateMonitor has recorded layers {list(self._recorded.left)}; this model has "
                f"{list(layers)}. Give each model its own: StateMonitor()"
            )
            raise ValueError(message)
        self._bank = states.find_bank(self.model)
        if self._bank is not None:
            self._bank.watchers.add(self)
        self._more = keras_api.steps_per_execution(self.model) - 1
        self._syncs = keras_api.backend() == "jax"
        self._variables = layers
        found = states.stateful_layers(self.model)
        tanh = {name: structure.hidden_is_tanh(found[name]) for name in layers}
        self._recorded.take_from(self._bank, layers, tanh)

    def before_change(self) -> None:
        """Look at what the last batch left before something of ours changes it."""
        self._settle()

    def _before(self, phase: SeenPhase) -> None:
        if self._bank is None:  # a model without Input is built by its first batch
            self._find()
        self._started.pop(phase, None)
        if self._bank is not None:
            snapshot = self._started[phase] = self._snapshot(self._bank)
            self._settle(snapshot)
        self._take_resets()

    def _after(self, phase: SeenPhase, batch: int) -> None:
        started = self._started.pop(phase, None)
        if self._bank is None or started is None:
            return
        self._batches.append(Batch(phase, self._epoch, max(batch - self._more, 0)))
        self._waits = started
        if not self._alone.get(CALLS[phase], False):
            self._settle()

    def _settle(self, snapshot: object = None) -> None:
        """Hold what the last batch left; between batches nobody else can have changed it."""
        started, self._waits = self._waits, None
        if started is None or self._bank is None:
            return
        if self._recorded.hold(started, snapshot or self._snapshot(self._bank)):
            self._flush()

    def _snapshot(self, bank: WatchedBank) -> object:
        if self._syncs:
            keras_api.sync(self.model, next(iter(self._variables.values()))[0])
        return bank.snapshot()

    def _take_resets(self) -> None:
        """Take note of what the guards have reset since the last look."""
        for guard in self._guards:
            done = guard.report.resets
            known, count = self._told.get(id(guard), (None, 0))
            if known is done and count == len(done):
                continue
            fresh = done[count if known is done else 0 :]
            self._told[id(guard)] = (done, len(done))
            before, layers = len(self._batches), tuple(self._variables)
            self._resets += [SeenReset(before, each.slots, layers, "guard") for each in fresh]

    def _flush(self) -> None:
        self._settle()
        count = self._recorded.calculate()
        if count and self._scalars is not None:
            norms = self._recorded
            self._scalars.write(self._batches[-count:], norms.starts, norms.left)

    def _series(self, recorded: Recorded) -> Series:
        self._flush()
        return joined(recorded)
