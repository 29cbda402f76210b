"""The values the reader computes with; all immutable, objects are references into the store."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal, TypeAlias

from astroid import nodes

from pylint_plugin.facts import Data
from pylint_plugin.places import UNKNOWN, Unknown

Scalar: TypeAlias = int | float | complex | str | bytes | bool | None


@dataclass(frozen=True, slots=True)
class Const:
    """A number, a string, a truth value or None."""

    value: Scalar


@dataclass(frozen=True, slots=True)
class Tup:
    """A tuple whose items are known one by one."""

    items: tuple[Value, ...] = ()


@dataclass(frozen=True, slots=True)
class Ext:
    """A name of a library, in its canonical spelling."""

    name: str


@dataclass(frozen=True, slots=True)
class Ref:
    """An object with an identity: its fields are in the store."""

    uid: int
    kind: Literal["model", "layer", "list", "dict", "instance"]


@dataclass(frozen=True, slots=True)
class Bound:
    """A method of a value that the reader itself knows, `model.fit`."""

    owner: Value
    name: str


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """A scope being run; its names are in the store under `uid`."""

    uid: int
    module: ModuleScope
    parent: Frame | None = None
    this: Value | None = None
    cls: Cls | None = None


@dataclass(slots=True, eq=False)
class ModuleScope:
    """A module of the project: its tree, its frame, and the modules it imported by star."""

    name: str
    path: str
    tree: nodes.Module
    stars: list[str] = field(default_factory=list)
    volatile: frozenset[str] = frozenset()
    frame: Frame | None = None


@dataclass(frozen=True, slots=True)
class Func:
    """A function of the project, with the scope it was defined in."""

    node: nodes.FunctionDef | nodes.Lambda
    frame: Frame
    cls: Cls | None = None


@dataclass(frozen=True, slots=True)
class Method:
    """A function of the project bound to its object."""

    owner: Value
    func: Func


@dataclass(frozen=True, slots=True, eq=False)
class Cls:
    """A class of the project; `uid` is the scope that holds its attributes."""

    node: nodes.ClassDef
    uid: int
    frame: Frame
    bases: tuple[Value, ...] = ()


@dataclass(frozen=True, slots=True)
class Partial:
    """A callable with some of its arguments already given."""

    func: Value
    args: Args


@dataclass(frozen=True, slots=True)
class Tensor:
    """A symbolic tensor of the functional API, with the layers it has passed.

    `known`: no layer can be missing; `straight`: only layers stand between it and its inputs.
    """

    layers: tuple[Ref, ...] = ()
    known: bool = True
    straight: bool = True


@dataclass(frozen=True, slots=True)
class SomeLayer:
    """Some layer of a model, as a loop over `model.layers` or `get_layer` gives it."""

    model: Ref


@dataclass(frozen=True, slots=True)
class Range:
    """A call of range with a known step; `times` is its length, where that is known."""

    times: int | Unknown
    step: int = 1


@dataclass(frozen=True, slots=True)
class Zipped:
    """What zip and enumerate give."""

    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Super:
    """What `super()` gives in a method of a class."""

    this: Value
    cls: Cls


@dataclass(frozen=True, slots=True)
class Gen:
    """A generator of the project, not yet run."""

    func: Func
    args: Args


@dataclass(frozen=True, slots=True)
class OneOf:
    """One of several values, by a branch that cannot be decided."""

    values: tuple[Value, ...]


Value: TypeAlias = (
    Const
    | Tup
    | Ext
    | Ref
    | Bound
    | Func
    | Method
    | Cls
    | Partial
    | Tensor
    | SomeLayer
    | Range
    | Zipped
    | Gen
    | Super
    | OneOf
    | ModuleScope
    | Data
)


@dataclass(frozen=True, slots=True)
class Args:
    """The arguments of a call; `opaque` where a `*` or `**` could not be opened."""

    positional: tuple[Value, ...] = ()
    keywords: Mapping[str, Value] = field(default_factory=dict)
    opaque: bool = False

    def get(self, name: str, position: int | None = None) -> Value | None:
        """Give an argument by keyword or position; None where it is not given."""
        if name in self.keywords:
            return self.keywords[name]
        if position is not None and position < len(self.positional):
            return self.positional[position]
        return None

    def all(self) -> Iterator[Value]:
        """Yield all arguments."""
        yield from self.positional
        yield from self.keywords.values()

    def after(self, first: Args) -> Args:
        """Give these arguments behind others that were bound earlier."""
        return Args(
            first.positional + self.positional,
            {**first.keywords, **self.keywords},
            first.opaque or self.opaque,
        )


NOTHING = Data()
NONE = Const(None)
_NESTING = 4
_WIDEST = 64
LONGEST = 1000


def is_none(value: Value | None) -> bool:
    """Tell whether a value is surely None, or an argument that is not given."""
    return value is None or value == NONE


def scalar(value: Value | None) -> Scalar | Unknown:
    """Give the Python value of a constant, else UNKNOWN."""
    return value.value if isinstance(value, Const) else UNKNOWN


def integer(value: Value | None) -> int | Unknown:
    """Give a whole number, else UNKNOWN."""
    found = scalar(value)
    return found if isinstance(found, int) and not isinstance(found, bool) else UNKNOWN


def alternatives(value: Value) -> tuple[Value, ...]:
    """Give the values that a value may be."""
    return value.values if isinstance(value, OneOf) else (value,)


def blend(*values: Value) -> Data:
    """Give what is known of a value computed from others: where it varies, how it was permuted."""
    parts = [part for value in values for part in parts_of(value)]
    return Data(
        shuffles=frozenset(each for part in parts for each in part.shuffles),
        varies=frozenset(each for part in parts for each in part.varies),
    )


def parts_of(value: Value, depth: int = _NESTING) -> Iterator[Data]:
    """Yield the data that a value holds, not too deep: tuples may hold each other many times."""
    if isinstance(value, Data):
        yield value
    elif depth == 0:
        return
    elif isinstance(value, Tup):
        for item in value.items[:_WIDEST]:
            yield from parts_of(item, depth - 1)
    elif isinstance(value, Zipped):
        for item in value.values[:_WIDEST]:
            yield from parts_of(item, depth - 1)
    elif isinstance(value, Bound):
        yield from parts_of(value.owner, depth - 1)
    elif isinstance(value, OneOf):
        yield replace(blend(*value.values[:depth]), shuffles=frozenset())
