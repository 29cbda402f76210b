"""Proves for a model and its data that chunk by chunk gives what whole sequences give."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import numpy as np

from keras_stateful_guard import keras_api
from keras_stateful_guard.callbacks import StatefulGuard
from keras_stateful_guard.layout import StatefulBatches
from keras_stateful_guard.rebatching import whole_sequences
from keras_stateful_guard.states import built_bank, preserve_states

Array = np.ndarray[Any, np.dtype[Any]]
KERAS_ROWS = 32  # of a batch, where `predict` is told none


class Stretch(NamedTuple):
    """A sequence, or its begin, in the chunks of one slot.

    Args:
        slot: The row of the batch.
        begin: Its first chunk.
        end: The chunk behind its last one.
        length: Its time steps as they are predicted whole.
        real: How many of them are no padding.
    """

    slot: int
    begin: int
    end: int
    length: int
    real: int


def equivalence_gap(model: Any, batches: StatefulBatches) -> float:
    """Return how far chunk by chunk is from whole sequences, for a model and its data.

    The model predicts all batches under `StatefulGuard(batches.boundaries)`; a stateless one of the
    same weights predicts each sequence from its first time step on. About 1e-6 is float noise: the
    states are right. Padding is not compared. With one output a chunk, each chunk's is compared
    with that of the sequence up to there, which takes as many whole predictions as there are
    lengths. A padded last chunk then shows a gap unless `keras.layers.Masking` comes first: its
    output is made after the padding. States and weights are as before afterwards.

    Args:
        model: A built Keras model with stateful layers and one input.
        batches: What `stateful_batches` gave.

    Returns:
        The largest absolute difference between any two outputs of the same time step; NaN where
        only one of them is a number.

    Raises:
        ValueError: The model is none, has no stateful layer or several inputs, is not built, or
            cannot be made anew without states and for any number of time steps.
        StatefulPitfallError: The batches do not fit the model.

    Example:

    ```python
    batches = stateful_batches(series, batch_size=4, timesteps=13)
    assert equivalence_gap(model, batches) < 1e-5
    ```
    """
    _check(model, batches)
    built_bank(model)
    whole = whole_sequences(model)
    with preserve_states(model):
        outputs = _parts(_predict_chunks(model, batches))
    for each in outputs:
        batches.unbatch(each)  # which says what does not fit
    chunks = _by_slot(_read(batches), batches)
    by_slot = [_by_slot(each, batches) for each in outputs]
    gap = 0.0
    for stretches in _alike(batches):
        x = np.stack([_joined(chunks, each)[: each.length] for each in stretches])
        expected = _parts(_predict_whole(whole, x, batches.batch_size))
        for output, right in zip(by_slot, expected, strict=True):
            for stretch, its in zip(stretches, right, strict=False):  # rows that fill follow
                gap = float(np.maximum(gap, _difference(output, its, stretch, batches.per_step)))
    return gap


def _check(model: Any, batches: Any) -> None:
    if not isinstance(model, keras_api.keras().Model):
        message = f"model must be a Keras model; got {type(model).__name__}"
        raise ValueError(message)
    if not isinstance(batches, StatefulBatches):
        message = f"batches must be what stateful_batches gives; got {type(batches).__name__}"
        raise ValueError(message)
    inputs = keras_api.inputs(model)
    if len(inputs) > 1:
        names = ", ".join(f"'{name}'" for name, _ in inputs)
        message = (
            f"model '{model.name}' has inputs {names}, and batches hold data of one; "
            "expected keras.Model(one_input, ...)"
        )
        raise ValueError(message)


def _predict_chunks(model: Any, batches: StatefulBatches) -> Any:
    rows = {} if batches.sample_weight is None else {"batch_size": batches.batch_size}
    guard = StatefulGuard(batches.boundaries)
    return model.predict(batches.x, verbose=0, callbacks=[guard], **rows)


def _predict_whole(whole: Any, x: Array, rows: int) -> Any:
    """Predict batches that are multiples of the model's rows, which several devices can share."""
    lacking = -len(x) % rows
    filled = np.concatenate([x, np.repeat(x[:1], lacking, axis=0)])
    return whole.predict(filled, batch_size=rows * max(1, KERAS_ROWS // rows), verbose=0)


def _read(batches: StatefulBatches) -> Array:
    if batches.sample_weight is not None:
        return np.asarray(batches.x)
    return np.concatenate([np.asarray(batches.x[step][0]) for step in range(batches.steps)])


def _by_slot(rows: Array, batches: StatefulBatches) -> Array:
    """Return rows `(steps * batch_size, ...)` as `(batch_size, steps, ...)`."""
    steps: Array = rows.reshape(batches.steps, batches.batch_size, *rows.shape[1:])
    return np.swapaxes(steps, 0, 1)


def _joined(rows: Array, stretch: Stretch) -> Array:
    """Return what lies in the chunks of a stretch as one array in order of time."""
    part = rows[stretch.slot, stretch.begin : stretch.end]
    return part.reshape(-1, *part.shape[2:])


def _alike(batches: StatefulBatches) -> Iterable[list[Stretch]]:
    """Return what is to be predicted whole, in groups of one length.

    That is each sequence with the padding of its last chunk, of which the model's own time steps
    know nothing; or with one output a chunk what has been seen by the end of each.
    """
    groups: dict[int, list[Stretch]] = {}
    size, packing = batches.timesteps, batches.packing
    for piece in packing.pieces:
        last = packing.chunks(piece)
        for number in (last,) if batches.per_step else range(1, last + 1):
            seen = number * size if batches.per_step else min(number * size, piece.length)
            real = min(number * size, piece.length)
            stretch = Stretch(piece.slot, piece.chunk, piece.chunk + number, seen, real)
            groups.setdefault(seen, []).append(stretch)
    return groups.values()


def _difference(output: Array, right: Array, stretch: Stretch, per_step: bool) -> Any:
    if per_step:
        own, right = _joined(output, stretch)[: stretch.real], right[: stretch.real]
    else:
        own = output[stretch.slot, stretch.end - 1]
    if own.shape != right.shape:
        each, other = ("a chunk", False) if per_step else ("for each time step", True)
        message = (
            f"the model gives one output {each}; "
            f"lay its data out with stateful_batches(..., per_step={other})"
        )
        raise ValueError(message)
    apart = np.abs(own.astype("float64") - right)
    return np.where(np.isnan(own) & np.isnan(right), 0.0, apart).max()


def _parts(predicted: Any) -> list[Array]:
    """Return each output of a model, however they are nested."""
    if isinstance(predicted, Mapping):
        return _parts([predicted[name] for name in predicted])
    if isinstance(predicted, (list, tuple)):
        return [part for each in predicted for part in _parts(each)]
    return [np.asarray(predicted)]
