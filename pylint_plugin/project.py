"""Other modules of the project: found by their path, parsed on demand, never from site-packages."""

from __future__ import annotations

import os
from collections.abc import Iterator

from astroid import MANAGER, nodes
from astroid.builder import AstroidBuilder
from astroid.exceptions import AstroidError

# Libraries are never searched for in the project.
_LIBRARIES = frozenset(
    """keras tensorflow tf_keras numpy pandas sklearn matplotlib torch jax scipy astroid pylint
    builtins keras_stateful_guard os sys re io abc math time json random typing logging pickle
    argparse copy collections functools itertools datetime pathlib dataclasses contextlib
    warnings inspect""".split()
)
_PARSED = 60
_LARGEST = 500_000
_UPWARDS = 6


class _Builder(AstroidBuilder):  # type: ignore[misc]  # astroid has no types
    """Builds a tree and nothing more: astroid would follow imports to learn attributes."""

    def delayed_assattr(self, *_: object) -> None:
        """Leave attributes alone."""

    def add_from_names_to_locals(self, *_: object) -> None:
        """Leave imported names alone."""


class Project:
    """The modules around the files that are linted."""

    def __init__(self) -> None:
        self._trees: dict[str, nodes.Module | None] = {}
        self._bytes: dict[str, bytes] = {}
        self._places: dict[tuple[str, str, int], str | None] = {}

    def find(self, origin: str, name: str, level: int) -> nodes.Module | None:
        """Give the tree of a module that the file `origin` imports, None where it is not ours."""
        path = self.locate(origin, name, level)
        return None if path is None else self._parse(path)

    def locate(self, origin: str, name: str, level: int) -> str | None:
        """Give the path of a module, absolute or relative to the file that imports it."""
        if level == 0 and name.partition(".")[0] in _LIBRARIES:
            return None
        key = (os.path.dirname(origin), name, level)
        if key not in self._places:
            self._places[key] = self._search(key[0], name, level)
        return self._places[key]

    def read(self, path: str) -> bytes:
        """Give the bytes of a file, none if it cannot be read."""
        if path not in self._bytes:
            try:
                with open(path, "rb") as file:
                    self._bytes[path] = file.read(_LARGEST)
            except OSError:
                self._bytes[path] = b""
        return self._bytes[path]

    def _search(self, folder: str, name: str, level: int) -> str | None:
        parts = [part for part in name.split(".") if part]
        if any(not part.isidentifier() for part in parts):
            return None
        if level:
            for _ in range(level - 1):
                folder = os.path.dirname(folder)
            return _module(folder, parts)
        for root in _roots(folder):
            found = _module(root, parts)
            if found is not None:
                return found
        return None

    def _parse(self, path: str) -> nodes.Module | None:
        if path in self._trees:
            return self._trees[path]
        self._trees[path] = None
        raw = self.read(path)
        if len(self._trees) > _PARSED or not raw or len(raw) >= _LARGEST:
            return None
        builder = _Builder(MANAGER, apply_transforms=False)
        name = f"{os.path.basename(path)} of the project"
        try:
            tree = builder.string_build(raw.decode("utf-8-sig"), name, path)
        except (AstroidError, UnicodeDecodeError, ValueError, RecursionError):
            return None
        # Under that name nobody else will look for it: keep pylint's own cache as it was.
        MANAGER.astroid_cache.pop(name, None)
        self._trees[path] = tree
        return tree


def _roots(folder: str) -> Iterator[str]:
    """Yield where absolute imports may begin: next to the file, then upwards to the top."""
    here = os.path.abspath(folder or os.curdir)
    for _ in range(_UPWARDS):
        if os.path.basename(here) in {"site-packages", "dist-packages"}:
            return
        yield here
        yield os.path.join(here, "src")
        above = os.path.dirname(here)
        if above == here or _is_top(here):
            return
        here = above


def _is_top(folder: str) -> bool:
    tops = (".git", "pyproject.toml", "setup.py", "setup.cfg", ".hg")
    return folder == os.getcwd() or any(os.path.exists(os.path.join(folder, each)) for each in tops)


def _module(root: str, parts: list[str]) -> str | None:
    base = os.path.join(root, *parts)
    candidates = [os.path.join(base, "__init__.py")]
    if parts:
        candidates.insert(0, base + ".py")
    return next((each for each in candidates if os.path.isfile(each)), None)
