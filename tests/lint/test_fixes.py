"""Every pair in tests/fixes: what is mended, that it is mended for good, and that nothing else is.

`tests/test_fixes_run.py` runs the pairs.
"""

from __future__ import annotations

import ast
from collections import Counter
from pathlib import Path

import pytest
from fix_tools import PAIRS, UNSAFE, lint, mended, name, wishes
from lint_tools import ROOT

from pylint_plugin.fixes import ALL
from pylint_plugin.fixes.edits import Wishes

FILES = ROOT / "pylint_plugin" / "fixes"
each_pair = pytest.mark.parametrize("pair", PAIRS, ids=name)


def symbols(text: str, pair: Path) -> Counter[str]:
    found = lint(text, pair / "in.py")
    assert found is not None
    return Counter(each.symbol for each in found)


@each_pair
def test_a_file_is_mended_as_shown(pair: Path) -> None:
    before = (pair / "in.py").read_text(encoding="utf-8")
    after = mended(before, pair / "in.py", wishes(pair)).text
    assert after == (pair / "out.py").read_text(encoding="utf-8")


@each_pair
def test_the_fault_is_gone_and_no_other_is_there(pair: Path) -> None:
    before = symbols((pair / "in.py").read_text(encoding="utf-8"), pair)
    after = symbols((pair / "out.py").read_text(encoding="utf-8"), pair)
    assert before[pair.parent.name] > 0
    assert after[pair.parent.name] == 0
    assert after <= before


@each_pair
def test_a_second_run_changes_nothing(pair: Path) -> None:
    once = (pair / "out.py").read_text(encoding="utf-8")
    ast.parse(once)
    again = mended(once, pair / "out.py", wishes(pair))
    assert (again.text, again.count) == (once, 0)


@each_pair
def test_other_line_ends_are_kept(pair: Path) -> None:
    before = (pair / "in.py").read_text(encoding="utf-8").replace("\n", "\r\n")
    after = mended(before, pair / "in.py", wishes(pair)).text
    assert after == (pair / "out.py").read_text(encoding="utf-8").replace("\n", "\r\n")


@pytest.mark.parametrize("pair", [each for each in PAIRS if each.parent.name in UNSAFE], ids=name)
def test_what_may_change_training_is_only_done_when_asked(pair: Path) -> None:
    before = (pair / "in.py").read_text(encoding="utf-8")
    assert mended(before, pair / "in.py", Wishes()).text == before


@pytest.mark.parametrize("symbol", sorted(UNSAFE - {"stateful-partial-batch"}))
def test_no_guard_without_the_dependency(symbol: str) -> None:
    pair = next(each for each in PAIRS if each.parent.name == symbol)
    before = (pair / "in.py").read_text(encoding="utf-8")
    assert mended(before, pair / "in.py", Wishes(unsafe=True, dependency=False)).text == before


def test_an_import_in_another_function_is_not_seen() -> None:
    pair = next(each for each in PAIRS if name(each) == "stateful-removed-reset/after_each_epoch")
    local = """
def other(model):
    from keras_stateful_guard import reset_states

    reset_states(model)
"""
    before = (pair / "in.py").read_text(encoding="utf-8")
    result = mended(before + local, pair / "in.py", wishes(pair)).text
    assert "keras_stateful_guard.reset_states(model)  # the series begins again" in result
    assert result.count("import keras_stateful_guard\n") == 1
    assert result.endswith(local)


def test_one_import_for_uses_between_imports() -> None:
    pair = next(each for each in PAIRS if name(each) == "stateful-removed-reset/after_each_epoch")
    before = (pair / "in.py").read_text(encoding="utf-8")
    more = "from keras import losses\n\nmodel.reset_states()\n"
    result = mended(before + more, pair / "in.py", wishes(pair))
    assert result.count == 3
    assert result.text == (pair / "out.py").read_text(encoding="utf-8") + more.replace(
        "model.reset_states()", "reset_states(model)"
    )


def test_every_mend_has_a_file_of_its_name_and_pairs() -> None:
    files = {path.stem for path in FILES.glob("stateful_*.py")}
    assert files == {symbol.replace("-", "_") for symbol in ALL}
    assert {pair.parent.name for pair in PAIRS} == set(ALL)


def test_no_callbacks_at_all_become_the_guard() -> None:
    pair = next(each for each in PAIRS if name(each) == "stateful-missing-reset/no_callbacks")
    before = (pair / "in.py").read_text(encoding="utf-8")
    said = before.replace("verbose=0)", "verbose=0, callbacks=None)")
    assert said != before
    after = (pair / "out.py").read_text(encoding="utf-8")
    assert mended(said, pair / "in.py", wishes(pair)).text == after
