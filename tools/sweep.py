"""Read other people's source: no crash, no hang.

Every file goes through the reader, also those that the gate would leave out: the sweep seeks
trouble, not findings. Run as `python tools/sweep.py [FOLDER ...]`; without folders it takes the
standard library and all that is installed beside pylint.
"""

from __future__ import annotations

import argparse
import collections
import signal
import sys
import sysconfig
import time
import traceback
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

import astroid

from pylint_plugin.project import Project
from pylint_plugin.reader import Settings, read
from pylint_plugin.rules import ALL
from pylint_plugin.trees import Builder

# Seconds of CPU, far above what any file takes: longer is a hang.
LIMIT = 20


class Hang(BaseException):
    """A file took too long."""


def stop(_signal: int, _frame: FrameType | None) -> None:
    """End the reading of a file."""
    raise Hang


def files(folders: list[Path]) -> Iterator[Path]:
    """Yield the Python files of some folders, each once."""
    seen: set[Path] = set()
    for folder in folders:
        for path in sorted(folder.rglob("*.py")):
            true = path.resolve()
            if true not in seen and path.is_file():
                seen.add(true)
                yield path


def judge(path: Path, project: Project) -> tuple[str, int]:
    """Read one file and give what became of it, and how many findings there are."""
    try:
        tree = Builder().file_build(str(path), path.stem)
    except (astroid.AstroidError, RecursionError, ValueError):
        return "not Python", 0
    # astroid remembers every tree by its name: thousands would fill the memory.
    astroid.MANAGER.astroid_cache.pop(path.stem, None)
    try:
        result = read(tree, project, Settings())
        found = [each for rule in ALL.values() for trace in result.traces for each in rule(trace)]
    except RecursionError:
        return "nested too deep", 0
    except Hang:
        return "HANG", 0
    except Exception:  # whatever it is, it is what the sweep seeks
        traceback.print_exc()
        return "CRASH", 0
    whole = all(trace.complete for trace in result.traces)
    return ("read" if whole else "read in part"), len(found)


def main() -> int:
    """Sweep, print the counts, and fail if anything crashed or hung."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", type=Path, nargs="*")
    given = parser.parse_args().folders
    library, installed = (Path(sysconfig.get_path(name)) for name in ("stdlib", "purelib"))
    signal.signal(signal.SIGPROF, stop)
    became: collections.Counter[str] = collections.Counter()
    told = 0
    slowest = (0.0, Path())
    project = Project()
    for path in files(given or [library, installed]):
        begin = time.process_time()
        signal.setitimer(signal.ITIMER_PROF, LIMIT)
        what, found = judge(path, project)
        signal.setitimer(signal.ITIMER_PROF, 0)
        slowest = max(slowest, (time.process_time() - begin, path))
        became[what] += 1
        told += found
        if what.isupper():
            sys.stdout.write(f"{what}: {path}\n")
    counts = ", ".join(f"{count} {what}" for what, count in became.most_common())
    sys.stdout.write(f"{became.total()} files: {counts}; {told} findings\n")
    sys.stdout.write(f"slowest: {slowest[0]:.1f} s of CPU, {slowest[1].name}\n")
    return int(bool(became["CRASH"] or became["HANG"]))


if __name__ == "__main__":
    sys.exit(main())
