"""reset_states / reset_state() on each of 16 LSTM layers: `python -m benchmarks.reset`."""

from __future__ import annotations

import keras

from benchmarks.paired import ratio
from keras_stateful_guard import reset_states, stateful_layers


def main() -> None:
    lstm = [keras.layers.LSTM(128, stateful=True, return_sequences=True) for _ in range(16)]
    model = keras.Sequential([keras.Input(batch_shape=(64, 5, 8)), *lstm])
    layers = list(stateful_layers(model).values())
    print(
        "reset of 16 layers / reset_state() on each:",
        ratio(
            lambda: reset_states(model), lambda: [each.reset_state() for each in layers], pairs=100
        ),
    )


if __name__ == "__main__":
    main()
