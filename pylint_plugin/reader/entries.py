"""Where reading begins: the module, then each function and method that nothing called."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from astroid import nodes

from pylint_plugin.facts import Event, Layer, Model, Place, Trace
from pylint_plugin.names import shows_keras_2
from pylint_plugin.places import Site
from pylint_plugin.reader.attributes import attribute
from pylint_plugin.reader.calls import call
from pylint_plugin.reader.classes import find, instantiate
from pylint_plugin.reader.expressions import EXPRESSIONS
from pylint_plugin.reader.functions import call_function, run_generator, unknown_arguments
from pylint_plugin.reader.imports import open_module
from pylint_plugin.reader.items import ITEMS
from pylint_plugin.reader.joining import join
from pylint_plugin.reader.machine import Machine, Modules, Settings, Tables
from pylint_plugin.reader.operators import OPERATORS
from pylint_plugin.reader.relevance import relevant
from pylint_plugin.reader.snapshot import layer_of, model_of
from pylint_plugin.reader.statements import block
from pylint_plugin.reader.values import NONE, Args, Cls, Const, Func, Gen, Ref, Value, is_none

_TABLES = Tables({**EXPRESSIONS, **OPERATORS, **ITEMS}, block, call, attribute)
_BUDGET = 120_000
_ENTRY = 40_000


@dataclass(frozen=True, slots=True)
class Reading:
    """The traces of a module, the path its own sites bear, and the nodes that they stand for."""

    path: str
    traces: tuple[Trace, ...]
    nodes: Mapping[Site, nodes.NodeNG]


def read(tree: nodes.Module, modules: Modules, settings: Settings) -> Reading:
    """Read a module."""
    keras = _version(tree, settings)
    machine = Machine(_TABLES, modules, settings, _BUDGET)
    scope = open_module(machine, tree)
    assert scope.frame is not None
    machine.scopes[scope.path] = scope
    machine.frame = scope.frame
    machine.store.put(scope.frame.uid, "__name__", Const("__main__"))
    machine.execute(tree.body)
    traces = [_trace(machine, keras, 0)]
    left = machine.budget
    objects: dict[nodes.ClassDef, Ref | None] = {}
    waiting = [each for each in _functions(tree) if each not in machine.run]
    for node in relevant(tree, waiting) if waiting else ():
        if node in machine.run or left <= 0:
            continue
        machine.budget = share = min(left, _ENTRY)
        machine.complete = traces[0].complete
        first = len(machine.made)
        machine.events = []
        _enter(machine, node, objects)
        traces.append(_trace(machine, keras, first))
        machine.store.close()
        left -= share - max(machine.budget, 0)
    return Reading(scope.path, tuple(traces), machine.nodes)


def _version(tree: nodes.Module, settings: Settings) -> Literal[2, 3]:
    if settings.keras != "auto":
        return 2 if settings.keras == "2" else 3
    for node in tree.nodes_of_class((nodes.Import, nodes.ImportFrom, nodes.Const)):
        if isinstance(node, nodes.Import):
            old = any(shows_keras_2(name) for name, _ in node.names)
        elif isinstance(node, nodes.ImportFrom):
            names = [node.modname, *(f"{node.modname}.{name}" for name, _ in node.names)]
            old = not node.level and any(map(shows_keras_2, names))
        else:
            old = node.value == "TF_USE_LEGACY_KERAS"
        if old:
            return 2
    return 3


def _functions(tree: nodes.Module) -> Iterator[nodes.FunctionDef]:
    for node in tree.body:
        if isinstance(node, nodes.FunctionDef):
            yield node
        elif isinstance(node, nodes.ClassDef | nodes.If | nodes.Try | nodes.With):
            yield from (each for each in node.body if isinstance(each, nodes.FunctionDef))


def _enter(
    machine: Machine, node: nodes.FunctionDef, objects: dict[nodes.ClassDef, Ref | None]
) -> None:
    """Run a function with unknown arguments; the branch that it opens is left open."""
    assert machine.frame.module.frame is not None
    machine.frame = machine.frame.module.frame
    machine.path = ()
    machine.wild += 1
    if not isinstance(node.parent, nodes.ClassDef):
        machine.store.open()
        _start(machine, Func(node, machine.frame), None)
    else:
        cls = machine.store.get(machine.frame.uid, node.parent.name)
        known = isinstance(cls, Cls) and cls.node is node.parent
        if (
            isinstance(cls, Cls)
            and known
            and node.parent not in objects
            and node.name != "__init__"
        ):
            objects[node.parent] = _object(machine, cls)
        machine.store.open()
        if isinstance(cls, Cls) and known:
            _method(machine, node, cls, objects.get(node.parent))
    machine.wild -= 1


def _start(machine: Machine, func: Func, this: Ref | None) -> None:
    args = unknown_arguments(machine, func)
    if this is not None and func.node.args.args:
        own = func.node.args.args[0].name
        args = Args((), {key: value for key, value in args.keywords.items() if key != own})
    machine.run.add(func.node)
    result = call_function(machine, func, args, func.node, this)
    if isinstance(result, Gen):
        run_generator(machine, result, func.node, feeding=False)


def _new(machine: Machine, cls: Cls) -> Value:
    start = find(machine, cls, "__init__")
    args = Args()
    if isinstance(start, Func):
        args = unknown_arguments(machine, start)
        own = start.node.args.args[0].name if start.node.args.args else ""
        args = Args((), {key: value for key, value in args.keywords.items() if key != own})
    return instantiate(machine, cls, args, cls.node)


def _object(machine: Machine, cls: Cls) -> Ref | None:
    """Make the object whose methods are run; what happens meanwhile belongs to other entries."""
    seen = set(machine.run)
    events: list[Event] = []
    with machine.recording(events):
        this = _new(machine, cls)
        if isinstance(this, Ref):
            _fill(machine, this, cls)
    machine.run = seen
    # Where layers stand belongs to the layers, which are listed here.
    machine.events += [each for each in events if isinstance(each, Place)]
    return this if isinstance(this, Ref) else None


def _method(machine: Machine, node: nodes.FunctionDef, cls: Cls, this: Ref | None) -> None:
    if node.name == "__init__":
        _new(machine, cls)
        return
    func = machine.store.get(cls.uid, node.name)
    if this is not None and isinstance(func, Func) and func.node is node:
        _start(machine, func, this)


def _fill(machine: Machine, this: Ref, cls: Cls) -> None:
    """Give the object the attributes that only its other methods set, joined where several do."""
    names = {
        each.attrname: machine.store.get(this.uid, each.attrname)
        for method in cls.node.body
        for each in machine.assigned(method)
        if isinstance(each, nodes.AssignAttr)
        and isinstance(each.expr, nodes.Name)
        and each.expr.name == "self"
    }
    missing = {name for name, value in names.items() if is_none(value)}
    filled: dict[str, Value] = {}
    for method in cls.node.body:
        func = machine.store.get(cls.uid, getattr(method, "name", ""))
        sets = {getattr(each, "attrname", "") for each in machine.assigned(method)} & missing
        if not sets or not isinstance(func, Func) or func.node is not method:
            continue
        machine.store.open()
        _start(machine, func, this)
        changes = machine.store.close()
        for name in sets:
            value = changes.get((this.uid, name), NONE)
            if value != NONE:
                filled[name] = join(filled[name], value) if name in filled else value
        # What the method made stays; what it did to the object itself does not.
        machine.store.merge([{key: value for key, value in changes.items() if key[0] != this.uid}])
    for name, value in filled.items():
        machine.store.put(this.uid, name, value)


def _trace(machine: Machine, keras: Literal[2, 3], first: int) -> Trace:
    models: list[Model] = []
    layers: list[Layer] = []
    for uid, made in list(machine.made.items())[first:]:
        if uid in machine.layers:
            layers.append(layer_of(machine, Ref(uid, "layer")))
        elif made.what == "model":
            models.append(model_of(machine, Ref(uid, "model")))
    return Trace(tuple(machine.events), tuple(models), tuple(layers), machine.complete, keras)
