"""Whole scripts as people write them: each carries its findings as marks, nothing else is found.

Those of Keras 2 are read as such, so that the two removals do not stand in every second line.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from lint_tools import found, marked

from pylint_plugin.reader import Settings

SCRIPTS = Path(__file__).parent / "scripts"


@pytest.mark.parametrize("name", sorted(f"{p.parent.name}/{p.stem}" for p in SCRIPTS.rglob("*.py")))
def test_script(name: str) -> None:
    code = (SCRIPTS / f"{name}.py").read_text()
    version = Settings("2" if name.startswith("keras2") else "3")
    assert found(code, settings=version) == marked(code)
