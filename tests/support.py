"""The Keras in use, and models whose numbers show every leak.

The running-sum RNN is linear, its weights are ones and its learning rate is 0: its output is the
sum of all inputs that the row has seen since its state was zero.
"""

from __future__ import annotations

import importlib
import re
from typing import Any, NoReturn

import numpy as np
import pytest

from keras_stateful_guard import carry_states, keras_api

keras = keras_api.keras()
layers = keras.layers
BACKEND = keras_api.backend()
KERAS_2 = keras.__version__.startswith("2.")
KERAS_3_0 = keras.__version__.startswith("3.0.")


# What not every backend has

TENSORFLOWS = "tf.data, tf.function and their errors are tensorflow's"
ON_TENSORFLOW = pytest.mark.skipif(BACKEND != "tensorflow", reason=TENSORFLOWS)
BUILDS_IN_FIT = pytest.mark.skipif(
    BACKEND != "tensorflow",
    reason="Keras itself refuses to build a stateful layer in fit, on jax and torch",
)
SEVERAL_STEPS = pytest.mark.skipif(
    BACKEND == "torch", reason="Keras itself refuses steps_per_execution, on torch"
)
BROADCASTS = pytest.mark.skipif(
    BACKEND != "tensorflow", reason="Keras itself refuses a batch of one row, on jax and torch"
)


class _Elsewhere:
    """Stands for tensorflow on another backend: a test that reaches for it is skipped."""

    def __getattr__(self, name: str) -> NoReturn:
        if name.startswith("__"):
            raise AttributeError(name)
        pytest.skip(TENSORFLOWS, allow_module_level=True)


tf: Any = importlib.import_module("tensorflow") if BACKEND == "tensorflow" else _Elsewhere()


def carried(model: Any) -> Any:
    """Return a model that carries its states where no guard is at hand, on jax too."""
    carry_states(model)
    return model


def with_keras(code: str) -> str:
    """Return a script as it is written for the Keras in use."""
    if KERAS_2:
        code = re.sub(r"\breset_state\b", "reset_states", code)
    code = re.sub(r"\bfrom keras\b", f"from {keras.__name__}", code)
    return re.sub(r"\bimport keras\b", f"import {keras.__name__} as keras", code)


def mean(values: Any) -> Any:
    """Return the mean of a tensor, in any Keras."""
    return keras.backend.mean(values) if KERAS_2 else keras.ops.mean(values)


def tensor(array: np.ndarray) -> Any:
    """Return an array as a tensor, in any Keras."""
    return keras.backend.constant(array) if KERAS_2 else keras.ops.convert_to_tensor(array)


def to_numpy(variable: Any) -> np.ndarray:
    """Return a copy of a variable's value, in any Keras."""
    return np.array(variable.numpy() if KERAS_2 else keras.ops.convert_to_numpy(variable))


def steps_made(model: Any) -> int:
    """Return how many optimizer steps a model has made, in any Keras."""
    return int(to_numpy(model.optimizer.iterations))


def set_policy(name: str) -> None:
    """Set the precision in which new layers calculate, in any Keras."""
    if KERAS_2:
        keras.mixed_precision.set_global_policy(name)
    else:
        keras.config.set_dtype_policy(name)


def reset_layer(layer: Any) -> None:
    """Set the states of one layer to zero as its own Keras does it."""
    layer.reset_states() if KERAS_2 else layer.reset_state()


def running_sum(
    batch_size: int = 4, timesteps: int = 2, dtype: str | None = None, **compile_arguments: Any
) -> Any:
    """Return a compiled running-sum model; its loss is the mean of its outputs."""
    model = keras.Sequential(
        [
            keras.Input(batch_shape=(batch_size, timesteps, 1)),
            layers.SimpleRNN(
                1,
                activation="linear",
                kernel_initializer="ones",
                recurrent_initializer="ones",
                use_bias=False,
                stateful=True,
                name="sum",
                dtype=dtype,
            ),
        ]
    )
    compile_sum(model, **compile_arguments)
    return model


def compile_sum(model: Any, **arguments: Any) -> None:
    """Compile a model so that its loss is the mean of its outputs and nothing is learned."""
    model.compile(
        optimizer=keras.optimizers.SGD(0.0),
        loss=lambda _, predicted: mean(predicted),
        **arguments,
    )


def ones(rows: int, timesteps: int = 2, value: float = 1.0) -> tuple[np.ndarray, np.ndarray]:
    """Return x of shape (rows, timesteps, 1), all of one value, and targets that do not matter."""
    return np.full((rows, timesteps, 1), value, "float32"), np.zeros((rows, 1), "float32")


def small_lstm(batch_size: int = 4, units: int = 3, seed: int = 1) -> Any:
    """Return a compiled stateful LSTM with weights that are the same each time."""
    keras.utils.set_random_seed(seed)
    model = keras.Sequential(
        [
            keras.Input(batch_shape=(batch_size, 2, 1)),
            layers.LSTM(units, stateful=True, name="lstm"),
            layers.Dense(1, name="dense"),
        ]
    )
    model.compile(optimizer=keras.optimizers.SGD(0.1), loss="mse")
    return model


def noise(rows: int, seed: int = 3) -> tuple[np.ndarray, np.ndarray]:
    """Return random x of shape (rows, 2, 1) and y of shape (rows, 1)."""
    random = np.random.default_rng(seed)
    return random.normal(size=(rows, 2, 1)).astype("float32"), random.normal(size=(rows, 1)).astype(
        "float32"
    )


def losses(history: Any, key: str = "loss") -> list[float]:
    """Return the losses per epoch, rounded past float noise."""
    return [round(float(value), 4) for value in history.history[key]]


def statuses(report: Any) -> set[str]:
    """Return how a call was judged, but for its layout, which short or noisy data do not show."""
    return {each.status for each in report.verdicts if each.symbol != "stateful-broken-layout"}


def training_state(model: Any) -> list[np.ndarray]:
    """Return copies of all weights, optimizer variables and states of a model."""
    from keras_stateful_guard import get_states

    weights = [np.array(each) for each in model.get_weights()]
    optimizer = [to_numpy(each) for each in model.optimizer.variables]
    states = [each for arrays in get_states(model).values() for each in arrays]
    return weights + optimizer + states


def same(first: list[np.ndarray], second: list[np.ndarray]) -> bool:
    """Return whether two lists of arrays are equal bit for bit."""
    return len(first) == len(second) and all(
        a.shape == b.shape and np.array_equal(a, b, equal_nan=True)
        for a, b in zip(first, second, strict=True)
    )
