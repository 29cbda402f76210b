"""A pylint plugin that finds the pitfalls of stateful recurrent Keras layers in source code."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pylint.lint import PyLinter


def register(linter: PyLinter) -> None:
    """Add the checker to pylint; a second call, as workers make it, changes nothing."""
    # Imported here: the command line runs without pylint where no file matters.
    from pylint_plugin.checker import StatefulChecker  # noqa: PLC0415 (see above)
    from pylint_plugin.sarif import SarifReporter  # noqa: PLC0415 (see above)

    if any(isinstance(each, StatefulChecker) for each in linter.get_checkers()):
        return
    linter.register_reporter(SarifReporter)
    linter.register_checker(StatefulChecker(linter))
