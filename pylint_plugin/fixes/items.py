"""Items between commas, those of calls, lists and imports: put in and taken out in place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import libcst as cst

from pylint_plugin.fixes.edits import Edit, Edits
from pylint_plugin.fixes.source import Source

Item: TypeAlias = cst.Arg | cst.BaseElement | cst.ImportAlias


def _behind(source: Source, item: Item) -> int:
    """Give the place behind the comma of an item, or behind the item."""
    return source.span(item.comma if isinstance(item.comma, cst.Comma) else item)[1]


def _bare(text: bytes) -> bool:
    """Whether nothing but a comment is left of a line."""
    text = text.strip()
    return not text or text.startswith(b"#")


def put_before(source: Source, item: Item, text: str) -> Edits:
    """Put an item before another one, on a line of its own if that one has one."""
    start, _ = source.span(item)
    between = source.newline(start) + source.indent(start) if source.begins_line(start) else " "
    return (Edit(start, start, f"{text},{between}"),)


def put_last(source: Source, items: Sequence[Item], text: str) -> Edits:
    """Put an item behind the last one."""
    last = items[-1]
    start, end = source.span(last)
    closed = isinstance(last.comma, cst.Comma)
    behind = _behind(source, last)
    line_end = source.line_end(behind)
    open_line = _bare(source.raw[behind:line_end])
    alone = source.begins_line(start) and (
        open_line or len(items) == 1 or source.begins_line(source.span(items[-2])[0])
    )
    if not alone:
        tight = len(items) > 1 and source.span(last)[0] == _behind(source, items[-2])
        space = "" if tight else " "
        return (Edit(behind, behind, f"{space}{text}," if closed else f",{space}{text}"),)
    fresh = source.newline(start) + source.indent(start) + text
    if not open_line:
        return (Edit(behind, behind, f"{fresh}," if closed else f",{fresh}"),)
    if closed:
        return (Edit(line_end, line_end, f"{fresh},"),)
    if line_end == end:
        return (Edit(end, end, f",{fresh}"),)
    return (Edit(end, end, ","), Edit(line_end, line_end, fresh))


def take_out(source: Source, items: Sequence[Item], gone: Sequence[Item]) -> Edits:
    """Take items out with their commas; comments stay."""
    made: list[Edit] = []
    for edit in sorted(edit for each in gone for edit in _take_out(source, items, each, gone)):
        if made and edit.start <= made[-1].end:
            edit = Edit(made[-1].start, max(made.pop().end, edit.end), "")  # noqa: PLW2901 (joined)
        made.append(edit)
    return tuple(made)


def _take_out(source: Source, items: Sequence[Item], item: Item, gone: Sequence[Item]) -> Edits:
    number = next(i for i, each in enumerate(items) if each is item)
    kept = (each for each in reversed(items[:number]) if each not in gone)
    before = next(kept, None)
    after = items[number + 1] if number + 1 < len(items) else None
    start, end = source.span(item)
    behind = _behind(source, item)
    rest = source.raw[behind : source.line_end(behind)]
    if source.begins_line(start) and _bare(rest):
        if rest.strip():
            return (Edit(start, behind + len(rest) - len(rest.lstrip()), ""),)
        following = source.raw.find(b"\n", behind) + 1
        return (Edit(source.line_start(start), following, ""),)
    if after is not None:
        following = source.span(after)[0]
        if not source.raw[behind:following].strip() and (
            before is None or not source.begins_line(following)
        ):
            return (Edit(start, following, ""),)
        return (Edit(_behind(source, before) if before else start, behind, ""),)
    if before is None or b"#" in source.raw[_behind(source, before) : start]:
        return (Edit(start, behind, ""),)
    if behind > end:
        return (Edit(_behind(source, before), behind, ""),)
    return (Edit(source.span(before)[1], end, ""),)
