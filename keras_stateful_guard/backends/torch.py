"""States on torch, where layers change in place the states that their gradient needs.

The `inner_loop` of LSTM and GRU, and of every layer in an earlier Keras, hands the state variables
themselves to torch, and the layer then writes the new states into them. Handed copies, it may.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np
import torch

from keras_stateful_guard import keras_api
from keras_stateful_guard.backends import Carried, LayerStates

LOOP = "inner_loop"
KERNEL = "use_cudnn"  # the layers with a faster loop of their own have it


class Bank:
    """The state variables of one model on torch."""

    def __init__(self, variables: Sequence[Any]) -> None:
        self._variables = tuple(variables)

    def zero(self, slots: np.ndarray[Any, np.dtype[np.bool_]] | None = None) -> None:
        """Set the states of all slots, or of those marked in the mask, to zero."""
        states = self._tensors()
        with torch.no_grad():
            if slots is None:
                torch._foreach_zero_(states)  # all at once on a GPU
                return
            devices = {state.device for state in states}
            rows = {each: torch.as_tensor(slots, device=each) for each in devices}
            for state in states:
                mask = rows[state.device].reshape(-1, *[1] * (state.ndim - 1))
                state.masked_fill_(mask, 0)

    def carried(self) -> bool:
        """Return whether any state is other than zero."""
        with torch.no_grad():
            return any(bool(state.any()) for state in self._tensors())

    def snapshot(self) -> object:
        """Return a copy of all states that `restore` takes back."""
        return [state.detach().clone() for state in self._tensors()]

    def restore(self, snapshot: Any) -> None:
        """Put the states of a snapshot back."""
        with torch.no_grad():
            for state, value in zip(self._tensors(), snapshot, strict=True):
                state.copy_(value)

    def stack(self, snapshots: Sequence[Any]) -> list[np.ndarray]:
        """Return the states of many snapshots, each of shape `(snapshots, batch_size, ...)`."""
        to_numpy = keras_api.keras().ops.convert_to_numpy
        return [np.array(to_numpy(torch.stack(each))) for each in zip(*snapshots, strict=True)]

    def read(self) -> list[np.ndarray]:
        """Return a copy of all states."""
        to_numpy = keras_api.keras().ops.convert_to_numpy
        return [np.array(to_numpy(each)) for each in self._variables]

    def write(self, values: Sequence[np.ndarray]) -> None:
        """Set all states."""
        for variable, value in zip(self._variables, values, strict=True):
            variable.assign(value)

    def _tensors(self) -> list[Any]:
        return [keras_api.tensor(each) for each in self._variables]


def fault(model: Any, states: LayerStates) -> str:
    """Return why a model cannot be trained here; empty where it can."""
    if all(hasattr(layer, LOOP) for layer, _ in states if hasattr(layer, KERNEL)):
        return ""
    return (
        "on which it cannot be trained, and this Keras no longer shows "
        f"Layer.{LOOP}, by which that could be mended"
    )


def carry(model: Any, states: LayerStates) -> Carried:
    """Let layers, which change their states in place, train from copies of them."""
    looping = [layer for layer, _ in states if hasattr(layer, LOOP)]
    mended = [layer for layer in looping if LOOP not in vars(layer)]
    for layer in mended:
        setattr(layer, LOOP, partial(_from_copies, getattr(layer, LOOP)))
    note = "torch: layers train from copies of their states, which they change in place"
    return Carried(note, partial(_restore, mended)) if looping else Carried()


def _from_copies(
    loop: Any, sequences: Any, initial_state: Any, *arguments: Any, **named: Any
) -> Any:
    return loop(sequences, _copied(initial_state), *arguments, **named)


def _copied(states: Any) -> Any:
    """Return copies of states, which stand in lists of lists where cells are stacked."""
    if isinstance(states, (list, tuple)):
        return [_copied(each) for each in states]
    return torch.clone(states)


def _restore(mended: Sequence[Any]) -> None:
    for layer in mended:
        vars(layer).pop(LOOP, None)
