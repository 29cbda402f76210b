"""Write the README's table of pitfalls from the vocabulary; `--check` only compares."""

from __future__ import annotations

import sys
from pathlib import Path

from keras_stateful_guard import checks
from keras_stateful_guard.pitfalls import PITFALLS, Pitfall
from pylint_plugin import rules

README = Path(__file__).parents[1] / "README.md"
BEGIN, END = "<!-- pitfalls: begin -->\n", "<!-- pitfalls: end -->"


def row(pitfall: Pitfall, linted: set[str], judged: set[str]) -> str:
    """Return one row: what both sides say of a pitfall."""
    lint = f"`{pitfall.code}`" if pitfall.symbol in linted else ""
    run = f"{pitfall.run}s" if pitfall.symbol in judged else ""
    name = f"`{pitfall.symbol}`"
    if lint:
        name = f"[{name}](docs/pitfalls/{pitfall.symbol}.md)"
    return f"| {name} | {lint} | {run} | {pitfall.what} | {pitfall.instead} |"


def table() -> str:
    """Return the table of all pitfalls that are switched on, on either side."""
    linted, judged = set(rules.ALL), set(checks.SYMBOLS)
    rows = [row(each, linted, judged) for each in PITFALLS if each.symbol in linted | judged]
    head = ["| pitfall | pylint | guard | what | instead |", "|---|---|---|---|---|"]
    return "\n".join(head + rows) + "\n"


def renewed(text: str) -> str:
    """Return the README's text with the table of today."""
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return before + BEGIN + table() + END + after


def main(arguments: list[str]) -> int:
    """Write the table, or with `--check` say whether it is today's."""
    text = README.read_text(encoding="utf-8")
    if "--check" in arguments:
        return 0 if renewed(text) == text else 1
    README.write_text(renewed(text), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
