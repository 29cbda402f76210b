"""pylint's own form of test: marks in the code, and texts, columns and confidence beside it."""

from __future__ import annotations

from pathlib import Path

import pytest
from lint_tools import ROOT
from pylint.testutils import FunctionalTestFile, LintModuleTest

FOLDER = ROOT / "tests" / "functional"
FILES = sorted(FOLDER.glob("*.py"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_functional(path: Path) -> None:
    test = LintModuleTest(FunctionalTestFile(str(FOLDER), path.name))
    test.setUp()
    test.runTest()


def test_every_symbol_is_shown() -> None:
    from pylint_plugin.rules import ALL

    text = "".join(path.read_text() for path in FILES)
    assert {symbol for symbol in ALL if symbol not in text} == set()
