"""keras-stateful-lint: reads bytes first and hands to pylint only the files that can matter."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator, Sequence

from pylint_plugin.files import Files
from pylint_plugin.gate import matters
from pylint_plugin.options import USAGE_ERROR, Options, parse
from pylint_plugin.walk import walk

_ONLY_OURS = (
    # An empty name: a user's rc file could load plugins that are not installed here.
    "--rcfile=",
    "--load-plugins=pylint_plugin",
    "--disable=all",
    # A file that cannot be parsed has not been judged: that must not look like a pass.
    "--enable=stateful-rnn,syntax-error,F",
    "--persistent=n",
    "--score=n",
)


def main(argv: Sequence[str] | None = None) -> int:
    """Lint what the command line names and give pylint's exit code, 32 if a path is unreadable."""
    options = parse(argv)
    began = time.perf_counter()
    run = _Run(options)
    chosen = list(run.choose())
    code = run.lint(chosen)
    if options.stats:
        seconds = time.perf_counter() - began
        _tell(f"{run.read} files read, {len(chosen)} linted, {seconds:.1f} s")
    return code | (USAGE_ERROR if run.troubled else 0)


class _Run:
    def __init__(self, options: Options) -> None:
        self.options = options
        self.read = 0
        self.troubled = False

    def choose(self) -> Iterator[str]:
        """Yield the files that can matter."""
        around = Files()
        for path in walk(self.options.paths, self.options.ignored, self._complain):
            if os.path.exists(path) and not os.path.isfile(path):
                self._complain(path, "Not a file")
                continue
            try:
                with open(path, "rb") as file:
                    raw = file.read()
            except OSError as error:
                self._complain(path, error.strerror or str(error))
                continue
            self.read += 1
            if matters(raw, path, around):
                yield path

    def lint(self, chosen: list[str]) -> int:
        """Run pylint over the files and give its exit code."""
        if not chosen and self.options.whole:
            # A report of nothing is a document too: let pylint write it about a file without fault.
            chosen = [os.path.join(os.path.dirname(__file__), "__init__.py")]
        if not chosen:
            return 0
        # Imported here: most trees hold no stateful code, and then it is not needed.
        from pylint.lint import Run  # noqa: PLC0415 (see above)

        arguments = [*_ONLY_OURS, f"--output-format={self.options.form}", *self.options.passed]
        # pylint takes whatever begins with a dash for an option, behind `--` too.
        files = [os.path.join(os.curdir, each) if each[0] == "-" else each for each in chosen]
        try:
            Run([*arguments, *files])
        except SystemExit as end:
            return end.code if isinstance(end.code, int) else USAGE_ERROR
        return 0

    def _complain(self, path: str, why: str) -> None:
        self.troubled = True
        _tell(f"{path}: {why}")


def _tell(line: str) -> None:
    sys.stderr.write(f"keras-stateful-lint: {line}\n")
