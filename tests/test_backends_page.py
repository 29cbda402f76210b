"""What docs/backends.md shows of the backend in use is run."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import pytest
from support import BACKEND

PAGE = (Path(__file__).parents[1] / "docs" / "backends.md").read_text(encoding="utf-8")
ON_GPU = re.search(r"^## jax on a GPU:.*?^```python\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
SHOWN = dict(
    re.findall(r"^## (\w+):.*?(^```python\n.*?^```text\n.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
)


def test_both_faults_are_shown():
    assert set(SHOWN) == {"jax", "torch"}


@pytest.mark.skipif(BACKEND not in SHOWN, reason="a fault of Keras on jax or torch")
def test_the_fault_is_as_shown(capsys):
    code, printed = re.split(r"^```\n\n```text\n", SHOWN[BACKEND], flags=re.MULTILINE)
    exec(compile(code.removeprefix("```python\n"), "docs/backends.md", "exec"), {})
    assert capsys.readouterr().out == printed


@pytest.mark.skipif(BACKEND != "jax", reason="a fault of jax")
def test_rows_are_mixed_up_on_a_gpu_alone(capsys):
    exec(compile(ON_GPU[1], "docs/backends.md", "exec"), {})
    apart = float(capsys.readouterr().out)
    assert apart > 0.01 if importlib.import_module("jax").default_backend() == "gpu" else apart == 0
