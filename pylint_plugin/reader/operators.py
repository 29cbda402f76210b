"""Operators: arithmetic, comparison, logic; what is known of both sides decides."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping

from astroid import nodes

from pylint_plugin.facts import Data
from pylint_plugin.places import UNKNOWN, Unknown
from pylint_plugin.reader.joining import join
from pylint_plugin.reader.machine import Machine
from pylint_plugin.reader.values import (
    LONGEST,
    NOTHING,
    Const,
    Ext,
    Func,
    Ref,
    Tensor,
    Tup,
    Value,
    blend,
    is_none,
    scalar,
)

_ARITHMETIC: Mapping[str, Callable[[int, int], int | float]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "//": operator.floordiv,
    "/": operator.truediv,
    "%": operator.mod,
}
_COMPARISONS: Mapping[str, Callable[[object, object], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "is": operator.is_,
    "is not": operator.is_not,
}
_ORDER: Mapping[str, Callable[[int, int], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def truth(value: Value) -> bool | None:
    """Tell whether a value counts as true; None where that is not known."""
    if isinstance(value, Const):
        return bool(value.value)
    if isinstance(value, Tup):
        return bool(value.items)
    if isinstance(value, Ref) and value.kind in {"model", "layer"}:
        return True
    return True if isinstance(value, Ext | Func | Tensor) else None


def _binary(machine: Machine, node: nodes.BinOp) -> Value:
    left, right = machine.evaluate(node.left), machine.evaluate(node.right)
    return combine(machine, node.op, left, right, node)


def combine(machine: Machine, op: str, left: Value, right: Value, node: nodes.NodeNG) -> Value:
    """Give the value of an arithmetic operation."""
    one, other = scalar(left), scalar(right)
    if isinstance(one, int | float) and isinstance(other, int | float) and op in _ARITHMETIC:
        if (other == 0 and op in {"/", "//", "%"}) or abs(one) > 1e15 or abs(other) > 1e15:
            return NOTHING
        return Const(_ARITHMETIC[op](one, other))  # type: ignore[arg-type]  # floats are welcome
    first, second = machine.listed(left), machine.listed(right)
    if op == "+" and first is not None and second is not None:
        if len(first) + len(second) > LONGEST:
            return NOTHING
        if isinstance(left, Tup):
            return Tup(first + second)
        return machine.items(first + second, node)
    tensors = [each for each in (left, right) if isinstance(each, Tensor)]
    if tensors:
        return tensors[0] if len(tensors) == 1 else through(machine, (left, right), straight=False)
    known = blend(machine.data(left), machine.data(right))
    for side in (left, right):
        if isinstance(side, Data) and side.kind == "array":
            return Data("array", side.shape, known.shuffles, side.windows, varies=known.varies)
    return known


def through(machine: Machine, values: tuple[Value, ...], straight: bool) -> Tensor:
    """Give the tensor that comes of several."""
    layers: dict[Ref, None] = {}
    known = True
    for value in values:
        for item in machine.held(value) or (value,):
            if isinstance(item, Tensor):
                layers.update(dict.fromkeys(item.layers))
                known, straight = known and item.known, straight and item.straight
            elif not isinstance(item, Const):
                known = straight = False
    return Tensor(tuple(layers), known, straight)


def _unary(machine: Machine, node: nodes.UnaryOp) -> Value:
    value = machine.evaluate(node.operand)
    found = scalar(value)
    if node.op == "not":
        known = truth(value)
        return blend(value) if known is None else Const(not known)
    if node.op == "-" and isinstance(found, int | float):
        return Const(-found)
    return value if isinstance(value, Data | Tensor) else NOTHING


def _boolean(machine: Machine, node: nodes.BoolOp) -> Value:
    results: list[Value] = []
    for operand in node.values:
        value = machine.evaluate(operand)
        known = truth(value)
        if known is (node.op == "or"):
            results.append(value)
            break
        if known is None or operand is node.values[-1]:
            results.append(value)
    result = results[0]
    for value in results[1:]:
        result = join(result, value)
    return result


def _compare(machine: Machine, node: nodes.Compare) -> Value:
    left = machine.evaluate(node.left)
    if len(node.ops) != 1:
        return blend(left, *(machine.evaluate(side) for _, side in node.ops))
    op, side = node.ops[0]
    right = machine.evaluate(side)
    one, other = scalar(left), scalar(right)
    if not isinstance(one, Unknown) and not isinstance(other, Unknown):
        if op in _COMPARISONS:
            return Const(_COMPARISONS[op](one, other))
        if op in _ORDER and isinstance(one, int) and isinstance(other, int):
            return Const(_ORDER[op](one, other))
    if op in {"is", "is not", "==", "!="} and (is_none(left) or is_none(right)):
        value = right if is_none(left) else left
        if not isinstance(value, Data) and truth(value):
            return Const(op in {"is not", "!="})
    items = machine.listed(right)
    if op in {"in", "not in"} and items is not None and not isinstance(one, Unknown):
        known = [scalar(item) for item in items]
        if UNKNOWN not in known:
            return Const((one in known) is (op == "in"))
    return blend(machine.data(left), machine.data(right))


def _choice(machine: Machine, node: nodes.IfExp) -> Value:
    known = truth(machine.evaluate(node.test))
    if known is not None:
        return machine.evaluate(node.body if known else node.orelse)
    return join(machine.evaluate(node.body), machine.evaluate(node.orelse))


OPERATORS = {
    nodes.BinOp: _binary,
    nodes.UnaryOp: _unary,
    nodes.BoolOp: _boolean,
    nodes.Compare: _compare,
    nodes.IfExp: _choice,
}
