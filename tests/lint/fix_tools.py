"""Mending texts as the command does."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from pathlib import Path

from lint_tools import ROOT

from pylint_plugin.cli import _ONLY_OURS
from pylint_plugin.fixes.edits import Problem, Wishes
from pylint_plugin.fixes.engine import Mended, mend
from pylint_plugin.fixes.linting import Linter

PAIRS = sorted(path.parent for path in (ROOT / "tests" / "fixes").glob("*/*/in.py"))
UNSAFE = {"stateful-partial-batch", "stateful-missing-reset", "stateful-validation-leak"}


def name(pair: Path) -> str:
    return f"{pair.parent.name}/{pair.name}"


def wishes(pair: Path) -> Wishes:
    """What a pair of files asks for, by the names of its folders."""
    return Wishes(pair.parent.name in UNSAFE, not pair.name.startswith("no_dependency"))


@functools.cache
def linter() -> Linter:
    return Linter(_ONLY_OURS)


def lint(text: str, path: Path) -> Sequence[Problem] | None:
    return linter().lint(str(path), text, "utf-8")[0]


def mended(text: str, path: Path, wanted: Wishes) -> Mended:
    return mend(text, str(path), lambda each: lint(each, path), wanted)
