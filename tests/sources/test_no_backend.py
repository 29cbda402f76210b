"""Reading a plan loads no backend, and this test can fail."""

import subprocess
import sys

import pytest

CODE = """
import sys
{extra}
import numpy as np
from keras_stateful_guard.sources import Request, read
assert read(Request(np.ones((8, 2)), 4)).rows == 8
assert read(Request(iter([1]))).kind == "iterator"
loaded = {{"jax", "keras", "pandas", "tensorflow", "torch"}} & set(sys.modules)
sys.exit(" ".join(loaded) or 0)
"""


def run(extra):
    code = CODE.format(extra=extra)
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)


def test_no_backend_is_loaded():
    done = run("")
    assert (done.returncode, done.stderr) == (0, "")


def test_this_test_can_fail():
    pytest.importorskip("pandas")
    assert "pandas" in run("import pandas").stderr
