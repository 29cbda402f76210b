"""The pairs of tests/fixes run: Keras or the guard refuse what was, and accept what it became."""

from __future__ import annotations

import ast
import warnings
from pathlib import Path

import pytest
from support import BACKEND, KERAS_2, TENSORFLOWS
from test_cases_run import LEFT_TO_THE_USER, AddGuard

from keras_stateful_guard import (
    AssertFixedBatchSize,
    AssertNoShuffle,
    StatefulGuard,
    StatefulPitfallWarning,
)

PAIRS = sorted(path.parent for path in (Path(__file__).parent / "fixes").glob("*/*/in.py"))
pytestmark = pytest.mark.skipif(KERAS_2, reason="the mends are for Keras 3")


def run(path: Path, guards: list[object]) -> set[str]:
    """Run a script under guards; return what was warned of."""
    if BACKEND != "tensorflow" and "tensorflow" in path.read_text(encoding="utf-8"):
        pytest.skip(TENSORFLOWS)
    tree = ast.fix_missing_locations(AddGuard().visit(ast.parse(path.read_text(encoding="utf-8"))))
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        exec(compile(tree, str(path), "exec"), {"__name__": "__main__", "GUARD": guards})
    told = [each.message for each in caught if isinstance(each.message, StatefulPitfallWarning)]
    return {symbol for warning in told for symbol in warning.symbols}


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: f"{pair.parent.name}/{pair.name}")
def test_the_mended_script_runs_where_the_other_did_not(pair: Path, capsys) -> None:
    if pair.parent.name in LEFT_TO_THE_USER:
        # These guards see the fault and leave it to the guard that the mend adds.
        assert pair.parent.name in run(pair / "in.py", [AssertFixedBatchSize(), AssertNoShuffle()])
        assert run(pair / "out.py", []) == set()
        return
    with pytest.raises((AttributeError, TypeError, ValueError)):
        run(pair / "in.py", [StatefulGuard()])
    assert run(pair / "out.py", [StatefulGuard()]) == set()
