"""Makes a model anew from its own configuration, with other batch sizes written into it."""

from __future__ import annotations

import contextlib
import functools
import inspect
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from keras_stateful_guard import backends, keras_api, telling
from keras_stateful_guard.blame import blame
from keras_stateful_guard.states import stateful_layers, variables_by_layer
from keras_stateful_guard.within import layers_within

SHAPES = ("batch_shape", "batch_input_shape")
BUILT_AS = ("build_config", "build_input_shape")  # the layers are built when they are called


@dataclass(frozen=True, slots=True)
class Change:
    """What the new model has in place of the old one's.

    Args:
        batch_size: Rows of its batches; None for any number.
        stateful: Whether stateful layers stay so.
        old_batch_size: Rows of the old model's batches, where its layers or Inputs fix them.
        open_time: Whether its inputs take any number of time steps.
    """

    batch_size: int | None
    stateful: bool
    old_batch_size: int | None
    open_time: bool = False

    def of_config(self, value: Any, key: str = "") -> Any:
        """Return a part of a configuration with all changes made in it."""
        if isinstance(value, Mapping):
            return {k: self.of_config(v, k) for k, v in value.items() if k not in BUILT_AS}
        if key in SHAPES and isinstance(value, (list, tuple)) and value:
            return self.of_shape(value)
        if key == "stateful" and value is True:
            return self.stateful
        if key == "batch_size" and value is not None and value == self.old_batch_size:
            return self.batch_size
        if isinstance(value, (list, tuple)):
            return type(value)(self.of_config(each) for each in value)
        return value

    def of_shape(self, shape: Any) -> Any:
        """Return the shape of an input with the changes made in it."""
        rest = shape[1:]
        if self.open_time and rest:
            rest = (None, *rest[1:])
        return type(shape)((self.batch_size, *rest))


def rebuild(model: Any, change: Change) -> Any:
    """Return a model made anew with the changes; its weights are not yet those of the old one."""
    make = functools.partial(_from_config, change=change, objects=_own_objects(model))
    try:
        other = make(model)
        if not other.built:
            other.build(change.of_shape(_input_shape(model)))
        _check_weights(model, other)
        _check_functions(model, other)
        _check_states(model, other, change)
    except Exception as error:
        raise blame(model, make, error) from error
    backends.avoid_kernels(other)
    return other


def _input_shape(model: Any) -> tuple[int | None, ...]:
    shape = (model.get_build_config() or {}).get("input_shape")
    if shape is None:
        message = "Keras has not kept the shape of its input; model.build(shape) lets it"
        raise ValueError(message)
    return tuple(shape)


def _from_config(layer: Any, change: Change, objects: Mapping[str, Any]) -> Any:
    try:
        with telling.all_told(layer) as functions:
            config = layer.get_config()
        classes = {name: each for name, each in objects.items() if inspect.isclass(each)}
        return _made(layer, change, config, {**classes, **functions})
    except Exception:
        with contextlib.suppress(Exception):  # its code may know functions by their own names
            return _made(layer, change, layer.get_config(), objects)
        raise


def _made(layer: Any, change: Change, config: Any, objects: Mapping[str, Any]) -> Any:
    with keras_api.trusted(objects):
        return type(layer).from_config(change.of_config(config))


def _check_weights(model: Any, other: Any) -> None:
    expected, made = (
        [tuple(each.shape) for each in each.weights if is_variable(each)] for each in (model, other)
    )
    if expected != made:
        message = f"its weights come out with shapes {made}, not {expected}"
        raise ValueError(message)


def is_variable(weight: Any) -> bool:
    """Return whether a weight is no learned vocabulary, which Keras 2 lists among them."""
    return hasattr(weight, "shape")


def _check_functions(model: Any, other: Any) -> None:
    made = telling.functions(other)
    for where, function in telling.functions(model).items():
        its = made.get(where)
        if its is not None and keras_api.is_keras(its) != keras_api.is_keras(function):
            message = (
                f"function '{function.__name__}' of {function.__module__} comes out as that of "
                f"{its.__module__}; give the one that is yours another name"
            )
            raise ValueError(message)


def _check_states(model: Any, other: Any, change: Change) -> None:
    layers = stateful_layers(other)
    if not change.stateful:
        if layers:
            message = f"its layers {sorted(layers)} are stateful whatever its configuration says"
            raise ValueError(message)
        return
    rows = {
        int(each.shape[0]) for variables in variables_by_layer(other).values() for each in variables
    }
    if rows != {change.batch_size} or len(layers) != len(stateful_layers(model)):
        message = (
            f"its stateful layers come out as {sorted(layers)} with states of {sorted(rows)} rows"
        )
        raise ValueError(message)


def _own_objects(model: Any) -> dict[str, Any]:
    """Return classes and functions of the user's that a model holds, registered or not, by name.

    Two different ones of one name are left out.
    """
    found: dict[str, list[Any]] = {}
    for each in _held(model):
        group = found.setdefault(each.__name__, [])
        if each not in group:
            group.append(each)
    return {name: group[0] for name, group in found.items() if len(group) == 1}


def _held(model: Any) -> Iterator[Any]:
    for layer in (model, *layers_within(model)):
        for value in (layer, *vars(layer).values()):
            thing = value if inspect.isfunction(value) else type(value)
            configured = inspect.isfunction(value) or hasattr(value, "get_config")
            if configured and not keras_api.is_keras(thing):
                yield thing
