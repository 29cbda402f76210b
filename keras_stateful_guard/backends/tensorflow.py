"""States on tensorflow: every operation is one traced function over all variables.

A call costs about the same for 1 layer and for 16. Under a distribution strategy each replica
holds a contiguous block of the global batch's rows and is assigned on its own: an assign from
outside a replica would copy the first replica's states onto all.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, cast

import numpy as np
import tensorflow as tf

from keras_stateful_guard import keras_api
from keras_stateful_guard.backends import Carried, LayerStates


class Bank:
    """The state variables of one model on tensorflow."""

    def __init__(self, variables: Sequence[Any]) -> None:
        self._replicas = tuple(keras_api.native(variable) for variable in variables)
        self._parts = tuple(part for parts in self._replicas for part in parts)
        self._handles = tuple((part.handle, part.dtype) for part in self._parts)
        self._traced: dict[str, Callable[..., Any]] = {}

    def zero(self, slots: np.ndarray[Any, np.dtype[np.bool_]] | None = None) -> None:
        """Set the states of all slots, or of those marked in the mask, to zero."""
        if slots is None:
            self._function("zero", self._zero)()
        else:
            mask = tf.constant(slots, tf.bool)
            self._function("zero_slots", self._zero_slots, mask)(mask)

    def carried(self) -> bool:
        """Return whether any state is other than zero."""
        return bool(self._function("carried", self._carried)())

    def snapshot(self) -> object:
        """Return a copy of all states that `restore` takes back."""
        read = tf.raw_ops.ReadVariableOp  # shares memory, which no assign writes over
        return [read(resource=handle, dtype=dtype) for handle, dtype in self._handles]

    def stack(self, snapshots: Sequence[Any]) -> list[np.ndarray]:
        """Return the states of many snapshots, each of shape `(snapshots, batch_size, ...)`."""
        values = iter([tf.stack(each).numpy() for each in zip(*snapshots, strict=True)])
        return [np.concatenate([next(values) for _ in parts], 1) for parts in self._replicas]

    def restore(self, snapshot: object) -> None:
        """Put the states of a snapshot back."""
        values = cast("Sequence[Any]", snapshot)
        self._function("restore", self._restore, *values)(*values)

    def read(self) -> list[np.ndarray]:
        """Return a copy of all states, replica after replica."""
        return [np.concatenate([part.numpy() for part in parts]) for parts in self._replicas]

    def write(self, values: Sequence[np.ndarray]) -> None:
        """Set all states."""
        blocks = [
            tf.constant(block, part.dtype)
            for parts, value in zip(self._replicas, values, strict=True)
            for part, block in zip(parts, np.split(value, len(parts)), strict=True)
        ]
        self.restore(blocks)

    def _function(self, name: str, body: Callable[..., Any], *values: Any) -> Callable[..., Any]:
        """Return a body traced once: called by itself, tensorflow would warn of many models."""
        if name not in self._traced:
            specs = [tf.TensorSpec(each.shape, each.dtype) for each in values]
            traced = tf.function(body, autograph=False)
            self._traced[name] = traced.get_concrete_function(*specs)
        return self._traced[name]

    def _zero(self) -> None:
        for part in self._parts:
            part.assign(tf.zeros_like(part))

    def _zero_slots(self, slots: Any) -> None:
        for parts in self._replicas:
            for part, mask in zip(parts, tf.split(slots, len(parts)), strict=True):
                rows = tf.reshape(mask, [-1] + [1] * (len(part.shape) - 1))
                part.assign(tf.where(rows, tf.zeros_like(part), part))

    def _carried(self) -> Any:
        return tf.reduce_any([tf.reduce_any(tf.not_equal(part, 0)) for part in self._parts])

    def _restore(self, *values: Any) -> None:
        for part, value in zip(self._parts, values, strict=True):
            part.assign(value)


def fault(model: Any, states: LayerStates) -> str:
    """Return nothing: every loop carries states on tensorflow."""
    return ""


def carry(model: Any, states: LayerStates) -> Carried:
    """Do nothing: every loop carries states on tensorflow."""
    return Carried()
