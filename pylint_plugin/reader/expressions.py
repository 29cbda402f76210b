"""What each kind of expression gives."""

from __future__ import annotations

import builtins

from astroid import nodes

from pylint_plugin.facts import Data
from pylint_plugin.names import from_star
from pylint_plugin.places import Loop, Unknown
from pylint_plugin.reader.machine import Machine
from pylint_plugin.reader.values import (
    LONGEST,
    NONE,
    NOTHING,
    Args,
    Const,
    Ext,
    Frame,
    Func,
    Ref,
    Scalar,
    Tup,
    Value,
    blend,
    scalar,
)

_BUILTINS = frozenset(dir(builtins)) | {"xrange"}


def lookup(machine: Machine, name: str, frame: Frame | None = None) -> Value | None:
    """Find a name in the scopes around; None where no assignment was seen."""
    frame = frame or machine.frame
    scope: Frame | None = frame
    while scope is not None:
        found = machine.store.get(scope.uid, name)
        if found is not None:
            changes = scope is scope.module.frame and name in scope.module.volatile
            return NOTHING if changes and isinstance(found, Const) else found
        scope = scope.parent
    for star in frame.module.stars:
        if dotted := from_star(star, name):
            return Ext(dotted)
    return None


def _name(machine: Machine, node: nodes.Name) -> Value:
    found = lookup(machine, node.name)
    if found is None and node.name in _BUILTINS:
        return Ext(f"builtins.{node.name}")
    return NOTHING if found is None else found


def _const(machine: Machine, node: nodes.Const) -> Value:
    return Const(node.value) if isinstance(node.value, Scalar) else NOTHING


def _list(machine: Machine, node: nodes.List) -> Value:
    items, opaque = _elements(machine, node)
    made = machine.items(items, node)
    if opaque:
        machine.store.put(made.uid, "#open", Const(True))
    return made


def _tuple(machine: Machine, node: nodes.Tuple | nodes.Set) -> Value:
    items, opaque = _elements(machine, node)
    return blend(*items) if opaque else Tup(tuple(items))


def _elements(
    machine: Machine, node: nodes.List | nodes.Tuple | nodes.Set
) -> tuple[list[Value], bool]:
    items: list[Value] = []
    opaque = len(node.elts) > LONGEST
    for element in node.elts[:LONGEST]:
        if isinstance(element, nodes.Starred):
            more = machine.listed(machine.evaluate(element.value))
            opaque = opaque or more is None
            items += more or ()
        else:
            items.append(machine.evaluate(element))
    return items, opaque


def _dict(machine: Machine, node: nodes.Dict) -> Value:
    made = machine.new("dict", node)
    for key, value in node.items:
        if isinstance(key, nodes.DictUnpack):
            inner = machine.evaluate(value)
            if isinstance(inner, Ref) and inner.kind == "dict":
                for name in machine.store.names(inner.uid):
                    if (found := machine.store.get(inner.uid, name)) is not None:
                        machine.store.put(made.uid, name, found)
            else:
                machine.store.put(made.uid, "", NOTHING)
            continue
        text = scalar(machine.evaluate(key))
        content = machine.evaluate(value)
        machine.store.put(made.uid, f"[{text!r}]" if not isinstance(text, Unknown) else "", content)
    return made


def _attribute(machine: Machine, node: nodes.Attribute) -> Value:
    return machine.attribute(machine.evaluate(node.expr), node.attrname, node)


def _call(machine: Machine, node: nodes.Call) -> Value:
    callee = machine.evaluate(node.func)
    return machine.call(callee, arguments(machine, node), node)


def arguments(machine: Machine, node: nodes.Call) -> Args:
    """Evaluate the arguments of a call."""
    positional: list[Value] = []
    keywords: dict[str, Value] = {}
    opaque = False
    for argument in node.args:
        if isinstance(argument, nodes.Starred):
            more = machine.listed(machine.evaluate(argument.value))
            opaque = opaque or more is None
            positional += more or ()
        else:
            positional.append(machine.evaluate(argument))
    for keyword in node.keywords:
        value = machine.evaluate(keyword.value)
        if keyword.arg is not None:
            keywords[keyword.arg] = value
        elif isinstance(value, Ref) and value.kind == "dict":
            for name in machine.store.names(value.uid):
                found = machine.store.get(value.uid, name)
                if name[:2] in {"['", '["'} and found is not None:
                    keywords[name[2:-2]] = found
                else:
                    opaque = True
        else:
            opaque = True
    return Args(tuple(positional), keywords, opaque)


def _lambda(machine: Machine, node: nodes.Lambda) -> Value:
    return Func(node, machine.frame)


def _named(machine: Machine, node: nodes.NamedExpr) -> Value:
    value = machine.evaluate(node.value)
    machine.assign(node.target.name, value)
    return value


def _text(machine: Machine, node: nodes.JoinedStr) -> Value:
    for part in node.values:
        if isinstance(part, nodes.FormattedValue):
            machine.evaluate(part.value)
    loops = frozenset(step.uid for step in machine.path if isinstance(step, Loop))
    return Data(varies=loops)


def _await(machine: Machine, node: nodes.Await) -> Value:
    return machine.evaluate(node.value)


def _yield(machine: Machine, node: nodes.Yield | nodes.YieldFrom) -> Value:
    machine.evaluate(node.value)
    return NOTHING if node.value is not None else NONE


EXPRESSIONS = {
    nodes.Name: _name,
    nodes.Const: _const,
    nodes.List: _list,
    nodes.Tuple: _tuple,
    nodes.Set: _tuple,
    nodes.Dict: _dict,
    nodes.Attribute: _attribute,
    nodes.Call: _call,
    nodes.Lambda: _lambda,
    nodes.NamedExpr: _named,
    nodes.JoinedStr: _text,
    nodes.Await: _await,
    nodes.Yield: _yield,
    nodes.YieldFrom: _yield,
}
