"""`keras.Input(...)` before the first layer of a Sequential, by the name the file has for it."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst
from libcst.metadata import ImportAssignment

from pylint_plugin.fixes import calls
from pylint_plugin.fixes.edits import Edit, Edits
from pylint_plugin.fixes.imports import put_name
from pylint_plugin.fixes.items import put_before
from pylint_plugin.fixes.source import Source
from pylint_plugin.mends import Placement
from pylint_plugin.names import canonical, from_star


def put_input(source: Source, layer: cst.Call, place: Placement, said: str) -> Edits | None:
    """Put an Input with the arguments `said` before a layer."""
    name = _name(source, layer)
    entry = source.call(place.site)
    if name is None or entry is None:
        return None
    spelled, imported = name
    within = any(each is entry for each in source.around(layer))
    made = f"{spelled}({said})"
    if calls.method(entry, "add"):
        statement = source.parent(entry)
        if not isinstance(statement, cst.Expr) or not (within or _beside(source, layer, entry)):
            return None
        assert isinstance(entry.func, cst.Attribute)
        start = source.span(statement)[0]
        between = source.newline(start) + source.indent(start)
        add = f"{source.code(entry.func.value)}.add({made})"
        alone = source.begins_line(start)
        return (*imported, Edit(start, start, add + (between if alone else "; ")))
    first: cst.CSTNode | None = _first(entry)
    if first is None or not (_holds(source, first, layer) or _beside(source, layer, entry)):
        first = next((each for each in source.around(layer) if _leads(source, each)), None)
    if not isinstance(first, cst.BaseElement):
        return None
    return (*imported, *put_before(source, first, made))


def _first(entry: cst.Call) -> cst.BaseElement | None:
    given = calls.keyword(entry, "layers") or (entry.args[0] if entry.args else None)
    if given is None or not isinstance(given.value, cst.List | cst.Tuple):
        return None
    return given.value.elements[0] if given.value.elements else None


def _holds(source: Source, outer: cst.CSTNode, inner: cst.CSTNode) -> bool:
    return any(each is outer for each in source.around(inner))


def _leads(source: Source, node: cst.CSTNode) -> bool:
    above = source.parent(node)
    return isinstance(above, cst.List) and above.elements[0] is node


def _beside(source: Source, one: cst.CSTNode, other: cst.CSTNode) -> bool:
    """Whether two stand in one block, so that names mean the same in both."""
    blocks = [
        next(each for each in source.around(node) if isinstance(each, cst.BaseSuite | cst.Module))
        for node in (one, other)
    ]
    return blocks[0] is blocks[1]


def _name(source: Source, layer: cst.Call) -> tuple[str, Edits] | None:
    """Give the file's name for Input, and the edit that imports it."""
    func = layer.func
    if isinstance(func, cst.Attribute):
        for each in _prefixes(func):
            known = source.stands_for(each)
            if known == "keras":
                return f"{source.code(each)}.Input", ()
            if known == "keras.layers":
                return _module(source, layer) or (f"{source.code(each)}.Input", ())
        return None
    return _bound(source, layer) or _module(source, layer) or _imported(source, layer)


def _prefixes(func: cst.Attribute) -> Iterator[cst.BaseExpression]:
    """Yield `tf`, `tf.keras`, `tf.keras.layers` for `tf.keras.layers.LSTM`."""
    inner = func.value
    if isinstance(inner, cst.Attribute):
        yield from _prefixes(inner)
    yield inner


def _bound(source: Source, layer: cst.Call) -> tuple[str, Edits] | None:
    for each in source.imports():
        for alias in each.names if not isinstance(each.names, cst.ImportStar) else ():
            name = alias.evaluated_alias or alias.evaluated_name
            if canonical(f"{source.module_of(each)}.{alias.evaluated_name}") == "keras.Input":
                found = source.bindings(name, layer)
                if found and all(isinstance(one, ImportAssignment) for one in found):
                    return name, ()
        star = isinstance(each.names, cst.ImportStar)
        known = star and from_star(source.module_of(each), "Input") == "keras.Input"
        if known and not source.bindings("Input", layer):
            return "Input", ()
    return None


def _module(source: Source, layer: cst.Call) -> tuple[str, Edits] | None:
    """Give `keras.Input` where the file knows that module by its own name."""
    found = source.bindings("keras", layer)
    known = [each for each in found if isinstance(each, ImportAssignment)]
    names = {
        canonical(name.name) for each in known for name in each.get_qualified_names_for("keras")
    }
    sure = known and len(known) == len(found) and names == {"keras"}
    return ("keras.Input", ()) if sure else None


def _imported(source: Source, layer: cst.Call) -> tuple[str, Edits] | None:
    """Import Input beside the layer itself."""
    if any(True for _ in source.names("Input")) or not isinstance(layer.func, cst.Name):
        return None
    for each in source.bindings(layer.func.value, layer):
        node = each.node if isinstance(each, ImportAssignment) else None
        if isinstance(node, cst.ImportFrom):
            known = canonical(source.module_of(node)) in {"keras", "keras.layers"}
            return ("Input", put_name(source, node, "Input")) if known else None
    return None
