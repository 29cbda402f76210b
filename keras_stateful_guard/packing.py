"""Where each piece of each sequence goes: slots and chunks, as plain numbers."""

from __future__ import annotations

import heapq
import math
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np


class Piece(NamedTuple):
    """A stretch of one sequence that one slot sees from zero states.

    Args:
        sequence: Which sequence, in the order given.
        begin: Its first time step inside the sequence.
        length: Its time steps.
        slot: The row of the batch that it lies in.
        chunk: The batch at which it begins.
    """

    sequence: int
    begin: int
    length: int
    slot: int
    chunk: int


class Packing(NamedTuple):
    """All pieces of an epoch.

    Args:
        pieces: In the order of sequences, and of time inside each.
        batch_size: Slots.
        timesteps: Time steps of a chunk.
        steps: Batches of an epoch.
        dropped: Time steps that fill no chunk and are left out.
    """

    pieces: tuple[Piece, ...]
    batch_size: int
    timesteps: int
    steps: int
    dropped: int = 0

    def chunks(self, piece: Piece) -> int:
        """Return the number of chunks of a piece, the padded one included."""
        return math.ceil(piece.length / self.timesteps)

    @property
    def padding(self) -> float:
        """The share of time steps that are padding."""
        real = sum(piece.length for piece in self.pieces)
        return 1.0 - real / (self.steps * self.batch_size * self.timesteps)

    def boundaries(self) -> np.ndarray[Any, np.dtype[np.bool_]]:
        """Return where pieces begin, a bool array `(steps, batch_size)`."""
        begins = np.zeros((self.steps, self.batch_size), bool)
        for piece in self.pieces:
            begins[piece.chunk, piece.slot] = True
        return begins

    def real_steps(self) -> np.ndarray[Any, np.dtype[np.int64]]:
        """Return how many time steps of each chunk are not padding, `(steps, batch_size)`."""
        real = np.zeros((self.steps, self.batch_size), np.int64)
        for piece in self.pieces:
            chunks = self.chunks(piece)
            real[piece.chunk : piece.chunk + chunks, piece.slot] = self.timesteps
            real[piece.chunk + chunks - 1, piece.slot] -= chunks * self.timesteps - piece.length
        return real


def streams(time: int, batch_size: int, timesteps: int) -> Packing:
    """Cut one series into batch_size streams of equal length, one after the other in time."""
    steps = time // (batch_size * timesteps)
    length = steps * timesteps
    pieces = (Piece(0, slot * length, length, slot, 0) for slot in range(batch_size))
    return Packing(tuple(pieces), batch_size, timesteps, steps, time - batch_size * length)


def pack(lengths: Sequence[int], batch_size: int, timesteps: int, align: int = 1) -> Packing:
    """Pack whole sequences into slots, the longest first, each into the slot that is least full.

    Args:
        lengths: Time steps of each sequence, 1 or more.
        batch_size: Slots.
        timesteps: Time steps of a chunk.
        align: Sequences begin at batches whose number is a multiple of this.
    """
    slots = [(0, slot) for slot in range(batch_size)]
    pieces: list[Piece] = []
    for sequence in sorted(range(len(lengths)), key=lambda each: -lengths[each]):
        chunk, slot = slots[0]
        pieces.append(Piece(sequence, 0, lengths[sequence], slot, chunk))
        taken = align * math.ceil(lengths[sequence] / (timesteps * align))
        heapq.heapreplace(slots, (chunk + taken, slot))
    steps = max(each.chunk + math.ceil(each.length / timesteps) for each in pieces)
    return Packing(tuple(sorted(pieces)), batch_size, timesteps, steps)
