"""The batches of a layout as a tf.data pipeline, which reads the next ones while the model runs."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from keras_stateful_guard import laid_out
from keras_stateful_guard.packing import Packing

Batch = tuple[np.ndarray[Any, np.dtype[Any]], ...]


def pipeline(packing: Packing, batch: Callable[[int], Batch]) -> Any:
    """Return a dataset of the batches in their order, each read when its turn comes.

    Args:
        packing: How they are laid out, which is remembered of the dataset.
        batch: Reads one batch by its number.
    """
    try:
        tf: Any = importlib.import_module("tensorflow")
    except ImportError as error:
        message = (
            "to_dataset() makes a tf.data.Dataset, which needs tensorflow: "
            'pip install "keras-stateful-guard[tensorflow]", or give fit '
            "**batches.fit_arguments()"
        )
        raise ImportError(message) from error

    def epoch() -> Iterator[Batch]:
        return (batch(number) for number in range(packing.steps))

    signature = tuple(tf.TensorSpec(each.shape, each.dtype) for each in batch(0))
    dataset = tf.data.Dataset.from_generator(epoch, output_signature=signature)
    counted = dataset.apply(tf.data.experimental.assert_cardinality(packing.steps))
    ahead = counted.prefetch(tf.data.AUTOTUNE)
    laid_out.remember(ahead, packing)
    return ahead
