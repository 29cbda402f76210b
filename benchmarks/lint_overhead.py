"""What the plugin costs pylint: its messages alone against one message that infers nothing.

Both run pylint over the source of the keras package in processes of their own, in turn; compared
are the CPU time and the memory that they used. Run as
`python -m benchmarks.lint_overhead [--pairs N] [--stateful] [FOLDER]`; with `--stateful` over the
files alone that say the word, so that the plugin has to read every one.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import statistics
import subprocess
import sys
from pathlib import Path

COMMON = ["--rcfile=", "--disable=all", "--score=n", "--persistent=n", "--exit-zero"]
OURS = ["--load-plugins=pylint_plugin", "--enable=stateful-rnn"]
BARE = ["--enable=assert-on-tuple"]


def used_by(options: list[str], paths: list[str]) -> tuple[float, float]:
    """Run pylint once; return the CPU seconds and the MiB of memory of its process."""
    command = [sys.executable, "-m", "pylint", *COMMON, *options, *paths]
    home = Path(__file__).parents[1]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, cwd=home)
    _, code, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(code)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    return used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", help="default: the installed keras")
    parser.add_argument("--pairs", type=int, default=3)
    parser.add_argument("--stateful", action="store_true", help="only files that say the word")
    arguments = parser.parse_args()
    spec = importlib.util.find_spec("keras")
    folder = arguments.folder or Path(str(spec and spec.origin)).parent
    paths = [str(folder)]
    if arguments.stateful:
        paths = [str(each) for each in folder.rglob("*.py") if b"stateful" in each.read_bytes()]
        print(f"{len(paths)} files")
    cpu, memory = [], []
    for number in range(arguments.pairs):
        runs = [("ours", OURS), ("bare", BARE)]
        used = {name: used_by(each, paths) for name, each in (runs if number % 2 else runs[::-1])}
        cpu.append(used["ours"][0] / used["bare"][0])
        memory.append(used["ours"][1] / used["bare"][1])
        said = "; ".join(f"{name} {s:.1f} s, {mib:.0f} MiB" for name, (s, mib) in used.items())
        print(f"{said}: {cpu[-1]:.3f}, {memory[-1]:.3f}", flush=True)
    print(f"median ratio of CPU time: {statistics.median(cpu):.3f}")
    print(f"median ratio of memory: {statistics.median(memory):.3f}")


if __name__ == "__main__":
    main()
