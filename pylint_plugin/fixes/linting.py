"""pylint over texts that are not written yet; it gives what the rules found, with their mends."""

from __future__ import annotations

import os
from collections.abc import Sequence

from astroid import MANAGER, nodes
from astroid.exceptions import AstroidError
from pylint.reporters import CollectingReporter

from keras_stateful_guard.pitfalls import BY_SYMBOL
from pylint_plugin.checker import StatefulChecker
from pylint_plugin.fixes.edits import Problem, line_starts
from pylint_plugin.places import Site
from pylint_plugin.trees import Builder, LeanLinter, LeanRun


class Linter:
    """Lints the files that a command line names, as they are or as they would be.

    Args:
        options: pylint's options.
    """

    def __init__(self, options: Sequence[str]) -> None:
        texts: dict[str, tuple[str, bytes]] = {}
        self._texts = texts

        class _Linter(LeanLinter):
            def get_ast(
                self, filepath: str, modname: str, data: str | None = None
            ) -> nodes.Module | None:
                given = texts.get(os.path.abspath(filepath))
                if given is None:
                    return super().get_ast(filepath, modname, data)
                try:
                    tree = Builder().string_build(given[0], modname, filepath)
                except (AstroidError, RecursionError, ValueError):
                    return super().get_ast(filepath, modname, given[0])
                # The file itself, and what it will hold next, are linted under this name too.
                MANAGER.astroid_cache.pop(modname, None)
                # What pylint reads comments from.
                tree.file_bytes = given[1]
                return tree

        class _Run(LeanRun):
            LinterClass = _Linter

        self._reporter = CollectingReporter()
        start = [os.path.join(os.path.dirname(__file__), "edits.py")]
        run = _Run([*options, "--jobs=1", *start], reporter=self._reporter, exit=False)
        self._linter = run.linter
        checkers = (each for each in run.linter.get_checkers())
        self._checker = next(each for each in checkers if isinstance(each, StatefulChecker))

    @property
    def quiet(self) -> bool:
        """Whether the exit code shall not tell of findings."""
        return bool(self._linter.config.exit_zero)

    @staticmethod
    def place(path: str) -> str:
        """Give a path as pylint knows it."""
        return os.path.abspath(path)

    def lint(self, path: str, text: str, encoding: str) -> tuple[list[Problem] | None, int]:
        """Give what is found in a text as the one of a file, and pylint's exit code for it.

        Args:
            path: The file, which must exist.
            text: What it holds, or would hold.
            encoding: Its encoding.

        Returns:
            The problems, in the order of the text, None where it does not parse; the code.
        """
        place = self.place(path)
        self._texts[place] = (text, text.encode(encoding))
        self._reporter.messages.clear()
        self._checker.mends.clear()
        self._linter.msg_status = 0
        self._linter.check([path])
        del self._texts[place]
        lines = line_starts(text.encode())
        found: list[Problem] = []
        for each in self._reporter.messages:
            if each.symbol not in BY_SYMBOL:
                if each.C in "EF":
                    return None, self._linter.msg_status
                continue
            known = self._checker.mends.get((each.abspath, each.symbol, each.line, each.column))
            site = Site(each.line, each.column, each.end_line or 0, each.end_column or 0)
            start = lines[site.line - 1] + site.column
            end = lines[site.end_line - 1] + site.end_column
            found.append(Problem(each.symbol, start, end, known[1] if known else None))
        return sorted(found, key=lambda each: (each.start, each.end)), self._linter.msg_status
