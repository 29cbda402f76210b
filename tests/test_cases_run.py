"""The scripts of tests/cases, run under the guard: the run-time half of the one vocabulary.

`tests/lint` demands the same symbols of the linter. Nothing of Keras is replaced: the guard is
written into the script's own calls before it runs.
"""

from __future__ import annotations

import ast
import warnings
from pathlib import Path

import pytest
from support import BACKEND, TENSORFLOWS, with_keras

from keras_stateful_guard import (
    AssertFixedBatchSize,
    AssertNoShuffle,
    StatefulGuard,
    StatefulPitfallError,
    StatefulPitfallWarning,
    checks,
)

CASES = Path(__file__).parent / "cases"
RUN = [path for symbol in checks.SYMBOLS for path in sorted((CASES / symbol).glob("*.py"))]
# Keras itself does not build these, so that there is nothing to guard.
REFUSED_BY_KERAS = {
    CASES / "stateful-input-shape" / f"{stem}.py"
    for stem in ("bad_functional", "bad_layer_argument")
}
if BACKEND != "tensorflow":  # there Keras builds the model with the first batch, before callbacks
    REFUSED_BY_KERAS |= {
        CASES / "stateful-input-shape" / "bad.py",
        CASES / "stateful-batch-size-mismatch" / "bad.py",
        CASES / "stateful-batch-size-mismatch" / "bad_default.py",
    }
LEFT_TO_THE_USER = ("stateful-missing-reset", "stateful-validation-leak")


class AddGuard(ast.NodeTransformer):
    """Adds `*GUARD` to the callbacks of every fit, evaluate and predict."""

    def visit_Call(self, node: ast.Call) -> ast.Call:
        self.generic_visit(node)
        if isinstance(node.func, ast.Attribute) and node.func.attr in {
            "fit",
            "evaluate",
            "predict",
        }:
            guard = ast.Starred(ast.Name("GUARD", ast.Load()), ast.Load())
            given = next((each for each in node.keywords if each.arg == "callbacks"), None)
            if given is None:
                given = ast.keyword("callbacks", ast.List([], ast.Load()))
                node.keywords.append(given)
            kept = ast.Starred(given.value, ast.Load())
            given.value = ast.List([kept, guard], ast.Load())
        return node


def symbols(path: Path) -> set[str]:
    """Run a script under the guard; return what was raised and warned of."""
    if BACKEND != "tensorflow" and "import tensorflow" in path.read_text(encoding="utf-8"):
        pytest.skip(TENSORFLOWS)
    tree = ast.fix_missing_locations(
        AddGuard().visit(ast.parse(with_keras(path.read_text(encoding="utf-8"))))
    )
    watching = path.parent.name in LEFT_TO_THE_USER
    guard = [AssertFixedBatchSize(), AssertNoShuffle()] if watching else [StatefulGuard()]
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            exec(compile(tree, str(path), "exec"), {"__name__": "__main__", "GUARD": guard})
        except StatefulPitfallError as error:
            return set(error.symbols)
    told = [each.message for each in caught if isinstance(each.message, StatefulPitfallWarning)]
    return {symbol for warning in told for symbol in warning.symbols}


def name(path: Path) -> str:
    return f"{path.parent.name}/{path.stem}"


def test_every_pitfall_of_both_sides_has_its_scripts():
    from pylint_plugin import rules

    for symbol in set(checks.SYMBOLS) & set(rules.ALL):
        bad, good = (list((CASES / symbol).glob(f"{kind}*.py")) for kind in ("bad", "good"))
        assert bad, symbol
        assert len(good) >= len(bad), symbol


@pytest.mark.parametrize("path", [path for path in RUN if path.stem.startswith("good")], ids=name)
def test_good_scripts_run_in_silence(path):
    assert symbols(path) == set()


@pytest.mark.parametrize("path", [path for path in RUN if path.stem.startswith("bad")], ids=name)
def test_bad_scripts_are_met(path):
    if path in REFUSED_BY_KERAS:
        with pytest.raises(ValueError, match=r"batch size|Unrecognized keyword|stateless scope"):
            symbols(path)
    else:
        assert symbols(path) == {path.parent.name}
