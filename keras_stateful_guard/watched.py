"""States that tell who watches them before anything of ours changes them."""

from __future__ import annotations

import weakref
from collections.abc import Sequence
from typing import Protocol

import numpy as np

from keras_stateful_guard.backends import StateBank


class Watcher(Protocol):
    """Who wants to see states before they are changed."""

    def before_change(self) -> None:
        """Look at the states."""


class WatchedBank:
    """A bank of states whose watchers are told before it changes them.

    Args:
        bank: The bank of the backend in use.

    Attributes:
        watchers: Who is told; each is forgotten with its last other reference.
    """

    def __init__(self, bank: StateBank) -> None:
        self._bank = bank
        self.watchers: weakref.WeakSet[Watcher] = weakref.WeakSet()
        self.carried = bank.carried
        self.snapshot = bank.snapshot
        self.stack = bank.stack
        self.read = bank.read

    def zero(self, slots: np.ndarray | None = None) -> None:
        """Set the states of all slots, or of those marked in the mask, to zero."""
        self._tell()
        self._bank.zero(slots)

    def restore(self, snapshot: object) -> None:
        """Put the states of a snapshot back."""
        self._tell()
        self._bank.restore(snapshot)

    def write(self, values: Sequence[np.ndarray]) -> None:
        """Set all states."""
        self._tell()
        self._bank.write(values)

    def _tell(self) -> None:
        for each in list(self.watchers) if self.watchers else ():
            each.before_change()
