"""Builtin functions, and methods of lists and dicts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

from astroid import nodes

from pylint_plugin.facts import Data
from pylint_plugin.places import UNKNOWN, Loop
from pylint_plugin.reader.machine import Machine
from pylint_plugin.reader.values import (
    LONGEST,
    NONE,
    NOTHING,
    Args,
    Bound,
    Const,
    OneOf,
    Range,
    Ref,
    SomeLayer,
    Super,
    Tup,
    Value,
    Zipped,
    alternatives,
    blend,
    integer,
    scalar,
)

Handler: TypeAlias = Callable[[Machine, Args, nodes.Call], Value]


def _range(machine: Machine, args: Args, node: nodes.Call) -> Value:
    numbers = [integer(each) for each in args.positional]
    step = numbers[2] if len(numbers) > 2 else 1
    known = [each for each in numbers if isinstance(each, int)]
    if len(known) == len(numbers) and known and step != 0:
        return Range(len(range(*known)), step if isinstance(step, int) else 1)
    return Range(UNKNOWN, step) if isinstance(step, int) else blend(*args.all())


def _len(machine: Machine, args: Args, node: nodes.Call) -> Value:
    value = args.get("obj", 0)
    items = machine.listed(value)
    if items is not None:
        return Const(len(items))
    if isinstance(value, Const) and isinstance(value.value, str):
        return Const(len(value.value))
    if (
        isinstance(value, Data)
        and value.rows is not None
        and value.rows >= 0
        and value.kind == "array"
    ):
        return Const(value.rows)
    return NOTHING


def _zip(machine: Machine, args: Args, node: nodes.Call) -> Value:
    return Zipped(args.positional) if not args.opaque else blend(*args.all())


def _enumerate(machine: Machine, args: Args, node: nodes.Call) -> Value:
    return Zipped((Range(UNKNOWN), args.positional[0])) if args.positional else NOTHING


def _list(machine: Machine, args: Args, node: nodes.Call) -> Value:
    if not args.positional:
        return machine.items((), node)
    items = machine.listed(args.positional[0])
    if items is not None:
        return machine.items(items, node)
    if isinstance(args.positional[0], Bound):
        return args.positional[0]
    return machine.data(args.positional[0])


def _tuple(machine: Machine, args: Args, node: nodes.Call) -> Value:
    items = machine.listed(args.get("", 0)) if args.positional else ()
    return Tup(items) if items is not None else blend(*args.all())


def _dict(machine: Machine, args: Args, node: nodes.Call) -> Value:
    made = machine.new("dict", node)
    for name, value in args.keywords.items():
        machine.store.put(made.uid, f"[{name!r}]", value)
    if args.opaque or args.positional:
        machine.store.put(made.uid, "", NOTHING)
    return made


def _isinstance(machine: Machine, args: Args, node: nodes.Call) -> Value:
    return Const(True) if isinstance(args.get("", 0), SomeLayer) else NOTHING


def _hasattr(machine: Machine, args: Args, node: nodes.Call) -> Value:
    name = scalar(args.get("", 1))
    if isinstance(args.get("", 0), SomeLayer) and name in {
        "reset_state",
        "reset_states",
        "stateful",
    }:
        return Const(True)
    return NOTHING


def _getattr(machine: Machine, args: Args, node: nodes.Call) -> Value:
    owner, name = args.get("", 0), scalar(args.get("", 1))
    if owner is None or not isinstance(name, str):
        return NOTHING
    return machine.attribute(owner, name, node)


def _setattr(machine: Machine, args: Args, node: nodes.Call) -> Value:
    owner, name, value = args.get("", 0), scalar(args.get("", 1)), args.get("", 2)
    if isinstance(owner, Ref) and isinstance(name, str) and value is not None:
        machine.store.put(owner.uid, name, value)
    return NONE


def _super(machine: Machine, args: Args, node: nodes.Call) -> Value:
    frame = machine.frame
    while frame.this is None and frame.parent is not None:
        frame = frame.parent
    return (
        Super(frame.this, frame.cls)
        if frame.this is not None and frame.cls is not None
        else NOTHING
    )


def _number(kind: type[int] | type[float] | type[str] | type[bool]) -> Handler:
    def run(machine: Machine, args: Args, node: nodes.Call) -> Value:
        value = scalar(args.get("", 0))
        if isinstance(value, int | float) and abs(value) < 1e15:
            return Const(kind(value))
        return blend(*args.all())

    return run


def _extreme(choose: Callable[[list[int]], int]) -> Handler:
    def run(machine: Machine, args: Args, node: nodes.Call) -> Value:
        numbers = [integer(each) for each in args.positional]
        known = [each for each in numbers if isinstance(each, int)]
        return Const(choose(known)) if len(known) == len(numbers) > 1 else blend(*args.all())

    return run


def _reversed(machine: Machine, args: Args, node: nodes.Call) -> Value:
    return args.positional[0] if args.positional else NOTHING


def _sorted(machine: Machine, args: Args, node: nodes.Call) -> Value:
    return Data(varies=blend(*map(machine.data, args.all())).varies)


def _next(machine: Machine, args: Args, node: nodes.Call) -> Value:
    return machine.fresh(*args.all())


FUNCTIONS: Mapping[str, Handler] = {
    "builtins.range": _range,
    "builtins.xrange": _range,
    "tqdm.trange": _range,
    "builtins.len": _len,
    "builtins.zip": _zip,
    "builtins.enumerate": _enumerate,
    "builtins.list": _list,
    "builtins.tuple": _tuple,
    "builtins.dict": _dict,
    "builtins.isinstance": _isinstance,
    "builtins.hasattr": _hasattr,
    "builtins.getattr": _getattr,
    "builtins.setattr": _setattr,
    "builtins.super": _super,
    "builtins.int": _number(int),
    "builtins.float": _number(float),
    "builtins.bool": _number(bool),
    "builtins.min": _extreme(min),
    "builtins.max": _extreme(max),
    "builtins.reversed": _reversed,
    "builtins.sorted": _sorted,
    "builtins.next": _next,
    "builtins.iter": _reversed,
    "tqdm.tqdm": _reversed,
    "tqdm.notebook.tqdm": _reversed,
}


def list_method(machine: Machine, this: Ref, name: str, args: Args, node: nodes.Call) -> Value:
    """Call a method of a list."""
    items = machine.store.get(this.uid, "#items")
    known = items.items if isinstance(items, Tup) else None
    if name in {"append", "extend", "insert"}:
        added = args.get("", 1 if name == "insert" else 0)
        more = (added,) if name != "extend" else machine.listed(added)
        loops = {step.uid for step in machine.path if isinstance(step, Loop)}
        made = {step.uid for step in machine.made[this.uid].path if isinstance(step, Loop)}
        full = len(machine.held(this)) + len(more or ()) > LONGEST
        if added is None or more is None or loops - made or full:
            machine.store.put(this.uid, "#open", Const(True))
        if full:
            return NONE
        new = tuple(each for each in more or () if each is not None)
        if known is not None:
            kept = new + known if name == "insert" else known + new
            machine.store.put(this.uid, "#items", Tup(kept))
        elif items is not None:
            rows = [Tup((*machine.held(each), *new)) for each in alternatives(items)]
            machine.store.put(this.uid, "#items", OneOf(tuple(rows)))
        return NONE
    if name in {"pop", "remove", "clear"}:
        machine.store.put(this.uid, "#open", Const(True))
        return blend(*machine.held(this)) if name == "pop" else NONE
    if name == "copy":
        return machine.items(known, node) if known is not None else machine.data(this)
    return NOTHING


def dict_method(machine: Machine, this: Ref, name: str, args: Args, node: nodes.Call) -> Value:
    """Call a method of a dict."""
    if name == "get" and args.positional and machine.store.get(this.uid, "") is None:
        text = scalar(args.positional[0])
        found = machine.store.get(this.uid, f"[{text!r}]")
        return found or args.get("default", 1) or NONE
    values = [machine.store.get(this.uid, each) for each in machine.store.names(this.uid)]
    if name in {"values", "items"} and machine.store.get(this.uid, "") is None:
        held = tuple(each for each in values if each is not None)
        if name == "values":
            return machine.items(held, node)
        return machine.items([Tup((NOTHING, each)) for each in held], node)
    if name in {"update", "setdefault", "pop", "clear", "popitem"}:
        machine.store.put(this.uid, "", NOTHING)
    return NOTHING
