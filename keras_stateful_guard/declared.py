"""Whether the boundaries declared to the guard are those of data that `stateful_batches` laid."""

from __future__ import annotations

import numpy as np

from keras_stateful_guard.boundaries import Boundaries, Misfit
from keras_stateful_guard.packing import Packing


def unlike(
    boundaries: Boundaries | None, packing: Packing, part: str, argument: str
) -> Misfit | None:
    """Return where boundaries are not those of a layout; None where they are, or are a function.

    Every pass over the data begins from zero states anyway, so that its first batch says nothing.

    Args:
        boundaries: As declared; None where none are.
        packing: How the data is laid out.
        part: What data it is, in words.
        argument: The argument of the guard that they belong to.
    """
    if boundaries is not None and boundaries.is_function:
        return None
    begins = packing.boundaries()
    for batch in range(1, packing.steps):
        slots = None if boundaries is None else boundaries.at(batch)
        mask = np.zeros(packing.batch_size, bool)
        if slots is not None:
            mask[:] = slots
        if not np.array_equal(mask, begins[batch]):
            ours, theirs = _slots(begins[batch]), _slots(mask)
            return Misfit(
                f"{part} laid out by stateful_batches begins sequences in {ours} of batch {batch}, "
                f"and {argument} in {theirs}",
                "the boundaries of that layout",
                "StatefulGuard(batches.boundaries)"
                if argument == "boundaries"
                else "StatefulGuard(batches.boundaries, validation_batches.boundaries)",
            )
    return None


def _slots(mask: np.ndarray) -> str:
    found = np.flatnonzero(mask)
    if len(found) == 0:
        return "no slot"
    return ("slot " if len(found) == 1 else "slots ") + ", ".join(map(str, found))
