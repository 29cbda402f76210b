"""`model.fit(..., callbacks=[StatefulGuard()])`."""

from __future__ import annotations

from pylint_plugin.fixes.edits import Edits, Problem, Wishes
from pylint_plugin.fixes.guards import add_guard
from pylint_plugin.fixes.source import Source


def stateful_validation_leak(problem: Problem, source: Source, wishes: Wishes) -> Edits | None:
    """Let the guard keep the states of validation apart."""
    return add_guard(problem, source, wishes)
