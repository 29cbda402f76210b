"""From the reader's objects to facts: a model or a layer as it is at this moment."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from itertools import zip_longest
from typing import Literal

from pylint_plugin.facts import Feed, Layer, Model
from pylint_plugin.places import UNKNOWN, Unknown
from pylint_plugin.reader.machine import Machine
from pylint_plugin.reader.values import (
    OneOf,
    Ref,
    Tensor,
    Tup,
    Value,
    alternatives,
    integer,
    is_none,
    scalar,
)

_NESTING = 6
_OWNERS = 50


def layer_of(machine: Machine, ref: Ref, depth: int = _NESTING) -> Layer:
    """Give a layer with what it wraps."""
    layer = machine.layers[ref.uid]
    now = machine.store.get(ref.uid, "stateful")
    if now is not None:
        known = scalar(now)
        layer = replace(layer, stateful=UNKNOWN if isinstance(known, Unknown) else bool(known))
    inner = [
        each for child in children(machine, ref) for each in flatten(machine, child, depth - 1)
    ]
    return replace(layer, inner=tuple(inner)) if inner else layer


def children(machine: Machine, ref: Ref) -> tuple[Value, ...]:
    """Give what a wrapper wraps, and what a layer or model of the project keeps in attributes."""
    wrapped = machine.wrapped.get(ref.uid, ())
    if machine.made[ref.uid].cls is None:
        return wrapped
    found: list[Value] = list(wrapped)
    for name in machine.store.names(ref.uid):
        value = machine.store.get(ref.uid, name)
        if value is not None and not name.startswith("#"):
            found.append(value)
    return tuple(found)


def flatten(machine: Machine, value: Value, depth: int) -> tuple[Layer, ...]:
    """Give the layers that a value holds, nested models opened."""
    if depth < 0:
        return ()
    if isinstance(value, Ref) and value.uid in machine.layers:
        return (layer_of(machine, value, depth),)
    if isinstance(value, Ref) and value.kind == "model":
        return model_of(machine, value, depth).layers
    if isinstance(value, Ref) and value.kind in {"list", "dict"}:
        inner: Iterable[Value | None] = machine.held(value)
        if value.kind == "dict":
            inner = [machine.store.get(value.uid, name) for name in machine.store.names(value.uid)]
        return tuple(
            x for each in inner if each is not None for x in flatten(machine, each, depth - 1)
        )
    if isinstance(value, Tup):
        return tuple(layer for each in value.items for layer in flatten(machine, each, depth - 1))
    if isinstance(value, OneOf):
        return merged(
            [flatten(machine, each, depth - 1) for each in value.values if not is_none(each)]
        )
    return ()


def merged(rows: list[tuple[Layer, ...]]) -> tuple[Layer, ...]:
    """Join alternatives place by place: where they disagree a layer is uncertain."""
    if not rows:
        return ()
    layers: list[Layer] = []
    for place in zip_longest(*rows):
        present = [each for each in place if each is not None]
        first = present[0]
        if any(each != first for each in present) or len(present) < len(place):
            states = {_carries(each) if each is not None else False for each in place}
            state = states.pop() if len(states) == 1 else UNKNOWN
            feeds = {each.feed.batch if each.feed else None for each in present}
            feed = first.feed
            if feed is not None and len(feeds) > 1:
                feed = replace(feed, batch=UNKNOWN)
            first = replace(first, stateful=state, feed=feed, inner=())
        layers.append(first)
    return tuple(layers)


def _carries(layer: Layer) -> bool | Unknown:
    states = {each.stateful for each in layer.flat()}
    return True if True in states else UNKNOWN if UNKNOWN in states else False


def model_of(machine: Machine, ref: Ref, depth: int = _NESTING) -> Model:
    """Give a model as it is now."""
    made = machine.made[ref.uid]
    stored = machine.store.get(ref.uid, "#layers")
    rows: list[tuple[Layer, ...]] = []
    feeds: list[tuple[Feed, ...]] = []
    held: list[Value] = []
    complete = machine.store.get(ref.uid, "#complete") is None and made.cls is None
    if depth > 0:
        for each in alternatives(stored) if stored is not None else (Tup(),):
            items = each.items if isinstance(each, Tup) else ()
            held += items
            complete = complete and isinstance(each, Tup) and all(map(_is_layer, items))
            rows.append(tuple(x for item in items for x in flatten(machine, item, depth - 1)))
            feeds.append(_feeds(machine, made.kind, items, depth))
    layers = merged(rows) if len(rows) > 1 else (rows[0] if rows else ())
    if made.cls is not None:
        layers += tuple(
            x for each in children(machine, ref) for x in flatten(machine, each, depth - 1)
        )
    if machine.store.get(ref.uid, "#doubt") is not None:
        layers = tuple(replace(each, stateful=UNKNOWN, inner=()) for each in layers)
    kind: Literal["sequential", "functional", "subclass", "unknown"] = "subclass"
    if made.kind in {"sequential", "functional", "unknown"}:
        kind = made.kind  # type: ignore[assignment]  # narrowed by the set
    known = feeds[0] if feeds and all(row == feeds[0] for row in feeds) else ()
    if len(feeds) > 1 and not known and any(feeds):
        known = tuple(replace(feed, batch=UNKNOWN) for row in feeds for feed in row)
    built = machine.store.get(ref.uid, "#built")
    if built is not None and not known:
        size = None if is_none(built) else integer(built)
        known = (Feed(made.site, size, "build"),)
    nested = any(isinstance(item, Ref) and item.kind == "model" for item in held)
    return Model(
        ref.uid, made.site, layers, complete, known, kind, made.path, built is not None, nested
    )


def _is_layer(value: Value) -> bool:
    return isinstance(value, Ref | Tensor) and not (isinstance(value, Ref) and value.kind == "dict")


def _feeds(machine: Machine, kind: str, items: tuple[Value, ...], depth: int) -> tuple[Feed, ...]:
    if kind == "functional":
        found = (
            machine.layers[each.uid]
            for each in items
            if isinstance(each, Ref) and each.uid in machine.layers
        )
        return tuple(
            layer.feed for layer in found if layer.kind == "Input" and layer.feed is not None
        )
    return entry_feeds(machine, items[0], depth) if items else ()


def entry_feeds(machine: Machine, value: Value, depth: int = _NESTING) -> tuple[Feed, ...]:
    """Give what the first item of a Sequential says on its input."""
    if isinstance(value, Ref) and value.uid in machine.layers:
        feed = machine.layers[value.uid].feed
        if feed is not None:
            return (feed,)
        inner = machine.wrapped.get(value.uid, ())
        return entry_feeds(machine, inner[0], depth - 1) if inner and depth > 0 else ()
    if isinstance(value, Ref) and value.kind == "model" and depth > 0:
        return model_of(machine, value, depth - 1).feeds
    return ()


def owners_of(machine: Machine, layer: Ref) -> tuple[Ref, ...]:
    """Give the models that hold a layer."""
    models = [Ref(uid, "model") for uid, made in machine.made.items() if made.what == "model"]
    if len(models) > _OWNERS:
        return ()
    return tuple(
        model
        for model in models
        if any(
            each.uid == layer.uid
            for held in model_of(machine, model).layers
            for each in held.flat()
        )
    )
