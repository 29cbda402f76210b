"""What the plugin costs pylint: its messages alone against one message that infers nothing.

Both run pylint over the source of the keras package in processes of their own, in turn; compared is
the CPU time they used. Run as `python -m benchmarks.lint_overhead [--pairs N] [FOLDER]`.
"""

from __future__ import annotations

import argparse
import importlib.util
import resource
import statistics
import subprocess
import sys
from pathlib import Path

COMMON = ["--rcfile=", "--disable=all", "--score=n", "--persistent=n", "--exit-zero"]
OURS = ["--load-plugins=pylint_plugin", "--enable=stateful-rnn"]
BARE = ["--enable=assert-on-tuple"]


def cpu_seconds(options: list[str], folder: Path) -> float:
    """Run pylint once and return the CPU time of its process."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [sys.executable, "-m", "pylint", *COMMON, *options, str(folder)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=Path(__file__).parents[1])
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", help="default: the installed keras")
    parser.add_argument("--pairs", type=int, default=3)
    arguments = parser.parse_args()
    spec = importlib.util.find_spec("keras")
    folder = arguments.folder or Path(str(spec and spec.origin)).parent
    ratios = []
    for number in range(arguments.pairs):
        runs = [("ours", OURS), ("bare", BARE)]
        used = {
            name: cpu_seconds(each, folder) for name, each in (runs if number % 2 else runs[::-1])
        }
        ratios.append(used["ours"] / used["bare"])
        print(f"ours {used['ours']:.1f} s, bare {used['bare']:.1f} s: {ratios[-1]:.3f}", flush=True)
    print(f"median ratio of CPU time: {statistics.median(ratios):.3f}")


if __name__ == "__main__":
    main()
