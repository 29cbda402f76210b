"""Other modules of the project, parsed on demand."""

from __future__ import annotations

import os

from astroid import MANAGER, nodes
from astroid.exceptions import AstroidError

from pylint_plugin.files import LARGEST, Files
from pylint_plugin.trees import Builder

_PARSED = 60


class Project(Files):
    """The modules around the files that are linted."""

    def __init__(self) -> None:
        super().__init__()
        self._trees: dict[str, nodes.Module | None] = {}

    def find(self, origin: str, name: str, level: int) -> nodes.Module | None:
        """Give the tree of a module that the file `origin` imports, None where it is not ours."""
        path = self.locate(origin, name, level)
        return None if path is None else self._parse(path)

    def _parse(self, path: str) -> nodes.Module | None:
        if path in self._trees:
            return self._trees[path]
        self._trees[path] = None
        raw = self.read(path)
        if len(self._trees) > _PARSED or not raw or len(raw) >= LARGEST:
            return None
        name = f"{os.path.basename(path)} of the project"
        try:
            tree = Builder().string_build(raw.decode("utf-8-sig"), name, path)
        except (AstroidError, UnicodeDecodeError, ValueError, RecursionError):
            return None
        # Under that name nobody else will look for it: keep pylint's own cache as it was.
        MANAGER.astroid_cache.pop(name, None)
        self._trees[path] = tree
        return tree
