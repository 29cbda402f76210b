"""Find, read, write, reset and preserve the states of a model's stateful layers."""

from __future__ import annotations

import contextlib
import weakref
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from keras_stateful_guard import keras_api
from keras_stateful_guard.backends import bank
from keras_stateful_guard.watched import WatchedBank

FORWARD = "forward_layer"  # of Bidirectional

_banks: weakref.WeakKeyDictionary[Any, tuple[tuple[int, ...], WatchedBank]]
_banks = weakref.WeakKeyDictionary()


def stateful_layers(model: Any) -> dict[str, Any]:
    """Return the stateful layers of a model by their paths, each once.

    Nested models, wrappers, lists and dicts of layers, and layers inside custom layers are looked
    into. `Bidirectional` is answered by the two layers that hold its states.

    Args:
        model: A Keras model or layer, built or not.

    Returns:
        A dict from path, such as `"encoder/lstm"`, to layer, in the order in which the model lists
        its layers; empty where no layer is stateful.

    Example:

    ```python
    layers = [keras.Input(batch_shape=(4, 2, 1)), keras.layers.LSTM(8, stateful=True)]
    model = keras.Sequential(layers)
    list(stateful_layers(model))  # ['lstm']
    ```
    """
    return {name: layer for name, layer, _ in _found(model)}


def _found(model: Any) -> list[tuple[str, Any, list[Any]]]:
    """Return path, layer and state variables of every stateful layer, each variable once."""
    found: list[tuple[str, Any, list[Any]]] = []
    seen: set[int] = set()
    names: set[str] = set()
    for path, layer in _stateful_inside(model):
        variables = state_variables(layer)
        ids = {id(variable) for variable in variables}
        if ids and ids <= seen:
            continue
        seen |= ids
        name, number = path, 1
        while name in names:
            number += 1
            name = f"{path}_{number}"
        names.add(name)
        found.append((name, layer, variables))
    return found


def _stateful_inside(model: Any) -> list[tuple[str, Any]]:
    """Return path and layer of every stateful layer; a loop, as it is run for each reset."""
    found: list[tuple[str, Any]] = []
    visited = {id(model)}
    waiting = [("", each) for each in reversed(_children(model))]
    while waiting:
        around, layer = waiting.pop()
        if id(layer) in visited:
            continue
        visited.add(id(layer))
        if _keeps_states(layer):
            found.append((f"{around}{layer.name}", layer))
        children = _children(layer)
        if children:
            inside = f"{around}{layer.name}/"
            waiting += [(inside, each) for each in reversed(children)]
    if _keeps_states(model):
        found.append((str(model.name), model))
    return found


def _keeps_states(layer: Any) -> bool:
    if not (keras_api.has(layer, "stateful") and layer.stateful):
        return False
    return hasattr(layer, "states") and not keras_api.has(layer, FORWARD)


def _children(layer: Any) -> list[Any]:
    """Return the layers directly inside a layer, but for one that Bidirectional was made from."""
    children = keras_api.sublayers(layer)
    if len(children) > 2 and keras_api.has(layer, FORWARD):
        made_from = getattr(layer, "layer", None)
        return [each for each in children if each is layer.forward_layer or each is not made_from]
    return children


def state_variables(layer: Any) -> list[Any]:
    """Return the state variables of one layer, flattened; empty before it is built."""
    found: list[Any] = []
    waiting = [layer.states]
    while waiting:
        states = waiting.pop()
        if hasattr(states, "assign"):
            found.append(states)
        elif isinstance(states, Mapping):
            waiting += reversed([*states.values()])
        elif isinstance(states, Sequence):
            waiting += reversed(states)
    return found


def variables_by_layer(model: Any) -> dict[str, list[Any]]:
    """Return the state variables of every stateful layer that is built, by path."""
    return {name: variables for name, _, variables in _found(model) if variables}


def layer_states(model: Any) -> list[tuple[Any, list[Any]]]:
    """Return every stateful layer of a model that is built, with its state variables."""
    return [(layer, variables) for _, layer, variables in _found(model) if variables]


def find_bank(model: Any) -> WatchedBank | None:
    """Return the bank of a model's states, made once; None while no stateful layer is built."""
    variables = [each for group in variables_by_layer(model).values() for each in group]
    if not variables:
        return None
    keras_api.sync(model, variables[0])
    key = tuple(map(id, variables))
    known = _banks.get(model)
    if known is None or known[0] != key:
        known = _banks[model] = (key, WatchedBank(bank(variables)))
    return known[1]


def built_bank(model: Any) -> WatchedBank:
    """Return the bank of a model's states; a ValueError says why there is none."""
    found = find_bank(model)
    if found is not None:
        return found
    if stateful_layers(model):
        message = (
            f"model '{model.name}' is not built yet, so its stateful layers have no states; "
            "give it an Input(batch_shape=...) or call it on one batch first"
        )
    else:
        message = (
            f"model '{model.name}' has no stateful layer; "
            "give its recurrent layers stateful=True, or leave this call out"
        )
    raise ValueError(message)


def reset_states(model: Any, slots: Any = None) -> None:
    """Set the states of all stateful layers of a model to zero.

    Args:
        model: A built Keras model with stateful layers.
        slots: Which rows of the batch to reset: a bool mask of shape `(batch_size,)` or row
            numbers. All rows by default.

    Raises:
        ValueError: The model has no stateful layer, is not built yet, or `slots` does not fit its
            batch size.

    Example:

    ```python
    reset_states(model)
    reset_states(model, slots=[2])  # only the sequence in row 2 has ended
    ```
    """
    states = built_bank(model)
    states.zero(None if slots is None else slot_mask(slots, _rows(model)))


def slot_mask(slots: Any, rows: int) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Return slots, a mask or row numbers, as a bool mask of shape `(rows,)`."""
    given = np.asarray(slots)
    if given.dtype == bool and given.shape == (rows,):
        return given
    if given.dtype != bool and given.ndim == 1:
        if given.size == 0:
            return np.zeros(rows, bool)
        if np.issubdtype(given.dtype, np.integer) and np.all((given >= 0) & (given < rows)):
            mask = np.zeros(rows, bool)
            mask[given] = True
            return mask
    message = (
        f"slots must be a bool mask of shape ({rows},) or row numbers from 0 to {rows - 1}; "
        f"got {slots!r}"
    )
    raise ValueError(message)


def _rows(model: Any) -> int:
    variables = next(iter(variables_by_layer(model).values()))
    return int(variables[0].shape[0]) * len(keras_api.native(variables[0]))


def get_states(model: Any) -> dict[str, list[np.ndarray]]:
    """Return a copy of the states of all stateful layers.

    Args:
        model: A built Keras model with stateful layers.

    Returns:
        A dict from layer path to its arrays, of shapes `(batch_size, units)` for recurrent and
        `(batch_size, *spatial, filters)` for convolutional layers.

    Raises:
        ValueError: The model has no stateful layer or is not built yet.

    Example:

    ```python
    states = get_states(model)
    states["lstm"][0].shape  # (batch_size, units)
    ```
    """
    values = iter(built_bank(model).read())
    return {
        name: [next(values) for _ in variables]
        for name, variables in variables_by_layer(model).items()
    }


def set_states(model: Any, states: Mapping[str, Sequence[Any]]) -> None:
    """Set the states of all stateful layers, all or none.

    Args:
        model: A built Keras model with stateful layers.
        states: What `get_states` gave: a dict from layer path to arrays of shapes
            `(batch_size, units)` or `(batch_size, *spatial, filters)`.

    Raises:
        ValueError: The model has no stateful layer, is not built yet, or names, numbers or shapes
            of the states are not the model's; nothing has been set then.

    Example:

    ```python
    set_states(other_model_of_the_same_layers, get_states(model))
    ```
    """
    target = built_bank(model)
    current = get_states(model)
    if set(states) != set(current):
        message = f"states are of layers {sorted(states)}; the model's are {sorted(current)}"
        raise ValueError(message)
    values = []
    for name, own in current.items():
        given = [np.asarray(each) for each in states[name]]
        shapes, needed = [each.shape for each in given], [each.shape for each in own]
        if shapes != needed:
            message = f"states of '{name}' have shapes {shapes}; the model's have {needed}"
            raise ValueError(message)
        values += [each.astype(mine.dtype) for each, mine in zip(given, own, strict=True)]
    target.write(values)


@contextlib.contextmanager
def preserve_states(model: Any, *, reset: bool = True) -> Iterator[None]:
    """Run a block that leaves the states of a model as it found them.

    Args:
        model: A built Keras model with stateful layers.
        reset: Whether the block starts from zero states; else it continues the present ones.

    Raises:
        ValueError: The model has no stateful layer or is not built yet.

    Example:

    ```python
    with preserve_states(model):
        sample = model.predict(seed)  # a callback may do this in the middle of fit
    ```
    """
    states = built_bank(model)
    kept = states.snapshot()
    if reset:
        states.zero()
    try:
        yield
    finally:
        states.restore(kept)
