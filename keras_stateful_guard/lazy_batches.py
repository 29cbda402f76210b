"""The batches of a layout as a PyDataset, for data larger than memory."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from keras_stateful_guard import filling, keras_api
from keras_stateful_guard.packing import Packing, Piece
from keras_stateful_guard.sequences import Given

_utils: Any = keras_api.keras().utils
_Dataset: Any = getattr(_utils, "PyDataset", None) or _utils.Sequence


class LazyBatches(_Dataset):  # type: ignore[misc]  # Keras is not typed
    """Reads one batch `(x, y, sample_weight)` at a time, in the order of a packing.

    Args:
        packing: Where each piece goes.
        given: The sequences: arrays that read what is asked of them.
        labels: The targets, None where there are none.
        pad: What fills x behind the end of a sequence.
        per_step: Whether the model gives one output for each time step.
    """

    def __init__(
        self, packing: Packing, given: Given, labels: Given | None, pad: Any, per_step: bool
    ) -> None:
        super().__init__()
        self._packing, self._per_step, self._pad = packing, per_step, pad
        self._given, self._labels = given, labels
        self._at: defaultdict[int, list[Piece]] = defaultdict(list)
        for piece in packing.pieces:
            for number in range(packing.chunks(piece)):
                self._at[piece.chunk + number].append(piece)

    def __len__(self) -> int:
        return self._packing.steps

    def __getitem__(self, number: int) -> tuple[Any, ...]:
        if not 0 <= number < len(self):
            raise IndexError(number)
        every = self._packing._replace(pieces=tuple(self._at[number]))
        batch = filling.one_batch(every, number)
        x = filling.chunks(batch, self._given, self._pad)
        if self._labels is None:  # Keras takes no weights without targets
            return (x,)
        y = filling.targets(batch, self._labels, self._per_step)
        weight = (filling.weights(batch, self._per_step),) if self._packing.padding else ()
        return (x, y, *weight)
