"""`model.fit(..., shuffle=False)`."""

from __future__ import annotations

from pylint_plugin.fixes import calls
from pylint_plugin.fixes.edits import Edits, Problem, Wishes
from pylint_plugin.fixes.source import Source
from pylint_plugin.mends import NoShuffle

# Where the old names and the new one take `shuffle` by its place.
_PLACES = {"fit": 8, "fit_generator": 11}


def stateful_shuffle(problem: Problem, source: Source, _: Wishes) -> Edits | None:
    """Let fit keep the order of the data."""
    call = source.call_at(problem.start, problem.end)
    if not isinstance(problem.mend, NoShuffle) or call is None or not calls.method(call, *_PLACES):
        return None
    given = calls.keyword(call, "shuffle")
    if given is not None:
        literal = calls.is_literal(given.value, "True", "batch", "None")
        return calls.value(source, given, "False") if literal else None
    place = next(_PLACES[name] for name in _PLACES if calls.method(call, name))
    if problem.mend.given or calls.positional(call) > place:
        return None
    return calls.give(source, call, "shuffle=False")
