"""Finds the layers inside a layer or model."""

from __future__ import annotations

from typing import Any

from keras_stateful_guard import keras_api


def layers_within(layer: Any) -> list[Any]:
    """Return the layers inside a layer or model at every depth, each once, outer ones first."""
    found: dict[int, Any] = {}
    waiting = keras_api.sublayers(layer)
    while waiting:
        each = waiting.pop(0)
        if id(each) not in found:
            found[id(each)] = each
            waiting += keras_api.sublayers(each)
    return list(found.values())
