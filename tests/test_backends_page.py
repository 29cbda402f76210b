"""What docs/backends.md shows of the backend in use is run."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import pytest
from support import BACKEND

PAGE = (Path(__file__).parents[1] / "docs" / "backends.md").read_text(encoding="utf-8")
ON_GPU = re.search(r"^## jax on a GPU:.*?^```python\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
SHOWN = re.findall(
    r"^## ((\w+)(?: in mixed precision)?):.*?(^```python\n.*?^```text\n.*?)^```$",
    PAGE,
    re.MULTILINE | re.DOTALL,
)


def test_every_fault_of_keras_is_shown():
    assert [title for title, *_ in SHOWN] == ["jax", "torch", "torch in mixed precision"]


@pytest.mark.parametrize(("title", "backend", "shown"), SHOWN, ids=[each[0] for each in SHOWN])
def test_the_fault_is_as_shown(title, backend, shown, capsys):
    if backend != BACKEND:
        pytest.skip(f"a fault of Keras on {backend}")
    code, printed = re.split(r"^```\n\n```text\n", shown, flags=re.MULTILINE)
    exec(compile(code.removeprefix("```python\n"), "docs/backends.md", "exec"), {})
    assert capsys.readouterr().out == printed


@pytest.mark.skipif(BACKEND != "jax", reason="a fault of jax")
def test_rows_are_mixed_up_on_a_gpu_alone(capsys):
    exec(compile(ON_GPU[1], "docs/backends.md", "exec"), {})
    apart = float(capsys.readouterr().out)
    assert apart > 0.01 if importlib.import_module("jax").default_backend() == "gpu" else apart == 0
