"""A look at states that should no longer be zero once batches were trained."""

from __future__ import annotations

from keras_stateful_guard.errors import Finding

SYMBOL = "stateful-backend"


class Canary:
    """Looks before the batches 1, 2, 4, 8, … of the first epoch, until a state is not zero.

    Usually that is one look a fit. Padding at the begin of the data may keep states at zero for
    a while, so only an epoch of zeros is told.
    """

    def __init__(self) -> None:
        self.due = 1
        self.looks = 0
        self.done = False

    def look(self, batch: int, carried: bool) -> None:
        """Take note of what the states are before a batch."""
        self.due, self.looks, self.done = 2 * max(batch, 1), self.looks + 1, carried

    def finding(self, layer: str) -> Finding | None:
        """Return the finding at the end of an epoch; None where a state was carried."""
        if self.done or not self.looks:
            return None
        return Finding(
            SYMBOL,
            f"after a whole epoch every state of {layer} is still zero: nothing is carried from "
            "batch to batch, or something resets it before every batch",
            "states that batches leave behind",
            "look for a reset in another callback; else train with KERAS_BACKEND=tensorflow",
        )
