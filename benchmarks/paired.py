"""Runs two things in turn and tells the ratio of their times."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from typing import NamedTuple


class Times(NamedTuple):
    """Seconds of one run.

    Args:
        wall: By the clock.
        cpu: Of this process, in which the pauses of a busy machine do not count.
    """

    wall: float
    cpu: float


def ratio(ours: Callable[[], object], theirs: Callable[[], object], pairs: int = 25) -> str:
    """Return the median of ours / theirs over pairs, the quartiles and both medians."""
    ours(), theirs()
    first: list[Times] = []
    second: list[Times] = []
    for number in range(pairs):
        order = [(ours, first), (theirs, second)]
        for run, times in order if number % 2 else reversed(order):
            times.append(_timed(run))
    both = list(zip(first, second, strict=True))
    low, middle, high = statistics.quantiles([a.wall / b.wall for a, b in both], n=4)
    cpu = statistics.median(a.cpu / b.cpu for a, b in both)
    return (
        f"{middle:.3f} (quartiles {low:.3f} to {high:.3f}; {_wall(first)} against {_wall(second)}; "
        f"by CPU time {cpu:.3f})"
    )


def _timed(run: Callable[[], object]) -> Times:
    wall, cpu = time.perf_counter(), time.process_time()
    run()
    return Times(time.perf_counter() - wall, time.process_time() - cpu)


def _wall(times: list[Times]) -> str:
    return f"{statistics.median(each.wall for each in times) * 1e3:.2f} ms"
