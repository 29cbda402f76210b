"""Functions of the project: defined, called with their arguments, run as generators."""

from __future__ import annotations

from astroid import nodes

from pylint_plugin.facts import Data, Escape
from pylint_plugin.places import UNKNOWN, Called
from pylint_plugin.reader.branches import counting
from pylint_plugin.reader.joining import join
from pylint_plugin.reader.machine import Exits, Flow, Machine
from pylint_plugin.reader.snapshot import model_of
from pylint_plugin.reader.values import (
    NONE,
    NOTHING,
    Args,
    Const,
    Ext,
    Frame,
    Func,
    Gen,
    Method,
    OneOf,
    Partial,
    Ref,
    Tup,
    Value,
    scalar,
)

# Decorators that leave a function what it is.
_PLAIN = frozenset(
    """staticmethod classmethod property cached_property function wraps lru_cache cache override
    abstractmethod overload jit njit no_type_check typechecked""".split()
)


def decorators(node: nodes.FunctionDef) -> frozenset[str]:
    """Give the last names of a function's decorators."""
    found = set()
    for each in node.decorators.nodes if node.decorators else ():
        inner = each.func if isinstance(each, nodes.Call) else each
        found.add(
            inner.attrname if isinstance(inner, nodes.Attribute) else getattr(inner, "name", "")
        )
    return frozenset(found)


def define_function(machine: Machine, node: nodes.FunctionDef) -> Flow:
    """Bind a function's name; one with a decorator that may do anything is not followed."""
    if decorators(node) <= _PLAIN:
        machine.assign(node.name, function(machine, node))
    else:
        machine.assign(node.name, NOTHING)
    return Flow.NEXT


def function(machine: Machine, node: nodes.FunctionDef | nodes.Lambda) -> Func:
    """Make a function of the scope being run; a method does not see the names of its class."""
    frame = machine.frame
    if frame.cls is not None and frame.uid == frame.cls.uid and frame.parent is not None:
        return Func(node, frame.parent, frame.cls)
    return Func(node, frame)


def call_function(
    machine: Machine, func: Func, args: Args, node: nodes.NodeNG, this: Value | None = None
) -> Value:
    """Follow a call into a function of the project."""
    if not machine.may_call(func.node):
        escape(machine, args, node)
        return machine.fresh(*args.all())
    if isinstance(func.node, nodes.FunctionDef) and func.node.is_generator():
        given = (
            Args((this, *args.positional), args.keywords, args.opaque) if this is not None else args
        )
        machine.run.add(func.node)
        return Gen(func, given)
    given = Args((this, *args.positional), args.keywords, args.opaque) if this is not None else args
    return _run(machine, func, given, this)


def _run(machine: Machine, func: Func, args: Args, this: Value | None) -> Value:
    before = machine.frame
    frame = Frame(machine.uid(), func.frame.module, func.frame, this, func.cls)
    bound = _bind(machine, func, args)
    loops, machine.loops = machine.loops, []
    machine.frame = frame
    machine.run.add(func.node)
    machine.calling.append(func.node)
    exits = Exits(machine.store.level)
    machine.returns.append(exits)
    machine.store.open()
    name = getattr(func.node, "name", "") or "lambda"
    with machine.inside(Called(frame.uid, name)):
        for parameter, value in bound.items():
            machine.store.put(frame.uid, parameter, value)
        if machine.turning:
            _count_on(machine, func)
        if isinstance(func.node, nodes.Lambda) and not isinstance(func.node, nodes.FunctionDef):
            exits.values.append(machine.evaluate(func.node.body))
            flow = Flow.NEXT
        else:
            flow = machine.execute(func.node.body)
            if flow is Flow.NEXT:
                exits.values.append(NONE)
    fallen = machine.store.close()
    machine.returns.pop()
    machine.calling.pop()
    machine.frame, machine.loops = before, loops
    ends = exits.changes + ([fallen] if flow is Flow.NEXT else [])
    if ends:
        machine.store.merge(ends)
    return _joined(exits.values)


def _count_on(machine: Machine, func: Func) -> None:
    """What a function counts on outside of itself is another at every turn of the loops around."""
    home = machine.frame.module.frame
    outer = {name for each in func.node.nodes_of_class(nodes.Global) for name in each.names}
    targets = machine.assigned(func.node)
    counters = counting(targets)
    for target in targets:
        place = None
        if isinstance(target, nodes.AssignName):
            if home is not None and target.name in outer:
                place = home.uid, target.name
        elif isinstance(target.expr, nodes.Name):
            owner = machine.store.get(machine.frame.uid, target.expr.name)
            place = (owner.uid, target.attrname) if isinstance(owner, Ref) else None
        goes_on = target.as_string() in counters
        if place and goes_on and isinstance(machine.store.get(*place), Const):
            machine.store.put(*place, machine.fresh())


def _joined(values: list[Value]) -> Value:
    if not values:
        return NOTHING
    result = values[0]
    for value in values[1:]:
        result = join(result, value)
    return result


def _bind(machine: Machine, func: Func, args: Args) -> dict[str, Value]:
    declared = func.node.args
    names = [each.name for each in (*declared.posonlyargs, *(declared.args or ()))]
    static = isinstance(func.node, nodes.FunctionDef) and "staticmethod" in decorators(func.node)
    positional = (
        args.positional[1:]
        if static and func.cls is not None and args.positional
        else args.positional
    )
    bound: dict[str, Value] = dict(zip(names, positional, strict=False))
    keyword_only = [each.name for each in declared.kwonlyargs]
    wanted = {*names, *keyword_only}
    bound |= {name: value for name, value in args.keywords.items() if name in wanted}
    defaults = dict(zip(names[::-1], (declared.defaults or [])[::-1], strict=False))
    defaults |= dict(zip(keyword_only, declared.kw_defaults or (), strict=False))
    for name in (*names, *keyword_only):
        if name not in bound:
            default = defaults.get(name)
            bound[name] = NOTHING if args.opaque or default is None else machine.evaluate(default)
    if declared.vararg:
        rest = positional[len(names) :]
        bound[declared.vararg] = NOTHING if args.opaque else Tup(tuple(rest))
    if declared.kwarg:
        extra = {k: v for k, v in args.keywords.items() if k not in wanted}
        made = machine.new("dict", func.node)
        for key, value in extra.items():
            machine.store.put(made.uid, f"[{key!r}]", value)
        if args.opaque:
            machine.store.put(made.uid, "", NOTHING)
        bound[declared.kwarg] = made
    return bound


def unknown_arguments(machine: Machine, func: Func) -> Args:
    """Give the arguments of a function whose caller is not seen: nothing but types and defaults."""
    declared = func.node.args
    names = [*declared.posonlyargs, *(declared.args or ())]
    defaults = dict(
        zip([n.name for n in names][::-1], (declared.defaults or [])[::-1], strict=False)
    )
    defaults |= dict(
        zip([n.name for n in declared.kwonlyargs], declared.kw_defaults or (), strict=False)
    )
    hints = [*(declared.posonlyargs_annotations or ()), *(declared.annotations or ())]
    hints += declared.kwonlyargs_annotations or ()
    keywords: dict[str, Value] = {}
    for place, each in enumerate((*names, *declared.kwonlyargs)):
        default = defaults.get(each.name)
        value = scalar(machine.evaluate(default)) if default is not None else UNKNOWN
        plain = value if not isinstance(value, bytes | complex) else UNKNOWN
        keywords[each.name] = Data(default=plain)
        hint = hints[place] if place < len(hints) else None
        if isinstance(hint, nodes.Name | nodes.Attribute):
            kind = machine.evaluate(hint)
            if isinstance(kind, Ext) and kind.name in {"keras.Model", "keras.Sequential"}:
                keywords[each.name] = unknown_model(machine, func.node)
    return Args((), keywords)


def unknown_model(machine: Machine, node: nodes.NodeNG) -> Ref:
    """Make a model of which nothing is known."""
    model = machine.new("model", node, "unknown")
    machine.store.put(model.uid, "#complete", Const(False))
    return model


def run_generator(machine: Machine, generator: Gen, node: nodes.NodeNG, feeding: bool) -> None:
    """Run the body of a generator; `feeding` where Keras draws from it ahead of training."""
    if not machine.may_call(generator.func.node):
        return
    machine.generator += feeding
    _run(machine, generator.func, generator.args, None)
    machine.generator -= feeding


def escape(machine: Machine, args: Args, node: nodes.NodeNG) -> None:
    """Record that the models among the arguments go where they cannot be followed."""
    for value in args.all():
        for model in _models(machine, value, 2):
            hand_out(machine, model, node)


def hand_out(machine: Machine, model: Ref, node: nodes.NodeNG) -> None:
    """Record that anything may happen to a model's states here."""
    machine.events.append(
        Escape(site=machine.site(node), path=machine.path, model=model_of(machine, model))
    )


def _models(machine: Machine, value: Value, depth: int) -> list[Ref]:
    if isinstance(value, Ref) and value.kind == "model":
        return [value]
    if depth == 0:
        return []
    inner: tuple[Value, ...] = ()
    if isinstance(value, OneOf):
        inner = value.values
    elif isinstance(value, Tup) or (isinstance(value, Ref) and value.kind == "list"):
        inner = machine.held(value)
    elif isinstance(value, Method):
        inner = (value.owner,)
    elif isinstance(value, Partial):
        inner = tuple(value.args.all())
    elif isinstance(value, Ref) and value.kind in {"instance", "dict"}:
        found = (machine.store.get(value.uid, name) for name in machine.store.names(value.uid))
        inner = tuple(each for each in found if each is not None)
    return [model for each in inner for model in _models(machine, each, depth - 1)]
