"""fit with the monitor / without, 8 units, 500 steps: `python -m benchmarks.monitor`."""

from __future__ import annotations

import tempfile

import numpy as np

from benchmarks.paired import ratio
from keras_stateful_guard import StatefulGuard, StateMonitor, keras_api


def main() -> None:
    keras = keras_api.keras()
    layers = [
        keras.Input(batch_shape=(4, 10, 1)),
        keras.layers.LSTM(8, stateful=True),
        keras.layers.Dense(1),
    ]
    model = keras.Sequential(layers)
    model.compile("sgd", "mse")
    x, y = np.ones((2000, 10, 1), "float32"), np.ones((2000, 1), "float32")

    def fit(*monitors: StateMonitor) -> object:
        callbacks = [StatefulGuard(), *monitors]
        return model.fit(x, y, batch_size=4, shuffle=False, verbose=0, callbacks=callbacks)

    print("fit with the monitor / without:", ratio(lambda: fit(StateMonitor()), fit))
    with tempfile.TemporaryDirectory() as folder:
        found = ratio(lambda: fit(StateMonitor(folder)), fit, pairs=5)
        print("fit with the monitor and TensorBoard / without:", found)


if __name__ == "__main__":
    main()
