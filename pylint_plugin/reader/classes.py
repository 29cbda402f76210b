"""Classes of the project: their attributes, their instances, and what they inherit."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from astroid import nodes

from pylint_plugin.facts import Layer
from pylint_plugin.places import UNKNOWN
from pylint_plugin.reader.functions import call_function, decorators
from pylint_plugin.reader.layers import make_layer
from pylint_plugin.reader.machine import Flow, Machine
from pylint_plugin.reader.models import init_model
from pylint_plugin.reader.values import (
    NOTHING,
    Args,
    Cls,
    Const,
    Ext,
    Frame,
    Func,
    Method,
    Ref,
    Value,
    alternatives,
)

Role = Literal["model", "layer", "callback", "sequence", "plain", "unknown"]
_DEPTH = 12


def define_class(machine: Machine, node: nodes.ClassDef) -> Flow:
    """Run the body of a class and bind its name."""
    bases = tuple(machine.evaluate(base) for base in node.bases)
    cls = Cls(node, machine.uid(), machine.frame, bases)
    before = machine.frame
    machine.frame = Frame(cls.uid, before.module, before, None, cls)
    machine.execute(node.body)
    machine.frame = before
    machine.assign(node.name, cls)
    return Flow.NEXT


def ancestors(cls: Cls, depth: int = _DEPTH) -> Iterator[Value]:
    """Yield a class and its bases, nearest first."""
    yield cls
    for base in cls.bases:
        for each in alternatives(base):
            if isinstance(each, Cls) and depth > 0:
                yield from ancestors(each, depth - 1)
            else:
                yield each


def role(cls: Cls) -> Role:
    """Tell what a class is to Keras, from the library class it derives from."""
    found: Role = "plain"
    for base in ancestors(cls):
        if isinstance(base, Ext):
            if base.name in {"keras.Model", "keras.Sequential"}:
                return "model"
            if base.name.startswith("keras.layers."):
                return "layer"
            if base.name == "keras.callbacks.Callback":
                return "callback"
            if base.name == "keras.utils.PyDataset":
                return "sequence"
            if base.name not in {"builtins.object", "abc.ABC", "typing.Generic"}:
                found = "unknown"
        elif not isinstance(base, Cls):
            found = "unknown"
    return found


def find(machine: Machine, cls: Cls, name: str, skip: Cls | None = None) -> Value | None:
    """Find an attribute of a class or its bases; with `skip`, only behind that class."""
    seen = skip is None
    for each in ancestors(cls):
        if isinstance(each, Cls):
            if seen:
                found = machine.store.get(each.uid, name)
                if found is not None:
                    return found
            seen = seen or each is skip
    return None


def library_base(cls: Cls) -> str:
    """Give the name of the nearest library class that a class derives from."""
    for each in ancestors(cls):
        if isinstance(each, Ext):
            return each.name
    return ""


def instantiate(machine: Machine, cls: Cls, args: Args, node: nodes.NodeNG) -> Value:
    """Make an object of a class of the project and run its `__init__`."""
    what = role(cls)
    base = library_base(cls)
    if what == "model":
        name = "sequential" if base == "keras.Sequential" else "subclass"
        this = machine.new("model", node, name, cls)
    elif what == "layer" or machine.is_recurrent(cls.node.name):
        this = _layer(machine, cls, args, node, base)
    else:
        this = machine.new("instance", node, what, cls)
    start = find(machine, cls, "__init__")
    if isinstance(start, Func):
        call_function(machine, start, args, node, this)
    elif what == "model":
        init_model(machine, this, args, node)
    elif what in {"plain", "unknown"}:
        _fill_fields(machine, cls, this, args)
    return this


def _fill_fields(machine: Machine, cls: Cls, this: Ref, args: Args) -> None:
    """Set what the `__init__` of a dataclass, a named tuple or an unseen base would set."""
    fields = [
        each.target.name
        for base in reversed([each for each in ancestors(cls) if isinstance(each, Cls)])
        for each in base.node.body
        if isinstance(each, nodes.AnnAssign) and isinstance(each.target, nodes.AssignName)
    ]
    if args.opaque:
        given: dict[str, Value] = dict.fromkeys(fields, NOTHING)
    else:
        given = dict(zip(dict.fromkeys(fields), args.positional, strict=False))
    for name, value in {**given, **args.keywords}.items():
        machine.store.put(this.uid, name, value)


def _layer(machine: Machine, cls: Cls, args: Args, node: nodes.NodeNG, base: str) -> Ref:
    extra = machine.is_recurrent(cls.node.name)
    if machine.is_recurrent(base) or extra:
        layer = make_layer(machine, base if not extra else cls.node.name, args, node, cls)
        own = isinstance(find(machine, cls, "__init__"), Func)
        if own and args.get("stateful") is None:
            machine.layers[layer.uid] = Layer(
                layer.uid, cls.node.name, machine.site(node), recurrent=True, stateful=UNKNOWN
            )
        return layer
    layer = machine.new("layer", node, cls.node.name, cls)
    machine.layers[layer.uid] = Layer(layer.uid, cls.node.name, machine.site(node))
    return layer


def class_attribute(machine: Machine, cls: Cls, name: str) -> Value | None:
    """Look an attribute up on the class itself."""
    return find(machine, cls, name)


def instance_attribute(machine: Machine, this: Ref, name: str, node: nodes.NodeNG) -> Value | None:
    """Look an attribute up on an object, then on its class; None where neither has it."""
    cls = machine.made[this.uid].cls
    found = machine.store.get(this.uid, name)
    if found is not None:
        stale = cls is not None and isinstance(found, Const) and (machine.wild or machine.turning)
        return NOTHING if stale and cls and name in changed_attributes(machine, cls) else found
    if cls is None:
        return None
    found = find(machine, cls, name)
    if isinstance(found, Func) and found.cls is not None:
        marks = decorators(found.node) if isinstance(found.node, nodes.FunctionDef) else frozenset()
        if marks & {"property", "cached_property"}:
            return call_function(machine, found, Args(), node, this)
        return Method(this, found)
    return found


def changed_attributes(machine: Machine, cls: Cls) -> frozenset[str]:
    """Give the attributes that methods besides `__init__` assign: their constants may be stale."""
    return frozenset(
        each.attrname
        for method in cls.node.body
        if isinstance(method, nodes.FunctionDef) and method.name != "__init__"
        for each in machine.assigned(method)
        if isinstance(each, nodes.AssignAttr)
    )
