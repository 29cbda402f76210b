"""`model.fit(..., batch_size=4)`, the batch size that the model was built for."""

from __future__ import annotations

from pylint_plugin.fixes import calls
from pylint_plugin.fixes.edits import Edits, Problem, Wishes
from pylint_plugin.fixes.sizes import spelled
from pylint_plugin.fixes.source import Source
from pylint_plugin.mends import GiveBatchSize

_PLACES = {"fit": 2, "evaluate": 2, "predict": 1}


def stateful_batch_size_mismatch(problem: Problem, source: Source, _: Wishes) -> Edits | None:
    """Pass the model's own batch size where none is given."""
    call, mend = source.call_at(problem.start, problem.end), problem.mend
    if not isinstance(mend, GiveBatchSize) or call is None or not calls.method(call, *_PLACES):
        return None
    size = spelled(source, mend.declared, mend.size, call)
    place = next(_PLACES[name] for name in _PLACES if calls.method(call, name))
    count = calls.positional(call)
    if count == calls.MANY:
        return None
    given = call.args[place] if count > place else calls.keyword(call, "batch_size")
    if given is not None:
        return calls.value(source, given, size) if calls.is_literal(given.value, "None") else None
    return calls.give(source, call, f"batch_size={size}")
