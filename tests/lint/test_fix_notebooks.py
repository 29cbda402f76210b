"""Notebooks are mended cell by cell, and nothing else of them changes."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from lint_tools import ROOT

from pylint_plugin import notebooks
from pylint_plugin.cli import _ONLY_OURS, main
from pylint_plugin.fixes import command
from pylint_plugin.fixes.cells import Notebook
from pylint_plugin.fixes.edits import Wishes

PAIR = ROOT / "tests/fixes/stateful-removed-argument/sequential_add"
BEFORE, AFTER = ((PAIR / f"{each}.py").read_text(encoding="utf-8") for each in ("in", "out"))
needs_nbqa = pytest.mark.skipif(not notebooks.installed(), reason="nbQA is not installed")


def book(code: str, *, text: bool = False) -> dict[str, object]:
    """Give a notebook with the code in two cells, among others that are not Python."""
    imports, _, rest = code.partition("\n\n")
    sources = [
        f"%matplotlib inline\n!pip list\n{imports}",
        "%%bash\nls --all",
        f"%%time\nfiles = !ls\n{rest}model?\n",
        "for broken in",
    ]
    outputs = [{"output_type": "stream", "name": "stdout", "text": ["ä ☃ model.reset_states()\n"]}]
    cells: list[dict[str, object]] = [
        {"cell_type": "markdown", "metadata": {}, "source": ["# batch_input_shape\n"]}
    ]
    for number, source in enumerate(sources):
        lines: str | list[str] = source if text else source.splitlines(keepends=True)
        cells.append(
            {
                "cell_type": "code",
                "execution_count": number,
                "metadata": {"source": "source"},
                "outputs": outputs,
                "source": lines,
            }
        )
    return {"cells": cells, "metadata": {"cells": 3}, "nbformat": 4, "nbformat_minor": 5}


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def noted(code: str) -> str:
    """Write a comment that is not ASCII behind a line that is mended."""
    return code.replace("return_sequences=True))", "return_sequences=True))  # für später")


def mend(path: Path) -> int:
    """Mend a notebook without linting it again by nbQA; give the number of mends."""
    return command.run([str(path)], _ONLY_OURS, Wishes(), None, lambda *_: None).mends


@pytest.mark.parametrize("indent", [None, 1, "\t"])
@pytest.mark.parametrize("text", [False, True])
@pytest.mark.parametrize("ascii_only", [False, True])
def test_only_the_lines_that_are_mended_change(
    tmp_path: Path, indent: int | None, text: bool, ascii_only: bool
) -> None:
    before, after = (
        json.dumps(book(noted(each), text=text), indent=indent, ensure_ascii=ascii_only)
        for each in (BEFORE, AFTER)
    )
    path = tmp_path / "n.ipynb"
    path.write_text(before, encoding="utf-8", newline="\n")
    assert mend(path) == 2
    assert path.read_bytes() == after.encode()
    assert mend(path) == 0
    assert path.read_bytes() == after.encode()


@needs_nbqa
def test_the_form_of_what_is_not_mended_is_kept(tmp_path: Path, capfd) -> None:
    before = json.dumps(book(BEFORE), indent=1)
    odd = before.replace("import numpy", "\\u0069mport numpy").replace('at": 4', 'at" :4')
    (tmp_path / "n.ipynb").write_text(odd, encoding="utf-8")
    assert main(["--fix", "."]) == 0
    written = (tmp_path / "n.ipynb").read_text(encoding="utf-8")
    assert "\\u0069mport numpy" in written
    assert '"nbformat" :4' in written
    assert json.loads(written) == book(AFTER)


def test_a_notebook_is_shown_without_being_written(tmp_path: Path, capfd) -> None:
    path = tmp_path / "n.ipynb"
    path.write_text(json.dumps(book(BEFORE), indent=1), encoding="utf-8")
    assert main(["--diff", "."]) == 0
    out = capfd.readouterr().out
    assert out.startswith("--- n.ipynb\n+++ n.ipynb\n")
    changed = re.findall(r'^[-+] +"(.*?)(?:\\n)?",?$', out, re.MULTILINE)
    assert changed == [
        "from keras.layers import LSTM",
        "from keras.layers import LSTM, Input",
        *(line for line in BEFORE.splitlines() if "batch_input_shape" in line),
        *[line for line in AFTER.splitlines() if line.startswith("model.add")][:3],
    ]
    assert json.loads(path.read_text(encoding="utf-8")) == book(BEFORE)


@pytest.mark.parametrize("text", [False, True])
@pytest.mark.parametrize("code", ["", "x = 1\n", "%%html\n<b>", "a\n\n", "%run x\n", "\n", "!ls"])
def test_a_notebook_that_is_not_changed_is_the_same(code: str, text: bool) -> None:
    whole = json.dumps(book(code, text=text), indent=1)
    read = Notebook(whole)
    assert read.put(read.code) == whole


@pytest.mark.parametrize("raw", ['{"cells": [', "[]", '{"cells": 3}', "3", '{"cells": [{}]}'])
def test_no_notebook_is_mended_in_part(tmp_path: Path, capsys, raw: str) -> None:
    (tmp_path / "n.ipynb").write_text(raw, encoding="utf-8")
    assert main(["--fix", "."]) == 32
    assert capsys.readouterr().err == "keras-stateful-lint: n.ipynb: Not a notebook\n"
    assert (tmp_path / "n.ipynb").read_text(encoding="utf-8") == raw
