"""What keras-stateful-lint costs, against bare pylint and against ruff.

1. Over the source of the keras package: CPU time of the command against pylint with one message
   that infers nothing, in turn.
2. Over 1,000 generated files without stateful code: wall time of the command, of one start of
   Python and of ruff, in turn.

Run as `python -m benchmarks.lint_command [--pairs N]`.
"""

from __future__ import annotations

import argparse
import importlib.util
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
LINT = [sys.executable, "-m", "pylint_plugin"]
BARE = [sys.executable, "-m", "pylint", "--rcfile=", "--disable=all", "--enable=assert-on-tuple"]
START = [sys.executable, "-c", "import argparse"]
RUFF = [sys.executable, "-m", "ruff", "check", "--isolated", "--no-cache", "--quiet"]
MODULE = '''
"""Module {number} of a project that trains models without state."""
import os
import keras
from package import helper_{number}

class Trainer:
    def __init__(self, units, rate):
        self.model = keras.Sequential([keras.Input((8, 3)), keras.layers.LSTM(units)])
        self.model.compile(keras.optimizers.Adam(rate), "mse")

    def train(self, x, y, epochs):
        history = self.model.fit(x, y, epochs=epochs, validation_split=0.1)
        return history.history["loss"][-1], self.model.evaluate(x, y), os.getcwd()
'''


def used(command: list[str]) -> tuple[float, float]:
    """Run a command and return its CPU and wall time in seconds."""
    before, begin = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(command, check=False, stdout=subprocess.DEVNULL, cwd=ROOT)
    after, end = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return cpu, end - begin


def over_keras(pairs: int) -> None:
    spec = importlib.util.find_spec("keras")
    folder = str(Path(str(spec and spec.origin)).parent)
    ratios = []
    for number in range(pairs):
        runs = {"ours": [*LINT, folder], "bare": [*BARE, folder]}
        cpu = {name: used(runs[name])[0] for name in sorted(runs, reverse=bool(number % 2))}
        ratios.append(cpu["ours"] / cpu["bare"])
        print(f"keras: ours {cpu['ours']:.2f} s, bare {cpu['bare']:.2f} s of CPU", flush=True)
    middle = statistics.median(ratios)
    print(f"keras: median ratio of CPU 1/{1 / middle:.1f}")


def over_a_plain_tree(pairs: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for number in range(1000):
            path = Path(folder, f"part{number % 20}", f"module{number}.py")
            path.parent.mkdir(exist_ok=True)
            path.write_text(MODULE.format(number=number), encoding="utf-8")
        runs = {"command": [*LINT, folder], "python": START, "ruff": [*RUFF, folder]}
        times: dict[str, list[tuple[float, float]]] = {name: [] for name in runs}
        for number in range(pairs + 1):
            for name in sorted(runs, reverse=bool(number % 2)):
                times[name].append(used(runs[name]))
        for name, all_runs in times.items():
            cpu, wall = (statistics.median(each) for each in zip(*all_runs[1:], strict=True))
            print(f"1,000 files: {name} {wall:.3f} s of wall, {cpu:.3f} s of CPU")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=3)
    arguments = parser.parse_args()
    over_a_plain_tree(arguments.pairs * 5)
    over_keras(arguments.pairs)


if __name__ == "__main__":
    main()
