"""Generators and iterators: looking into one would spend its data, so everything is unknown."""

from __future__ import annotations

from typing import Any

from keras_stateful_guard.plan import DataPlan, Unknown
from keras_stateful_guard.sources.request import Request

ROWS = Unknown("looking into a generator would spend its batches")
ORDER = Unknown("a generator decides the order while it runs")
SHARED = Unknown(
    "a generator decides the order while it runs, and on several devices Keras trains first on the "
    "batches that it fetched ahead"
)


def accepts(x: Any) -> bool:
    """Return whether x is a generator or another iterator."""
    return hasattr(type(x), "__next__") and hasattr(type(x), "__iter__")


def read(request: Request) -> DataPlan:
    """Return what is known of an iterator: nothing, and why."""
    kind = "generator" if type(request.x).__name__ == "generator" else "iterator"
    order = ORDER if request.replicas == 1 else SHARED
    return DataPlan(kind, ROWS, ROWS, order, ROWS, ROWS)
