"""A text with its tree: nodes by the places that a linter names, their bytes, parents and names."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import TypeVar

import libcst as cst
from libcst.metadata import (
    Assignment,
    BaseAssignment,
    ByteSpanPositionProvider,
    MetadataWrapper,
    ParentNodeProvider,
    Scope,
    ScopeProvider,
)

from pylint_plugin.fixes.edits import line_starts
from pylint_plugin.names import canonical
from pylint_plugin.places import Site

_Node = TypeVar("_Node", bound=cst.CSTNode)


class UnreadableError(ValueError):
    """LibCST does not read a text, or would not give it back as it is."""


class Source:
    """One text. Positions are bytes of its UTF-8.

    Raises:
        UnreadableError: LibCST cannot keep the text as it is.
    """

    def __init__(self, text: str, path: str = "") -> None:
        self.raw = text.encode()
        self.path = path
        try:
            tree = cst.parse_module(text)
        except (cst.ParserSyntaxError, RecursionError) as error:
            raise UnreadableError("LibCST cannot parse it") from error
        if tree.code != text:
            raise UnreadableError("LibCST cannot keep its line ends or form feeds")
        self._wrapper = MetadataWrapper(tree, unsafe_skip_copy=True)
        self.module = self._wrapper.module
        self._spans = self._wrapper.resolve(ByteSpanPositionProvider)

    @cached_property
    def _parents(self) -> dict[cst.CSTNode, cst.CSTNode]:
        return dict(self._wrapper.resolve(ParentNodeProvider))

    @cached_property
    def _scopes(self) -> dict[cst.CSTNode, Scope | None]:
        return dict(self._wrapper.resolve(ScopeProvider))

    @cached_property
    def _calls(self) -> dict[tuple[int, int], cst.Call]:
        return {self.span(node): node for node in self._spans if isinstance(node, cst.Call)}

    @cached_property
    def _lines(self) -> list[int]:
        return line_starts(self.raw)

    def call_at(self, start: int, end: int) -> cst.Call | None:
        """Give the call between two places."""
        return self._calls.get((start, end))

    def call(self, site: Site) -> cst.Call | None:
        """Give the call at a place of this file."""
        if site.module != self.path or not 0 < site.line <= site.end_line <= len(self._lines):
            return None
        start = self._lines[site.line - 1] + site.column
        return self._calls.get((start, self._lines[site.end_line - 1] + site.end_column))

    def span(self, node: cst.CSTNode) -> tuple[int, int]:
        """Give where a node begins and ends."""
        span = self._spans[node]
        return span.start, span.start + span.length

    def code(self, node: cst.CSTNode) -> str:
        """Give the text of a node, with its parentheses."""
        return self.module.code_for_node(node)

    def parent(self, node: cst.CSTNode) -> cst.CSTNode | None:
        """Give the node around a node."""
        return self._parents.get(node)

    def around(self, node: cst.CSTNode) -> Iterator[cst.CSTNode]:
        """Yield the nodes around a node, innermost first."""
        above = self.parent(node)
        while above is not None:
            yield above
            above = self.parent(above)

    def nearest(self, node: cst.CSTNode, kind: type[_Node]) -> _Node | None:
        """Give the innermost node of a kind around a node."""
        return next((each for each in self.around(node) if isinstance(each, kind)), None)

    def names(self, value: str) -> Iterator[cst.Name]:
        """Yield all names so spelled that stand for a variable."""
        for node in self._spans:
            if isinstance(node, cst.Name) and node.value == value:
                above = self.parent(node)
                attribute = isinstance(above, cst.Attribute) and above.attr is node
                keyword = isinstance(above, cst.Arg) and above.keyword is node
                if not attribute and not keyword:
                    yield node

    def imports(self) -> Iterator[cst.ImportFrom]:
        """Yield all `from ... import`."""
        yield from (node for node in self._spans if isinstance(node, cst.ImportFrom))

    def module_of(self, statement: cst.ImportFrom) -> str:
        """Give the module that names are imported from, with its dots."""
        name = self.code(statement.module) if statement.module is not None else ""
        return "." * len(statement.relative) + name

    def names_of_module(self, module: str) -> Iterator[str]:
        """Yield the names that plain imports give to a module."""
        for node in self._spans:
            if isinstance(node, cst.Import):
                for alias in node.names:
                    if alias.evaluated_name == module:
                        yield alias.evaluated_alias or module

    def bindings(self, name: str, at: cst.CSTNode) -> frozenset[BaseAssignment]:
        """Give the assignments that a name may stand for at a node."""
        scope = self._scopes.get(at)
        return frozenset(scope[name]) if scope is not None else frozenset()

    def stands_for(self, node: cst.BaseExpression) -> str:
        """Give the canonical name that an expression has by the imports; else an empty text."""
        scope = self._scopes.get(node)
        names = {each.name for each in scope.get_qualified_names_for(node)} if scope else set()
        return canonical(names.pop()) if len(names) == 1 else ""

    def visible(self, name: str, there: cst.CSTNode, here: cst.CSTNode) -> bool:
        """Whether a variable at one node is surely the same at another."""
        found = self.bindings(name, there)
        if len(found) != 1 or found != self.bindings(name, here):
            return False
        (only,) = found
        return isinstance(only, Assignment) and (
            self.span(only.node)[0] < self.span(here)[0] or only.scope is not self._scopes.get(here)
        )

    def line_start(self, place: int) -> int:
        """Give the beginning of the line."""
        return self.raw.rfind(b"\n", 0, place) + 1

    def line_end(self, place: int) -> int:
        """Give the end of the line, before what ends it."""
        end = self.raw.find(b"\n", place)
        end = len(self.raw) if end < 0 else end
        return end - 1 if end > place and self.raw[end - 1 : end] == b"\r" else end

    def newline(self, place: int) -> str:
        """Give what ends the line, or the file's lines where it is the last."""
        end = self.line_end(place)
        if end == len(self.raw):
            return self.module.default_newline
        return "\r\n" if self.raw[end : end + 1] == b"\r" else "\n"

    def begins_line(self, place: int) -> bool:
        """Whether nothing but white space stands before a place in its line."""
        return not self.raw[self.line_start(place) : place].strip()

    def indent(self, place: int) -> str:
        """Give the white space before a place that begins its line."""
        return self.raw[self.line_start(place) : place].decode()
