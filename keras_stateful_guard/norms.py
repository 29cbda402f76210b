"""Snapshots of states that become norms, many at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from keras_stateful_guard import history
from keras_stateful_guard.history import Series
from keras_stateful_guard.watched import WatchedBank

HELD = 1 << 25  # bytes of states that wait at most to become norms
Recorded = dict[str, list[np.ndarray[Any, np.dtype[np.float64]]]]


class Norms:
    """What each batch started from and left, in numbers; by layer path, in pieces `(batches,)`."""

    def __init__(self) -> None:
        self.starts: Recorded = {}
        self.left: Recorded = {}
        self.saturation: Recorded = {}
        self._held: list[tuple[object, object]] = []
        self._hold = 1
        self._bank: WatchedBank | None = None
        self._variables: Mapping[str, Sequence[Any]] = {}
        self._tanh: Mapping[str, bool] = {}

    def take_from(
        self,
        bank: WatchedBank | None,
        variables: Mapping[str, Sequence[Any]],
        tanh: Mapping[str, bool],
    ) -> None:
        """Say whose the snapshots are that come now; those before have become norms.

        Args:
            bank: The states; None where they are not made yet.
            variables: The state variables by layer path.
            tanh: By layer path, whether its first state is an output of tanh.
        """
        self._bank, self._variables, self._tanh = bank, variables, tanh
        sizes = [int(np.prod(each.shape)) for group in variables.values() for each in group]
        self._hold = max(1, min(256, HELD // (8 * sum(sizes) + 1)))

    def hold(self, started: object, left: object) -> bool:
        """Keep the snapshots of one batch; return whether as many wait as should."""
        self._held.append((started, left))
        return len(self._held) >= self._hold

    def calculate(self) -> int:
        """Turn the snapshots held into norms, all at once; return of how many batches."""
        held, self._held = self._held, []
        if not held or self._bank is None:
            return 0
        started = iter(self._bank.stack([each for each, _ in held]))
        left = iter(self._bank.stack([each for _, each in held]))
        for name, variables in self._variables.items():
            ours = [next(left) for _ in variables]
            begun = [next(started) for _ in variables]
            self.starts.setdefault(name, []).append(history.norm(begun))
            self.left.setdefault(name, []).append(history.norm(ours))
            if self._tanh[name]:
                self.saturation.setdefault(name, []).append(history.saturated(ours[0]))
        return len(held)


def joined(recorded: Recorded) -> Series:
    """Return the pieces as one array for each layer."""
    return {name: np.concatenate(parts) for name, parts in recorded.items()}
