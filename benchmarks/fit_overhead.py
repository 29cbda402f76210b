"""fit with the guard / without, 8 units, 500 steps: `python -m benchmarks.fit_overhead`."""

from __future__ import annotations

import keras
import numpy as np

from benchmarks.paired import ratio
from keras_stateful_guard import StatefulGuard


def main() -> None:
    model = keras.Sequential(
        [
            keras.Input(batch_shape=(4, 10, 1)),
            keras.layers.LSTM(8, stateful=True),
            keras.layers.Dense(1),
        ]
    )
    model.compile("sgd", "mse")
    x, y = np.ones((2000, 10, 1), "float32"), np.ones((2000, 1), "float32")
    fit = {"batch_size": 4, "shuffle": False, "verbose": 0}
    guard = StatefulGuard()
    print(
        "fit with the guard / without:",
        ratio(
            lambda: model.fit(x, y, callbacks=[guard], **fit),
            lambda: model.fit(x, y, **fit),
            pairs=40,
        ),
    )


if __name__ == "__main__":
    main()
