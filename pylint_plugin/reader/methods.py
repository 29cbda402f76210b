"""Calls of methods that the reader itself knows: of models, layers, data, lists and dicts."""

from __future__ import annotations

from astroid import nodes

from pylint_plugin.facts import Data
from pylint_plugin.reader import arrays, builtin_calls, datasets, models, training
from pylint_plugin.reader.functions import escape
from pylint_plugin.reader.layers import call_layer
from pylint_plugin.reader.machine import Machine
from pylint_plugin.reader.operators import through
from pylint_plugin.reader.snapshot import owners_of
from pylint_plugin.reader.values import (
    NONE,
    NOTHING,
    Args,
    Bound,
    Ext,
    Partial,
    Ref,
    SomeLayer,
    Super,
    Tensor,
    Value,
)


def call_method(machine: Machine, callee: Bound, args: Args, node: nodes.NodeNG) -> Value:
    """Call a method by the kind of its owner."""
    owner, name = callee.owner, callee.name
    if isinstance(owner, Ref):
        return _of_object(machine, owner, name, args, node)
    if isinstance(owner, SomeLayer):
        if name in {"reset_states", "reset_state"}:
            models.reset(machine, owner.model, node, name, layer=True, argument=_argument(args))
        return NOTHING
    if isinstance(owner, Super):
        return _super(machine, owner, name, args, node)
    if isinstance(owner, Data) and isinstance(node, nodes.Call):
        return _of_data(machine, owner, name, args, node)
    if isinstance(owner, Partial) and isinstance(owner.func, Ext) and isinstance(node, nodes.Call):
        random = f"numpy.random.{name}"
        if owner.func.name.startswith("numpy.random.") and random in arrays.FUNCTIONS:
            return arrays.FUNCTIONS[random](machine, args, node)
    return unknown_result(machine, args)


def _of_object(machine: Machine, owner: Ref, name: str, args: Args, node: nodes.NodeNG) -> Value:
    if owner.kind == "model":
        method = models.METHODS.get(name) or training.METHODS.get(name)
        return method(machine, owner, args, node) if method else machine.fresh(*args.all())
    if owner.kind == "layer":
        return _layer_method(machine, owner, name, args, node)
    if owner.kind == "list" and isinstance(node, nodes.Call):
        return builtin_calls.list_method(machine, owner, name, args, node)
    if owner.kind == "dict" and isinstance(node, nodes.Call):
        return builtin_calls.dict_method(machine, owner, name, args, node)
    return unknown_result(machine, args)


def _of_data(machine: Machine, owner: Data, name: str, args: Args, node: nodes.Call) -> Value:
    if owner.kind == "dataset":
        return datasets.dataset_method(machine, owner, name, args, node)
    result = arrays.array_method(machine, owner, name, args, node)
    if owner.kind != "unknown":
        return result
    escape(machine, args, node)
    varies = machine.fresh(result).varies if not args.positional else result.varies
    return Data(result.kind, result.shape, result.shuffles, result.windows, varies=varies)


def _argument(args: Args) -> bool:
    return bool(args.positional) or "states" in args.keywords


def _layer_method(machine: Machine, owner: Ref, name: str, args: Args, node: nodes.NodeNG) -> Value:
    if name in {"reset_states", "reset_state"}:
        owners = owners_of(machine, owner)
        for model in owners or (None,):
            models.reset(machine, model, node, name, layer=True, argument=_argument(args))
        return NONE
    if name == "__call__":
        return call_layer(machine, owner, args, node)
    return NOTHING


def _super(machine: Machine, owner: Super, name: str, args: Args, node: nodes.NodeNG) -> Value:
    this = owner.this
    if isinstance(this, Ref) and this.kind == "model":
        if name == "__init__":
            models.init_model(machine, this, args, node)
            return NONE
        method = models.METHODS.get(name) or training.METHODS.get(name)
        if method is not None:
            return method(machine, this, args, node)
    return NOTHING


def unknown_result(machine: Machine, args: Args) -> Value:
    """Give what a call returns of which nothing is known."""
    tensors = tuple(each for each in args.all() if isinstance(each, Tensor))
    if tensors:
        before = through(machine, tensors, straight=False)
        return Tensor(before.layers, known=False, straight=False)
    return machine.fresh(*args.all())
