"""The machine that reads a program: its state, its budget, and what it has seen so far.

It knows how to run nothing by itself: expressions, statements and calls are in their own files and
reach each other through the tables given here, so that no file of the reader imports in a circle.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Any, Literal, Protocol

from astroid import nodes

from pylint_plugin.facts import Data, Event, Layer
from pylint_plugin.names import RECURRENT
from pylint_plugin.places import Loop, Path, Site, Step
from pylint_plugin.reader.store import Changes, Store
from pylint_plugin.reader.values import (
    NOTHING,
    Args,
    Cls,
    Ext,
    Frame,
    ModuleScope,
    Ref,
    Tup,
    Value,
    alternatives,
    blend,
)

_DEPTH = 80
_CALLS = 8
_NESTING = 4


class Flow(Enum):
    """How a statement ends: the next one follows, or control goes elsewhere."""

    NEXT = auto()
    LEAVE = auto()
    RAISE = auto()


@dataclass(frozen=True, slots=True)
class Settings:
    """The options of the checker."""

    keras: Literal["auto", "2", "3"] = "auto"
    layer_names: frozenset[str] = frozenset()
    reset_callbacks: frozenset[str] = frozenset()


class Modules(Protocol):
    """Where other modules of the project are found."""

    def find(self, origin: str, name: str, level: int) -> nodes.Module | None:
        """Give the tree of a module that the file `origin` imports, None where it is not ours."""


@dataclass(frozen=True, slots=True)
class Tables:
    """What runs each kind of node, and each kind of call."""

    expressions: Mapping[type, Callable[[Machine, Any], Value]]
    block: Callable[[Machine, Sequence[nodes.NodeNG]], Flow]
    call: Callable[[Machine, Value, Args, nodes.NodeNG], Value]
    attribute: Callable[[Machine, Value, str, nodes.NodeNG], Value]


@dataclass(frozen=True, slots=True)
class Made:
    """How an object came to be."""

    site: Site
    path: Path
    kind: str
    cls: Cls | None = None
    what: str = ""


@dataclass(slots=True)
class Exits:
    """Where control leaves a function or a loop: the state there, and the value returned."""

    level: int
    changes: list[Changes] = field(default_factory=list)
    values: list[Value] = field(default_factory=list)


class Machine:
    """Runs one entry of a module and records what happens to models."""

    def __init__(self, tables: Tables, modules: Modules, settings: Settings, budget: int) -> None:
        self.tables = tables
        self.modules = modules
        self.settings = settings
        self.budget = budget
        self.complete = True
        self.store = Store()
        self.path: Path = ()
        self.events: list[Event] = []
        self.made: dict[int, Made] = {}
        self.layers: dict[int, Layer] = {}
        self.wrapped: dict[int, tuple[Ref, ...]] = {}
        self.nodes: dict[Site, nodes.NodeNG] = {}
        self.run: set[nodes.NodeNG] = set()
        self.returns: list[Exits] = []
        self.loops: list[Exits] = []
        self.calling: list[nodes.NodeNG] = []
        self.scopes: dict[str, ModuleScope] = {}
        self.outer: dict[tuple[int, str], int] = {}
        self.frame: Frame
        self.strides: dict[str, int] = {}
        self.tape = 0
        self.generator = 0
        self.wild = 0
        self._assigned: dict[nodes.NodeNG, tuple[nodes.NodeNG, ...]] = {}
        self._depth = 0
        self._count = 0

    def uid(self) -> int:
        """Give a number that nothing else has."""
        self._count += 1
        return self._count

    def spend(self) -> bool:
        """Take one step from the budget; False when there is none left."""
        self.budget -= 1
        if self.budget < 0:
            self.complete = False
        return self.budget >= 0

    @contextmanager
    def deeper(self) -> Iterator[bool]:
        """Go one level down; yields False where it would be too deep."""
        self._depth += 1
        if self._depth > _DEPTH:
            self.complete = False
        try:
            yield self._depth <= _DEPTH
        finally:
            self._depth -= 1

    def evaluate(self, node: nodes.NodeNG | None) -> Value:
        """Give the value of an expression."""
        run = self.tables.expressions.get(type(node))
        if node is None or run is None or not self.spend():
            return NOTHING
        self._depth += 1
        try:
            if self._depth > _DEPTH:
                self.complete = False
                return NOTHING
            return run(self, node)
        finally:
            self._depth -= 1

    def execute(self, body: Sequence[nodes.NodeNG]) -> Flow:
        """Run a list of statements."""
        with self.deeper() as possible:
            return self.tables.block(self, body) if possible else Flow.NEXT

    def call(self, callee: Value, args: Args, node: nodes.NodeNG) -> Value:
        """Call a value."""
        return self.tables.call(self, callee, args, node)

    def attribute(self, value: Value, name: str, node: nodes.NodeNG) -> Value:
        """Look up an attribute."""
        return self.tables.attribute(self, value, name, node)

    def may_call(self, node: nodes.NodeNG) -> bool:
        """Tell whether a function of the project may be followed: not recursive, not too deep."""
        return len(self.calling) < _CALLS and node not in self.calling

    def site(self, node: nodes.NodeNG) -> Site:
        """Give the place of a node and remember the node."""
        site = Site(
            node.fromlineno or 0,
            node.col_offset or 0,
            node.end_lineno or 0,
            node.end_col_offset or 0,
            self.frame.module.path,
        )
        self.nodes.setdefault(site, node)
        return site

    def new(
        self,
        kind: Literal["model", "layer", "list", "dict", "instance"],
        node: nodes.NodeNG,
        name: str = "",
        cls: Cls | None = None,
    ) -> Ref:
        """Make an object."""
        ref = Ref(self.uid(), kind)
        self.made[ref.uid] = Made(self.site(node), self.path, name or kind, cls, kind)
        return ref

    def items(self, items: Sequence[Value], node: nodes.NodeNG) -> Ref:
        """Make a list."""
        ref = self.new("list", node)
        self.store.put(ref.uid, "#items", Tup(tuple(items)))
        return ref

    def fresh(self, *values: Value) -> Data:
        """Give an unknown value that is another at each turn of the loops around."""
        known = blend(*values)
        loops = {step.uid for step in self.path if isinstance(step, Loop)}
        return Data(varies=known.varies | loops)

    @contextmanager
    def inside(self, *steps: Step) -> Iterator[None]:
        """Run something on a longer path."""
        before = self.path
        self.path = before + steps
        try:
            yield
        finally:
            self.path = before

    @contextmanager
    def recording(self, events: list[Event]) -> Iterator[None]:
        """Record events elsewhere."""
        before, self.events = self.events, events
        try:
            yield
        finally:
            self.events = before

    def listed(self, value: Value | None) -> tuple[Value, ...] | None:
        """Give the items of a list or tuple, None where they are not all known."""
        if isinstance(value, Tup):
            return value.items
        if isinstance(value, Ref) and value.kind == "list":
            items = self.store.get(value.uid, "#items")
            if isinstance(items, Tup) and self.store.get(value.uid, "#open") is None:
                return items.items
        return None

    def held(self, value: Value | None) -> tuple[Value, ...]:
        """Give the items of a list or tuple that are known, be there others or not."""
        if value is None:
            return ()
        if isinstance(value, Ref) and value.kind == "list":
            items = self.store.get(value.uid, "#items")
            return (
                () if items is None else tuple(x for a in alternatives(items) for x in self.held(a))
            )
        return value.items if isinstance(value, Tup) else ()

    def data(self, value: Value | None, depth: int = _NESTING) -> Data:
        """Give what is known of a value as data; lists may hold lists, and even themselves."""
        if isinstance(value, Data):
            return value
        if value is None or depth == 0:
            return NOTHING
        if isinstance(value, Ref):
            held = [
                self.data(each, depth - 1) if isinstance(each, Ref) else each
                for each in self.held(value)
            ]
            return blend(*held, self.store.get(value.uid, "#shuffled") or NOTHING)
        return blend(value)

    def assigned(self, node: nodes.NodeNG) -> tuple[nodes.NodeNG, ...]:
        """Give the names and attributes assigned anywhere within a node, found once."""
        if node not in self._assigned:
            found = node.nodes_of_class((nodes.AssignName, nodes.AssignAttr))
            self._assigned[node] = tuple(found)
        return self._assigned[node]

    @property
    def turning(self) -> bool:
        """Whether a loop is being run."""
        return any(isinstance(step, Loop) for step in self.path)

    def assign(self, name: str, value: Value) -> None:
        """Bind a name where the scope being run would bind it."""
        owner = self.outer.get((self.frame.uid, name), self.frame.uid)
        self.store.put(owner, name, value)

    def is_recurrent(self, name: str) -> bool:
        """Tell whether a class of that name is a recurrent layer."""
        last = name.rsplit(".", 1)[-1]
        extra = self.settings.layer_names
        return (
            (name.startswith("keras.layers.") and last in RECURRENT)
            or last in extra
            or name in extra
        )

    def external(self, value: Value, *names: str) -> bool:
        """Tell whether a value is one of the library names given."""
        return isinstance(value, Ext) and value.name in names
