"""Copies sequences to where a packing wants them: all batches at once, or one at a time."""

from __future__ import annotations

from typing import Any

import numpy as np

from keras_stateful_guard.packing import Packing
from keras_stateful_guard.sequences import Given

Array = np.ndarray[Any, np.dtype[Any]]


def chunks(packing: Packing, given: Given, pad: Any) -> Array:
    """Return x `(steps * batch_size, timesteps, features…)`: the one copy of the data."""
    length = packing.timesteps
    shape = (packing.steps, packing.batch_size, length, *given.shape)
    laid = np.full(shape, pad, given.dtype)
    for piece in packing.pieces:
        data = np.asarray(given.arrays[piece.sequence][piece.begin : piece.begin + piece.length])
        whole, rest = divmod(piece.length, length)
        end = piece.chunk + whole
        laid[piece.chunk : end, piece.slot] = data[: whole * length].reshape(
            whole, length, *given.shape
        )
        if rest:
            laid[end, piece.slot, :rest] = data[whole * length :]
    return laid.reshape(-1, length, *given.shape)


def targets(packing: Packing, given: Given, per_step: bool) -> Array:
    """Return y: a target for each time step, or with `per_step=False` one for each chunk."""
    if per_step and given.per_step:
        return chunks(packing, given, 0)
    steps = (packing.timesteps,) if per_step else ()
    laid = np.zeros((packing.steps, packing.batch_size, *steps, *given.shape), given.dtype)
    for piece in packing.pieces:
        count = packing.chunks(piece)
        data: Any = given.arrays[piece.sequence]
        if given.per_step:
            data = data[piece.begin : piece.begin + piece.length]
            last = data[-1:]
            data = np.concatenate([data[packing.timesteps - 1 :: packing.timesteps], last])[:count]
        laid[piece.chunk : piece.chunk + count, piece.slot] = data
    return laid.reshape(-1, *steps, *given.shape)


def weights(packing: Packing, per_step: bool) -> Array:
    """Return 1 for each time step, or chunk, that holds data and 0 for padding."""
    real = packing.real_steps().reshape(-1)
    if per_step:
        return (np.arange(packing.timesteps) < real[:, None]).astype("float32")
    return (real > 0).astype("float32")


def one_batch(packing: Packing, number: int) -> Packing:
    """Return the packing of a single batch, as if the epoch had no other.

    Its pieces are the chunks that lie in that batch.
    """
    length = packing.timesteps
    pieces = []
    for piece in packing.pieces:
        before = (number - piece.chunk) * length
        if 0 <= before < piece.length:
            left = min(length, piece.length - before)
            pieces.append(piece._replace(begin=piece.begin + before, length=left, chunk=0))
    return packing._replace(pieces=tuple(pieces), steps=1)
