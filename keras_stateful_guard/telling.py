"""Lets a configuration tell what Keras leaves out of it: the user's functions, vocabularies."""

from __future__ import annotations

import contextlib
import inspect
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from keras_stateful_guard import keras_api
from keras_stateful_guard.within import layers_within

LOOKUPS = ("IntegerLookup", "StringLookup")


@contextlib.contextmanager
def all_told(layer: Any) -> Iterator[dict[str, Any]]:
    """Let `get_config()` tell all for a while; yield the user's functions by the names in it.

    Keras writes a function down by its name alone, and takes one named as its own for its own.
    A lambda it writes down as code, without what the code reads. So each goes by another name.
    """
    found = {id(each): each for each in functions(layer).values()}
    own = [each for each in found.values() if not keras_api.is_keras(each)]
    names = [each.__name__ for each in own]
    with _vocabularies(layer):
        try:
            for number, each in enumerate(own):
                each.__name__ = f"{each.__name__}@{number}"
            yield {each.__name__: each for each in own}
        finally:
            for each, name in zip(own, names, strict=True):
                each.__name__ = name


def functions(layer: Any) -> dict[tuple[Any, ...], Any]:
    """Return the functions that the layers within a layer hold, by where each is held."""
    return {
        (place, name, *key): value
        for place, each in enumerate((layer, *layers_within(layer)))
        for name, held in vars(each).items()
        if not callable(getattr(type(each), name, None))  # Keras wraps methods so, as build
        for key, value in _one_by_one(held)
        if inspect.isfunction(value)
    }


def _one_by_one(held: Any) -> Iterable[tuple[tuple[Any, ...], Any]]:
    if isinstance(held, Mapping):
        return [((key,), value) for key, value in held.items()]
    if isinstance(held, (list, tuple)):
        return [((place,), value) for place, value in enumerate(held)]
    return [((), held)]


@contextlib.contextmanager
def _vocabularies(layer: Any) -> Iterator[None]:
    """Let lookups tell the vocabularies that they learned in `adapt()` as if these were given.

    Those of Keras 2 have them among their weights.
    """
    learned = [
        each
        for each in layers_within(layer)
        if keras_api.class_name(each) in LOOKUPS
        and not each.weights
        and each.input_vocabulary is None
        and each.get_vocabulary(include_special_tokens=False)
    ]
    try:
        for each in learned:
            vocabulary = each.get_vocabulary()
            vars(each)["input_vocabulary"] = vocabulary
            if each.output_mode == "tf_idf":
                weights = each.idf_weights.numpy().tolist()
                vars(each)["input_idf_weights"] = weights[: len(vocabulary)]
        yield
    finally:
        for each in learned:
            vars(each).update(input_vocabulary=None, input_idf_weights=None)
