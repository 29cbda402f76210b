"""Notebooks: their code for the gate, and pylint over them by way of nbQA, which names the cells.

pylint itself calls a notebook clean: it is JSON, which happens to be an expression of Python.
"""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from collections.abc import Sequence

ENDING = ".ipynb"
MISSING = "Notebooks need nbQA: pip install nbqa"


def installed() -> bool:
    """Tell whether nbQA is there to run."""
    return importlib.util.find_spec("nbqa") is not None


def code(raw: bytes) -> bytes:
    """Give the code of all cells.

    Raises:
        ValueError: The bytes are no notebook.
    """
    notebook = json.loads(raw)
    try:
        cells = [each["source"] for each in notebook["cells"] if each["cell_type"] == "code"]
        # The source of a cell is a text or a list of lines.
        return "\n".join("".join(cell) for cell in cells).encode(errors="replace")
    except (AttributeError, KeyError, TypeError) as error:
        raise ValueError("not a notebook") from error


def lint(notebooks: Sequence[str], options: Sequence[str], *, aside: bool) -> int:
    """Run pylint over notebooks and give its exit code.

    Args:
        notebooks: Their paths.
        options: pylint's options.
        aside: Whether to write on stderr, as stdout holds a document.
    """
    command = [sys.executable, "-m", "nbqa", "pylint", *notebooks, *options]
    return subprocess.run(command, stdout=sys.stderr if aside else None, check=False).returncode
