"""Binding of names, attributes and items; taking values apart."""

from __future__ import annotations

from dataclasses import replace

from astroid import nodes

from pylint_plugin.facts import Data
from pylint_plugin.places import UNKNOWN, Loop, Unknown
from pylint_plugin.reader.joining import join
from pylint_plugin.reader.machine import Machine
from pylint_plugin.reader.values import (
    NOTHING,
    Bound,
    Cls,
    Const,
    OneOf,
    Range,
    Ref,
    SomeLayer,
    Tensor,
    Tup,
    Value,
    Zipped,
    blend,
    scalar,
)


def bind(machine: Machine, target: nodes.NodeNG, value: Value) -> None:
    """Assign a value to whatever stands on the left."""
    if isinstance(target, nodes.AssignName):
        machine.assign(target.name, value)
    elif isinstance(target, nodes.AssignAttr):
        _set_attribute(machine, machine.evaluate(target.expr), target.attrname, value)
    elif isinstance(target, nodes.Subscript):
        _set_item(machine, machine.evaluate(target.value), machine.evaluate(target.slice), value)
    elif isinstance(target, nodes.Tuple | nodes.List):
        _unpack(machine, target, value)
    elif isinstance(target, nodes.Starred):
        bind(machine, target.value, blend(machine.data(value)))


def _set_attribute(machine: Machine, owner: Value, name: str, value: Value) -> None:
    if isinstance(owner, Ref | Cls):
        machine.store.put(owner.uid, name, value)
    elif isinstance(owner, SomeLayer) and name == "stateful":
        machine.store.put(owner.model.uid, "#doubt", Const(True))


def _set_item(machine: Machine, owner: Value, key: Value, value: Value) -> None:
    if not isinstance(owner, Ref):
        return
    text = scalar(key)
    if owner.kind == "dict":
        name = "" if isinstance(text, Unknown) else f"[{text!r}]"
        machine.store.put(owner.uid, name, value)
    elif owner.kind == "list":
        machine.store.put(owner.uid, "#open", Const(True))


def _unpack(machine: Machine, target: nodes.Tuple | nodes.List, value: Value) -> None:
    items = machine.listed(value)
    starred = any(isinstance(each, nodes.Starred) for each in target.elts)
    if isinstance(value, OneOf) and not starred:
        size = len(target.elts)
        rows = [machine.listed(each) for each in value.values]
        full = [row for row in rows if row is not None and len(row) == size]
        if len(full) == len(rows):
            items = full[0]
            for row in full[1:]:
                items = tuple(map(join, items, row))
    if items is not None and len(items) == len(target.elts) and not starred:
        for each, item in zip(target.elts, items, strict=True):
            bind(machine, each, item)
        return
    part: Value = value if isinstance(value, Tensor) else NOTHING
    if isinstance(value, Data):
        part = replace(value, shape=None)
    elif items is not None or isinstance(value, Zipped | OneOf):
        part = blend(machine.data(value))
    for each in target.elts:
        bind(machine, each, part)


def element(machine: Machine, value: Value, loop: Loop) -> Value:
    """Give what a loop over a value binds at each turn."""
    if isinstance(value, Zipped):
        return Tup(tuple(element(machine, each, loop) for each in value.values))
    if isinstance(value, Bound) and value.name in {"layers", "submodules"}:
        return SomeLayer(value.owner) if isinstance(value.owner, Ref) else NOTHING
    turn = Data(varies=frozenset({loop.uid}))
    if isinstance(value, Range):
        return turn
    items = machine.listed(value)
    if items:
        if any(isinstance(item, Const | Data) for item in items) and len(items) > 1:
            return Data(varies=blend(*items).varies | turn.varies)
        joined = items[0]
        for item in items[1:]:
            joined = join(joined, item)
        return joined
    known = machine.data(value)
    kept = known.shuffles if known.kind == "dataset" else frozenset()
    return Data(shuffles=kept, varies=known.varies | turn.varies)


def turns(machine: Machine, value: Value) -> int | Unknown:
    """Give how often a loop over a value runs."""
    if isinstance(value, Range):
        return value.times
    items = machine.listed(value)
    if items is not None:
        return len(items)
    if isinstance(value, Zipped):
        known = [
            each
            for each in (turns(machine, part) for part in value.values)
            if isinstance(each, int)
        ]
        if known:
            return min(known)
    return UNKNOWN
