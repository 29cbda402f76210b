"""Subscripts, slices and comprehensions."""

from __future__ import annotations

from collections.abc import Callable

from astroid import nodes

from pylint_plugin.facts import Data, Windows
from pylint_plugin.places import Loop, Unknown
from pylint_plugin.reader.assignment import bind, element, turns
from pylint_plugin.reader.branches import branch
from pylint_plugin.reader.joining import join
from pylint_plugin.reader.machine import Flow, Machine
from pylint_plugin.reader.operators import truth
from pylint_plugin.reader.values import (
    NOTHING,
    Bound,
    Const,
    Ext,
    Frame,
    OneOf,
    Range,
    Ref,
    SomeLayer,
    Tensor,
    Tup,
    Value,
    blend,
    integer,
    is_none,
    scalar,
)


def subscript(machine: Machine, node: nodes.Subscript) -> Value:
    """Give the value of `owner[index]`."""
    return _item(machine, machine.evaluate(node.value), node.slice, node)


def _item(machine: Machine, owner: Value, index: nodes.NodeNG, node: nodes.Subscript) -> Value:
    if isinstance(owner, OneOf):
        found = [_item(machine, each, index, node) for each in owner.values if not is_none(each)]
        result: Value = found[0] if found else NOTHING
        for each in found[1:]:
            result = join(result, each)
        return result
    if isinstance(owner, Bound) and owner.name == "layers" and isinstance(owner.owner, Ref):
        return SomeLayer(owner.owner)
    if isinstance(owner, Tensor):
        return Tensor(owner.layers, owner.known, straight=False)
    if isinstance(owner, Ext):
        part = _data_item(machine, NOTHING, index, node)
        return part if isinstance(part, Data) and part.varies else owner
    if isinstance(owner, Ref) and owner.kind == "dict":
        text = scalar(machine.evaluate(index))
        if isinstance(text, Unknown) or machine.store.get(owner.uid, "") is not None:
            return NOTHING
        return machine.store.get(owner.uid, f"[{text!r}]") or NOTHING
    items = machine.listed(owner)
    if items is not None:
        return _listed_item(machine, items, owner, index, node)
    return _data_item(machine, machine.data(owner), index, node)


def _listed_item(
    machine: Machine,
    items: tuple[Value, ...],
    owner: Value,
    index: nodes.NodeNG,
    node: nodes.Subscript,
) -> Value:
    if isinstance(index, nodes.Slice):
        cut = _slice(machine, index)
        if cut is None:
            return _data_item(machine, machine.data(owner), index, node)
        part = items[cut]
        return Tup(part) if isinstance(owner, Tup) else machine.items(part, node)
    place = integer(machine.evaluate(index))
    if isinstance(place, int):
        return items[place] if -len(items) <= place < len(items) else NOTHING
    return (
        blend(*items) if any(isinstance(each, Data | Const) for each in items) else _either(items)
    )


def _either(items: tuple[Value, ...]) -> Value:
    result: Value = items[0] if items else NOTHING
    for item in items[1:]:
        result = join(result, item)
    return result


def _slice(machine: Machine, node: nodes.Slice) -> slice | None:
    """Give a slice whose bounds are all known, else None."""
    bounds: list[int | None] = []
    for part in (node.lower, node.upper, node.step):
        value = None if part is None else integer(machine.evaluate(part))
        if isinstance(value, Unknown):
            return None
        bounds.append(value)
    return None if bounds[2] == 0 else slice(*bounds)


def _data_item(machine: Machine, data: Data, index: nodes.NodeNG, node: nodes.Subscript) -> Value:
    first = index.elts[0] if isinstance(index, nodes.Tuple) and index.elts else index
    rest = index.elts[1:] if isinstance(index, nodes.Tuple) else []
    others = [machine.evaluate(each) for each in rest if not isinstance(each, nodes.Slice)]
    varies = data.varies | blend(*others).varies
    if isinstance(first, nodes.Slice):
        cut = _window(machine, data, first, rest, node)
        if cut is not None:
            return cut
        sides = [machine.evaluate(each) for each in (first.lower, first.upper) if each is not None]
        varies |= blend(*sides).varies
        kept = data.shape[1:] if data.shape and not rest else ()
        whole = first.lower is None and first.upper is None
        rows = data.rows if whole else _length(machine, data.rows, first)
        shape = (rows, *kept) if data.shape else None
        return Data(
            data.kind,
            shape,
            data.shuffles,
            data.windows if not rest else frozenset(),
            varies=varies,
        )
    key = machine.evaluate(first)
    if isinstance(key, Const) and not isinstance(key.value, str):
        return Data("unknown", data.shape[1:] if data.shape and not rest else None, varies=varies)
    known = machine.data(key)
    if isinstance(key, Const):
        return Data(data.kind, None, data.shuffles, varies=varies)
    if known.kind == "array" or known.shuffles:
        return Data(data.kind, None, data.shuffles | known.shuffles, varies=varies | known.varies)
    return Data("unknown", None, varies=varies | known.varies)


def _length(machine: Machine, rows: int | None, part: nodes.Slice) -> int | None:
    cut = _slice(machine, part)
    return None if rows is None or rows < 0 or cut is None else len(range(rows)[cut])


def _window(
    machine: Machine, data: Data, part: nodes.Slice, rest: list[nodes.NodeNG], node: nodes.Subscript
) -> Data | None:
    """Recognise `series[i : i + length]`, with i the variable of a loop over a range."""
    lower, upper = part.lower, part.upper
    if not isinstance(lower, nodes.Name) or not isinstance(upper, nodes.BinOp) or upper.op != "+":
        return None
    sides = [each for each in (upper.left, upper.right) if not _is_name(each, lower.name)]
    if len(sides) != 1:
        return None
    length = integer(machine.evaluate(sides[0]))
    stride = machine.strides.get(lower.name)
    if not isinstance(length, int) or stride is None or length < 2:
        return None
    flat = any(not isinstance(each, nodes.Slice) for each in rest)
    shape: tuple[int | None, ...] = (length,) if flat or not rest else (length, None)
    cut = Windows(machine.site(node), length, stride)
    varies = data.varies | machine.fresh().varies
    return Data("array", shape, data.shuffles, frozenset({cut}), varies=varies)


def _is_name(node: nodes.NodeNG, name: str) -> bool:
    return isinstance(node, nodes.Name) and node.name == name


def comprehension(
    machine: Machine, node: nodes.ListComp | nodes.SetComp | nodes.GeneratorExp | nodes.DictComp
) -> Value:
    """Run a comprehension once; of its items one stands for all."""
    outer = machine.frame
    machine.frame = Frame(machine.uid(), outer.module, outer, outer.this, outer.cls)
    before = machine.path
    times: int | Unknown = 1
    for generator in node.generators:
        over = machine.evaluate(generator.iter)
        count = turns(machine, over)
        loop = Loop(machine.uid(), count)
        times = (
            times * count if isinstance(times, int) and isinstance(count, int) else Unknown.UNKNOWN
        )
        machine.path += (loop,)
        note_stride(machine, generator.target, over)
        bind(machine, generator.target, element(machine, over, loop))
    tests = [
        truth(machine.evaluate(test)) for generator in node.generators for test in generator.ifs
    ]
    values: list[Value] = []

    def run() -> Flow:
        if isinstance(node, nodes.DictComp):
            machine.evaluate(node.key)
            values.append(machine.evaluate(node.value))
        else:
            values.append(machine.evaluate(node.elt))
        return Flow.NEXT

    arms: list[Callable[[], Flow]] = [run, lambda: Flow.NEXT]
    if all(test is True for test in tests):
        run()
    elif False not in tests:
        branch(machine, arms)
        times = Unknown.UNKNOWN
    machine.path = before
    machine.frame = outer
    if isinstance(node, nodes.DictComp):
        made = machine.new("dict", node)
        machine.store.put(made.uid, "", NOTHING)
        return made
    made = machine.items(values, node)
    if times != 1:
        machine.store.put(made.uid, "#open", Const(True))
    return made


def note_stride(machine: Machine, target: nodes.NodeNG, over: Value) -> None:
    """Remember that a name counts through a range."""
    if isinstance(target, nodes.AssignName):
        machine.strides.pop(target.name, None)
        if isinstance(over, Range):
            machine.strides[target.name] = over.step


ITEMS = {
    nodes.Subscript: subscript,
    nodes.ListComp: comprehension,
    nodes.SetComp: comprehension,
    nodes.GeneratorExp: comprehension,
    nodes.DictComp: comprehension,
}
