"""A look at states that should no longer be zero once batches were trained."""

from __future__ import annotations

from collections.abc import Iterable

from keras_stateful_guard import keras_api
from keras_stateful_guard.errors import Finding
from keras_stateful_guard.plan import Meddling

SYMBOL = "stateful-backend"
EVERY_BATCH = "stateful-reset-every-batch"


class Canary:
    """Looks before the batches 1, 2, 4, 8, … of the first epoch, until a state is not zero.

    Usually that is one look a fit. Padding at the begin of the data may keep states at zero for
    a while, so only an epoch of zeros is told.

    Args:
        meddling: What other callbacks do. Where one resets states it looks before every batch, so
            that resets at some batches only are told apart.
    """

    def __init__(self, meddling: Iterable[Meddling] = ()) -> None:
        self.resetter = next((each.where for each in meddling if each.resets), "")
        self.due = 1
        self.looks = 0
        self.done = False

    def look(self, batch: int, carried: bool) -> None:
        """Take note of what the states are before a batch."""
        self.due = batch + 1 if self.resetter else 2 * max(batch, 1)
        self.looks, self.done = self.looks + 1, carried

    def finding(self, layer: str) -> Finding | None:
        """Return the finding at the end of an epoch; None where a state was carried."""
        if self.done or not self.looks:
            return None
        if self.resetter:
            return Finding(
                EVERY_BATCH,
                f"{self.resetter} resets states, and those of {layer} were zero before every batch "
                "of an epoch",
                "resets only where a sequence begins",
                "StatefulGuard(boundaries=...) instead of that callback, or drop stateful=True",
            )
        return Finding(
            SYMBOL,
            f"after a whole epoch every state of {layer} is still zero: nothing is carried from "
            "batch to batch",
            "states that batches leave behind",
            _remedy(),
        )


def _remedy() -> str:
    """Return what mends states that stay zero, the likeliest first."""
    causes = (
        "leave out the callback, or the call, that sets states to zero at every batch; or give the "
        "layers weights and inputs other than zero"
    )
    carries = keras_api.backend() == "tensorflow"
    return causes if carries else f"{causes}; else train with KERAS_BACKEND=tensorflow"
