"""Runs two things in turn and tells the ratio of their times."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable


def ratio(ours: Callable[[], object], theirs: Callable[[], object], pairs: int = 25) -> str:
    """Return the median of ours / theirs over pairs, the quartiles and both medians."""
    ours(), theirs()
    first, second = [], []
    for number in range(pairs):
        order = [(ours, first), (theirs, second)]
        for run, times in order if number % 2 else reversed(order):
            begin = time.perf_counter()
            run()
            times.append(time.perf_counter() - begin)
    ratios = [a / b for a, b in zip(first, second, strict=True)]
    low, middle, high = statistics.quantiles(ratios, n=4)
    return (
        f"{middle:.3f} (quartiles {low:.3f} to {high:.3f}; "
        f"{statistics.median(first) * 1e3:.2f} ms against {statistics.median(second) * 1e3:.2f} ms)"
    )
