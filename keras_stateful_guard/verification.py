"""Checks the rows of every batch while it is trained, inside the data pipeline."""

from __future__ import annotations

from collections.abc import Callable

from keras_stateful_guard import keras_api
from keras_stateful_guard.errors import Finding
from keras_stateful_guard.keras_api import RunningCall

SYMBOL = "stateful-batch-size-mismatch"


def verify_batches(call: RunningCall, rows: int | None, fail: Callable[[Finding], object]) -> str:
    """Let a running call fail at the first batch of other rows, before that is trained.

    Args:
        call: The running call, before it has read its first batch.
        rows: Rows that each batch must have; None where nothing fixes it.
        fail: Raises the finding, in place of the error of the pipeline.

    Returns:
        What is verified, or why nothing can be, for the report.
    """
    if rows is None:
        return "batches are not verified: nothing fixes the batch size"
    if keras_api.backend() != "tensorflow":
        return (
            f"batches are not verified: on {keras_api.backend()} Keras itself stops at other rows"
        )
    from keras_stateful_guard.backends import tensorflow_batches  # noqa: PLC0415 (tf)

    def tell(error: BaseException) -> None:
        found = tensorflow_batches.other_rows(error)
        if found is not None:
            fail(_finding(call.name, found, rows))

    if not keras_api.map_batches(call, tensorflow_batches.assert_rows(rows)):
        return "batches are not verified: the data is distributed"
    keras_api.on_error(call, "verify", tell)
    return f"every batch of {call.name} is verified to have {rows} rows"


def _finding(call: str, found: int, rows: int) -> Finding:
    return Finding(
        SYMBOL,
        f"{call} was given a batch of {found} rows, and stopped before it",
        f"{rows} rows in every batch, as the model is fixed to",
        f"dataset.batch({rows}, drop_remainder=True), or a generator that yields {rows} rows",
    )
