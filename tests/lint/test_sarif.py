"""SARIF: a valid document, the same with workers, about plain pylint's findings too."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from lint_tools import ROOT

from keras_stateful_guard.pitfalls import BY_SYMBOL
from pylint_plugin.cli import main
from pylint_plugin.rules import ALL

WRONG = (ROOT / "tests/cases/stateful-shuffle/bad.py").read_text(encoding="utf-8")


@pytest.fixture(autouse=True)
def _in_a_folder_with_faults(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("one.py", "ünd zwei.py"):
        (tmp_path / name).write_text(WRONG, encoding="utf-8")
    (tmp_path / "broken.py").write_text("import keras\nstateful(", encoding="utf-8")


def places(document: dict) -> list[tuple[str, str, int, int]]:
    found = []
    for result in document["runs"][0]["results"]:
        place = result["locations"][0]["physicalLocation"]
        region = place["region"]
        uri = place["artifactLocation"]["uri"]
        found.append((uri, result["ruleId"], region["startLine"], region["startColumn"]))
    return found


def test_the_findings_and_where_they_are(capsys) -> None:
    assert main(["--format", "sarif"]) == 2 | 4
    document = json.loads(capsys.readouterr().out)
    assert document["version"] == "2.1.0"
    (broken, *others) = places(document)
    assert broken[:3] == ("broken.py", "E0001", 2)
    assert others == [("one.py", "W8711", 11, 1), ("%C3%BCnd%20zwei.py", "W8711", 11, 1)]
    first = document["runs"][0]["results"][1]
    assert first["level"] == "warning"
    assert first["message"]["text"].startswith("fit() shuffles by default")
    region = first["locations"][0]["physicalLocation"]["region"]
    assert (region["endLine"], region["endColumn"]) == (11, 41)


def test_a_path_outside_becomes_a_file_uri(tmp_path: Path, capsys, monkeypatch) -> None:
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    main(["--format=sarif", str(tmp_path / "one.py")])
    assert places(json.loads(capsys.readouterr().out))[0][0] == (tmp_path / "one.py").as_uri()


def test_rules_are_told_in_the_words_of_the_vocabulary(tmp_path: Path, capsys) -> None:
    (tmp_path / "nothing.py").write_text("x = 1")
    assert main(["--format=sarif", "nothing.py"]) == 0
    (run,) = json.loads(capsys.readouterr().out)["runs"]
    assert run["results"] == []
    told = {each["name"]: each for each in run["tool"]["driver"]["rules"]}
    assert list(told) == list(ALL)
    for symbol, each in told.items():
        assert each["id"] == BY_SYMBOL[symbol].code
        assert BY_SYMBOL[symbol].instead in each["help"]["text"]
        assert BY_SYMBOL[symbol].why in each["fullDescription"]["text"]


def test_a_model_of_the_standard_takes_it_and_refuses_a_broken_one(capsys) -> None:
    sarif_pydantic = pytest.importorskip("sarif_pydantic")
    pydantic = pytest.importorskip("pydantic")
    main(["--format=sarif"])
    document = json.loads(capsys.readouterr().out)
    sarif_pydantic.Sarif.model_validate(document, extra="forbid")
    document["runs"][0]["results"][0]["lines"] = 1
    with pytest.raises(pydantic.ValidationError):
        sarif_pydantic.Sarif.model_validate(document, extra="forbid")


def test_workers_and_plain_pylint_write_the_same(tmp_path: Path, capsys) -> None:
    main(["--format=sarif"])
    expected = capsys.readouterr().out
    plain = "--rcfile= --load-plugins=pylint_plugin --disable=all --enable=stateful-rnn"
    files = sorted(path.name for path in tmp_path.glob("*.py"))
    for command in (
        ["pylint_plugin", "--format=sarif", "-j", "2", "."],
        ["pylint", *plain.split(), "--output-format=sarif", *files],
    ):
        run = subprocess.run(
            [sys.executable, "-m", *command],
            capture_output=True,
            text=True,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            check=False,
        )
        assert run.stdout == expected
        assert run.stderr == ""
