"""Models, constants and helpers that live in other modules of the project."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest
from lint_tools import found

MODEL = """
import keras
from .config import BATCH, KEEP

def build(batch=BATCH):
    model = keras.Sequential([keras.Input(batch_shape=(batch, 3, 1))])
    model.add(keras.layers.LSTM(4, stateful=KEEP))
    return model

class Trainer:
    def __init__(self):
        self.model = build()
    def reset(self):
        for layer in self.model.layers:
            layer.reset_state()

class ResetStates(keras.callbacks.Callback):
    def on_epoch_begin(self, epoch, logs=None):
        for layer in self.model.layers:
            layer.reset_state()
"""
PACKAGE = {
    "__init__.py": "from .model import build as create",
    "config.py": "BATCH = 32\nKEEP = True\n",
    "model.py": MODEL,
    "circle.py": "from .train import x\nfrom . import circle\n",
}


def lint(folder: Path, code: str, name: str = "package/train.py") -> set[tuple[str, int]]:
    for each, text in PACKAGE.items():
        path = folder / "package" / each
        path.parent.mkdir(exist_ok=True)
        path.write_text(textwrap.dedent(text))
    (folder / "pyproject.toml").touch()
    target = folder / name
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(textwrap.dedent(code))
    return found(code, str(target))


FIT = "model.fit(x, y, epochs=3, shuffle=False)"


@pytest.mark.parametrize(
    "line",
    [
        "from .model import build; model = build()",
        "from . import model as m; model = m.build()",
        "from package.model import build; model = build()",
        "import package.model; model = package.model.build()",
        "import package.model as m; model = m.build(32)",
        "from package import create; model = create()",
        "from .model import *; model = build()",
        "from .model import Trainer; model = Trainer().model",
        "import importlib; from .circle import x; from .model import build; model = build()",
    ],
)
def test_imports(line: str, tmp_path: Path) -> None:
    assert lint(tmp_path, f"{line}\n{FIT}\n") == {("stateful-missing-reset", 2)}


@pytest.mark.parametrize("name", ["main.py", "src/main.py", "scripts/main.py"])
def test_layouts(name: str, tmp_path: Path) -> None:
    code = f"from package.model import build\nmodel = build()\n{FIT}\n"
    assert lint(tmp_path, code, name) == {("stateful-missing-reset", 3)}


def test_nothing_is_reported_on_the_lines_of_another_module(tmp_path: Path) -> None:
    code = "from .model import build\nmodel = build(None)\n"
    assert lint(tmp_path, code) == set()


def test_callbacks_and_helpers_of_another_module(tmp_path: Path) -> None:
    code = """
    from .model import build, ResetStates, Trainer
    model = build()
    model.fit(x, y, epochs=3, shuffle=False, callbacks=[ResetStates()])
    trainer = Trainer()
    for epoch in range(9):
        trainer.model.fit(x, y, shuffle=False)
        trainer.reset()
    """
    assert lint(tmp_path, code) == set()


def test_a_module_that_is_not_there_is_unknown(tmp_path: Path) -> None:
    code = f"from .absent import build\nmodel = build()\n{FIT}\n"
    assert lint(tmp_path, code) == set()
