"""The callback that records states while a model runs."""

from __future__ import annotations

from typing import Any

import numpy as np

from keras_stateful_guard import history, keras_api, states
from keras_stateful_guard.backends import StateBank
from keras_stateful_guard.guarding import Guarding
from keras_stateful_guard.history import Batch, Pass, SeenPhase, SeenReset, Series
from keras_stateful_guard.keras_api import RunningCall
from keras_stateful_guard.tensorboard import Scalars

_Callback: Any = keras_api.keras().callbacks.Callback
HELD = 1 << 25  # bytes of states that wait at most to become norms
Logs = dict[str, Any] | None
Recorded = dict[str, list[np.ndarray[Any, np.dtype[np.float64]]]]


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
        self._norms: Recorded = {}
        self._starts: Recorded = {}
        self._saturation: Recorded = {}
        self._bank: StateBank | None = None
        self._variables: dict[str, list[Any]] = {}
        self._tanh: dict[str, bool] = {}
        self._held: list[tuple[object, object]] = []
        self._hold = 1
        self._started: dict[str, object] = {}
        self._guards: list[Guarding] = []
        self._told: dict[int, tuple[Any, int]] = {}
        self._evaluation: SeenPhase = "evaluate"
        self._epoch = -1

    @property
    def norms(self) -> Series:
        """The norm of the state that each batch left, by layer path."""
        return self._series(self._norms)

    @property
    def starts(self) -> Series:
        """The norm of the state that each batch started from, by layer path."""
        return self._series(self._starts)

    @property
    def saturation(self) -> Series:
        """The share of hidden states near 1 or -1, by the path of each layer where it is known."""
        return self._series(self._saturation)

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
        late = next((each for each in guards if each in behind), None)
        if late is not None:
            message = (
                f"StateMonitor stands before {type(late).__name__} and would record states that "
                "are then reset; list it behind: callbacks=[guard, monitor]"
            )
            raise ValueError(message)
        self._guards = guards
        self._find()
        return call

    def _find(self) -> None:
        """Find the states; what was recorded of others becomes norms first."""
        self._flush()
        layers = states.variables_by_layer(self.model)
        if self._batches and layers.keys() != self._norms.keys():
            message = (
                f"StateMonitor has recorded layers {list(self._norms)}; this model has "
                f"{list(layers)}. Give each model its own: StateMonitor()"
            )
            raise ValueError(message)
        self._bank = states.find_bank(self.model)
        self._variables = layers
        found = states.stateful_layers(self.model)
        self._tanh = {name: keras_api.hidden_is_tanh(found[name]) for name in layers}
        sizes = [int(np.prod(each.shape)) for group in layers.values() for each in group]
        self._hold = max(1, min(256, HELD // (8 * sum(sizes) + 1)))

    def _before(self, phase: SeenPhase) -> None:
        if self._bank is None:  # a model without Input is built by its first batch
            self._find()
        self._take_resets()
        self._started.pop(phase, None)
        if self._bank is not None:
            self._started[phase] = self._snapshot(self._bank)

    def _after(self, phase: SeenPhase, batch: int) -> None:
        started = self._started.pop(phase, None)
        if self._bank is None or started is None:
            return
        number = batch - keras_api.steps_per_execution(self.model) + 1
        self._batches.append(Batch(phase, self._epoch, max(number, 0)))
        self._held.append((started, self._snapshot(self._bank)))
        if len(self._held) >= self._hold:
            self._flush()

    def _snapshot(self, bank: StateBank) -> object:
        keras_api.sync(self.model)
        return bank.snapshot()

    def _take_resets(self) -> None:
        """Take note of what the guards have reset since the last look."""
        for guard in self._guards:
            done = guard.report.resets
            known, count = self._told.get(id(guard), (None, 0))
            fresh = done[count if known is done else 0 :]
            self._told[id(guard)] = (done, len(done))
            before, layers = len(self._batches), tuple(self._variables)
            self._resets += [SeenReset(before, each.slots, layers, "guard") for each in fresh]

    def _flush(self) -> None:
        """Turn the states held into norms, all at once."""
        if not self._held or self._bank is None:
            return
        held, self._held = self._held, []
        started = iter(self._bank.stack([each for each, _ in held]))
        left = iter(self._bank.stack([each for _, each in held]))
        for name, variables in self._variables.items():
            ours = [next(left) for _ in variables]
            begun = [next(started) for _ in variables]
            self._starts.setdefault(name, []).append(history.norm(begun))
            self._norms.setdefault(name, []).append(history.norm(ours))
            if self._tanh[name]:
                self._saturation.setdefault(name, []).append(history.saturated(ours[0]))
        if self._scalars is not None:
            self._scalars.write(self._batches[-len(held) :], self._starts, self._norms)

    def _series(self, recorded: Recorded) -> Series:
        self._flush()
        return {name: np.concatenate(parts) for name, parts in recorded.items()}
