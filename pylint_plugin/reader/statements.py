"""What each kind of statement does."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from astroid import nodes

from pylint_plugin.facts import Data, Reset
from pylint_plugin.places import Loop
from pylint_plugin.reader.assignment import bind, element, turns
from pylint_plugin.reader.branches import branch, leave, repeat
from pylint_plugin.reader.classes import define_class
from pylint_plugin.reader.expressions import lookup
from pylint_plugin.reader.functions import define_function, run_generator
from pylint_plugin.reader.imports import run_import, run_import_from
from pylint_plugin.reader.items import note_stride
from pylint_plugin.reader.machine import Flow, Machine
from pylint_plugin.reader.operators import combine, truth
from pylint_plugin.reader.snapshot import model_of
from pylint_plugin.reader.values import (
    NONE,
    NOTHING,
    Gen,
    Partial,
    Ref,
    Value,
    alternatives,
)

_LONGEST = 100_000


def block(machine: Machine, body: Sequence[nodes.NodeNG]) -> Flow:
    """Run statements until one leaves."""
    before = machine.path
    flow = Flow.NEXT
    for statement in body[:_LONGEST]:
        run = STATEMENTS.get(type(statement))
        if run is None:
            continue
        if not machine.spend():
            break
        flow = run(machine, statement)
        if flow is not Flow.NEXT:
            break
    machine.path = before
    return flow


def _expression(machine: Machine, node: nodes.Expr) -> Flow:
    machine.evaluate(node.value)
    exits = isinstance(node.value, nodes.Call) and node.value.func.as_string() in {
        "sys.exit",
        "exit",
        "quit",
    }
    return Flow.RAISE if exits else Flow.NEXT


def _assign(machine: Machine, node: nodes.Assign) -> Flow:
    value = machine.evaluate(node.value)
    for target in node.targets:
        bind(machine, target, value)
    return Flow.NEXT


def _annotated(machine: Machine, node: nodes.AnnAssign) -> Flow:
    if node.value is not None:
        bind(machine, node.target, machine.evaluate(node.value))
    return Flow.NEXT


def _augmented(machine: Machine, node: nodes.AugAssign) -> Flow:
    right = machine.evaluate(node.value)
    left: Value = NOTHING
    if isinstance(node.target, nodes.AssignName):
        left = lookup(machine, node.target.name) or NOTHING
    elif isinstance(node.target, nodes.AssignAttr):
        left = machine.attribute(
            machine.evaluate(node.target.expr), node.target.attrname, node.target
        )
    if not isinstance(node.target, nodes.Subscript):
        bind(machine, node.target, combine(machine, node.op[:-1], left, right, node))
    return Flow.NEXT


def _if(machine: Machine, node: nodes.If) -> Flow:
    known = truth(machine.evaluate(node.test))
    if known is not None:
        return machine.execute(node.body if known else node.orelse)
    return branch(
        machine, [lambda: machine.execute(node.body), lambda: machine.execute(node.orelse)]
    )


def _match(machine: Machine, node: nodes.Match) -> Flow:
    machine.evaluate(node.subject)
    arms = [partial(machine.execute, case.body) for case in node.cases]
    return branch(machine, [*arms, partial(machine.execute, ())])


def _for(machine: Machine, node: nodes.For) -> Flow:
    over = machine.evaluate(node.iter)
    if machine.listed(over) == ():
        return machine.execute(node.orelse)

    def enter(loop: Loop) -> None:
        if isinstance(over, Gen):
            run_generator(machine, over, node, feeding=False)
        bind(machine, node.target, element(machine, over, loop))

    note_stride(machine, node.target, over)
    repeat(machine, node.body, turns(machine, over), enter, node)
    return machine.execute(node.orelse) if node.orelse else Flow.NEXT


def _while(machine: Machine, node: nodes.While) -> Flow:
    if truth(machine.evaluate(node.test)) is False:
        return machine.execute(node.orelse) if node.orelse else Flow.NEXT
    repeat(machine, node.body, around=node)
    return machine.execute(node.orelse) if node.orelse else Flow.NEXT


def _try(machine: Machine, node: nodes.Try) -> Flow:
    machine.store.open()
    flow = machine.execute(node.body)
    if flow is Flow.NEXT and node.orelse:
        flow = machine.execute(node.orelse)
    changes = machine.store.close()
    if node.handlers:

        def done() -> Flow:
            machine.store.merge([changes])
            return flow

        handlers = [partial(machine.execute, each.body) for each in node.handlers]
        flow = branch(machine, [done, *handlers])
    else:
        machine.store.merge([changes])
    if node.finalbody:
        last = machine.execute(node.finalbody)
        flow = flow if last is Flow.NEXT else last
    return flow


def _with(machine: Machine, node: nodes.With) -> Flow:
    taped = 0
    kept: list[Ref] = []
    for expression, target in node.items:
        value = machine.evaluate(expression)
        if isinstance(value, Partial) and machine.external(value.func, "tensorflow.GradientTape"):
            taped = 1
        if isinstance(value, Partial) and machine.external(
            value.func, "keras_stateful_guard.preserve_states"
        ):
            kept += [
                each for each in value.args.all() if isinstance(each, Ref) and each.kind == "model"
            ]
        if target is not None:
            bind(machine, target, Data() if isinstance(value, Partial) else value)
    machine.tape += taped
    for model in kept:
        machine.events.append(_preserved(machine, model, node))
    flow = machine.execute(node.body)
    for model in kept:
        machine.events.append(_preserved(machine, model, node))
    machine.tape -= taped
    return flow


def _preserved(machine: Machine, model: Ref, node: nodes.NodeNG) -> Reset:
    return Reset(
        site=machine.site(node),
        path=machine.path,
        model=model_of(machine, model),
        name="preserve_states",
        of="guard",
    )


def _return(machine: Machine, node: nodes.Return) -> Flow:
    value = machine.evaluate(node.value) if node.value is not None else NONE
    if machine.returns:
        exits = machine.returns[-1]
        leave(machine, exits)
        exits.values.extend(alternatives(value))
    return Flow.LEAVE


def _jump(machine: Machine, node: nodes.NodeNG) -> Flow:
    if machine.loops:
        leave(machine, machine.loops[-1])
    return Flow.LEAVE


def _raise(machine: Machine, node: nodes.Raise) -> Flow:
    return Flow.RAISE


def _delete(machine: Machine, node: nodes.Delete) -> Flow:
    for target in node.targets:
        if isinstance(target, nodes.DelName):
            machine.assign(target.name, NOTHING)
    return Flow.NEXT


def _assert(machine: Machine, node: nodes.Assert) -> Flow:
    machine.evaluate(node.test)
    return Flow.NEXT


def _global(machine: Machine, node: nodes.Global) -> Flow:
    home = machine.frame.module.frame
    for name in node.names:
        if home is not None:
            machine.outer[machine.frame.uid, name] = home.uid
    return Flow.NEXT


def _nonlocal(machine: Machine, node: nodes.Nonlocal) -> Flow:
    for name in node.names:
        scope = machine.frame.parent
        while scope is not None and machine.store.get(scope.uid, name) is None:
            scope = scope.parent
        if scope is not None:
            machine.outer[machine.frame.uid, name] = scope.uid
    return Flow.NEXT


STATEMENTS: dict[type, Callable[[Machine, Any], Flow]] = {
    nodes.Expr: _expression,
    nodes.Assign: _assign,
    nodes.AnnAssign: _annotated,
    nodes.AugAssign: _augmented,
    nodes.If: _if,
    nodes.Match: _match,
    nodes.For: _for,
    nodes.AsyncFor: _for,
    nodes.While: _while,
    nodes.Try: _try,
    nodes.TryStar: _try,
    nodes.With: _with,
    nodes.AsyncWith: _with,
    nodes.Return: _return,
    nodes.Break: _jump,
    nodes.Continue: _jump,
    nodes.Raise: _raise,
    nodes.Delete: _delete,
    nodes.Assert: _assert,
    nodes.Global: _global,
    nodes.Nonlocal: _nonlocal,
    nodes.FunctionDef: define_function,
    nodes.AsyncFunctionDef: define_function,
    nodes.ClassDef: define_class,
    nodes.Import: run_import,
    nodes.ImportFrom: run_import_from,
}
