"""A batch size for the Input, the one that fit takes."""

from __future__ import annotations

from pylint_plugin.fixes import calls
from pylint_plugin.fixes.edits import Edits, Problem, Wishes
from pylint_plugin.fixes.inputs import put_input
from pylint_plugin.fixes.sizes import items_of, spelled
from pylint_plugin.fixes.source import Source
from pylint_plugin.fixes.stateful_removed_argument import with_batch
from pylint_plugin.mends import FixBatchSize


def stateful_input_shape(problem: Problem, source: Source, _: Wishes) -> Edits | None:
    """Fix the batch size that every fit of the model takes."""
    call, mend = source.call_at(problem.start, problem.end), problem.mend
    if not isinstance(mend, FixBatchSize) or call is None:
        return None
    size = spelled(source, mend.used, mend.size, call)
    given = calls.keyword(call, mend.said)
    if mend.said == "shape":
        told = calls.keyword(call, "batch_size")
        if told is not None:
            return calls.value(source, told, size)
        many = calls.positional(call) > 1
        return None if many else calls.give(source, call, f"batch_size={size}")
    if given is None:
        return None
    if mend.said in {"batch_shape", "batch_input_shape"}:
        items = items_of(given.value)
        if not items or not calls.is_literal(items[0], "None"):
            return None
        return calls.replaced(source, items[0], size)
    if mend.said != "input_shape" or mend.placement is None or not mend.placement.first:
        return None
    if any(calls.keyword(call, name) for name in ("input_dim", "input_length", "batch_size")):
        return None
    entry = put_input(source, call, mend.placement, with_batch(source, size, given.value))
    return None if entry is None else (*entry, *calls.drop(source, call, given))
