"""Syntax trees without astroid's inference, which would import whatever a file imports.

The reader goes by names alone. Over the source of Keras, building trees in this way takes a tenth.
"""

from __future__ import annotations

from astroid import MANAGER, nodes
from astroid.builder import AstroidBuilder
from astroid.exceptions import AstroidError
from pylint.lint import PyLinter, Run


class Builder(AstroidBuilder):  # type: ignore[misc]  # astroid has no types
    """Builds a tree and nothing more: astroid would follow imports to learn attributes."""

    def __init__(self) -> None:
        super().__init__(MANAGER, apply_transforms=False)

    def delayed_assattr(self, *_: object) -> None:
        """Leave attributes alone."""

    def add_from_names_to_locals(self, *_: object) -> None:
        """Leave imported names alone."""


class LeanLinter(PyLinter):
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
