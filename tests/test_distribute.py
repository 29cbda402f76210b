"""Several devices: two logical ones need a backend that has not started yet."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from support import BACKEND

FILES = {"tensorflow": "two_devices.py", "jax": "two_jax_devices.py"}
# Devices and threads of tensorflow's own; nothing that the tests of the files are about.
IGNORED = "ignore::DeprecationWarning"


@pytest.mark.skipif(BACKEND not in FILES, reason="Keras distributes no training on torch")
def test_two_devices():  # K04
    file = Path(__file__).parent / "distributed" / FILES[BACKEND]
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-n", "0", "-W", IGNORED, str(file)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout[-8000:] + run.stderr[-2000:]
