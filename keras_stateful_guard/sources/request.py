"""What a call said about one x."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from keras_stateful_guard.boundaries import Boundaries
from keras_stateful_guard.plan import CallName, DataPlan, Unknown

DEFAULT_BATCH_SIZE = 32


@dataclass(frozen=True, slots=True)
class Request:
    """What a call said about one x.

    Args:
        x: The x as Keras gets it, or the tuple `(x, y)`; for tf.data and its like just x.
        batch_size: As given; None where nobody gave it.
        shuffle: The argument of `fit`; False for evaluate, predict and validation data.
        steps: `steps_per_epoch`, `steps` or `validation_steps`, as given.
        backend: The backend that runs the model.
        replicas: How many devices share each batch.
        ahead: Whether the call begins with batches that workers fetched before its first step.
        call: Which call; `"evaluate"` for validation data, which is read afresh each time.
        looks: Whether to look at values, to judge the layout of rows.
        boundaries: Where sequences begin, as declared.
    """

    x: Any
    batch_size: int | None = None
    shuffle: bool | str = False
    steps: int | None = None
    backend: str = "tensorflow"
    replicas: int = 1
    ahead: bool = False
    call: CallName = "fit"
    looks: bool = False
    boundaries: Boundaries | None = None

    @property
    def reads_at_most(self) -> int | None:
        """Batches after which the call stops and starts the data anew; None where it does not."""
        return self.steps if self.call != "fit" else None


def class_names(x: Any) -> tuple[str, ...]:
    """Return the full names of the class of x and its bases, nearest first."""
    return tuple(f"{each.__module__}.{each.__qualname__}" for each in type(x).__mro__)


def unknown(kind: str, why: str) -> DataPlan:
    """Return the plan of an x of which nothing can be known, and why."""
    reason = Unknown(why)
    return DataPlan(kind, reason, reason, reason, reason, reason)
