"""Proves for a model and its data that chunk by chunk gives what whole sequences give."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from keras_stateful_guard.callbacks import StatefulGuard
from keras_stateful_guard.layout import StatefulBatches
from keras_stateful_guard.rebatching import whole_sequences
from keras_stateful_guard.states import built_bank, preserve_states

Array = np.ndarray[Any, np.dtype[Any]]
Stretch = tuple[int, int, int]


def equivalence_gap(model: Any, batches: StatefulBatches) -> float:
    """Return how far chunk by chunk is from whole sequences, for a model and its data.

    The model predicts all batches under `StatefulGuard(batches.boundaries)`; a stateless one of the
    same weights predicts each sequence from its first time step on. About 1e-6 is float noise: the
    states are right. With one output a chunk, each chunk's is compared, which takes as many whole
    predictions as the longest sequence has chunks. States and weights are as before afterwards.

    Args:
        model: A built Keras model with stateful layers and one input.
        batches: What `stateful_batches` gave.

    Returns:
        The largest absolute difference between any two outputs of the same time step; NaN where
        only one of them is a number.

    Raises:
        ValueError: The model has no stateful layer, is not built, or cannot be made anew without
            states and for any number of time steps.
        StatefulPitfallError: The batches do not fit the model.

    Example:

    ```python
    batches = stateful_batches(series, batch_size=4, timesteps=13)
    assert equivalence_gap(model, batches) < 1e-5
    ```
    """
    built_bank(model)
    _check(batches)
    whole = whole_sequences(model)
    with preserve_states(model):
        outputs = _parts(_predict_chunks(model, batches))
    for each in outputs:
        batches.unbatch(each)  # which says what does not fit
    chunks = _by_slot(_read(batches), batches)
    by_slot = [_by_slot(each, batches) for each in outputs]
    gap = 0.0
    for stretches in _alike(batches):
        x = np.stack([chunks[slot, begin:end] for slot, begin, end in stretches])
        expected = _parts(whole.predict(x.reshape(len(x), -1, *x.shape[3:]), verbose=0))
        for output, right in zip(by_slot, expected, strict=True):
            first = 0 if batches.per_step else -1
            own = np.stack([output[slot, begin:end][first:] for slot, begin, end in stretches])
            gap = float(np.maximum(gap, _difference(own.reshape(len(x), -1), right)))
    return gap


def _check(batches: Any) -> None:
    if not isinstance(batches, StatefulBatches):
        message = f"batches must be what stateful_batches gives; got {type(batches).__name__}"
        raise ValueError(message)


def _predict_chunks(model: Any, batches: StatefulBatches) -> Any:
    rows = {} if batches.sample_weight is None else {"batch_size": batches.batch_size}
    guard = StatefulGuard(batches.boundaries)
    return model.predict(batches.x, verbose=0, callbacks=[guard], **rows)


def _read(batches: StatefulBatches) -> Array:
    if batches.sample_weight is not None:
        return np.asarray(batches.x)
    return np.concatenate([np.asarray(batches.x[step][0]) for step in range(batches.steps)])


def _by_slot(rows: Array, batches: StatefulBatches) -> Array:
    """Return rows `(steps * batch_size, ...)` as `(batch_size, steps, ...)`."""
    steps: Array = rows.reshape(batches.steps, batches.batch_size, *rows.shape[1:])
    return np.swapaxes(steps, 0, 1)


def _alike(batches: StatefulBatches) -> Iterator[list[Stretch]]:
    """Yield what is to be predicted whole, in groups of one length.

    Each is a slot and its first and last chunk, from one boundary to the next, or with one output
    a chunk to the end of each chunk between.
    """
    groups: dict[int, list[Stretch]] = {}
    for slot, begins in enumerate(batches.boundaries.T):
        edges = [0, *(np.flatnonzero(begins[1:]) + 1), batches.steps]
        for begin, end in itertools.pairwise(edges):
            for until in (end,) if batches.per_step else range(begin + 1, end + 1):
                groups.setdefault(until - begin, []).append((slot, begin, until))
    yield from groups.values()


def _difference(own: Array, right: Array) -> Any:
    right = right.reshape(len(right), -1)
    if own.shape != right.shape:
        message = (
            "the model gives an output for each time step; "
            "lay its data out with stateful_batches(..., per_step=True)"
        )
        raise ValueError(message)
    apart = np.abs(own.astype("float64") - right)
    return np.where(np.isnan(own) & np.isnan(right), 0.0, apart).max()


def _parts(predicted: Any) -> list[Array]:
    if isinstance(predicted, Mapping):
        return [np.asarray(predicted[name]) for name in predicted]
    return list(predicted) if isinstance(predicted, (list, tuple)) else [predicted]
