"""Padding and cost of laying 1,000 sequences out: `python -m benchmarks.packing`."""

from __future__ import annotations

import numpy as np

from benchmarks.paired import ratio
from keras_stateful_guard import stateful_batches


def main() -> None:
    random = np.random.default_rng(0)
    lengths = random.lognormal(mean=5.0, sigma=0.7, size=1000).astype(int) + 1
    sequences = [random.normal(size=(length, 8)).astype("float32") for length in lengths]
    for batch_size in (8, 32, 64):
        for timesteps in (10, 20, 50):
            batches = stateful_batches(sequences, batch_size=batch_size, timesteps=timesteps)
            chunks = int(np.ceil(lengths / timesteps).sum())
            beyond = batches.steps * batch_size / chunks - 1
            print(
                f"{batch_size} slots, {timesteps} timesteps: padding {batches.padding:.1%}, "
                f"beyond whole chunks {beyond:.2%}"
            )
    print(
        "stateful_batches / one np.concatenate of the same data:",
        ratio(
            lambda: stateful_batches(sequences, batch_size=32, timesteps=20),
            lambda: np.concatenate(sequences),
        ),
    )


if __name__ == "__main__":
    main()
