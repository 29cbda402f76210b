"""States on torch, where layers change in place the states that their gradient needs.

The `inner_loop` of LSTM and GRU, and of every layer in an earlier Keras, hands the state variables
themselves to torch, and the layer then writes the new states into them. Handed copies, it may.
What `torch.compile` makes of the kernel of LSTM drops the copies: there the loop of RNN runs.

In mixed precision a variable shows a cast of its value, and what a layer writes ends in the cast.
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
COPIES = "layers train from copies of their states, which they change in place"
UNCAST = "states are kept as they are stored, where mixed precision would lose them"
CAST = "_autocast"  # of a variable: whether mixed precision shows a cast of it


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
    """Return why the states of a model cannot be carried here; empty where they can."""
    if not all(hasattr(layer, LOOP) for layer, _ in states if hasattr(layer, KERNEL)):
        return (
            "on which it cannot be trained, and this Keras no longer shows "
            f"Layer.{LOOP}, by which that could be mended"
        )
    if not all(hasattr(each, CAST) for each in _cast(states)):
        return (
            "on which states get lost in mixed precision, and this Keras no longer shows "
            f"Variable.{CAST}, by which that could be mended"
        )
    return ""


def carry(model: Any, states: LayerStates) -> Carried:
    """Let layers, which change their states in place, train from copies of them."""
    cast = _cast(states)
    for variable in cast:  # for good: `stateful=True` promises that
        setattr(variable, CAST, False)
    looping = [layer for layer, _ in states if hasattr(layer, LOOP)]
    before = [vars(layer).get(LOOP) for layer in looping]
    for layer in looping:
        setattr(layer, LOOP, Copying(layer))
    mended = [(layer, vars(layer)[LOOP], was) for layer, was in zip(looping, before, strict=True)]
    notes = [COPIES] * bool(looping) + [UNCAST] * bool(cast)
    return Carried("; ".join(notes) and f"torch: {'; '.join(notes)}", partial(_restore, mended))


def _cast(states: LayerStates) -> list[Any]:
    """Return the states of layers that compute in another precision than they keep."""
    return [v for layer, kept in states for v in kept if layer.compute_dtype != v.dtype]


class Copying:
    """The loop of a layer, handed copies of the states."""

    def __init__(self, layer: Any) -> None:
        held = getattr(layer, LOOP)
        self._loop: Any = held._loop if isinstance(held, Copying) else held
        rnn = keras_api.keras().layers.RNN
        self._plain = partial(getattr(rnn, LOOP), layer) if hasattr(layer, KERNEL) else self._loop

    def __call__(self, sequences: Any, initial_state: Any, *arguments: Any, **named: Any) -> Any:
        """Run the loop."""
        loop = self._plain if torch.compiler.is_compiling() else self._loop
        return loop(sequences, _copied(initial_state), *arguments, **named)


def _copied(states: Any) -> Any:
    """Return copies of states, which stand in lists of lists where cells are stacked."""
    if isinstance(states, (list, tuple)):
        return [_copied(each) for each in states]
    return torch.clone(states)


def _restore(mended: Sequence[tuple[Any, Copying, Any]]) -> None:
    """Take back what was mended, unless somebody has mended it again since."""
    for layer, ours, before in mended:
        if vars(layer).get(LOOP) is ours:
            del vars(layer)[LOOP]
            if before is not None:
                setattr(layer, LOOP, before)
