"""Import statements: names of libraries stay names, modules of the project are read on demand."""

from __future__ import annotations

from astroid import nodes

from pylint_plugin.names import canonical
from pylint_plugin.reader.machine import Flow, Machine
from pylint_plugin.reader.values import NOTHING, Ext, Frame, ModuleScope, Value

_SHARE = 4
_MODULES = 24


def run_import(machine: Machine, node: nodes.Import) -> Flow:
    """Bind the names of `import a.b, c as d`."""
    for name, alias in node.names:
        if alias:
            machine.assign(alias, named(machine, name))
        else:
            root = name.split(".", 1)[0]
            machine.assign(root, named(machine, root))
            if root != name:
                named(machine, name)
    return Flow.NEXT


def run_import_from(machine: Machine, node: nodes.ImportFrom) -> Flow:
    """Bind the names of `from a.b import c as d`, stars too."""
    level = node.level or 0
    home = project_module(machine, node.modname, level)
    for name, alias in node.names:
        if name == "*":
            if home is None:
                machine.frame.module.stars.append(node.modname)
            else:
                _star(machine, home)
        elif home is not None:
            found = member(machine, home, name)
            machine.assign(alias or name, NOTHING if found is None else found)
        elif level:
            inner = project_module(machine, f"{node.modname}.{name}".lstrip("."), level)
            machine.assign(alias or name, inner or NOTHING)
        else:
            dotted = f"{node.modname}.{name}"
            inner = project_module(machine, dotted, 0)
            machine.assign(alias or name, inner or Ext(canonical(dotted)))
    return Flow.NEXT


def named(machine: Machine, dotted: str) -> Value:
    """Give a module by its absolute name."""
    return project_module(machine, dotted, 0) or Ext(canonical(dotted))


def member(machine: Machine, scope: ModuleScope, name: str) -> Value | None:
    """Give a name of a module of the project, or its submodule; None where it has neither."""
    if scope.frame is not None:
        found = machine.store.get(scope.frame.uid, name)
        if found is not None:
            return found
    return project_module(machine, name, 1, scope.path)


def project_module(machine: Machine, name: str, level: int, origin: str = "") -> ModuleScope | None:
    """Find a module of the project and run its body once, quietly."""
    tree = machine.modules.find(origin or machine.frame.module.path, name, level)
    if tree is None:
        return None
    path = tree.file or tree.name
    if path not in machine.scopes:
        if len(machine.scopes) >= _MODULES:
            return None
        machine.scopes[path] = scope = open_module(machine, tree)
        _run_quietly(machine, scope)
    return machine.scopes[path]


def open_module(machine: Machine, tree: nodes.Module) -> ModuleScope:
    """Make the scope of a module, not yet run."""
    shared = {name for each in tree.nodes_of_class(nodes.Global) for name in each.names}
    scope = ModuleScope(tree.name, tree.file or tree.name, tree, volatile=frozenset(shared))
    scope.frame = Frame(machine.uid(), scope)
    return scope


def _run_quietly(machine: Machine, scope: ModuleScope) -> None:
    if scope.frame is None:
        return
    frame, path, complete = machine.frame, machine.path, machine.complete
    returns, loops, calling = machine.returns, machine.loops, machine.calling
    share = machine.budget // _SHARE
    rest = machine.budget - share
    machine.frame, machine.path, machine.budget = scope.frame, (), share
    machine.returns, machine.loops, machine.calling = [], [], []
    with machine.recording([]):
        machine.execute(scope.tree.body)
    machine.frame, machine.path, machine.complete = frame, path, complete
    machine.returns, machine.loops, machine.calling = returns, loops, calling
    machine.budget = rest + max(machine.budget, 0)


def _star(machine: Machine, scope: ModuleScope) -> None:
    if scope.frame is None:
        return
    for name in machine.store.names(scope.frame.uid):
        found = machine.store.get(scope.frame.uid, name)
        if found is not None and not name.startswith("_"):
            machine.assign(name, found)
    machine.frame.module.stars.extend(scope.stars)
