"""Save the states of a model to one file, and load them: Keras saves weights, never states."""

from __future__ import annotations

import json
import os
import zipfile
import zlib
from pathlib import Path
from typing import Any

import numpy as np

from keras_stateful_guard.states import get_states, set_states

Saved = dict[str, list[tuple[str, np.ndarray]]]
HEADER = "keras_stateful_guard"
VERSION = 1
UNREADABLE = (
    AttributeError,  # a single array, not an archive of several
    EOFError,
    KeyError,
    TypeError,
    ValueError,
    zipfile.BadZipFile,
    zlib.error,
)


def save_states(model: Any, path: str | os.PathLike[str]) -> None:
    """Save the states of all stateful layers to one file.

    Neither `model.save()` nor a checkpoint of Keras holds them. The file is written beside its
    place and then moved there, so that an earlier one stays whole until the new one is.

    Args:
        model: A built Keras model with stateful layers.
        path: Where to write, such as `"states.npz"`; an earlier file is replaced.

    Raises:
        ValueError: The model has no stateful layer or is not built yet.
        OSError: The file cannot be written; an earlier one is as it was.

    Example:

    ```python
    model.save("model.keras")
    save_states(model, "states.npz")
    ```
    """
    states = get_states(model)
    arrays: dict[str, Any] = {
        f"{name}/{number}": each
        for name, layer in states.items()
        for number, each in enumerate(layer)
    }
    layers = {name: [str(each.dtype) for each in layer] for name, layer in states.items()}
    arrays[HEADER] = np.array(json.dumps({"version": VERSION, "layers": layers}))
    path = Path(path)
    partial = path.with_name(f"{path.name}.{os.getpid()}.partial")
    try:
        with partial.open("wb") as file:
            np.savez(file, **arrays)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def load_states(model: Any, path: str | os.PathLike[str]) -> None:
    """Set the states of all stateful layers to those of a file, all or none.

    Args:
        model: A built Keras model with the stateful layers of the one that was saved.
        path: A file that `save_states` wrote.

    Raises:
        FileNotFoundError: There is no such file.
        ValueError: The file is not one of `save_states` or is damaged, the model has no stateful
            layer or is not built yet, or paths, numbers, shapes or dtypes of the states are not
            the model's; nothing has been set then.

    Example:

    ```python
    model = keras.models.load_model("model.keras")
    load_states(model, "states.npz")  # goes on where the saved one stopped
    ```
    """
    own = get_states(model)
    _set(model, path, _read(Path(path)), own)


def load_in_order(model: Any, path: str | os.PathLike[str]) -> None:
    """Set states as `load_states` does, layer by layer: Keras numbers names, in one process on."""
    own, saved = get_states(model), _read(Path(path))
    if len(saved) == len(own):
        saved = dict(zip(own, saved.values(), strict=True))
    _set(model, path, saved, own)


def _set(
    model: Any, path: str | os.PathLike[str], saved: Saved, own: dict[str, list[np.ndarray]]
) -> None:
    known = {str(each.dtype): each.dtype for layer in own.values() for each in layer}
    for name in saved.keys() & own.keys():
        dtypes, needed = (
            [dtype for dtype, _ in saved[name]],
            [str(each.dtype) for each in own[name]],
        )
        if dtypes != needed and len(dtypes) == len(needed):
            message = f"{path}: states of '{name}' are {dtypes}; the model's are {needed}"
            raise ValueError(message)
    # numpy does not know bfloat16 by name: it comes back as bytes
    states = {
        name: [array.view(known.get(dtype, array.dtype)) for dtype, array in layer]
        for name, layer in saved.items()
    }
    try:
        set_states(model, states)
    except ValueError as error:
        message = f"{path}: {error}"
        raise ValueError(message) from error


def _read(path: Path) -> Saved:
    """Return the states of a file by layer, each with the name of its dtype."""
    if not path.exists():
        message = f"there are no saved states at {path}"
        raise FileNotFoundError(message)
    try:
        with path.open("rb") as opened, np.load(opened, allow_pickle=False) as file:
            layers = json.loads(str(file[HEADER]))["layers"]
            return {
                name: [(dtype, file[f"{name}/{number}"]) for number, dtype in enumerate(dtypes)]
                for name, dtypes in layers.items()
            }
    except UNREADABLE as error:
        message = f"{path} is damaged, or it is not a file that save_states wrote"
        raise ValueError(message) from error
