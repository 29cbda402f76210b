"""`dataset.batch(n, drop_remainder=True)`; the rest of the data is lost, so only when asked."""

from __future__ import annotations

from pylint_plugin.fixes import calls
from pylint_plugin.fixes.edits import Edits, Problem, Wishes
from pylint_plugin.fixes.source import Source
from pylint_plugin.mends import DropRest

# Where the argument stands that drops a short batch.
_PLACES = {"drop_remainder": 1, "drop_last": 8}


def stateful_partial_batch(problem: Problem, source: Source, wishes: Wishes) -> Edits | None:
    """Drop a short last batch."""
    call, mend = source.call_at(problem.start, problem.end), problem.mend
    if not wishes.unsafe or not isinstance(mend, DropRest) or call is None:
        return None
    name, _, text = mend.argument.partition("=")
    given = calls.keyword(call, name)
    if given is not None:
        return calls.value(source, given, text) if calls.is_literal(given.value, "False") else None
    if calls.positional(call) > _PLACES[name]:
        return None
    return calls.give(source, call, mend.argument)
