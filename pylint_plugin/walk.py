"""The files that a command line names: each once, folders gone through, other people's skipped."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

_SKIPPED = frozenset({"__pycache__", "dist-packages", "node_modules", "site-packages"})
_ENDINGS = (".py", ".ipynb")


def walk(
    paths: list[str], ignored: frozenset[str], complain: Callable[[str, str], None]
) -> Iterator[str]:
    """Yield the files to read.

    Args:
        paths: Files, taken whatever their name, and folders.
        ignored: Names of files and folders to leave out.
        complain: Called with a path that cannot be read, and why.
    """
    seen: set[str] = set()
    for path in paths:
        if os.path.basename(os.path.normpath(path)) in ignored:
            continue
        found = _inside(path, ignored, complain) if os.path.isdir(path) else [path]
        for each in found:
            true = os.path.realpath(each)
            if true not in seen:
                seen.add(true)
                yield each


def _inside(
    top: str, ignored: frozenset[str], complain: Callable[[str, str], None]
) -> Iterator[str]:
    def unreadable(error: OSError) -> None:
        complain(str(error.filename), error.strerror or str(error))

    for folder, inner, names in os.walk(top, onerror=unreadable):
        inner[:] = sorted(
            each
            for each in inner
            if not each.startswith(".")
            and each not in _SKIPPED | ignored
            # A virtual environment, whatever its name.
            and not os.path.exists(os.path.join(folder, each, "pyvenv.cfg"))
        )
        for name in sorted(names):
            if name.endswith(_ENDINGS) and not name.startswith(".") and name not in ignored:
                yield os.path.normpath(os.path.join(folder, name))
