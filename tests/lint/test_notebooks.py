"""Notebooks on the command line: only those that matter are linted, with the numbers of cells."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from lint_tools import ROOT

from pylint_plugin import notebooks
from pylint_plugin.cli import main

WRONG = (ROOT / "tests/cases/stateful-shuffle/bad.py").read_text(encoding="utf-8")
DATA, _, MODEL = WRONG.partition("\n\n")
needs_nbqa = pytest.mark.skipif(not notebooks.installed(), reason="nbQA is not installed")


def write(path: Path, *cells: str) -> None:
    words = [{"cell_type": "markdown", "metadata": {}, "source": ["# stateful, in keras"]}]
    code = [
        {
            "cell_type": "code",
            "execution_count": None,
            "metadata": {},
            "outputs": [],
            "source": each.splitlines(keepends=True),
        }
        for each in cells
    ]
    language = {"language_info": {"name": "python"}}
    book = {"cells": words + code, "metadata": language, "nbformat": 4, "nbformat_minor": 5}
    path.write_text(json.dumps(book, indent=1), encoding="utf-8")


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@needs_nbqa
def test_a_notebook_is_linted_with_the_numbers_of_its_cells(tmp_path: Path, capfd) -> None:
    write(tmp_path / "n.ipynb", "%matplotlib inline\n!pip list\n" + DATA, "%%bash\nls", MODEL)
    assert main(["n.ipynb"]) == 4
    line = MODEL.splitlines().index(next(each for each in MODEL.splitlines() if ".fit(" in each))
    assert f"n.ipynb:cell_3:{line + 1}:0: W8711" in capfd.readouterr().out


@needs_nbqa
def test_notebooks_and_files_are_found_together(tmp_path: Path, capfd) -> None:
    write(tmp_path / "n.ipynb", WRONG)
    (tmp_path / "a.py").write_text(WRONG, encoding="utf-8")
    assert main(["--disable=stateful-shuffle"]) == 0
    assert main([]) == 4
    assert [each[:6] for each in capfd.readouterr().out.splitlines() if each[0] != "*"] == [
        "a.py:1",
        "n.ipyn",
    ]


@needs_nbqa
def test_a_document_on_stdout_is_left_whole(tmp_path: Path, capfd) -> None:
    write(tmp_path / "n.ipynb", WRONG)
    assert main(["--format=json2"]) == 4
    out, err = capfd.readouterr()
    assert json.loads(out)["messages"] == []
    assert "n.ipynb:cell_1:11:0" in err


def test_a_notebook_that_does_not_matter_starts_nothing(tmp_path: Path, capfd) -> None:
    write(tmp_path / "n.ipynb", "import keras")
    assert main(["--stats"]) == 0
    assert " 1 files read, 0 linted" in capfd.readouterr().err


@pytest.mark.parametrize("raw", [b"", b"{", b"[]", b"{}", b"\xff", b'{"cells": [1]}', b"3"])
def test_a_broken_notebook_is_one_line(tmp_path: Path, capfd, raw: bytes) -> None:
    (tmp_path / "n.ipynb").write_bytes(raw)
    assert main([]) == 32
    assert capfd.readouterr().err == "keras-stateful-lint: n.ipynb: Not a notebook\n"


def test_without_nbqa_it_says_so(tmp_path: Path, capfd, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "nbqa", None)
    write(tmp_path / "n.ipynb", WRONG)
    (tmp_path / "a.py").write_text(WRONG, encoding="utf-8")
    assert main([]) == 32 | 4
    out, err = capfd.readouterr()
    assert "a.py:11" in out
    assert err == f"keras-stateful-lint: n.ipynb: {notebooks.MISSING}\n"


@needs_nbqa
def test_options_that_pylint_does_not_understand(tmp_path: Path, capfd) -> None:
    write(tmp_path / "n.ipynb", WRONG)
    assert main(["--jobs=x", "n.ipynb"]) == 32
    assert "invalid int value: 'x'" in capfd.readouterr().err
