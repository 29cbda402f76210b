"""The checker inside pylint: messages, options, workers, disable comments, other ways in."""

from __future__ import annotations

from pathlib import Path

import pytest
from lint_tools import ROOT, pylint
from pylint.lint import PyLinter

from keras_stateful_guard.pitfalls import BY_SYMBOL
from pylint_plugin import register
from pylint_plugin.checker import StatefulChecker, messages
from pylint_plugin.rules import ALL

CASE = ROOT / "tests" / "cases" / "stateful-removed-argument" / "bad.py"
WRONG = """
import keras
from keras.layers import LSTM, Dense
model = keras.Sequential([LSTM(4, stateful=True, input_shape=(3, 1)), Dense(1)])
model.compile("adam", "mse")
model.fit(x, y, epochs=2)
"""


def symbols(found: list[dict]) -> list[str]:
    return sorted(message["symbol"] for message in found)


def test_registering_twice_adds_one_checker() -> None:
    linter = PyLinter()
    register(linter)
    register(linter)
    assert sum(isinstance(each, StatefulChecker) for each in linter.get_checkers()) == 1


def test_messages_come_from_the_vocabulary() -> None:
    table = {symbol: (code, text) for code, (_, symbol, text) in messages().items()}
    assert list(table) == list(ALL)
    for symbol, (code, text) in table.items():
        assert code == BY_SYMBOL[symbol].code
        assert BY_SYMBOL[symbol].instead in text


def test_every_rule_file_is_listed() -> None:
    files = {
        path.stem.replace("_", "-") for path in (ROOT / "pylint_plugin/rules").glob("stateful_*")
    }
    assert files == set(ALL)


@pytest.mark.parametrize("symbol", ALL)
def test_rules_open_with_their_headings(symbol: str) -> None:
    text = (ROOT / "pylint_plugin/rules" / f"{symbol.replace('-', '_')}.py").read_text()
    head = text.split('"""')[1]
    assert head.index("What: ") < head.index("Why: ") < head.index("Instead: ")


def test_the_three_faults_of_a_first_script_and_no_other(tmp_path: Path) -> None:
    path = tmp_path / "script.py"
    path.write_text(WRONG)
    assert symbols(pylint(path)) == [
        "stateful-input-shape",
        "stateful-missing-reset",
        "stateful-shuffle",
    ]


def test_workers_report_once(tmp_path: Path) -> None:
    for number in range(4):
        (tmp_path / f"script{number}.py").write_text(WRONG)
    assert len(pylint("-j", "4", *sorted(tmp_path.glob("*.py")))) == 12


def test_standard_input() -> None:
    assert len(pylint("--from-stdin", "script.py", stdin=WRONG)) == 3


def test_disable_comments_are_honoured(tmp_path: Path) -> None:
    path = tmp_path / "script.py"
    mended = WRONG.replace("epochs=2)", "epochs=2)  # pylint: disable=stateful-shuffle")
    path.write_text("# pylint: disable=stateful-input-shape\n" + mended)
    assert symbols(pylint(path)) == ["stateful-missing-reset"]


def test_keras_version() -> None:
    assert symbols(pylint(CASE)) == ["stateful-removed-argument"]
    assert pylint("--stateful-keras-version=2", CASE) == []


def test_layer_names(tmp_path: Path) -> None:
    path = tmp_path / "script.py"
    path.write_text(WRONG.replace("import LSTM, Dense", "import Dense\nfrom mine import LSTM"))
    assert pylint(path) == []
    assert len(pylint("--stateful-layer-names=LSTM", path)) == 3


def test_reset_callbacks(tmp_path: Path) -> None:
    path = tmp_path / "script.py"
    guarded = WRONG.replace("epochs=2", "epochs=2, shuffle=False, callbacks=[Mine()]")
    path.write_text(
        "class Mine(keras.callbacks.Callback):\n    pass\n".join(["import keras\n", guarded])
    )
    assert "stateful-missing-reset" in symbols(pylint(path))
    assert "stateful-missing-reset" not in symbols(pylint("--stateful-reset-callbacks=Mine", path))
