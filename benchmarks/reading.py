"""Reading the plan of 20 tf.data nodes and of a 1 GB array: `python -m benchmarks.reading`."""

from __future__ import annotations

import statistics
import time
import tracemalloc
from typing import Any

import numpy as np
import tensorflow as tf

from keras_stateful_guard import sources


def milliseconds(request: Any, runs: int = 50) -> float:
    sources.read(request)
    times = []
    for _ in range(runs):
        begin = time.perf_counter()
        sources.read(request)
        times.append(time.perf_counter() - begin)
    return statistics.median(times) * 1e3


def main() -> None:
    data = tf.data.Dataset.range(1000)
    for _ in range(16):
        data = data.map(lambda number: number + 1)
    data = data.cache().batch(4, drop_remainder=True).prefetch(1)
    print(f"plan of 20 nodes: {milliseconds(sources.Request(data)):.2f} ms")
    array = np.ones((1 << 20, 256), "float32")
    tracemalloc.start()
    taken = milliseconds(sources.Request(array, batch_size=4))
    peak = tracemalloc.get_traced_memory()[1]
    print(f"plan of {array.nbytes / 2**30:.0f} GiB: {taken:.3f} ms, {peak / 2**20:.2f} MiB taken")


if __name__ == "__main__":
    main()
