"""stateful-broken-layout: row i of a batch does not continue row i of the batch before."""

from __future__ import annotations

from keras_stateful_guard.errors import Finding
from keras_stateful_guard.layout_report import LayoutReport
from keras_stateful_guard.plan import DataPlan, FitPlan, Unknown

SYMBOL = "stateful-broken-layout"


def check(plan: FitPlan) -> Finding | Unknown | None:
    """Judge the layout of the data, where its values show it."""
    judged = [(name, each, _judged(plan, each)) for name, each in plan.parts()]
    for name, _, report in judged:
        if isinstance(report, LayoutReport) and report.is_wrong:
            return Finding(
                SYMBOL,
                f"the rows of {name} lie {_lie(report.layout)}: {report.why}",
                "row i of every batch to continue row i of the batch before",
                "batches = stateful_batches(series, targets, batch_size=..., timesteps=...)",
            )
    for name, data, report in judged:
        if isinstance(report, Unknown):
            return Unknown(f"{name}: {report.why}")
        if report is None and data.kind != "arrays":
            return Unknown(f"{name}: values inside a {data.kind} are not looked at")
        if report is not None and report.layout == "cannot tell":
            return Unknown(f"{name}: {report.why}")
    return None


def _judged(plan: FitPlan, data: DataPlan) -> LayoutReport | Unknown | None:
    """Return what is known of a layout for batches as the model takes them."""
    if plan.batch_size in (None, data.batch_size):
        return data.layout
    if isinstance(data.batch_size, Unknown):
        return data.batch_size
    return Unknown(f"its batches of {data.batch_size} rows are not those of the model")


def _lie(layout: str) -> str:
    return layout if layout == "row after row" else f"{layout} in the batches"
