"""keras-stateful-lint --fix and --diff: what is written, what is said, what is left alone."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from lint_tools import ROOT

from pylint_plugin import cli
from pylint_plugin.cli import main
from pylint_plugin.fixes import command, files

PAIR = ROOT / "tests/fixes/stateful-removed-reset/after_each_epoch"
WRONG = (PAIR / "in.py").read_text(encoding="utf-8")
RIGHT = (PAIR / "out.py").read_text(encoding="utf-8")
LEAK = (ROOT / "tests/fixes/stateful-validation-leak/data/in.py").read_text(encoding="utf-8")
REPORT = "keras-stateful-lint: 2 findings in 1 file mended\n"


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_fix_writes_and_exits_for_what_is_left(tmp_path: Path, capsys) -> None:
    (tmp_path / "a.py").write_text(WRONG, encoding="utf-8")
    (tmp_path / "leak.py").write_text(LEAK, encoding="utf-8")
    assert main(["--fix", "a.py"]) == 0
    assert (tmp_path / "a.py").read_text(encoding="utf-8") == RIGHT
    assert capsys.readouterr() == ("", REPORT)
    assert main(["--fix", "."]) == 4
    out, err = capsys.readouterr()
    assert "leak.py" in out
    assert err == ""
    assert (tmp_path / "leak.py").read_text(encoding="utf-8") == LEAK
    assert main(["--fix", "--unsafe-fixes", "."]) == 0
    assert (tmp_path / "leak.py").read_text(encoding="utf-8") != LEAK


def test_diff_is_a_patch_and_writes_nothing(tmp_path: Path, capfd) -> None:
    (tmp_path / "a.py").write_text(WRONG.rstrip("\n"), encoding="utf-8")
    (tmp_path / "leak.py").write_text(LEAK, encoding="utf-8")
    assert main(["--diff", "."]) == 4
    out, err = capfd.readouterr()
    assert err == "keras-stateful-lint: 2 findings in 1 file would be mended\n"
    assert (tmp_path / "a.py").read_text(encoding="utf-8") == WRONG.rstrip("\n")
    subprocess.run(["patch", "-p0"], input=out, text=True, check=True, stdout=subprocess.DEVNULL)
    assert (tmp_path / "a.py").read_text(encoding="utf-8") == RIGHT.rstrip("\n")
    assert main(["--diff", "--exit-zero", "."]) == 0
    assert capfd.readouterr().out == ""


@pytest.mark.parametrize(
    ("encoding", "head"),
    [
        ("utf-8", ""),
        ("utf-8-sig", ""),
        ("latin-1", "# -*- coding: latin-1 -*-\n"),
        ("cp1252", "#!/usr/bin/env python\n# vim: set fileencoding=cp1252 :\n"),
    ],
)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_encodings_and_line_ends_are_kept(
    tmp_path: Path, encoding: str, head: str, newline: str
) -> None:
    note = "x = 'Zustände'; "  # before a call, so that bytes and characters differ
    before, after = (
        head + text.replace("if x is", "é = 'ä'\nif x is").replace("  model.f", f"  {note}model.f")
        for text in (WRONG, RIGHT)
    )
    path = tmp_path / "a.py"
    path.write_bytes(before.replace("\n", newline).encode(encoding))
    assert main(["--fix", "."]) == 0
    assert path.read_bytes() == after.replace("\n", newline).encode(encoding)


def test_mode_and_links_are_kept(tmp_path: Path) -> None:
    path, link = tmp_path / "there" / "a.py", tmp_path / "link.py"
    path.parent.mkdir()
    path.write_text(WRONG, encoding="utf-8")
    path.chmod(0o754)
    link.symlink_to("there/a.py")
    assert main(["--fix", "link.py"]) == 0
    assert link.is_symlink()
    assert path.read_text(encoding="utf-8") == RIGHT
    assert stat.S_IMODE(path.stat().st_mode) == 0o754
    assert os.listdir(path.parent) == ["a.py"]


def test_a_read_only_file_is_one_line(tmp_path: Path, capsys) -> None:
    path = tmp_path / "a.py"
    path.write_text(WRONG, encoding="utf-8")
    path.chmod(0o444)
    assert main(["--fix", "."]) == 32 | 2
    assert capsys.readouterr().err == "keras-stateful-lint: a.py: Read-only\n"
    assert path.read_text(encoding="utf-8") == WRONG
    assert os.listdir(tmp_path) == ["a.py"]


def test_a_file_that_changes_meanwhile_is_left_alone(
    tmp_path: Path, capsys, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.py"
    path.write_text(WRONG, encoding="utf-8")

    def slow(file: files.File, text: str) -> None:
        path.write_text(f"{WRONG}# saved by an editor\n", encoding="utf-8")
        files.write(file, text)

    monkeypatch.setattr(command, "write", slow)
    assert main(["--fix", "."]) == 32 | 2
    line = "keras-stateful-lint: a.py: Changed while it was being mended\n"
    assert capsys.readouterr().err == line
    assert path.read_text(encoding="utf-8") == f"{WRONG}# saved by an editor\n"
    assert os.listdir(tmp_path) == ["a.py"]


def test_a_folder_that_cannot_be_written_is_one_line(
    tmp_path: Path, capsys, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.py").write_text(WRONG, encoding="utf-8")

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files.os, "replace", full)
    assert main(["--fix", "."]) == 32 | 2
    assert capsys.readouterr().err == "keras-stateful-lint: a.py: No space left on device\n"
    assert (tmp_path / "a.py").read_text(encoding="utf-8") == WRONG
    assert os.listdir(tmp_path) == ["a.py"]


def test_what_cannot_be_parsed_is_reported_and_the_rest_is_mended(tmp_path: Path, capsys) -> None:
    (tmp_path / "a.py").write_text(WRONG, encoding="utf-8")
    broken = f"{WRONG}if (\n"
    (tmp_path / "b.py").write_text(broken, encoding="utf-8")
    assert main(["--fix", "."]) == 2
    out, err = capsys.readouterr()
    assert "b.py:13" in out
    assert err == REPORT
    assert (tmp_path / "b.py").read_text(encoding="utf-8") == broken
    assert main(["--diff", "."]) == 2


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (WRONG.replace("\n", "\r").encode(), "LibCST cannot keep its line ends or form feeds"),
        (b"\x0c" + WRONG.encode(), "LibCST cannot keep its line ends or form feeds"),
        (b"# coding: nothing\n" + WRONG.encode(), "It cannot be decoded"),
    ],
)
def test_what_libcst_does_not_keep_is_one_line(
    tmp_path: Path, capsys, raw: bytes, why: str
) -> None:
    (tmp_path / "a.py").write_bytes(raw)
    assert main(["--fix", "."]) & 32
    assert capsys.readouterr().err == f"keras-stateful-lint: a.py: {why}\n"
    assert (tmp_path / "a.py").read_bytes() == raw


def test_pylints_options_hold_for_mends(tmp_path: Path, capsys) -> None:
    (tmp_path / "a.py").write_text(WRONG, encoding="utf-8")
    assert main(["--fix", "--disable=stateful-removed-reset", "."]) == 0
    assert main(["--fix", "--stateful-keras-version=2", "."]) == 0
    assert (tmp_path / "a.py").read_text(encoding="utf-8") == WRONG
    assert main(["--fix", "--no-dependency", "--format=json2", "a.py"]) == 0
    assert capsys.readouterr().out.startswith("{")
    assert "layer.reset_state()" in (tmp_path / "a.py").read_text(encoding="utf-8")


def test_what_is_left_is_what_the_mended_file_holds(tmp_path: Path, capsys) -> None:
    (tmp_path / "a.py").write_text(WRONG, encoding="utf-8")
    assert main(["--fix", "--enable=assert-on-tuple", "a.py"]) == 0
    assert capsys.readouterr() == ("", REPORT)


@pytest.mark.parametrize("how", ["--fix", "--diff"])
def test_options_that_pylint_does_not_understand(tmp_path: Path, capsys, how: str) -> None:
    (tmp_path / "a.py").write_text(WRONG, encoding="utf-8")
    assert main([how, "--jobs=x", "a.py"]) == 32
    assert "invalid int value: 'x'" in capsys.readouterr().err
    assert (tmp_path / "a.py").read_text(encoding="utf-8") == WRONG


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["--fix", "--diff"], "--fix writes and --diff only shows: give one of them"),
        (["--unsafe-fixes"], "--unsafe-fixes and --no-dependency go with --fix or --diff"),
        (["--no-dependency"], "--unsafe-fixes and --no-dependency go with --fix or --diff"),
    ],
)
def test_mistaken_command_lines(capsys, arguments: list[str], line: str) -> None:
    with pytest.raises(SystemExit) as end:
        main(arguments)
    assert end.value.code == 32
    assert capsys.readouterr().err == f"keras-stateful-lint: {line}\n"


def test_without_libcst_it_says_so(tmp_path: Path, capsys, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.py").write_text(WRONG, encoding="utf-8")
    monkeypatch.setitem(sys.modules, "libcst", None)
    assert main(["--fix", "."]) == 32
    assert capsys.readouterr().err == f"keras-stateful-lint: {cli._NO_LIBCST}\n"
    assert main(["."]) == 2


def test_several_jobs_lint_and_one_mends(tmp_path: Path) -> None:
    for name in ("a.py", "b.py", "c.py"):
        (tmp_path / name).write_text(WRONG, encoding="utf-8")
    run = subprocess.run(
        [sys.executable, "-m", "pylint_plugin", "--fix", "-j", "2", "."],
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout == ""
    assert run.stderr == "keras-stateful-lint: 6 findings in 3 files mended\n"
