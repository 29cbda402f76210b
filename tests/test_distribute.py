"""tf.distribute: two logical devices need a tensorflow that has not started yet."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from support import ON_TENSORFLOW

TWO_DEVICES = Path(__file__).parent / "distributed" / "two_devices.py"
# Devices and threads of tensorflow's own; nothing that the tests of the file are about.
IGNORED = "ignore::DeprecationWarning"


@ON_TENSORFLOW
def test_two_devices():  # K04
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-n", "0", "-W", IGNORED, str(TWO_DEVICES)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout[-8000:] + run.stderr[-2000:]
