"""Changes of a text as frozen values; positions count the bytes of its UTF-8, as linters do."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

from pylint_plugin.mends import Mend


@dataclass(frozen=True, slots=True, order=True)
class Edit:
    """Put `text` where the bytes from `start` to `end` are; an insertion where both are equal.

    `imports` is the name that it imports, if any.
    """

    start: int
    end: int
    text: str
    imports: str = ""

    def meets(self, other: Edit) -> bool:
        """Whether two edits overlap or touch, so that order would matter, or import one name."""
        touch = self.start <= other.end and other.start <= self.end
        return touch or (self.imports == other.imports != "")


Edits: TypeAlias = tuple[Edit, ...]


@dataclass(frozen=True, slots=True)
class Problem:
    """A finding in a text, with what its mend must know."""

    symbol: str
    start: int
    end: int
    mend: Mend | None


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the user allows: mends that may change what is trained, and a new import."""

    unsafe: bool = False
    dependency: bool = True


def line_starts(raw: bytes) -> list[int]:
    """Give where lines begin, as Python counts them."""
    return [0, *(found.end() for found in re.finditer(rb"\r\n|\r|\n", raw))]


def together(rows: Iterable[Edits]) -> list[int]:
    """Give the numbers of the rows that can be made at once, earlier ones first.

    Edits that are the same, such as one import for several mends, are made once.
    """
    chosen: list[int] = []
    made: set[Edit] = set()
    for number, edits in enumerate(rows):
        new = set(edits) - made
        if not any(one.meets(other) for one in new for other in made):
            chosen.append(number)
            made |= new
    return chosen


def applied(text: str, edits: Iterable[Edit]) -> str:
    """Give a text with edits made that do not meet."""
    raw = text.encode()
    pieces: list[bytes] = []
    here = 0
    for edit in sorted(set(edits)):
        pieces += [raw[here : edit.start], edit.text.encode()]
        here = edit.end
    return b"".join([*pieces, raw[here:]]).decode()


def moved(place: int, edits: Iterable[Edit]) -> set[int]:
    """Give where a place is after edits: before or behind what is inserted right there."""
    shift, here = 0, 0
    for edit in set(edits):
        grown = len(edit.text.encode()) - (edit.end - edit.start)
        if edit.start == edit.end == place:
            here = grown
        elif edit.end <= place:
            shift += grown
        elif edit.start < place:  # within what is replaced
            shift += edit.start - place
    return {place + shift, place + shift + here}
