"""A batch size as the file itself writes it, `batch_size` rather than 4 where that is sure."""

from __future__ import annotations

import libcst as cst

from pylint_plugin.fixes import calls
from pylint_plugin.fixes.source import Source
from pylint_plugin.places import Site


def spelled(source: Source, said: Site, size: int, at: cst.Call) -> str:
    """Give a batch size as the call at `said` names it, if that name means the same at `at`."""
    call = source.call(said)
    found = _written(call) if call is not None else None
    if isinstance(found, cst.Name) and call is not None and source.visible(found.value, call, at):
        return found.value
    if found is not None and _is_own(found) and call and _same_class(source, call, at):
        return source.code(found)
    return str(size)


def _written(call: cst.Call) -> cst.BaseExpression | None:
    for name in ("batch_shape", "batch_input_shape"):
        shape = calls.keyword(call, name)
        if shape is not None:
            items = items_of(shape.value)
            return items[0] if items else None
    size = calls.keyword(call, "batch_size")
    return size.value if size is not None else None


def items_of(shape: cst.BaseExpression) -> list[cst.BaseExpression] | None:
    """Give the items of a shape that is written out."""
    if not isinstance(shape, cst.Tuple | cst.List):
        return None
    if any(isinstance(each, cst.StarredElement) for each in shape.elements):
        return None
    return [each.value for each in shape.elements]


def _is_own(node: cst.BaseExpression) -> bool:
    return (
        isinstance(node, cst.Attribute)
        and isinstance(node.value, cst.Name)
        and node.value.value == "self"
    )


def _same_class(source: Source, one: cst.CSTNode, other: cst.CSTNode) -> bool:
    holder = source.nearest(one, cst.ClassDef)
    return holder is not None and holder is source.nearest(other, cst.ClassDef)
