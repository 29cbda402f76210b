"""`callbacks=[StatefulGuard()]`; it judges the whole fit and may refuse it, so only when asked."""

from __future__ import annotations

import libcst as cst
from libcst.metadata import Assignment

from pylint_plugin.fixes import calls
from pylint_plugin.fixes.edits import Edits, Problem, Wishes
from pylint_plugin.fixes.imports import name_of
from pylint_plugin.fixes.items import put_last
from pylint_plugin.fixes.source import Source
from pylint_plugin.mends import AddGuard

_PLACE = 5


def add_guard(problem: Problem, source: Source, wishes: Wishes) -> Edits | None:
    """Add a StatefulGuard to the callbacks of a fit."""
    call = source.call_at(problem.start, problem.end)
    if not wishes.unsafe or not wishes.dependency or not isinstance(problem.mend, AddGuard):
        return None
    if call is None or not calls.method(call, "fit") or calls.positional(call) > _PLACE:
        return None
    name = name_of(source, "StatefulGuard", call)
    if name is None:
        return None
    edits = _put(source, call, f"{name[0]}()")
    return None if edits is None else (*name[1], *edits)


def _put(source: Source, call: cst.Call, guard: str) -> Edits | None:
    given = calls.keyword(call, "callbacks")
    if given is None:
        return calls.give(source, call, f"callbacks=[{guard}]")
    if calls.is_literal(given.value, "None"):
        return calls.value(source, given, f"[{guard}]")
    if isinstance(given.value, cst.List):
        if given.value.elements:
            return put_last(source, given.value.elements, guard)
        return calls.value(source, given, f"[{guard}]")
    if isinstance(given.value, cst.Name) and _is_list(source, given.value):
        return calls.value(source, given, f"[*{given.value.value}, {guard}]")
    return None


def _is_list(source: Source, name: cst.Name) -> bool:
    """Whether a name is only ever given a list that is written out."""
    found = source.bindings(name.value, name)
    return bool(found) and all(
        isinstance(each, Assignment) and _given_list(source, each.node) for each in found
    )


def _given_list(source: Source, node: cst.CSTNode) -> bool:
    statement = source.nearest(node, cst.Assign)
    return (
        statement is not None
        and isinstance(statement.value, cst.List)
        and any(each.target is node for each in statement.targets)
    )
