"""Calls: whatever is called, its kind decides what happens."""

from __future__ import annotations

from astroid import nodes

from pylint_plugin.reader import models
from pylint_plugin.reader.branches import branch
from pylint_plugin.reader.classes import instantiate
from pylint_plugin.reader.functions import call_function, escape
from pylint_plugin.reader.joining import join
from pylint_plugin.reader.layers import call_layer
from pylint_plugin.reader.libraries import call_library
from pylint_plugin.reader.machine import Flow, Machine
from pylint_plugin.reader.methods import call_method, unknown_result
from pylint_plugin.reader.values import (
    NOTHING,
    Args,
    Bound,
    Cls,
    Ext,
    Func,
    Method,
    OneOf,
    Partial,
    Ref,
    Value,
    is_none,
)


def call(machine: Machine, callee: Value, args: Args, node: nodes.NodeNG) -> Value:
    """Call a value with arguments."""
    if isinstance(callee, OneOf):
        return _either(machine, callee, args, node)
    if isinstance(callee, Func):
        return call_function(machine, callee, args, node)
    if isinstance(callee, Method):
        return call_function(machine, callee.func, args, node, callee.owner)
    if isinstance(callee, Cls):
        return instantiate(machine, callee, args, node)
    if isinstance(callee, Ext):
        return call_library(machine, callee.name, args, node)
    if isinstance(callee, Bound):
        return call_method(machine, callee, args, node)
    if isinstance(callee, Partial):
        return call(machine, callee.func, args.after(callee.args), node)
    if isinstance(callee, Ref) and callee.kind in {"model", "layer"}:
        return _object(machine, callee, args, node)
    if isinstance(callee, Ref) and callee.kind == "instance":
        method = machine.attribute(callee, "__call__", node)
        if isinstance(method, Method):
            return call(machine, method, args, node)
    escape(machine, args, node)
    return unknown_result(machine, args)


def _either(machine: Machine, callee: OneOf, args: Args, node: nodes.NodeNG) -> Value:
    results: list[Value] = []

    def arm(value: Value) -> Flow:
        results.append(call(machine, value, args, node))
        return Flow.NEXT

    options = [each for each in callee.values if not is_none(each)]
    if not options:
        return NOTHING
    branch(machine, [lambda value=each: arm(value) for each in options])  # type: ignore[misc]  # bound now
    result = results[0]
    for each in results[1:]:
        result = join(result, each)
    return result


def _object(machine: Machine, callee: Ref, args: Args, node: nodes.NodeNG) -> Value:
    if callee.kind == "layer":
        return call_layer(machine, callee, args, node)
    return models.call_model(machine, callee, args, node)
