"""The kernel that LSTM uses on a GPU, where jax does not tell XLA how it reads its arrays.

XLA then hands it rows and time steps in the order that suits the layers around it, the kernel takes
them in its own, and the slots are mixed up. Without the kernel the layer loops as on a CPU.
"""

from __future__ import annotations

from typing import Any

import jax

from keras_stateful_guard import keras_api
from keras_stateful_guard.within import layers_within

KERNEL = "use_cudnn"
NOTE = "LSTM layers run without the kernel of cuDNN, which mixes up their rows"


def on_gpu() -> bool:
    """Return whether Keras would use the kernel; it asks the same."""
    return bool(jax.default_backend() == "gpu")


def avoid(model: Any) -> tuple[bool, bool]:
    """Let no LSTM of a model use the kernel; return whether it has any, and any that used it."""
    if not on_gpu():
        return False, False
    lstm = keras_api.keras().layers.LSTM
    layers = [each for each in layers_within(model) if isinstance(each, lstm)]
    using = [each for each in layers if getattr(each, KERNEL, False)]
    for layer in using:
        setattr(layer, KERNEL, False)
    return bool(layers), bool(using)
