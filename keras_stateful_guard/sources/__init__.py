"""One file for each kind of x: reads what it will hand to the model, and spends none of it."""

from __future__ import annotations

from typing import Any, Protocol

from keras_stateful_guard.plan import DataPlan
from keras_stateful_guard.sources import arrays, dataloader, dataset, generator, sequence
from keras_stateful_guard.sources.request import Request, unknown

__all__ = ["ALL", "Request", "read", "unknown"]


class Source(Protocol):
    """What each file of this package offers."""

    def accepts(self, x: Any) -> bool:
        """Return whether x is of its kind."""

    def read(self, request: Request) -> DataPlan:
        """Return what an x of its kind hands to the model."""


ALL: tuple[Source, ...] = (dataset, sequence, dataloader, generator, arrays)


def read(request: Request) -> DataPlan:
    """Return what one x hands to the model in one epoch.

    Args:
        request: The x and what the call said about it.

    Returns:
        The plan. What cannot be looked into is `Unknown`, with the reason in plain words.
    """
    for source in ALL:
        if source.accepts(request.x):
            return source.read(request)
    kind = type(request.x).__name__
    return unknown(kind, f"a {kind} is no kind of data that can be looked into")
