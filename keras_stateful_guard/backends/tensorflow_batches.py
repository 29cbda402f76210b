"""Asserts the rows of each batch in the data pipeline itself, where it costs nothing."""

from __future__ import annotations

import re
from typing import Any

import tensorflow as tf

SAID = "rows of this batch and those expected:"


def assert_rows(expected: int) -> Any:
    """Return a function for `Dataset.map` that fails on a batch of other rows."""

    def batch(*parts: Any) -> Any:
        rows = tf.shape(tf.nest.flatten(parts)[0])[0]
        whole = tf.debugging.Assert(tf.equal(rows, expected), [SAID, rows, expected])
        with tf.control_dependencies([whole]):
            kept = tf.nest.map_structure(tf.identity, parts)
        return kept if len(parts) > 1 else kept[0]

    return batch


def other_rows(error: BaseException) -> int | None:
    """Return the rows of the batch that failed, None for an error that is not of `assert_rows`."""
    if not isinstance(error, tf.errors.InvalidArgumentError):
        return None
    found = re.search(rf"{SAID}\W+(\d+)", str(error))
    return int(found[1]) if found else None
