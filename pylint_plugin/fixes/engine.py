"""Mends a text round by round; each round is kept only if the linter finds it right.

Right means: what was mended is no longer found, and nothing is found that was not there before.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from pylint_plugin.fixes import ALL
from pylint_plugin.fixes.edits import Edit, Edits, Problem, Wishes, applied, moved, together
from pylint_plugin.fixes.source import Source

# Gives what is found in a text, None where it does not parse.
Lint: TypeAlias = Callable[[str], Sequence[Problem] | None]


@dataclass(frozen=True, slots=True)
class Mended:
    """A text after its mends, and how many findings they took away."""

    text: str
    count: int


def mend(text: str, path: str, lint: Lint, wishes: Wishes) -> Mended:
    """Make every mend that is sure.

    Raises:
        UnreadableError: LibCST cannot keep the text as it is.
    """
    problems = lint(text) or ()
    refused: set[tuple[str, int]] = set()
    count, one_by_one = 0, False
    while True:
        open_ones = [each for each in problems if (each.symbol, each.start) not in refused]
        fixes = _fixes(text, path, open_ones, wishes)
        if not fixes:
            return Mended(text, count)
        numbers = [0] if one_by_one else together([edits for _, edits in fixes])
        chosen = [fixes[number] for number in numbers]
        edits = {edit for _, row in chosen for edit in row}
        fixed = [problem for problem, _ in chosen]
        new = applied(text, edits)
        found = lint(new)
        if found is not None and _is_right(problems, fixed, found, edits):
            refused = {(s, place) for s, start in refused for place in moved(start, edits)}
            text, problems, count = new, found, count + len(fixed)
        elif len(chosen) > 1:
            one_by_one = True
        else:
            refused.add((fixed[0].symbol, fixed[0].start))


def _fixes(
    text: str, path: str, problems: Sequence[Problem], wishes: Wishes
) -> list[tuple[Problem, Edits]]:
    known = [each for each in problems if each.symbol in ALL and each.mend is not None]
    if not known:
        return []
    source = Source(text, path)
    rows = ((each, ALL[each.symbol](each, source, wishes)) for each in known)
    return [(problem, edits) for problem, edits in rows if edits]


def _is_right(
    before: Sequence[Problem], fixed: Sequence[Problem], after: Sequence[Problem], edits: set[Edit]
) -> bool:
    gone = {(each.symbol, place) for each in fixed for place in moved(each.start, edits)}
    stay = {(each.symbol, place) for each in before for place in moved(each.start, edits)} - gone
    return all((each.symbol, each.start) in stay for each in after)
