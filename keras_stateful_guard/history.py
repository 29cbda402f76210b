"""What a monitor has seen of states, as frozen values and arrays; knows no Keras."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

import numpy as np

Series = dict[str, np.ndarray[Any, np.dtype[np.float64]]]  # layer path -> (batches,)
SeenPhase = Literal["train", "validation", "evaluate", "predict"]
SATURATED = 0.95  # |tanh| above it lets less than a tenth of the gradient through


class Batch(NamedTuple):
    """One batch that was recorded.

    Args:
        phase: `"train"`, `"validation"`, `"evaluate"` or `"predict"`.
        epoch: The epoch, counted from 0; -1 outside `fit`.
        number: The batch in its pass over the data, counted from 0.
    """

    phase: SeenPhase
    epoch: int
    number: int


class SeenReset(NamedTuple):
    """One reset that was done by the guard or seen in the states.

    Args:
        before: The recorded batch before which it was done, an index into the monitor's arrays;
            their length where it came after the last.
        slots: The rows that were reset; None for all.
        layers: The layers that were reset.
        by: `"guard"`, or `"seen"` where states are zero that the batch before left otherwise.
    """

    before: int
    slots: tuple[int, ...] | None
    layers: tuple[str, ...]
    by: Literal["guard", "seen"]

    def __str__(self) -> str:
        slots = "all slots" if self.slots is None else f"slots {list(self.slots)}"
        return f"before batch {self.before}: {slots} of {', '.join(self.layers)} ({self.by})"


@dataclass(frozen=True, slots=True)
class Pass:
    """Batches of one phase in a row, such as the training of one epoch.

    Args:
        phase: `"train"`, `"validation"`, `"evaluate"` or `"predict"`.
        epoch: The epoch, counted from 0; -1 outside `fit`.
        first: Its first batch, an index into the monitor's arrays.
        stop: The index behind its last batch.
        number: Which batch of its data it begins with; more than 0 where it was interrupted.
        starts: The norm of each layer's state before its first batch, by layer path.
    """

    phase: SeenPhase
    epoch: int
    first: int
    stop: int
    number: int
    starts: Mapping[str, float] = field(repr=False)

    @property
    def carried(self) -> tuple[str, ...]:
        """The layers whose states were not zero when data began from its first batch."""
        return () if self.number else tuple(name for name, norm in self.starts.items() if norm)

    def __str__(self) -> str:
        epoch = "" if self.epoch < 0 else f"epoch {self.epoch} "
        if self.number:
            start = f"goes on at batch {self.number}"
        elif self.carried:
            found = ", ".join(f"{name} {self.starts[name]:.3g}" for name in self.carried)
            start = f"starts from states that are not zero: {found}"
        else:
            start = "starts from zero"
        return f"{epoch}{self.phase}: {self.stop - self.first} batches, {start}"


def passes(batches: Sequence[Batch], starts: Series) -> tuple[Pass, ...]:
    """Return the passes that batches make up, in order."""
    begins = [
        index
        for index, each in enumerate(batches)
        if index == 0 or not _continues(batches[index - 1], each)
    ]
    return tuple(
        Pass(
            batches[first].phase,
            batches[first].epoch,
            first,
            stop,
            batches[first].number,
            {name: float(norms[first]) for name, norms in starts.items()},
        )
        for first, stop in zip(begins, [*begins[1:], len(batches)], strict=False)
    )


def _continues(before: Batch, after: Batch) -> bool:
    return before[:2] == after[:2] and after.number > before.number


def resets(done: Iterable[SeenReset], starts: Series, norms: Series) -> tuple[SeenReset, ...]:
    """Return the resets that were done and those that the states show beside them, in order."""
    known = list(dict.fromkeys(done))
    told = {each.before for each in known}
    seen: dict[int, list[str]] = {}
    for name in norms:
        emptied = (starts[name][1:] == 0) & (norms[name][:-1] != 0)
        for index in (np.flatnonzero(emptied) + 1).tolist():
            seen.setdefault(index, []).append(name)
    known += [
        SeenReset(index, None, tuple(names), "seen")
        for index, names in seen.items()
        if index not in told
    ]
    return tuple(sorted(known, key=lambda each: each.before))


def norm(states: Sequence[np.ndarray]) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Return the norm of one layer's states, `(batches, batch_size, ...)` each, batch by batch."""
    flat = [each.reshape(len(each), -1).astype(np.float64) for each in states]
    return np.asarray(np.sqrt(np.sum([np.einsum("ij,ij->i", each, each) for each in flat], axis=0)))


def saturated(hidden: np.ndarray) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Return the share of hidden states `(batches, batch_size, ...)` that are near 1 or -1."""
    near = np.abs(hidden.reshape(len(hidden), -1)) > SATURATED
    return np.asarray(near.mean(axis=1), np.float64)
