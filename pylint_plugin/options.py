"""The command line of keras-stateful-lint: a few options of its own, the rest is pylint's."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NoReturn

USAGE_ERROR = 32
# Those of pylint's options that take a value and may be written with a space before it.
_WITH_VALUE = (
    ("-j", "--jobs"),
    ("-d", "--disable"),
    ("-e", "--enable"),
    ("--confidence",),
    ("--msg-template",),
    ("--ignore-paths",),
    ("--ignore-patterns",),
    ("--output",),
    ("--rcfile",),
    ("--load-plugins",),
    ("--fail-on",),
    ("--fail-under",),
    ("--stateful-keras-version",),
    ("--stateful-layer-names",),
    ("--stateful-reset-callbacks",),
)
_TEXT = frozenset({"text", "colorized", "parseable", "msvs", "github"})


@dataclass(frozen=True)
class Mending:
    """How files are to be mended.

    Args:
        write: Whether to write them; else the changes are shown.
        unsafe: Whether mends are allowed that may change what is trained.
        dependency: Whether they may import keras_stateful_guard.
    """

    write: bool
    unsafe: bool
    dependency: bool


@dataclass(frozen=True)
class Options:
    """What the command was asked to do.

    Args:
        paths: Files and folders.
        ignored: Names of files and folders to leave out.
        form: pylint's output format.
        stats: Whether to tell at the end what was done.
        passed: Further options, in pylint's own spelling.
        mending: Set where files are to be mended.
    """

    paths: list[str]
    ignored: frozenset[str]
    form: str
    stats: bool
    passed: list[str]
    mending: Mending | None = None

    @property
    def whole(self) -> bool:
        """Whether the report is a document that must be written even if nothing is found."""
        return self.form not in _TEXT or any(each.startswith("--output=") for each in self.passed)

    @property
    def widened(self) -> bool:
        """Whether messages may be wanted that are not ours, and need what ours do without."""
        wide = ("--enable=", "--load-plugins=", "--rcfile=", "--fail-on=")
        return any(each.startswith(wide) for each in self.passed)


class _Pass(argparse.Action):
    """Keeps an option of pylint's for pylint."""

    def __call__(
        self,
        _parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: str | Sequence[object] | None,
        _option: str | None = None,
    ) -> None:
        namespace.passed = [*namespace.passed, f"{self.option_strings[-1]}={values}"]


class _Version(argparse.Action):
    """Looks the version up only when it is asked for: that takes longer than reading a tree."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> NoReturn:
        from importlib.metadata import version  # noqa: PLC0415 (see above)

        sys.stdout.write(f"{parser.prog} {version('keras-stateful-guard')}\n")
        parser.exit()


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """End with pylint's exit code for a mistaken command line."""
        self.exit(USAGE_ERROR, f"{self.prog}: {message}\n")


def parse(argv: Sequence[str] | None) -> Options:
    """Read the command line; argparse ends the program where it is asked for help or mistaken."""
    parser = _Parser(
        prog="keras-stateful-lint",
        description="Report the pitfalls of stateful Keras layers in files, folders and notebooks.",
        epilog="Any other option is handed to pylint: write it as --name=value.",
        allow_abbrev=False,
    )
    parser.add_argument("paths", nargs="*", metavar="path", help="default: the current folder")
    parser.add_argument(
        "-f",
        "--format",
        "--output-format",
        default="text",
        metavar="FORMAT",
        help="text, colorized, json2, github, sarif or any other that pylint knows",
    )
    parser.add_argument("--ignore", default="", metavar="NAMES", help="files and folders to skip")
    parser.add_argument("--stats", action="store_true", help="tell at the end what was done")
    parser.add_argument("--fix", action="store_true", help="mend what can be mended, then report")
    parser.add_argument("--diff", action="store_true", help="show what --fix would change")
    parser.add_argument(
        "--unsafe-fixes",
        action="store_true",
        help="also mends that change what is trained: drop_remainder=True, StatefulGuard()",
    )
    parser.add_argument(
        "--no-dependency", action="store_true", help="only mends that import nothing of ours"
    )
    parser.add_argument("--version", action=_Version, nargs=0, help="tell the version and end")
    for names in _WITH_VALUE:
        parser.add_argument(*names, action=_Pass, dest="passed", default=[], help=argparse.SUPPRESS)
    known, further = parser.parse_known_intermixed_args(argv)
    if known.fix and known.diff:
        parser.error("--fix writes and --diff only shows: give one of them")
    if (known.unsafe_fixes or known.no_dependency) and not (known.fix or known.diff):
        parser.error("--unsafe-fixes and --no-dependency go with --fix or --diff")
    mending = Mending(known.fix, known.unsafe_fixes, not known.no_dependency)
    return Options(
        paths=known.paths or ["."],
        ignored=frozenset(each.strip() for each in known.ignore.split(",") if each.strip()),
        form=known.format,
        stats=known.stats,
        passed=[*known.passed, *further],
        mending=mending if known.fix or known.diff else None,
    )
