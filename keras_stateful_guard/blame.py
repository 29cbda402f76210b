"""Says which layer it is that keeps a model from being made anew, and the way out."""

from __future__ import annotations

import contextlib
import functools
import re
import threading
from collections.abc import Callable
from typing import Any

from keras_stateful_guard import keras_api
from keras_stateful_guard.within import layers_within

WAY_OUT = (
    "write a function that builds the model, `other = build(batch_size)`, "
    "then `other.set_weights(model.get_weights())`"
)
IN_A_CALL = "Exception encountered when calling"
COLOURS = re.compile(r"\x1b\[\d*m")
Blamed = tuple[Any, Exception]


def blame(model: Any, make: Callable[[Any], Any], error: Exception) -> ValueError:
    """Return an error that names the innermost layer at fault, else the model.

    Args:
        model: What could not be made anew.
        make: Makes a model or layer anew.
        error: What came of it.
    """
    layer, why = _not_made(model, make) or _not_called(model, make) or (model, error)
    what = "model" if layer is model else f"model '{model.name}', layer"
    message = (
        f"cannot make {what} '{layer.name}' ({type(layer).__name__}) anew from its get_config(): "
        f"{_said(why)}\n    {WAY_OUT}"
    )
    return ValueError(message)


def _not_made(model: Any, make: Callable[[Any], Any]) -> Blamed | None:
    """Return the innermost layer that cannot be made anew by itself, and why."""
    layers = reversed(layers_within(model))
    tried = ((layer, _failure(layer, make)) for layer in layers)
    return next(((layer, error) for layer, error in tried if error is not None), None)


def _failure(layer: Any, make: Callable[[Any], Any]) -> Exception | None:
    try:
        make(layer)
    except Exception as error:
        return error
    return None


def _not_called(model: Any, make: Callable[[Any], Any]) -> Blamed | None:
    """Return the innermost new layer that cannot be called as the old one was, and why."""
    kind, thread = keras_api.keras().layers.Layer, threading.get_ident()
    call, failed = kind.__call__, list[Blamed]()

    @functools.wraps(call)
    def noted(self: Any, *arguments: Any, **named: Any) -> Any:
        try:
            return call(self, *arguments, **named)
        except Exception as error:
            if threading.get_ident() == thread:
                failed.append((self, error))
            raise

    kind.__call__ = noted
    try:
        with contextlib.suppress(Exception):
            make(model)
    finally:
        kind.__call__ = call
    return failed[0] if failed else None


def _said(why: Exception) -> str:
    """Return what matters of an error in one line."""
    lines = [each for each in COLOURS.sub("", str(why)).splitlines() if each.strip()]
    wanted = 2 if lines and lines[0].startswith(IN_A_CALL) else 1
    return " ".join(lines[:wanted]).strip() or type(why).__name__
