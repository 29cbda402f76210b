"""What an attribute of each kind of value is."""

from __future__ import annotations

from dataclasses import replace

from astroid import nodes

from pylint_plugin.facts import Data
from pylint_plugin.names import canonical
from pylint_plugin.reader.classes import ancestors, class_attribute, instance_attribute, role
from pylint_plugin.reader.functions import hand_out, unknown_model
from pylint_plugin.reader.imports import member
from pylint_plugin.reader.joining import join
from pylint_plugin.reader.machine import Machine
from pylint_plugin.reader.snapshot import owners_of
from pylint_plugin.reader.values import (
    NOTHING,
    Bound,
    Cls,
    Const,
    Ext,
    Func,
    Method,
    ModuleScope,
    OneOf,
    Partial,
    Ref,
    SomeLayer,
    Super,
    Tensor,
    Tup,
    Value,
    is_none,
)

# Attributes of arrays and frames that are the same data in another form.
_SAME = frozenset({"values", "iloc", "loc", "index", "array", "data", "T"})


def attribute(machine: Machine, value: Value, name: str, node: nodes.NodeNG) -> Value:
    """Give an attribute of a value."""
    if isinstance(value, OneOf):
        found = [attribute(machine, each, name, node) for each in value.values if not is_none(each)]
        result: Value = found[0] if found else NOTHING
        for each in found[1:]:
            result = join(result, each)
        return result
    if isinstance(value, Ext):
        return Ext(canonical(f"{value.name}.{name}"))
    if isinstance(value, ModuleScope):
        return member(machine, value, name) or NOTHING
    if isinstance(value, Ref):
        return _of_object(machine, value, name, node)
    if isinstance(value, Cls):
        return class_attribute(machine, value, name) or NOTHING
    if isinstance(value, Super):
        return _inherited(machine, value, name)
    if isinstance(value, SomeLayer):
        if name == "states":
            hand_out(machine, value.model, node)
        return Const(True) if name == "stateful" else Bound(value, name)
    if isinstance(value, Data):
        return _of_data(value, name)
    return Bound(value, name) if isinstance(value, Partial | Const | Bound | Tensor) else NOTHING


def _of_object(machine: Machine, this: Ref, name: str, node: nodes.NodeNG) -> Value:
    found = instance_attribute(machine, this, name, node)
    if found is not None:
        return found
    if this.kind == "model" and name in {"inputs", "input", "outputs", "output"}:
        return _ends(machine, this, name)
    if this.kind == "layer" and name == "states":
        for model in owners_of(machine, this):
            hand_out(machine, model, node)
    if this.kind == "layer" and name == "stateful":
        layer = machine.layers.get(this.uid)
        return Const(layer.stateful) if layer and isinstance(layer.stateful, bool) else NOTHING
    if this.kind != "instance":
        return Bound(this, name)
    cls = machine.made[this.uid].cls
    if name == "model" and cls is not None and role(cls) == "callback":
        model = unknown_model(machine, node)
        machine.store.put(this.uid, "model", model)
        return model
    return NOTHING


def _ends(machine: Machine, this: Ref, name: str) -> Value:
    stored = machine.store.get(this.uid, "#layers")
    items = stored.items if isinstance(stored, Tup) else ()
    layers = tuple(each for each in items if isinstance(each, Ref) and each.kind == "layer")
    known = isinstance(stored, Tup) and len(layers) == len(items)
    if name.startswith("in"):
        layers = layers[:1]
    return Tensor(layers, known, straight=known)


def _inherited(machine: Machine, value: Super, name: str) -> Value:
    behind = False
    for each in ancestors(value.cls):
        if each is value.cls:
            behind = True
        elif behind and isinstance(each, Cls):
            found = machine.store.get(each.uid, name)
            if isinstance(found, Func):
                return Method(value.this, found)
            if found is not None:
                return found
    return Bound(value, name)


def _of_data(value: Data, name: str) -> Value:
    if name == "shape" and value.shape is not None:
        return Tup(tuple(NOTHING if size is None else Const(size) for size in value.shape))
    if name in _SAME and value.kind in {"array", "frame", "unknown"}:
        shape = value.shape if name != "T" else None
        return replace(value, shape=shape, kind="array" if name == "values" else value.kind)
    return Bound(value, name)
