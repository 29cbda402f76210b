"""The pages of the pitfalls are today's, and pylint's own help reads like them."""

from __future__ import annotations

import os
import re
import subprocess
import sys

import pytest
from lint_tools import ROOT

from keras_stateful_guard.pitfalls import BY_SYMBOL
from pylint_plugin.rules import ALL

PAGES = ROOT / "docs" / "pitfalls"


def python(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=False,
    )


def test_the_pages_are_todays() -> None:
    run = python("tools/write_pages.py", "--check")
    assert (run.returncode, run.stderr) == (0, "")


@pytest.mark.parametrize("symbol", ALL)
def test_a_page_has_all_its_parts(symbol: str) -> None:
    text = (PAGES / f"{symbol}.md").read_text(encoding="utf-8")
    heads = ["Why it is bad", "Instead", "Bad", "Good", "When to disable it"]
    assert re.findall(r"^## (.*)$", text, re.MULTILINE) == heads
    bad, good = text.split("## Bad")[1].split("## Good")
    assert all(f"# [{symbol}]" in code for code in bad.split("```python")[1:])
    assert f"# [{symbol}]" not in good


def test_the_help_of_pylint_tells_what_why_and_what_instead() -> None:
    run = python(
        "-m", "pylint", "--rcfile=", "--load-plugins=pylint_plugin", f"--help-msg={','.join(ALL)}"
    )
    assert run.stderr == ""
    for symbol in ALL:
        pitfall = BY_SYMBOL[symbol]
        _, found, rest = run.stdout.partition(f":{symbol} ({pitfall.code})")
        assert found
        told = " ".join(rest.partition("\n:")[0].split())
        for part in (pitfall.what, pitfall.why, f"Instead: {pitfall.instead}", "stateful-rnn"):
            assert " ".join(part.split()) in told
