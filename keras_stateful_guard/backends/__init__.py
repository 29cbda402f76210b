"""How states are read and written on each backend, all layers at once."""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from typing import Any, Protocol, cast

import numpy as np

from keras_stateful_guard import keras_api

MODULES = {"tensorflow": "tensorflow"}


class StateBank(Protocol):
    """The state variables of one model, handled together.

    States are given and taken as numpy arrays of shapes `(batch_size, units)` and
    `(batch_size, *spatial, filters)`, in the order of the variables. Under a distribution strategy
    batch_size is the global one.
    """

    def zero(self, slots: np.ndarray[Any, np.dtype[np.bool_]] | None = None) -> None:
        """Set the states of all slots, or of those marked in the mask, to zero."""

    def carried(self) -> bool:
        """Return whether any state is other than zero."""

    def snapshot(self) -> object:
        """Return a copy of all states that `restore` takes back."""

    def restore(self, snapshot: object) -> None:
        """Put the states of a snapshot back."""

    def read(self) -> list[np.ndarray]:
        """Return a copy of all states."""

    def write(self, values: Sequence[np.ndarray]) -> None:
        """Set all states."""


def bank(variables: Sequence[Any]) -> StateBank:
    """Return the bank of these Keras state variables on the backend in use."""
    name = keras_api.backend()
    if name not in MODULES:
        message = f"states on the {name} backend are not supported yet; use tensorflow"
        raise NotImplementedError(message)
    module = importlib.import_module(f"{__name__}.{MODULES[name]}")
    return cast("StateBank", module.Bank(tuple(variables)))
