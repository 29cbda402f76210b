"""What may not be imported: heavy libraries by the plugin, syntax trees by facts and rules."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest
from lint_tools import ROOT

HEAVY = ("keras", "tensorflow", "numpy", "jax", "torch")
TREES = ("astroid", "pylint", "ast")


def loaded(statement: str, names: tuple[str, ...]) -> list[str]:
    """Run a statement in a new interpreter and give those of the names that it loaded."""
    code = f"import sys\n{statement}\nprint(*[n for n in {names!r} if n in sys.modules])"
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True
    )
    return run.stdout.split()


def test_the_plugin_loads_no_backend() -> None:
    assert loaded("import pylint_plugin.checker", HEAVY) == []


@pytest.mark.parametrize("module", ["facts", "places", "names", "rules", "rules.common"])
def test_facts_and_rules_know_no_syntax_tree(module: str) -> None:
    # The package itself registers the checker: the submodule is loaded without running it.
    statement = (
        "import types; package = types.ModuleType('pylint_plugin'); "
        "package.__path__ = ['pylint_plugin']; sys.modules['pylint_plugin'] = package; "
        f"import pylint_plugin.{module}"
    )
    assert [name for name in loaded(statement, TREES) if name != "ast"] == []


@pytest.mark.parametrize("module", ["checker", "cli", "notebooks", "mends"])
def test_libcst_is_loaded_only_for_mends(module: str) -> None:
    assert loaded(f"import pylint_plugin.{module}", ("libcst",)) == []
    assert loaded(f"import pylint_plugin.{module}, pylint_plugin.fixes", ("libcst",)) == ["libcst"]


def test_linting_loads_no_libcst() -> None:
    path = "tests/cases/stateful-shuffle/bad.py"
    code = f"from pylint_plugin.cli import main; sys.stdout = None; main([{path!r}])"
    restored = "sys.stdout = sys.__stdout__"
    assert loaded(f"{code}; {restored}", ("libcst", "astroid")) == ["astroid"]


def test_libcst_stands_in_one_package() -> None:
    users = [
        path
        for path in (ROOT / "pylint_plugin").rglob("*.py")
        if re.search(r"^\s*(?:import|from) libcst", path.read_text(encoding="utf-8"), re.MULTILINE)
    ]
    assert {path.parent.name for path in users} == {"fixes"}


def test_the_test_can_fail() -> None:
    assert loaded("import pylint_plugin.checker", TREES[:2]) == ["astroid", "pylint"]
