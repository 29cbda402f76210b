"""`keras-stateful-lint --fix` and `--diff`: mends the files that it is given."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from pylint_plugin.fixes.edits import Problem, Wishes
from pylint_plugin.fixes.engine import Mended, mend
from pylint_plugin.fixes.files import File, UnwritableError, diff, read, write
from pylint_plugin.fixes.linting import Linter
from pylint_plugin.fixes.source import UnreadableError


@dataclass(frozen=True, slots=True)
class Result:
    """What was done: the mends, the files changed, and pylint's exit code for what is left."""

    mends: int
    files: int
    code: int


def run(
    paths: Iterable[str],
    options: Sequence[str],
    wishes: Wishes,
    show: Callable[[str], object] | None,
    complain: Callable[[str, str], None],
) -> Result:
    """Mend files, or show how they would be mended.

    Args:
        paths: The files.
        options: pylint's options.
        wishes: What the user allows.
        show: Called with the diff of each file; files are written where it is None.
        complain: Called with a file that is left as it was, and why.
    """
    linter = Linter(options)
    mends = files = code = 0
    for path in paths:
        try:
            file = read(path)
            mended = _mend(file, linter, wishes)
            if mended.count and show is None:
                write(file, file.holding(mended.text))
        except (UnwritableError, UnreadableError) as error:
            complain(path, str(error))
            continue
        if mended.count and show is not None:
            show(diff(file, file.holding(mended.text)))
        mends += mended.count
        files += mended.count > 0
        code |= linter.lint(path, mended.text, file.encoding)[1]
    return Result(mends, files, 0 if linter.quiet else code)


def _mend(file: File, linter: Linter, wishes: Wishes) -> Mended:
    def lint(text: str) -> Sequence[Problem] | None:
        try:
            return linter.lint(file.path, text, file.encoding)[0]
        except UnicodeEncodeError:
            return None

    return mend(file.code, linter.place(file.path), lint, wishes)
