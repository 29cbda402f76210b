"""The gate: bytes decide, then the project's own imports."""

from __future__ import annotations

from pathlib import Path

import pytest

from pylint_plugin.gate import matters
from pylint_plugin.project import Project


@pytest.mark.parametrize(
    "raw",
    [
        b"import keras\nLSTM(stateful=True)",
        b"from tensorflow import keras\nkeras.Sequential().reset_states()",
        b"import tf_keras\nDense(batch_input_shape=(1, 2))",
    ],
)
def test_files_that_matter(raw: bytes) -> None:
    assert matters(raw, "here.py", Project())


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"import keras\nmodel.fit(x)",
        b"stateful = True",
        b"import torch\nmodel.reset_states()",
        b"import model\nmodel.fit(x)",
        b"import keras # stateful" + b" " * 5_000_000,
    ],
)
def test_files_that_do_not(raw: bytes) -> None:
    assert not matters(raw, "here.py", Project())


def test_imports_of_the_project_are_followed(tmp_path: Path) -> None:
    (tmp_path / "package").mkdir()
    (tmp_path / "package" / "__init__.py").write_text("from .model import build")
    (tmp_path / "package" / "model.py").write_text("import keras\nkeras.layers.LSTM(stateful=True)")
    here = str(tmp_path / "train.py")
    for line in (
        "from package import build",
        "import package.model",
        "from package.model import x",
    ):
        assert matters(f"{line}\nbuild().fit(x)".encode(), here, Project())
    assert not matters(b"from package import build\nbuild()", here, Project())
    assert not matters(b"from other import build\nbuild().fit(x)", here, Project())


def test_the_resets_of_metrics_do_not_matter(tmp_path: Path) -> None:
    here = str(tmp_path / "train.py")
    resets = b"import keras\nmetric.reset_state()"
    assert not matters(resets, here, Project())
    assert matters(resets + b"\nmodel = keras.Sequential()", here, Project())
    # A model may come from another module of the project, which need not say that it is stateful.
    (tmp_path / "model.py").write_text("import keras\nkeras.Sequential()")
    assert matters(resets + b"\nfrom model import build", here, Project())


def test_circles_of_imports_end(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("import b")
    (tmp_path / "b.py").write_text("import a")
    assert not matters(b"import a\nm.fit(x)", str(tmp_path / "c.py"), Project())


def test_a_file_that_imports_the_world_is_not_followed_everywhere(tmp_path: Path) -> None:
    for number in range(100):
        (tmp_path / f"m{number}.py").write_text("")
    read: list[str] = []

    class Counting(Project):
        def read(self, path: str) -> bytes:
            read.append(path)
            return super().read(path)

    lines = [f"import m{number}" for number in range(100)]
    assert not matters("\n".join([*lines, "m.fit(x)"]).encode(), str(tmp_path / "a.py"), Counting())
    assert 30 < len(read) < 50
