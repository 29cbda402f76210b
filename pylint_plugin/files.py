"""Other modules of the project: found by their path and read, never from site-packages.

Knows no syntax tree, so that files which do not matter cost nothing.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

# Libraries are never searched for in the project.
_LIBRARIES = frozenset(
    """keras tensorflow tf_keras numpy pandas sklearn matplotlib torch jax scipy astroid pylint
    builtins keras_stateful_guard os sys re io abc math time json random typing logging pickle
    argparse copy collections functools itertools datetime pathlib dataclasses contextlib
    warnings inspect""".split()
)
LARGEST = 500_000
_UPWARDS = 6


class Files:
    """The files around those that are linted."""

    def __init__(self) -> None:
        self._bytes: dict[str, bytes] = {}
        self._places: dict[tuple[str, str, int], str | None] = {}
        self._tops: dict[str, list[tuple[str, frozenset[str]]]] = {}

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
                    self._bytes[path] = file.read(LARGEST)
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
        for root, names in self._listed(folder):
            if parts and (parts[0] in names or f"{parts[0]}.py" in names):
                found = _module(root, parts)
                if found is not None:
                    return found
        return None

    def _listed(self, folder: str) -> list[tuple[str, frozenset[str]]]:
        """Give the roots for a folder with the names in each: one look instead of one an import."""
        if folder not in self._tops:
            self._tops[folder] = [(root, _names(root)) for root in _roots(folder)]
        return self._tops[folder]


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


def _names(folder: str) -> frozenset[str]:
    try:
        return frozenset(os.listdir(folder))
    except OSError:
        return frozenset()


def _is_top(folder: str) -> bool:
    tops = (".git", "pyproject.toml", "setup.py", "setup.cfg", ".hg")
    return folder == os.getcwd() or any(os.path.exists(os.path.join(folder, each)) for each in tops)


def _module(root: str, parts: list[str]) -> str | None:
    base = os.path.join(root, *parts)
    candidates = [os.path.join(base, "__init__.py")]
    if parts:
        candidates.insert(0, base + ".py")
    return next((each for each in candidates if os.path.isfile(each)), None)
