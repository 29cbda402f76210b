"""Every case in tests/cases: a bad one shows its folder's symbol and no other, a good one none."""

from __future__ import annotations

from pathlib import Path

import pytest
from lint_tools import ROOT, found

from keras_stateful_guard.pitfalls import BY_SYMBOL
from pylint_plugin.rules import ALL

CASES = sorted((ROOT / "tests" / "cases").glob("*/*.py"))
LINTED = [case for case in CASES if case.parent.name in ALL]


def name(case: Path) -> str:
    return f"{case.parent.name}/{case.stem}"


@pytest.mark.parametrize("case", LINTED, ids=name)
def test_case(case: Path) -> None:
    symbols = {symbol for symbol, _ in found(case.read_text(), str(case))}
    assert symbols == ({case.parent.name} if case.stem.startswith("bad") else set())


@pytest.mark.parametrize("symbol", ALL)
def test_every_rule_has_cases_and_as_many_good_as_bad(symbol: str) -> None:
    names = [case.stem for case in LINTED if case.parent.name == symbol]
    bad = [each for each in names if each.startswith("bad")]
    assert bad
    assert len(names) - len(bad) >= len(bad)


def test_every_folder_is_a_pitfall() -> None:
    assert {case.parent.name for case in CASES} <= set(BY_SYMBOL)
