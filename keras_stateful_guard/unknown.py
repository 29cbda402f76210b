"""A value that could not be looked into is a value too."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Unknown:
    """A value that could not be looked into, and why."""

    why: str
