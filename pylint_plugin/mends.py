"""What a mend must know of a fault beyond its place: plain values that the rules give along.

A finding without one has no mend that is sure.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from pylint_plugin.places import Site


@dataclass(frozen=True, slots=True)
class NoShuffle:
    """Let fit keep the order; `given` tells whether it is told otherwise now."""

    given: bool


@dataclass(frozen=True, slots=True)
class GiveBatchSize:
    """Pass the batch size of the model, which the call at `declared` fixes."""

    size: int
    declared: Site


@dataclass(frozen=True, slots=True)
class ResetStates:
    """Reset by a function; `listed` tells whether `model.layers` holds every stateful layer."""

    listed: bool


@dataclass(frozen=True, slots=True)
class Placement:
    """How a layer gets its place, by the call at `site`: as the first of a Sequential or not."""

    site: Site
    first: bool


@dataclass(frozen=True, slots=True)
class DeclareInput:
    """Say by an Input what a first layer is told; behind another one it need not be said."""

    placement: Placement


@dataclass(frozen=True, slots=True)
class FixBatchSize:
    """Fix the batch size to the one that the call at `used` takes."""

    size: int
    used: Site
    said: str
    placement: Placement | None


@dataclass(frozen=True, slots=True)
class DropRest:
    """Drop a short last batch by an argument."""

    argument: str


@dataclass(frozen=True, slots=True)
class AddGuard:
    """Give fit a StatefulGuard."""


Mend: TypeAlias = (
    NoShuffle | GiveBatchSize | ResetStates | DeclareInput | FixBatchSize | DropRest | AddGuard
)
