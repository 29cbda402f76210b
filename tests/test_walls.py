"""Import boundaries, each shown to be able to fail."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "keras_stateful_guard"
BACKENDS = ("keras", "tensorflow", "tf_keras", "jax", "torch")


def loaded(code: str, names: tuple[str, ...]) -> list[str]:
    """Return which of the modules a fresh Python has loaded after running the code."""
    script = f"{code}\nimport sys\nprint(*[name for name in {names!r} if name in sys.modules])"
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return run.stdout.split()


@pytest.mark.parametrize(
    "code",
    [
        "import keras_stateful_guard",
        "import keras_stateful_guard; dir(keras_stateful_guard)",
        "from keras_stateful_guard import Finding, StatefulPitfallError",
        "from keras_stateful_guard import pitfalls, plan, report, checks, sources",
    ],
)
def test_no_backend_is_loaded(code):
    assert loaded(code, BACKENDS) == []


def test_that_test_can_fail():
    code = "import keras_stateful_guard; keras_stateful_guard.StatefulGuard"
    assert {"keras", "tf_keras"} & set(loaded(code, BACKENDS))


def test_the_vocabulary_imports_nothing_else():
    code = "import keras_stateful_guard.pitfalls"
    assert loaded(code, ("numpy", *BACKENDS)) == []


def test_every_public_name_is_there():
    import keras_stateful_guard as package

    for name in package.__all__:
        assert getattr(package, name).__name__ == name
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        _ = package.nothing
    assert set(package.__all__) <= set(dir(package))


def test_no_module_hides_a_public_name():
    import keras_stateful_guard as package

    modules = {path.stem for path in PACKAGE.glob("*.py")}
    assert not modules & set(package.__all__)


PRIVATE = re.compile(
    r"\b(_flatten_layers|_layers|_steps_per_execution|epoch_iterator|data_handler)\b|\"_value\""
)


def test_private_names_of_keras_stand_in_one_file():
    holders = {
        path.name
        for path in PACKAGE.rglob("*.py")
        if PRIVATE.search(path.read_text(encoding="utf-8"))
    }
    assert holders == {"keras_api.py"}


def test_every_check_file_is_listed():
    from keras_stateful_guard import checks

    files = {path.stem for path in (PACKAGE / "checks").glob("stateful_*.py")}
    assert files == {symbol.replace("-", "_") for symbol in checks.SYMBOLS}
