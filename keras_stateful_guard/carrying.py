"""Lets the loops of Keras carry states where a backend would drop them or fail."""

from __future__ import annotations

from typing import Any

from keras_stateful_guard import backends, keras_api
from keras_stateful_guard.backends import Carried
from keras_stateful_guard.checks.stateful_backend import finding
from keras_stateful_guard.errors import StatefulPitfallError
from keras_stateful_guard.states import built_bank, layer_states


def carry(model: Any) -> Carried:
    """Let Keras's loops carry the states of a model; nothing is done where there are none."""
    states = layer_states(model)
    if not states or backends.fault(model, states):
        return Carried()
    return backends.carry(model, states)


def carry_states(model: Any) -> None:
    """Let `train_on_batch`, `predict_on_batch` and every other loop carry the states of a model.

    Keras drops them on jax, and on torch in mixed precision; on torch it cannot train LSTM and GRU
    that keep states. The guard sees to that in `fit`, `evaluate` and `predict`, this function where
    there are no callbacks.
    On a GPU under jax, LSTM layers leave their kernel, which mixes up rows (`docs/backends.md`).
    Call it once, when the model is built. No weight is added, and files of weights fit as before.
    On tensorflow there is nothing to do.

    Args:
        model: A built Keras model with stateful layers.

    Raises:
        ValueError: The model has no stateful layer or is not built yet.
        StatefulPitfallError: `stateful-backend`, where this Keras cannot be mended so.

    Example:

    ```python
    carry_states(model)
    for x, y in chunks:
        model.train_on_batch(x, y)
    ```
    """
    built_bank(model)
    why = backends.fault(model, layer_states(model))
    if why:
        raise StatefulPitfallError([finding(f"model '{model.name}'", keras_api.backend(), why)])
    carry(model)
