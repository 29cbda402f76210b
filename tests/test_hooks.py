"""The hooks of pre-commit, really run: from a repository, in environments that they make."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PARTS = ("keras_stateful_guard", "pylint_plugin", "pyproject.toml", "README.md", "LICENSE")
WRONG = (ROOT / "tests/cases/stateful-shuffle/bad.py").read_text(encoding="utf-8")

pytestmark = [
    pytest.mark.hooks,
    pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed"),
    pytest.mark.skipif(
        importlib.util.find_spec("pre_commit") is None, reason="pre-commit is not installed"
    ),
]


def run(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    identity = {
        f"GIT_{role}_{what}": "tests@localhost"
        for role in ("AUTHOR", "COMMITTER")
        for what in ("NAME", "EMAIL")
    }
    return subprocess.run(
        command,
        cwd=folder,
        capture_output=True,
        text=True,
        env={**os.environ, **identity, "PRE_COMMIT_HOME": str(folder.parent / "cache")},
        check=False,
    )


def commit(folder: Path) -> str:
    """Make a repository of a folder and give the name of its commit."""
    for command in ("init -q", "add .", "commit -q -m all"):
        done = run(folder, "git", *command.split())
        assert done.returncode == 0, done.stderr
    return run(folder, "git", "rev-parse", "HEAD").stdout.strip()


@pytest.fixture(scope="module")
def hooks(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """Give a repository of the project as it stands, and its commit."""
    folder = tmp_path_factory.mktemp("hooks") / "project"
    folder.mkdir()
    for name in (*PARTS, ".pre-commit-hooks.yaml"):
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, folder / name)
    return folder, commit(folder)


def of_repository(hooks: tuple[Path, str]) -> str:
    folder, revision = hooks
    names = ("keras-stateful-lint", "keras-stateful-lint-notebooks")
    chosen = "".join(f"      - id: {name}\n" for name in names)
    return f"repos:\n  - repo: {folder}\n    rev: {revision}\n    hooks:\n{chosen}"


def of_readme(hooks: tuple[Path, str]) -> str:
    """Give the README's configuration, the package taken from here and not from an index."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    shown = text.partition("```yaml\nrepos:")[2].partition("```")[0]
    for extra in ("pylint", "notebooks"):
        wanted = f"keras-stateful-guard[{extra}]"
        assert wanted in shown
        shown = shown.replace(wanted, f"{wanted} @ {hooks[0].as_uri()}")
    return f"repos:{shown}"


@pytest.mark.parametrize("configuration", [of_repository, of_readme])
def test_both_hooks_find_what_is_wrong(
    tmp_path: Path, hooks: tuple[Path, str], configuration
) -> None:
    folder = tmp_path / "users"
    folder.mkdir()
    (folder / ".pre-commit-config.yaml").write_text(configuration(hooks), encoding="utf-8")
    (folder / ".pylintrc").write_text("[MAIN]\nload-plugins=absent\n", encoding="utf-8")
    (folder / "train.py").write_text(WRONG, encoding="utf-8")
    cell = {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": []}
    book = {
        "cells": [{**cell, "source": WRONG}],
        "metadata": {},
        "nbformat": 4,
        "nbformat_minor": 4,
    }
    (folder / "book.ipynb").write_text(json.dumps(book), encoding="utf-8")
    commit(folder)

    done = run(folder, sys.executable, "-m", "pre_commit", "run", "--all-files")

    assert done.returncode == 1, done.stdout + done.stderr
    assert "train.py:11:0: W8711" in done.stdout
    assert "book.ipynb:cell_1:11:0: W8711" in done.stdout
    assert done.stdout.count("exit code: 4") == 2
