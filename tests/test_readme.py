"""Everything the README shows is run, and its table is today's."""

from __future__ import annotations

import json
import re
import runpy
import subprocess
import sys
from pathlib import Path

import pytest
from support import BACKEND, BROADCASTS, with_keras

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


def test_the_first_bash_block_is_the_main_job_and_the_tests():
    lines = blocks("bash")[0].splitlines()
    assert len(lines) == 2
    assert lines[0].endswith("-m keras_stateful_guard")
    assert lines[1].endswith("-m pytest")
    assert lines[1] in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


@pytest.mark.parametrize("code", blocks("python"))
def test_every_python_block_runs(code, capsys):
    if "ones((5, 2, 1))" in code and BACKEND != "tensorflow":
        pytest.skip(BROADCASTS.kwargs["reason"])
    exec(compile(with_keras(code), "README.md", "exec"), {})
    printed = capsys.readouterr().out.strip()
    if printed:
        assert f"`{printed}`" in README


def test_the_message_shown_is_the_message_raised():
    import numpy as np
    from support import small_lstm

    from keras_stateful_guard import StatefulGuard, StatefulPitfallError

    shown = next(block for block in blocks("text") if block.startswith("stateful-shuffle"))
    model = small_lstm()
    x, y = np.ones((8, 2, 1)), np.zeros((8, 1))
    with pytest.raises(StatefulPitfallError) as caught:
        model.fit(x, y, batch_size=4, verbose=0, callbacks=[StatefulGuard()])
    assert str(caught.value) == shown.strip()


def test_the_table_of_pitfalls_is_todays():
    write_table = runpy.run_path(str(ROOT / "tools" / "write_table.py"))
    assert write_table["renewed"](README) == README


def test_the_pylint_setting_is_read_as_shown(tmp_path):
    setting = next(block for block in blocks("toml") if "load-plugins" in block)
    (tmp_path / "pyproject.toml").write_text(setting, encoding="utf-8")
    (tmp_path / "train.py").write_text(
        (ROOT / "keras_stateful_guard" / "demo" / "wrong.py").read_text(encoding="utf-8"),
        encoding="utf-8",
    )
    assert "stateful-shuffle" in lint(tmp_path, "train.py")


def test_the_pylint_command_works_as_shown(tmp_path):
    console = next(block for block in blocks("console") if "load-plugins" in block)
    arguments = re.search(r"^\$ pylint (.*) train\.py$", console, re.MULTILINE)
    assert arguments is not None
    (tmp_path / "train.py").write_text(
        (ROOT / "keras_stateful_guard" / "demo" / "wrong.py").read_text(encoding="utf-8"),
        encoding="utf-8",
    )
    assert "stateful-shuffle" in lint(tmp_path, *arguments.group(1).split(), "train.py")


WRONG = (ROOT / "tests/cases/stateful-shuffle/bad.py").read_text(encoding="utf-8")


def test_the_options_of_pylint_are_read_as_shown(tmp_path):
    shown = next(block for block in blocks("toml") if "stateful-rnn" in block)
    load = '[tool.pylint.main]\nload-plugins = ["pylint_plugin"]\n'
    (tmp_path / "pyproject.toml").write_text(load + shown, encoding="utf-8")
    code = WRONG.replace("LSTM(", "MyLSTM(").replace("import keras\n", "import keras, mine\n")
    code = code.replace("keras.layers.MyLSTM", "mine.MyLSTM")
    (tmp_path / "train.py").write_text(code, encoding="utf-8")
    printed = lint(tmp_path, "train.py")
    assert "W8711" in printed
    assert "unrecognized-option" not in printed


def test_the_arguments_for_vs_code_are_pylints(tmp_path):
    settings = json.loads(blocks("json")[0])
    (tmp_path / "train.py").write_text(WRONG, encoding="utf-8")
    assert "W8711" in lint(tmp_path, *settings["pylint.args"], "train.py")


def test_a_buffer_is_linted_as_shown(tmp_path):
    line = next(each for block in blocks("console") for each in block.splitlines() if "<" in each)
    arguments = line.removeprefix("$ pylint ").partition(" < ")[0].split()
    run = subprocess.run(
        [sys.executable, "-m", "pylint", *arguments],
        cwd=tmp_path,
        input=WRONG,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.stdout.count("train.py:") == run.stdout.count("W8711") == 1


def test_a_notebook_is_linted_as_shown(tmp_path):
    pytest.importorskip("nbqa")
    line = next(block for block in blocks("console") if "nbqa" in block)
    cell = {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": []}
    cell["source"] = WRONG.splitlines(keepends=True)
    book = {"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    (tmp_path / "analysis.ipynb").write_text(json.dumps(book), encoding="utf-8")
    run = subprocess.run(
        [sys.executable, "-m", *line.removeprefix("$ ").split()],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "analysis.ipynb:cell_1:" in run.stdout
    assert "W8711" in run.stdout


@pytest.mark.parametrize("number", [0, 1, 2])
def test_the_lint_commands_work_as_shown(tmp_path, number):
    """Run the two commands of the console block and the one of the block for GitHub."""
    shown = next(block for block in blocks("console") if "keras-stateful-lint" in block)
    hosted = next(block for block in blocks("yaml") if block.startswith("- run: "))
    commands = [line.removeprefix("$ ") for line in shown.splitlines()]
    commands.append(hosted.splitlines()[1].removeprefix("- run: "))
    assert len(commands) == 3
    wrong = (ROOT / "tests/cases/stateful-shuffle/bad.py").read_text(encoding="utf-8")
    (tmp_path / "src").mkdir()
    for name in ("src/model.py", "train.py"):
        (tmp_path / name).write_text(wrong, encoding="utf-8")
    empty = {"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    (tmp_path / "analysis.ipynb").write_text(json.dumps(empty), encoding="utf-8")
    program, _, rest = commands[number].partition(" ")
    assert program == "keras-stateful-lint"
    arguments, _, target = rest.partition(" > ")
    run = subprocess.run(
        [sys.executable, "-m", "pylint_plugin", *arguments.split()],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (run.returncode, run.stderr) == (4, "")
    assert run.stdout.startswith("{" if target else ("************* Module", "::warning"))
    assert "W8711" in run.stdout


def test_the_move_to_keras_3_is_made_as_shown(tmp_path, monkeypatch, capsys):
    from support import BACKEND, KERAS_2

    from pylint_plugin.cli import main

    shown = blocks("diff")[0]
    lines = shown.splitlines(keepends=True)[3:]
    before, after = ("".join(each[1:] for each in lines if each[0] != sign) for sign in "+-")
    console = next(block for block in blocks("console") if "--fix" in block)
    commands = [line.removeprefix("$ ").split() for line in console.splitlines()]
    assert [command[0] for command in commands] == ["keras-stateful-lint"] * 2
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "train.py"
    path.write_text(before, encoding="utf-8")
    assert main(commands[0][1:]) == 0
    assert capsys.readouterr().out == shown
    assert main(commands[1][1:]) == 0
    assert path.read_text(encoding="utf-8") == after
    if not KERAS_2 and BACKEND != "torch":  # on which a stateful LSTM trains with the guard alone
        with pytest.raises(ValueError, match="batch_input_shape"):
            exec(compile(before, "train.py", "exec"), {})
        exec(compile(after, "train.py", "exec"), {})


def lint(folder: Path, *arguments: str) -> str:
    run = subprocess.run(
        [sys.executable, "-m", "pylint", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    return run.stdout + run.stderr
