"""The callbacks that users pass to fit, evaluate and predict."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from keras_stateful_guard import checks
from keras_stateful_guard.arguments import OnPitfall, ResetWhen, one_of
from keras_stateful_guard.guarding import Guarding

SEEN_WHILE_RUNNING = ("stateful-missing-reset", "stateful-validation-leak")


class StatefulGuard(Guarding):
    """Keeps the states of a stateful model right through fit, evaluate and predict.

    Before the first step it refuses a call whose batch size is not fixed or whose order of batches
    is not stable. While the call runs, it starts every epoch from zero states and keeps the states
    of validation apart from those of training. `evaluate` and `predict` called with it start from
    zero states and leave the model's states as they were.

    Args:
        boundaries: Where a new sequence begins inside an epoch; the reset comes before that
            batch, and counting restarts with every epoch. One of: a number n (every n batches,
            all slots); a sequence of batch numbers (all slots); a bool array `(steps,)`; a bool
            array `(steps, batch_size)`, in which slot i begins a sequence at batch k and only its
            rows are zeroed; a function of the batch number that returns a bool or a bool array
            `(batch_size,)`, for streams of unknown length. In `evaluate` and `predict` they are
            those of that call's data.
        validation_boundaries: The same for the validation data inside `fit`.
        reset: `"epoch"`: states are zero at train begin, at every epoch begin and at train end.
            `"never"`: states run on across epochs, and through evaluate and predict.
        batch_size: Rows per batch, for data that cannot be looked into.
        verify_batches: Whether to check the rows of every batch as it is read, where the data
            cannot be looked into before; a batch of other rows then fails with the pitfall's name.
        ignore: Symbols of pitfalls not to judge, such as `{"stateful-shuffled-data"}`.
        on_pitfall: `"raise"`, or `"warn"` to let the call go on.

    Attributes:
        report: What was judged and done in the last call; readable when printed.

    Raises:
        ValueError: An argument is not one of those accepted.
        StatefulPitfallError: By `fit`, `evaluate` or `predict`, before the first step, naming
            every pitfall found; weights, optimizer and states are as they were.

    Example:

    ```python
    model.fit(x, y, batch_size=4, shuffle=False, epochs=3, callbacks=[StatefulGuard()])
    ```
    """

    judges = checks.SYMBOLS
    isolates = True

    def __init__(
        self,
        boundaries: Any = None,
        validation_boundaries: Any = None,
        *,
        reset: ResetWhen = "epoch",
        batch_size: int | None = None,
        verify_batches: bool = False,
        ignore: Iterable[str] = (),
        on_pitfall: OnPitfall = "raise",
    ) -> None:
        super().__init__(
            batch_size, ignore, on_pitfall, boundaries, validation_boundaries, verify_batches
        )
        self.resets = one_of("reset", reset, ("epoch", "never"))


class ResetStatesOnEpoch(Guarding):
    """Sets states to zero at train begin, at every epoch begin and at train end.

    Validation inside fit is not kept apart; it warns of `stateful-validation-leak` where nothing
    else does that.

    Example:

    ```python
    model.fit(x, y, batch_size=4, shuffle=False, epochs=3, callbacks=[ResetStatesOnEpoch()])
    ```
    """

    watches = ("stateful-validation-leak",)
    resets = "epoch"

    def __init__(self) -> None:
        super().__init__()


class ResetStatesOnSequence(Guarding):
    """Sets states to zero where a new sequence begins inside an epoch.

    Args:
        boundaries: Where sequences begin in the data of the call; see `StatefulGuard`.
        validation_boundaries: Where they begin in the validation data inside `fit`.

    Raises:
        ValueError: Boundaries are given in none of the accepted forms.
        StatefulPitfallError: By `fit`, `evaluate` or `predict`, before the first step, where the
            boundaries do not fit the steps of an epoch.

    Example:

    ```python
    resets = ResetStatesOnSequence(boundaries=12)  # each sequence is 12 batches long
    model.fit(x, y, batch_size=4, shuffle=False, callbacks=[resets])
    ```
    """

    judges = ("stateful-reset-every-batch", "stateful-misplaced-boundary")

    def __init__(self, boundaries: Any, validation_boundaries: Any = None) -> None:
        super().__init__(boundaries=boundaries, validation_boundaries=validation_boundaries)


class AssertFixedBatchSize(Guarding):
    """Refuses a call whose batches do not all have the rows the model is fixed to.

    It changes no state. Where nobody resets states between epochs or keeps validation apart, it
    warns of `stateful-missing-reset` and `stateful-validation-leak`.

    Args:
        batch_size: Rows per batch, for data that cannot be looked into.
        on_pitfall: `"raise"`, or `"warn"` to let the call go on.

    Raises:
        ValueError: An argument is not one of those accepted.
        StatefulPitfallError: By `fit`, `evaluate` or `predict`, before the first step.

    Example:

    ```python
    model.fit(x, y, batch_size=4, shuffle=False, callbacks=[AssertFixedBatchSize()])
    ```
    """

    judges = (
        "stateful-input-shape",
        "stateful-batch-size-mismatch",
        "stateful-partial-batch",
    )
    watches = SEEN_WHILE_RUNNING

    def __init__(self, batch_size: int | None = None, *, on_pitfall: OnPitfall = "raise") -> None:
        super().__init__(batch_size, on_pitfall=on_pitfall)


class AssertNoShuffle(Guarding):
    """Refuses a call whose order of batches is not stable.

    It changes no state. Where nobody resets states between epochs or keeps validation apart, it
    warns of `stateful-missing-reset` and `stateful-validation-leak`.

    Args:
        on_pitfall: `"raise"`, or `"warn"` to let the call go on.

    Raises:
        ValueError: An argument is not one of those accepted.
        StatefulPitfallError: By `fit`, `evaluate` or `predict`, before the first step.

    Example:

    ```python
    model.fit(x, y, batch_size=4, shuffle=False, callbacks=[AssertNoShuffle()])
    ```
    """

    judges = ("stateful-shuffle", "stateful-shuffled-data")
    watches = SEEN_WHILE_RUNNING

    def __init__(self, *, on_pitfall: OnPitfall = "raise") -> None:
        super().__init__(on_pitfall=on_pitfall)


class IsolateEvaluation(Guarding):
    """Keeps the states of validation, evaluate and predict apart from those of training.

    They are saved and set to zero when an evaluation begins and put back when it ends, so that
    training goes on as if no validation had run.

    Example:

    ```python
    model.fit(x, y, batch_size=4, shuffle=False, validation_data=(x_val, y_val),
              callbacks=[ResetStatesOnEpoch(), IsolateEvaluation()])
    ```
    """

    isolates = True

    def __init__(self) -> None:
        super().__init__()
