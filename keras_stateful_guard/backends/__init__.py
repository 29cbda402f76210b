"""How states are read and written on each backend, all layers at once."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import Any, Protocol, cast

import numpy as np

from keras_stateful_guard import keras_api

MODULES = {"tensorflow": "tensorflow", "jax": "jax", "torch": "torch"}
LayerStates = Sequence[tuple[Any, Sequence[Any]]]  # stateful layers, each with its variables


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

    def stack(self, snapshots: Sequence[Any]) -> list[np.ndarray]:
        """Return the states of many snapshots, each of shape `(snapshots, batch_size, ...)`."""

    def read(self) -> list[np.ndarray]:
        """Return a copy of all states."""

    def write(self, values: Sequence[np.ndarray]) -> None:
        """Set all states."""


@dataclass(frozen=True, slots=True)
class Carried:
    """What was done so that the loops of Keras carry states and train with them.

    Args:
        note: What that was, for the report; empty where there was nothing to do.
        undo: Takes back what should not outlast the call.
    """

    note: str = ""
    undo: Callable[[], object] = bool


def bank(variables: Sequence[Any]) -> StateBank:
    """Return the bank of these Keras state variables on the backend in use."""
    return cast("StateBank", _module().Bank(tuple(variables)))


def fault(model: Any, states: LayerStates) -> str:
    """Return why the states of a model cannot be carried on this backend; empty where they can."""
    if keras_api.backend() not in MODULES:
        return "on which nobody has looked at states"
    return str(_module().fault(model, states))


def carry(model: Any, states: LayerStates) -> Carried:
    """Let the loops of Keras carry the states of a model, and train with them."""
    return cast("Carried", _module().carry(model, states))


def avoid_kernels(model: Any) -> None:
    """Let no layer of a model that we made use a kernel that is known to be wrong."""
    if keras_api.backend() == "jax":
        importlib.import_module(f"{__name__}.jax_kernels").avoid(model)


def _module() -> ModuleType:
    name = keras_api.backend()
    if name not in MODULES:
        message = f"states on the {name} backend are not supported; use one of {', '.join(MODULES)}"
        raise NotImplementedError(message)
    return importlib.import_module(f"{__name__}.{MODULES[name]}")
