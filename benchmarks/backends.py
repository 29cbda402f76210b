"""States on the backend in use, `KERAS_BACKEND=jax python -m benchmarks.backends`.

1. fit with the guard / without, 8 units, 500 steps, no boundaries. Both models carry their states.
2. reset_states / reset_state() on each of 16 layers.
"""

from __future__ import annotations

from typing import Any

import keras
import numpy as np

from benchmarks.paired import ratio
from keras_stateful_guard import StatefulGuard, carry_states, reset_states, stateful_layers


def model_of(shape: tuple[int, int, int], *inside: Any) -> Any:
    model = keras.Sequential([keras.Input(batch_shape=shape), *inside])
    model.compile("sgd", "mse")
    carry_states(model)
    return model


def fit() -> str:
    lstm = keras.layers.LSTM(8, stateful=True)
    model = model_of((4, 10, 1), lstm, keras.layers.Dense(1))
    x, y = np.ones((2000, 10, 1), "float32"), np.ones((2000, 1), "float32")
    given = {"batch_size": 4, "shuffle": False, "verbose": 0}
    return ratio(
        lambda: model.fit(x, y, callbacks=[StatefulGuard()], **given),
        lambda: model.fit(x, y, **given),
        pairs=25,
    )


def reset() -> str:
    lstm = [keras.layers.LSTM(128, stateful=True, return_sequences=True) for _ in range(16)]
    model = model_of((64, 5, 8), *lstm)
    layers = list(stateful_layers(model).values())
    return ratio(
        lambda: reset_states(model), lambda: [each.reset_state() for each in layers], pairs=100
    )


def main() -> None:
    backend = keras.backend.backend()
    print(f"{backend}: reset of 16 layers / reset_state() on each: {reset()}", flush=True)
    print(f"{backend}: fit with the guard / without: {fit()}")


if __name__ == "__main__":
    main()
