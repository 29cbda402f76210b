"""Reading snippets in process, and pylint in a process of its own."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import textwrap
from pathlib import Path

import astroid

from pylint_plugin.facts import Trace
from pylint_plugin.project import Project
from pylint_plugin.reader import Reading, Settings, read
from pylint_plugin.rules import ALL

ROOT = Path(__file__).parents[2]
_MARK = re.compile(r"# \[([\w, -]+)\]")


def reading(code: str, path: str = "", settings: Settings | None = None) -> Reading:
    """Read a snippet."""
    tree = astroid.parse(textwrap.dedent(code), path=path or "?")
    return read(tree, Project(), settings or Settings())


def trace(code: str) -> Trace:
    """Give the trace of a snippet run as a script."""
    return reading(code).traces[0]


def found(code: str, path: str = "", settings: Settings | None = None) -> set[tuple[str, int]]:
    """Give the findings in a snippet, by symbol and line."""
    result = reading(code, path, settings)
    return {
        (symbol, finding.site.line)
        for symbol, rule in ALL.items()
        for each in result.traces
        for finding in rule(each)
        if finding.site.module == result.path
    }


def marked(code: str) -> set[tuple[str, int]]:
    """Give the findings that the marks in a snippet ask for."""
    lines = enumerate(textwrap.dedent(code).splitlines(), 1)
    return {
        (symbol.strip(), number)
        for number, line in lines
        for mark in _MARK.findall(line)
        for symbol in mark.split(",")
    }


def pylint(*arguments: str | Path, cwd: Path | None = None, stdin: str | None = None) -> list[dict]:
    """Run pylint with only our messages and give what it reports."""
    command = [sys.executable, "-m", "pylint", "--rcfile=", "--load-plugins=pylint_plugin"]
    command += ["--disable=all", "--enable=stateful-rnn,F", "--output-format=json2"]
    run = subprocess.run(
        [*command, *map(str, arguments)],
        capture_output=True,
        text=True,
        cwd=cwd or ROOT,
        input=stdin,
        env={"PYTHONPATH": str(ROOT), "PATH": "", "HOME": str(ROOT)},
        timeout=120,
        check=False,
    )
    assert not run.stderr, run.stderr
    return json.loads(run.stdout)["messages"]
