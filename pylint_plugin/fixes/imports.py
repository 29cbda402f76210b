"""Names of keras_stateful_guard: those that the file has, or an import that fits its own."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

import libcst as cst
from libcst.metadata import ImportAssignment

from pylint_plugin.fixes.edits import Edit, Edits
from pylint_plugin.fixes.items import put_before, put_last
from pylint_plugin.fixes.source import Source

_OURS = "keras_stateful_guard"
_NEIGHBOURS = frozenset({"keras", "tensorflow", "tf_keras"})


def name_of(source: Source, name: str, at: cst.CSTNode) -> tuple[str, Edits] | None:
    """Give how a name of ours is spelled at a node, and the edit that imports it."""
    for each in source.imports():
        if source.module_of(each) != _OURS or isinstance(each.names, cst.ImportStar):
            continue
        for alias in each.names:
            local = alias.evaluated_alias or name
            if alias.evaluated_name == name and _is_import(source, local, at):
                return local, ()
    module = _module_name(source, at)
    if module is not None:
        return f"{module}.{name}", ()
    if any(not _is_method(source, each) for each in source.names(name)):
        if source.bindings(_OURS, at):
            return None
        return f"{_OURS}.{name}", _put_import(source, f"import {_OURS}", at, plain=True)
    for each in source.imports():
        top = source.nearest(each, cst.SimpleStatementLine) in source.module.body
        earlier = source.span(each)[0] < source.span(at)[0]
        if source.module_of(each) == _OURS and top and earlier:
            return name, put_name(source, each, name)
    return name, _put_import(source, f"from {_OURS} import {name}", at, plain=False)


def put_name(source: Source, statement: cst.ImportFrom, name: str) -> Edits:
    """Import one more name by a statement, in order if its names are."""
    assert not isinstance(statement.names, cst.ImportStar)
    names = [each.evaluated_name for each in statement.names]
    orders: list[Callable[[str], tuple[int, str]]]
    orders = [_by_kind, lambda each: (0, each.lower()), lambda each: (0, each)]
    for order in orders:
        if names == sorted(names, key=order):
            place = bisect(names, order(name), key=order)
            if place < len(names):
                return put_before(source, statement.names[place], name)
            break
    return put_last(source, statement.names, name)


def _by_kind(name: str) -> tuple[int, str]:
    """Sort as isort does: CONSTANTS, Classes, functions."""
    return (0 if name.isupper() and len(name) > 1 else 1 if name[:1].isupper() else 2, name)


def _is_import(source: Source, local: str, at: cst.CSTNode) -> bool:
    found = source.bindings(local, at)
    return bool(found) and all(isinstance(each, ImportAssignment) for each in found)


def _is_method(source: Source, name: cst.Name) -> bool:
    """Whether a name is that of a method, which functions do not see."""
    above = source.parent(name)
    if not isinstance(above, cst.FunctionDef) or above.name is not name:
        return False
    scopes = (
        each for each in source.around(above) if isinstance(each, cst.FunctionDef | cst.ClassDef)
    )
    return isinstance(next(scopes, None), cst.ClassDef)


def _module_name(source: Source, at: cst.CSTNode) -> str | None:
    for each in source.names_of_module(_OURS):
        if _is_import(source, each, at):
            return each
    return None


def _put_import(source: Source, text: str, at: cst.CSTNode, *, plain: bool) -> Edits:
    """Put an import among those of the file that stand before a node."""
    edit = _place(source, text, at, plain=plain)
    return (replace(edit, imports=text),)


def _place(source: Source, text: str, at: cst.CSTNode, *, plain: bool) -> Edit:
    group = _group(source, source.span(at)[0])
    if not group:
        return _put_first(source, text)
    kin = [line for line in group if _is_plain(line) == plain]
    modules = [_module_of(source, line) for line in kin]
    anchor = group[-1]
    if kin and all(one.lower() <= two.lower() for one, two in pairwise(modules)):
        smaller = [
            line for line, module in zip(kin, modules, strict=True) if module.lower() < _OURS
        ]
        if smaller:
            anchor = smaller[-1]
        else:
            start = source.span(kin[0])[0]
            return Edit(start, start, text + source.newline(start))
    end = source.line_end(source.span(anchor)[1])
    return Edit(end, end, source.newline(end) + text)


def _group(source: Source, before: int) -> list[cst.SimpleStatementLine]:
    """Give the last block of imports with a Keras in it, else the last at the top of the file."""
    groups: list[list[cst.SimpleStatementLine]] = []
    at_top, top = True, 0
    for each in source.module.body:
        if source.span(each)[1] > before:
            break
        if isinstance(each, cst.SimpleStatementLine):
            if isinstance(each.body[0], cst.Import | cst.ImportFrom):
                if _module_of(source, each) == "__future__":
                    continue
                if groups and _adjoins(source, groups[-1][-1], each):
                    groups[-1].append(each)
                else:
                    groups.append([each])
                    top += at_top
        else:
            at_top = at_top and isinstance(each, cst.Try | cst.If)
    near = [
        group
        for group in groups
        if any(_module_of(source, line).partition(".")[0] in _NEIGHBOURS for line in group)
    ]
    return near[-1] if near else groups[top - 1] if top else []


def _adjoins(source: Source, one: cst.CSTNode, two: cst.CSTNode) -> bool:
    between = source.raw[source.span(one)[1] : source.span(two)[0]]
    return between.count(b"\n") == 1


def _is_plain(line: cst.SimpleStatementLine) -> bool:
    return isinstance(line.body[0], cst.Import)


def _module_of(source: Source, line: cst.SimpleStatementLine) -> str:
    statement = line.body[0]
    if isinstance(statement, cst.Import):
        return statement.names[0].evaluated_name
    assert isinstance(statement, cst.ImportFrom)
    return source.module_of(statement)


def _put_first(source: Source, text: str) -> Edit:
    """Put an import where there is none: behind the docstring and imports from the future."""
    body = source.module.body
    head: list[cst.CSTNode] = []
    for number, each in enumerate(body):
        small = each.body[0] if isinstance(each, cst.SimpleStatementLine) else None
        docstring = (
            number == 0
            and isinstance(small, cst.Expr)
            and isinstance(small.value, cst.SimpleString | cst.ConcatenatedString)
        )
        future = isinstance(small, cst.ImportFrom) and source.module_of(small) == "__future__"
        if not docstring and not future:
            break
        head.append(each)
    if head:
        end = source.line_end(source.span(head[-1])[1])
        return Edit(end, end, source.newline(end) * 2 + text)
    start = source.span(body[0])[0]
    return Edit(start, start, text + source.newline(start) * 2)
