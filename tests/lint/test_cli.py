"""keras-stateful-lint: what it reads, what it hands to pylint, what it says and returns."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest
from lint_tools import ROOT

from pylint_plugin.cli import main

WRONG = (ROOT / "tests/cases/stateful-shuffle/bad.py").read_text(encoding="utf-8")
RIGHT = (ROOT / "tests/cases/stateful-shuffle/good.py").read_text(encoding="utf-8")


def tree(root: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def paths(out: str) -> list[str]:
    return [line.partition(":")[0] for line in out.splitlines() if not line.startswith("*")]


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_exit_codes_are_those_of_pylint(tmp_path: Path, capsys) -> None:
    removed = (ROOT / "tests/cases/stateful-removed-reset/bad.py").read_text(encoding="utf-8")
    tree(tmp_path, {"right.py": RIGHT, "wrong.py": WRONG, "error.py": removed, "n.py": "x = 1"})
    assert main(["right.py", "n.py"]) == 0
    assert main(["wrong.py"]) == 4
    assert main(["error.py"]) == 2
    assert main(["--exit-zero", "wrong.py"]) == 0
    assert main([]) == 2 | 4
    assert capsys.readouterr().err == ""


def test_a_missing_path_is_one_line_and_the_others_are_linted(tmp_path: Path, capsys) -> None:
    tree(tmp_path, {"wrong.py": WRONG})
    assert main(["absent.py", "wrong.py"]) == 32 | 4
    out, err = capsys.readouterr()
    assert paths(out) == ["wrong.py"]
    assert err == "keras-stateful-lint: absent.py: No such file or directory\n"


def test_links_that_lead_nowhere_and_things_that_are_no_files(tmp_path: Path, capsys) -> None:
    (tmp_path / "dangling.py").symlink_to("gone.py")
    (tmp_path / "loop.py").symlink_to("loop.py")
    os.mkfifo(tmp_path / "pipe.py")
    assert main(["."]) == 32
    assert capsys.readouterr().err.splitlines() == [
        "keras-stateful-lint: dangling.py: No such file or directory",
        "keras-stateful-lint: loop.py: Too many levels of symbolic links",
        "keras-stateful-lint: pipe.py: Not a file",
    ]


def test_a_file_that_cannot_be_parsed_is_no_pass(tmp_path: Path, capsys) -> None:
    tree(tmp_path, {"broken.py": "import keras\nLSTM(stateful=\n", "other.py": "def ("})
    assert main(["."]) == 2
    assert paths(capsys.readouterr().out) == ["broken.py"]


def test_folders_are_gone_through_each_file_once(tmp_path: Path, capsys) -> None:
    names = ["a/train.py", "a/b/train.py", "train.py"]
    tree(tmp_path, dict.fromkeys(names, WRONG) | {"a/notes.txt": WRONG})
    (tmp_path / "a" / "loop").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "same.py").symlink_to("train.py")
    assert main([".", "a", "a/train.py"]) == 4
    assert paths(capsys.readouterr().out) == ["same.py", "a/train.py", "a/b/train.py"]


OTHERS = [
    ".venv/a.py",
    ".git/a.py",
    ".hidden.py",
    "node_modules/a.py",
    "lib/site-packages/a.py",
    "dist-packages/a.py",
    "__pycache__/a.py",
    "env/lib/a.py",
    "left/out.py",
    "out.py",
]


def test_other_peoples_files_are_skipped_unless_named(tmp_path: Path, capsys) -> None:
    tree(tmp_path, dict.fromkeys(OTHERS, WRONG) | {"env/pyvenv.cfg": ""})
    assert main(["--ignore=left, out.py", "."]) == 0
    assert capsys.readouterr().out == ""
    assert main([".hidden.py", "lib/site-packages", "env"]) == 4
    assert paths(capsys.readouterr().out) == [
        ".hidden.py",
        "lib/site-packages/a.py",
        "env/lib/a.py",
    ]


def test_a_named_file_needs_no_ending_and_odd_names_are_no_options(tmp_path: Path, capsys) -> None:
    tree(tmp_path, {"script": WRONG, "-j.py": WRONG, "sp ace.py": WRONG, "ümlaut.py": WRONG})
    assert main(["script", "."]) == 4
    assert paths(capsys.readouterr().out) == ["script", "-j.py", "sp ace.py", "ümlaut.py"]


def test_pylints_options_are_passed_on(tmp_path: Path, capsys) -> None:
    tree(tmp_path, {"wrong.py": WRONG, "two.py": WRONG})
    assert main(["--disable", "stateful-shuffle", "."]) == 0
    assert main(["--disable=stateful-shuffle", "."]) == 0
    assert main(["-d", "stateful-shuffle", "."]) == 0
    assert main(["--stateful-keras-version", "2", "--ignore-paths=.*two.*", "."]) == 4
    assert paths(capsys.readouterr().out) == ["wrong.py"]
    assert main(["--msg-template={path}:{symbol}", "two.py"]) == 4
    assert capsys.readouterr().out.splitlines()[1:] == ["two.py:stateful-shuffle"]


def test_the_users_rc_file_is_not_read_unless_named(tmp_path: Path) -> None:
    tree(tmp_path, {"wrong.py": WRONG, ".pylintrc": "[MAIN]\nload-plugins=absent\nexit-zero=yes"})
    assert main(["wrong.py"]) == 4
    tree(tmp_path, {"other.toml": "[tool.pylint.main]\nexit-zero = true"})
    assert main(["--rcfile=other.toml", "wrong.py"]) == 0


@pytest.mark.parametrize(
    "option",
    [
        "--no-such-option=1",
        "--format=nonsense",
        "--stateful-keras-version=4",
        "--jobs=x",
        "--enable=stateful-rnn --jobs=x",
    ],
)
def test_a_mistaken_command_line_ends_with_32(tmp_path: Path, capsys, option: str) -> None:
    tree(tmp_path, {"wrong.py": WRONG})
    assert main([*option.split(), "wrong.py"]) == 32
    _, err = capsys.readouterr()
    assert len(err.splitlines()) in {1, 2}


def test_an_option_without_its_value_ends_with_32() -> None:
    with pytest.raises(SystemExit) as end:
        main(["--jobs"])
    assert end.value.code == 32


@pytest.mark.parametrize(
    ("name", "text"), [("rc.toml", "[tool.pylint.main"), ("rc", "x = 1"), ("absent", None)]
)
def test_a_broken_configuration_is_one_line_and_files_are_linted(
    tmp_path: Path, capsys, name: str, text: str | None
) -> None:
    tree(tmp_path, {"wrong.py": WRONG} | ({name: text} if text else {}))
    assert main([f"--rcfile={name}", "wrong.py"]) == 32 | 4
    out, err = capsys.readouterr()
    assert paths(out) == ["wrong.py"]
    assert err.startswith(f"keras-stateful-lint: {name}: ")
    assert len(err.splitlines()) == 1


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_an_unreadable_file_is_one_line_and_the_others_are_linted(tmp_path: Path, capsys) -> None:
    tree(tmp_path, {"wrong.py": WRONG, "shut.py": WRONG})
    (tmp_path / "shut.py").chmod(0)
    assert main(["."]) == 32 | 4
    assert capsys.readouterr().err == "keras-stateful-lint: shut.py: Permission denied\n"


@pytest.mark.parametrize("text", [WRONG, "x = 1"])
def test_a_document_is_whole_even_of_nothing(tmp_path: Path, capsys, text: str) -> None:
    tree(tmp_path, {"a.py": text})
    main(["--format=json2", "a.py"])
    symbols = [each["symbol"] for each in json.loads(capsys.readouterr().out)["messages"]]
    assert symbols == ["stateful-shuffle"] * (text == WRONG)
    main(["--output=found.txt", "a.py"])
    assert ("a.py:" in (tmp_path / "found.txt").read_text()) == (text == WRONG)


def test_the_version_is_told(capsys) -> None:
    with pytest.raises(SystemExit) as end:
        main(["--version"])
    assert end.value.code == 0
    expected = f"keras-stateful-lint {version('keras-stateful-guard')}\n"
    assert capsys.readouterr().out == expected


def test_stats_say_what_was_done(tmp_path: Path, capsys) -> None:
    tree(tmp_path, {"wrong.py": WRONG, "a.py": "", "b.py": ""})
    assert main(["--stats"]) == 4
    assert capsys.readouterr().err.startswith("keras-stateful-lint: 3 files read, 1 linted, ")


def test_messages_of_pylints_own_may_be_added(tmp_path: Path, capsys) -> None:
    # pylint knows `a.x` only by inference, which our messages do without.
    tree(tmp_path, {"a.py": RIGHT + "class A:\n  pass\na = A()\na.x = 1\nprint(a.x, a.y)\n"})
    assert main(["a.py"]) == 0
    assert main(["--enable=no-member", "a.py"]) == 2
    assert capsys.readouterr().out.count("no-member") == 1


def test_what_a_file_imports_is_not_parsed(tmp_path: Path) -> None:
    from astroid import MANAGER

    tree(tmp_path, {"imported_by_a.py": "class B: pass", "a.py": RIGHT})
    with (tmp_path / "a.py").open("a", encoding="utf-8") as file:
        file.write("import imported_by_a\nb = imported_by_a.B()\nb.x = 1\n")
    main(["a.py"])
    assert "imported_by_a" not in MANAGER.astroid_cache
    main(["--enable=no-member", "a.py"])
    assert "imported_by_a" in MANAGER.astroid_cache


@pytest.mark.parametrize(("count", "told"), [(20, b""), (21, b"linting 21 of 21 files")])
def test_a_long_run_is_told_of_on_a_terminal(tmp_path: Path, count: int, told: bytes) -> None:
    tree(tmp_path, {f"m{number}.py": "import keras\nstateful = 1" for number in range(count)})
    ours, theirs = os.openpty()
    command = [sys.executable, "-m", "pylint_plugin", "."]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    run = subprocess.run(
        command, stdout=subprocess.PIPE, stderr=theirs, env=environment, check=True
    )
    os.write(theirs, b".")
    assert run.stdout == b""
    assert os.read(ours, 1000).removeprefix(b"keras-stateful-lint: ").split(b"\r")[0] == (
        told or b"."
    )
    os.close(ours)
    os.close(theirs)


LOADED = """
import sys
from pylint_plugin.cli import main
code = main(sys.argv[1:])
print(code, *(name for name in ("pylint", "astroid", "numpy") if name in sys.modules))
"""


@pytest.mark.parametrize(("text", "expected"), [("x = 1", "0"), (RIGHT, "0 pylint astroid")])
def test_pylint_is_not_loaded_for_a_tree_without_stateful_code(
    tmp_path: Path, text: str, expected: str
) -> None:
    tree(tmp_path, {f"package/m{number}.py": "import keras\nmodel.fit(x)" for number in range(9)})
    tree(tmp_path, {"last.py": text})
    run = subprocess.run(
        [sys.executable, "-c", LOADED, "."],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=True,
    )
    assert run.stdout.split() == expected.split()


def test_it_runs_as_a_module_and_with_workers(tmp_path: Path) -> None:
    tree(tmp_path, {"one.py": WRONG, "two.py": WRONG, "three.py": RIGHT})
    run = subprocess.run(
        [sys.executable, "-m", "pylint_plugin", "one.py", "-j", "2", "two.py", "three.py"],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=False,
    )
    assert run.returncode == 4
    assert sorted(paths(run.stdout)) == ["one.py", "two.py"]
