"""Whatever a file holds: its mends parse, bring nothing new, and a second run changes nothing."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from fix_tools import PAIRS, lint, mended
from hypothesis import given, settings
from hypothesis import strategies as st
from test_fuzz import parses, relaxed

from pylint_plugin.fixes.edits import Edit, Wishes, applied, moved, together
from pylint_plugin.fixes.source import UnreadableError

SOURCES = [(pair / "in.py").read_text(encoding="utf-8") for pair in PAIRS]
HERE = Path(__file__)
COMMENTS = ["  # batch_input_shape=(1, 2)", "\n", " \\\n", "  # é, ☃", "\t", ",", "\r\n"]


def proven(code: str, wishes: Wishes) -> None:
    before = lint(code, HERE)
    assert before is not None
    try:
        once = mended(code, HERE, wishes)
    except UnreadableError:
        return
    assert parses(once.text)
    after = lint(once.text, HERE)
    assert after is not None
    left, were = (Counter(each.symbol for each in row) for row in (after, before))
    assert left <= were
    assert (were - left).total() >= once.count
    assert (once.count > 0) == (once.text != code)
    again = mended(once.text, HERE, wishes)
    assert (again.text, again.count) == (once.text, 0)


@settings(relaxed, max_examples=120)
@given(st.sampled_from(SOURCES), st.booleans(), st.booleans(), st.data())
def test_mutated_files(source: str, unsafe: bool, dependency: bool, data: st.DataObject) -> None:
    lines = source.splitlines(keepends=True)
    for _ in range(data.draw(st.integers(0, 4))):
        here = data.draw(st.integers(0, len(lines) - 1))
        action = data.draw(st.sampled_from(["drop", "copy", "indent", "comment", "split", "join"]))
        if action == "drop" and len(lines) > 1:
            del lines[here]
        elif action == "copy":
            lines.insert(data.draw(st.integers(0, len(lines))), lines[here])
        elif action == "indent":
            lines[here] = "    " + lines[here]
        elif action == "comment":
            lines[here] = lines[here].rstrip("\n") + data.draw(st.sampled_from(COMMENTS)) + "\n"
        elif action == "split":
            lines[here] = lines[here].replace(
                ", ", data.draw(st.sampled_from([",\n    ", ",", " , "]))
            )
        elif action == "join":
            lines[here] = lines[here].rstrip("\n") + "; "
    code = "".join(lines)
    if parses(code):
        proven(code, Wishes(unsafe, dependency))


texts = st.text("aé☃\n", max_size=12)


@given(texts, st.lists(st.tuples(st.integers(0, 12), st.integers(0, 3), texts), max_size=5))
def test_edits_that_do_not_meet_are_made_each_in_its_place(text: str, wanted: list) -> None:
    marks = [len(text[:at].encode()) for at in range(len(text) + 1)]
    rows = []
    for start, length, new in wanted:
        first = min(start, len(text))
        last = min(first + length, len(text))
        rows.append((Edit(marks[first], marks[last], new),))
    chosen = [rows[number][0] for number in together(rows)]
    result = applied(text, chosen)
    grown = sum(len(each.text.encode()) - (each.end - each.start) for each in set(chosen))
    assert len(result.encode()) == len(text.encode()) + grown
    for edit in chosen:
        place = min(moved(edit.start, set(chosen)))
        assert result.encode()[place:].startswith(edit.text.encode())
