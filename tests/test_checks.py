"""Checks on plans made by hand: what no run here can show."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from keras_stateful_guard import checks
from keras_stateful_guard.boundaries import Boundaries
from keras_stateful_guard.layout_report import LayoutReport
from keras_stateful_guard.plan import (
    DataPlan,
    FitPlan,
    InputPlan,
    LayerPlan,
    ModelPlan,
    Stable,
    Unknown,
)

MODEL = ModelPlan((LayerPlan("lstm", "LSTM"),), (InputPlan("x", 4),), 4)
DATA = DataPlan("arrays", batch_size=4, left_over=0, order=Stable(), rows=8, steps=2)


def verdict(symbol, **plan):
    (found,) = checks.judge(FitPlan("fit", MODEL, DATA, **plan), [symbol])
    return found


def test_a_backend_that_cannot_be_mended_is_refused_with_the_reason():
    plan = {"backend": "openvino", "backend_fault": "on which nobody has looked at states"}
    finding = verdict("stateful-backend", **plan).finding
    assert finding is not None
    assert finding.found == (
        "stateful layer 'lstm' on the openvino backend, on which nobody has looked at states"
    )
    assert finding.remedy == "KERAS_BACKEND=tensorflow python ..."


def test_tensorflow_is_not():
    assert verdict("stateful-backend").status == "ok"


@pytest.mark.parametrize(
    ("batch_size", "why"),
    [
        (Unknown("nobody says it"), "the data: nobody says it"),
        (3, "the data: its batches of 3 rows are not those of the model"),
    ],
)
def test_a_layout_for_other_batches_is_not_judged(batch_size, why):
    wrong = LayoutReport("row after row", 3, "seen")
    data = replace(DATA, batch_size=batch_size, layout=wrong)
    (found,) = checks.judge(FitPlan("fit", MODEL, data), ["stateful-broken-layout"])
    assert (found.status, found.detail) == ("unknown", why)


def test_boundaries_are_compared_with_the_rows_that_come_where_the_model_has_none():
    model = replace(MODEL, inputs=(), state_rows=None)
    plan = FitPlan("fit", model, DATA, boundaries=Boundaries(np.eye(2, 3, dtype=bool)))
    finding = checks.judge(plan, ["stateful-misplaced-boundary"])[0].finding
    assert finding is not None
    assert finding.found == "boundaries of shape (2, 3) with batches of 4 rows"


@pytest.mark.parametrize("symbol", checks.SYMBOLS)
def test_a_right_plan_is_no_breach_and_an_ignored_pitfall_is_not_judged(symbol):
    plan = FitPlan("fit", MODEL, DATA, resets="epoch")
    assert checks.judge(plan, [symbol])[0].status in {"ok", "unknown"}
    assert checks.judge(plan, [symbol], ignore={symbol})[0].status == "ignored"


@pytest.mark.parametrize("steps_per_epoch", [None, 2])
def test_no_data_at_all_is_left_to_keras(steps_per_epoch):
    nothing = DataPlan("arrays", batch_size=4, left_over=0, order=Stable(), rows=0, steps=0)
    plan = FitPlan("fit", MODEL, nothing, epochs=2, resets="epoch", steps_per_epoch=steps_per_epoch)
    assert {each.status for each in checks.judge(plan, checks.SYMBOLS)} == {"ok"}
