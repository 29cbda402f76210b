"""The rc file that a command line names: what keeps it from being read."""

from __future__ import annotations

import configparser
import sys
from collections.abc import Callable, Sequence

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib  # pylint brings it along

_OPTION = "--rcfile="


def readable(passed: Sequence[str], complain: Callable[[str, str], None]) -> list[str]:
    """Give the options without an rc file that cannot be read, which is complained of."""
    kept = []
    for option in passed:
        path = option.removeprefix(_OPTION) if option.startswith(_OPTION) else ""
        why = _fault(path) if path else None
        if why is None:
            kept.append(option)
        else:
            complain(path, why)
    return kept


def _fault(path: str) -> str | None:
    try:
        with open(path, encoding="utf-8") as file:
            text = file.read()
        if path.endswith(".toml"):
            tomllib.loads(text)
        else:
            configparser.ConfigParser(interpolation=None).read_string(text)
    except OSError as error:
        return error.strerror or str(error)
    except (tomllib.TOMLDecodeError, configparser.Error, UnicodeDecodeError) as error:
        return f"Not a configuration: {' '.join(str(error).split())}"
    return None
