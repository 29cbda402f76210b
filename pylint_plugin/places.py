"""Where things stand: places in a file, paths of loops and branches, and the unknown."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias


class Unknown(Enum):
    """The type of the one value that stands for whatever source code does not show."""

    UNKNOWN = "unknown"

    def __repr__(self) -> str:
        return "UNKNOWN"


UNKNOWN = Unknown.UNKNOWN


@dataclass(frozen=True, slots=True, order=True)
class Site:
    """A place in a source file; `module` tells one file from another."""

    line: int
    column: int = 0
    end_line: int = 0
    end_column: int = 0
    module: str = ""


@dataclass(frozen=True, slots=True)
class Loop:
    """Inside a loop; `times` is how often it runs, where that is known."""

    uid: int
    times: int | Unknown = UNKNOWN


@dataclass(frozen=True, slots=True)
class Arm:
    """Inside one of the alternatives of a branch: two arms of one branch exclude each other."""

    uid: int
    which: int


@dataclass(frozen=True, slots=True)
class Called:
    """Inside a function of the project that was followed from its caller."""

    uid: int
    name: str


Step: TypeAlias = Loop | Arm | Called
Path: TypeAlias = tuple[Step, ...]
