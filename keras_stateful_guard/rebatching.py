"""A model of the same architecture and weights with another batch size, or without states."""

from __future__ import annotations

import contextlib
import functools
import operator
import threading
from collections.abc import Callable, Iterator
from typing import Any

from keras_stateful_guard import keras_api
from keras_stateful_guard.carrying import carry
from keras_stateful_guard.rebuilding import Change, is_variable, rebuild
from keras_stateful_guard.states import stateful_layers, variables_by_layer
from keras_stateful_guard.within import layers_within


def rebatch(
    model: Any, batch_size: int | None, *, stateful: bool = True, share_weights: bool = False
) -> Any:
    """Return a model of the same architecture and weights with another batch size.

    The model itself keeps its weights, states and optimizer. The new one starts from zero states,
    which every loop carries on every backend. It is not compiled: `predict` needs no compiling,
    and an optimizer belongs to one model. Layers of your own need `get_config` and need not be
    registered; a `batch_size` in their configuration that is the model's is changed with it.

    Args:
        model: A built Keras model with stateful layers.
        batch_size: Rows of the new model's batches, 1 for serving. None, with `stateful=False`
            alone: any number of rows.
        stateful: Whether the stateful layers stay so. With False every layer starts each batch
            from zero, for whole sequences.
        share_weights: Whether both models hold the same weight variables, so that training either
            trains both. Else the new model has a copy.

    Returns:
        A model of the same class, not compiled.

    Raises:
        ValueError: An argument is not accepted, the model is not built or has no stateful layer,
            or Keras cannot make it anew or share its weights; the message names the layer.

    Example:

    ```python
    one = rebatch(model, 1)
    one.predict(x[:1])
    ```
    """
    rows = _rows(batch_size, stateful)
    _check(model, rows, stateful)
    change = Change(rows, stateful, _batch_size(model))
    keras_api.sync(model)
    other = (_sharing if share_weights else _copy)(model, change)
    if stateful:
        carry(other)
    return other


def whole_sequences(model: Any) -> Any:
    """Return a stateless model of the same weights for any number of rows and time steps."""
    return _copy(model, Change(None, False, _batch_size(model), open_time=True))


def _rows(batch_size: Any, stateful: bool) -> int | None:
    if batch_size is None and not stateful:
        return None
    with contextlib.suppress(TypeError):
        rows = 0 if isinstance(batch_size, bool) else operator.index(batch_size)
        if rows >= 1:
            return rows
    accepted = "a number of rows, 1 or more" + ("" if stateful else ", or None for any number")
    message = f"batch_size must be {accepted}; got {batch_size!r}"
    raise ValueError(message)


def _check(model: Any, batch_size: int | None, stateful: bool) -> None:
    if not isinstance(model, keras_api.keras().Model):
        message = f"model must be a Keras model; got {model!r}"
        raise ValueError(message)
    if not model.built or (stateful_layers(model) and not variables_by_layer(model)):
        message = (
            f"model '{model.name}' is not built yet; "
            "give it an Input(batch_shape=...) or call it on one batch first"
        )
        raise ValueError(message)
    if stateful and not stateful_layers(model):
        message = (
            f"model '{model.name}' has no stateful layer, so that it takes any batch size; "
            f"rebatch(model, {batch_size}, stateful=False) makes it anew for {batch_size} rows"
        )
        raise ValueError(message)


def _batch_size(model: Any) -> int | None:
    states = [each for group in variables_by_layer(model).values() for each in group]
    return int(states[0].shape[0]) if states else None


def _copy(model: Any, change: Change) -> Any:
    other = rebuild(model, change)
    other.set_weights(model.get_weights())
    return _finalized(other)


def _finalized(model: Any) -> Any:
    """Let adapted layers calculate with the weights that they hold now."""
    for layer in layers_within(model):
        if layer.weights and hasattr(layer, "finalize_state"):
            layer.finalize_state()
    return model


def _sharing(model: Any, change: Change) -> Any:
    """Return a model made anew that holds the very weights of `model`.

    Keras makes weights in the same order each time: a first making tells which comes when.
    """
    made: list[Any] = []

    def note(make: Callable[[], Any]) -> Any:
        made.append(make())
        return made[-1]

    with _weights_from(note):
        places = {id(each): place for place, each in enumerate(rebuild(model, change).weights)}
    weights = model.weights
    order = iter([places.get(id(each)) for each in made])

    def next_weight(make: Callable[[], Any]) -> Any:
        place = next(order)
        return make() if place is None else weights[place]

    with _weights_from(next_weight):
        other = rebuild(model, change)
    for own, shared in zip(other.weights, weights, strict=True):
        if own is not shared and is_variable(shared):
            message = (
                f"share_weights=True cannot share weight {_weight_name(shared)} of model "
                f"'{model.name}', which is not made by add_weight(); leave share_weights out and "
                "copy when needed: other.set_weights(model.get_weights())"
            )
            raise ValueError(message)
    if not all(is_variable(each) for each in weights):
        other.set_weights(model.get_weights())  # a vocabulary is in no variable to share
    return _finalized(other)


@contextlib.contextmanager
def _weights_from(give: Callable[[Callable[[], Any]], Any]) -> Iterator[None]:
    """Let layers take each new weight from `give`, which is handed what makes it."""
    layer, thread = keras_api.keras().layers.Layer, threading.get_ident()
    add_weight = layer.add_weight

    @functools.wraps(add_weight)
    def given(self: Any, *arguments: Any, **named: Any) -> Any:
        make = functools.partial(add_weight, self, *arguments, **named)
        return give(make) if threading.get_ident() == thread else make()

    layer.add_weight = given
    try:
        yield
    finally:
        layer.add_weight = add_weight


def _weight_name(weight: Any) -> str:
    """Return the name of a weight that says most."""
    return str(getattr(weight, "path", weight.name))
