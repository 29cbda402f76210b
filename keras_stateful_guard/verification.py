"""Checks the rows of every batch while it is trained, inside the data pipeline."""

from __future__ import annotations

from keras_stateful_guard import keras_api
from keras_stateful_guard.keras_api import RunningCall


def verify_batches(call: RunningCall, rows: int | None) -> str:
    """Let the data of a running call fail at the first batch of other rows.

    Args:
        call: The running call, before it has read its first batch.
        rows: Rows that each batch must have; None where nothing fixes it.

    Returns:
        What is verified, or why nothing can be, for the report.
    """
    if rows is None:
        return "batches are not verified: nothing fixes the batch size"
    if keras_api.backend() != "tensorflow":
        return f"batches are not verified: not possible on {keras_api.backend()}"
    from keras_stateful_guard.backends.tensorflow_batches import assert_rows  # noqa: PLC0415 (tf)

    said = (
        f"stateful-batch-size-mismatch: {call.name} was given a batch of other than {rows} rows; "
        f"expected {rows} rows in every batch, as the model is fixed to."
    )
    if keras_api.map_batches(call, assert_rows(rows, said)):
        return f"every batch of {call.name} is verified to have {rows} rows"
    return "batches are not verified: the data is distributed"
