"""`reset_states(model)` instead of a method, or a loop over the layers where that reaches all."""

from __future__ import annotations

import libcst as cst

from pylint_plugin.fixes import calls
from pylint_plugin.fixes.edits import Edit, Edits, Problem, Wishes
from pylint_plugin.fixes.imports import name_of
from pylint_plugin.fixes.source import Source
from pylint_plugin.mends import ResetStates

_KEEPS = 'getattr(layer, "stateful", False)'


def stateful_removed_reset(problem: Problem, source: Source, wishes: Wishes) -> Edits | None:
    """Reset the states of the model by a function."""
    call, mend = source.call_at(problem.start, problem.end), problem.mend
    if not isinstance(mend, ResetStates) or call is None or call.args:
        return None
    if not calls.method(call, "reset_states", "reset_state"):
        return None
    assert isinstance(call.func, cst.Attribute)
    model = source.code(call.func.value)
    if not wishes.dependency:
        text = _loop(source, call, model) if mend.listed else None
        return None if text is None else (Edit(problem.start, problem.end, text),)
    name = name_of(source, "reset_states", call)
    if name is None:
        return None
    spelled, imported = name
    return (*imported, Edit(problem.start, problem.end, f"{spelled}({model})"))


def _loop(source: Source, call: cst.Call, model: str) -> str | None:
    """Write a loop that Keras 3 understands."""
    statement = source.parent(call)
    line = source.parent(statement) if isinstance(statement, cst.Expr) else None
    start, _ = source.span(call)
    alone = isinstance(line, cst.SimpleStatementLine) and len(line.body) == 1
    if not alone or not source.begins_line(start):
        return f"[layer.reset_state() for layer in {model}.layers if {_KEEPS}]"
    if any(not _is_ours(source, each) for each in source.names("layer")):
        return None
    step, indent = source.module.default_indent, source.indent(start)
    return source.newline(start).join(
        [
            f"for layer in {model}.layers:",
            f"{indent}{step}if {_KEEPS}:",
            f"{indent}{step * 2}layer.reset_state()",
        ]
    )


def _is_ours(source: Source, name: cst.Name) -> bool:
    """Whether a name stands in a loop over the layers of a model."""
    loops = (each for each in source.around(name) if isinstance(each, cst.For | cst.CompFor))
    return any(
        isinstance(each.target, cst.Name)
        and each.target.value == "layer"
        and isinstance(each.iter, cst.Attribute)
        and each.iter.attr.value == "layers"
        for each in loops
    ) or any(isinstance(each, cst.ListComp) for each in source.around(name))
