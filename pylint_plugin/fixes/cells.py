"""Notebooks as one text and back: only the sources of changed cells change in the JSON."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

_MAGIC = re.compile(r"[ \t]*([%!?].*|.*\?)[ \t]*$")
_GIVEN = re.compile(r"[ \t]*[\w.,() \t]+=[ \t]*[%!].*$")
# Magics of a whole cell that run it as Python.
_PYTHON = re.compile(r"%%(?:capture|prun|time|timeit)\b")
_SPACE = re.compile(r"[ \t\r\n]*")
_BETWEEN = "# end of cell {} of the notebook"
_HIDDEN = "pass  # hidden line {}"


@dataclass(frozen=True, slots=True)
class _Cell:
    """A cell of code: where its source stands in the file, and its lines."""

    start: int
    end: int
    source: str


class Notebook:
    """A notebook file.

    Raises:
        ValueError: The text is no notebook.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._cells = [each for each in _cells(text) if _is_python(_hide(each.source, [])[0])]
        self._hidden: list[str] = []
        parts: list[str] = []
        for number, cell in enumerate(self._cells):
            shown, self._hidden = _hide(cell.source, self._hidden)
            parts += [shown, _BETWEEN.format(number)]
        self.code = "".join(f"{part}\n" for part in parts)

    def put(self, code: str) -> str:
        """Give the notebook's text with other code in its cells."""
        pieces: list[str] = []
        here = 0
        for number, cell in enumerate(self._cells):
            shown, _, code = code.partition(f"\n{_BETWEEN.format(number)}\n")
            source = self._show(shown)
            if source != cell.source:
                pieces += [self._text[here : cell.start], self._written(cell, source)]
                here = cell.end
        return "".join([*pieces, self._text[here:]])

    def _show(self, code: str) -> str:
        pattern = re.escape(_HIDDEN).replace(r"\{\}", r"(\d+)")
        return re.sub(rf"[ \t]*{pattern}", lambda found: self._hidden[int(found[1])], code)

    def _written(self, cell: _Cell, source: str) -> str:
        """Give the JSON of a source in the form that it had."""
        written = self._text[cell.start : cell.end]
        ascii_only = self._text.isascii()
        if written[0] == '"':
            return json.dumps(source, ensure_ascii=ascii_only)
        old = list(_items(written, 0))
        known = {value: written[start:end] for start, end, value in old}
        first, last = old[0], old[-1]
        between = written[first[1] : old[1][0]] if len(old) > 1 else "," + written[1 : first[0]]
        lines = [
            known.get(line) or json.dumps(line, ensure_ascii=ascii_only)
            for line in re.findall(r"[^\n]*\n|[^\n]+", source)
        ]
        return written[: first[0]] + between.join(lines) + written[last[1] :]


def _hide(source: str, hidden: list[str]) -> tuple[str, list[str]]:
    """Put `pass` where a line is not Python; the lines that are hidden follow those before."""
    lines: list[str] = []
    hidden = list(hidden)
    for line in source.split("\n"):
        if _MAGIC.match(line) or _GIVEN.match(line):
            indent = line[: len(line) - len(line.lstrip())]
            lines.append(indent + _HIDDEN.format(len(hidden)))
            hidden.append(line)
        else:
            lines.append(line)
    return "\n".join(lines), hidden


def _is_python(shown: str) -> bool:
    try:
        ast.parse(shown)
    except (SyntaxError, ValueError, RecursionError):
        return False
    return True


def _cells(text: str) -> Iterator[_Cell]:
    for key, start, _ in _members(text, _skip(text, 0)):
        if key != "cells":
            continue
        for at, _, value in _items(text, start):
            if not isinstance(value, dict) or value.get("cell_type") != "code":
                continue
            for name, begin, end in _members(text, at):
                source = value["source"] if name == "source" else ""
                joined = source if isinstance(source, str) else "".join(source)
                magic = joined.lstrip().startswith("%%") and not _PYTHON.match(joined.lstrip())
                if joined and not magic:
                    yield _Cell(begin, end, joined)


def _members(text: str, at: int) -> Iterator[tuple[str, int, int]]:
    """Yield the names in an object, and where their values stand."""
    if text[at] != "{":
        raise ValueError("not an object")
    at = _skip(text, at + 1)
    while text[at] != "}":
        name, at = _read(text, at)
        start = _skip(text, _skip(text, at) + 1)
        _, end = _read(text, start)
        yield str(name), start, end
        at = _next(text, end)


def _items(text: str, at: int) -> Iterator[tuple[int, int, object]]:
    """Yield where the items of an array stand, and their values."""
    at = _skip(text, at + 1)
    while text[at] != "]":
        value, end = _read(text, at)
        yield at, end, value
        at = _next(text, end)


def _next(text: str, at: int) -> int:
    at = _skip(text, at)
    return _skip(text, at + 1) if text[at] == "," else at


def _skip(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return found.end() if found else at


def _read(text: str, at: int) -> tuple[object, int]:
    value, end = json.JSONDecoder().raw_decode(text, at)
    return value, end
