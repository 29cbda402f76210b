"""Syntax trees without astroid's inference, which would import whatever a file imports.

The reader goes by names alone. Over the source of Keras, building trees in this way takes a tenth.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

from astroid import MANAGER, nodes
from astroid.builder import AstroidBuilder
from astroid.exceptions import AstroidError
from pylint.exceptions import InvalidReporterError
from pylint.lint import PyLinter, Run

from pylint_plugin.options import USAGE_ERROR


class Builder(AstroidBuilder):  # type: ignore[misc]  # astroid has no types
    """Builds a tree and nothing more: astroid would follow imports to learn attributes."""

    def __init__(self) -> None:
        super().__init__(MANAGER, apply_transforms=False)

    def delayed_assattr(self, *_: object) -> None:
        """Leave attributes alone."""

    def add_from_names_to_locals(self, *_: object) -> None:
        """Leave imported names alone."""


class _Linter(PyLinter):
    begun = False

    def check(self, files_or_modules: Sequence[str]) -> None:
        """Remember that the command line was understood, and lint."""
        self.begun = True
        super().check(files_or_modules)


class LeanLinter(_Linter):
    """pylint that builds trees without inference."""

    def get_ast(self, filepath: str, modname: str, data: str | None = None) -> nodes.Module | None:
        """Build the tree of a file; what fails is left to pylint, which reports why."""
        try:
            tree = Builder().file_build(filepath, modname)
        except (AstroidError, RecursionError, ValueError):
            return super().get_ast(filepath, modname, data)
        # Whoever infers in this process would take it for a whole one.
        MANAGER.astroid_cache.pop(modname, None)
        return tree


class LeanRun(Run):
    """pylint for our messages alone."""

    LinterClass = LeanLinter


class WholeCommand(Run):
    """pylint, ending with 32 where it does not understand its command line, as it promises."""

    LinterClass = _Linter
    code = 0

    def __init__(self, arguments: Sequence[str]) -> None:
        try:
            super().__init__(arguments)
        except SystemExit as end:
            begun = self.linter.begun  # type: ignore[attr-defined]  # it is a _Linter
            # Before that, 0 is the end of --help and its like.
            known = isinstance(end.code, int) and (begun or end.code == 0)
            self.code = int(end.code or 0) if known else USAGE_ERROR
        except InvalidReporterError as error:
            sys.stderr.write(f"keras-stateful-lint: {error}: Not an output format\n")
            self.code = USAGE_ERROR


class LeanCommand(WholeCommand):
    """The same for our messages alone."""

    LinterClass = LeanLinter
