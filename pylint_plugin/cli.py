"""keras-stateful-lint: reads bytes first and hands to pylint only the files that can matter."""

from __future__ import annotations

import importlib.util
import os
import sys
import time
from collections.abc import Iterator, Sequence

from pylint_plugin import notebooks
from pylint_plugin.files import Files
from pylint_plugin.gate import matters
from pylint_plugin.options import USAGE_ERROR, Options, parse
from pylint_plugin.walk import walk

# Linting more files than this takes seconds.
_MANY = 20
_NO_LIBCST = 'Mending needs LibCST: pip install "keras-stateful-guard[fix]"'
_ONLY_OURS = (
    # An empty name: a user's rc file could load plugins that are not installed here.
    "--rcfile=",
    "--load-plugins=pylint_plugin",
    "--disable=all",
    "--enable=stateful-rnn",
    "--persistent=n",
    "--score=n",
)


def main(argv: Sequence[str] | None = None) -> int:
    """Lint what the command line names and give pylint's exit code, 32 if a path is unreadable."""
    options = parse(argv)
    began = time.perf_counter()
    run = _Run(options)
    chosen = list(run.choose())
    if chosen:
        run.configure()
    if len(chosen) > _MANY and sys.stderr.isatty():
        _tell(f"linting {len(chosen)} of {run.read} files")
    code = run.mend(chosen) if options.mending else run.lint(chosen)
    if options.stats:
        seconds = time.perf_counter() - began
        _tell(f"{run.read} files read, {len(chosen)} linted, {seconds:.1f} s")
    return code | (USAGE_ERROR if run.troubled else 0)


class _Run:
    def __init__(self, options: Options) -> None:
        self.options = options
        self.read = 0
        self.troubled = False
        self.passed = options.passed

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
            try:
                code = notebooks.code(raw) if path.endswith(notebooks.ENDING) else raw
            except ValueError:
                self._complain(path, "Not a notebook")
                continue
            if matters(code, path, around):
                yield path

    def configure(self) -> None:
        """Leave out an rc file that cannot be read."""
        from pylint_plugin.configuration import readable  # noqa: PLC0415 (most trees need none)

        self.passed = readable(self.options.passed, self._complain)

    def mend(self, chosen: list[str]) -> int:
        """Mend the files, or show how, and give the exit code for what is left."""
        mending = self.options.mending
        assert mending is not None
        if importlib.util.find_spec("libcst") is None:
            _tell(_NO_LIBCST)
            return USAGE_ERROR
        # Imported here: it needs LibCST, which linting does without.
        from pylint_plugin.fixes.command import run  # noqa: PLC0415 (see above)
        from pylint_plugin.fixes.edits import Wishes  # noqa: PLC0415 (see above)

        passed = [each for each in self.passed if not each.startswith("--output=")]
        wishes = Wishes(mending.unsafe, mending.dependency)
        show = None if mending.write else sys.stdout.write
        try:
            done = run(_named(chosen), [*_ONLY_OURS, *passed], wishes, show, self._complain)
        except SystemExit:  # pylint has said what it does not understand
            return USAGE_ERROR
        if done.mends:
            would = "mended" if mending.write else "would be mended"
            _tell(f"{_count(done.mends, 'finding')} in {_count(done.files, 'file')} {would}")
        return self.lint(chosen) if mending.write else done.code

    def lint(self, chosen: list[str]) -> int:
        """Run pylint over the files and give its exit code."""
        named = _named(chosen)
        books = [each for each in named if each.endswith(notebooks.ENDING)]
        files = [each for each in named if not each.endswith(notebooks.ENDING)]
        if not files and (self.options.whole or (books and self.passed)):
            # A file without fault: a report of nothing is a document too, and only pylint itself,
            # not nbQA, tells options that it does not understand from findings.
            files = [os.path.join(os.path.dirname(__file__), "__init__.py")]
        code = self._lint_files(files) if files else 0
        return code if not books or code & USAGE_ERROR else code | self._lint_books(books)

    def _lint_files(self, files: list[str]) -> int:
        # Imported here: most trees hold no stateful code, and then it is not needed.
        from pylint_plugin.trees import LeanCommand, WholeCommand  # noqa: PLC0415 (see above)

        run = WholeCommand if self.options.widened else LeanCommand
        form = f"--output-format={self.options.form}"
        return run([*_ONLY_OURS, form, *self.passed, *files]).code

    def _lint_books(self, books: list[str]) -> int:
        if not notebooks.installed():
            for each in books:
                self._complain(each, notebooks.MISSING)
            return 0
        passed = [each for each in self.passed if not each.startswith("--output=")]
        return notebooks.lint(books, [*_ONLY_OURS, *passed], aside=self.options.whole)

    def _complain(self, path: str, why: str) -> None:
        self.troubled = True
        _tell(f"{path}: {why}")


def _named(paths: list[str]) -> list[str]:
    """Name paths for pylint, which takes what begins with a dash for an option, behind `--` too."""
    return [os.path.join(os.curdir, each) if each[0] == "-" else each for each in paths]


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}{'' if number == 1 else 's'}"


def _tell(line: str) -> None:
    sys.stderr.write(f"keras-stateful-lint: {line}\n")
