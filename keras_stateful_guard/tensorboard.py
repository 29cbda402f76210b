"""Writes norms of states where TensorBoard looks for them."""

from __future__ import annotations

import importlib
import os
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from keras_stateful_guard.history import Batch


class Scalars:
    """Writes scalars beside those of Keras's TensorBoard callback: one folder for each phase.

    Args:
        log_dir: The folder that TensorBoard is pointed to.
    """

    def __init__(self, log_dir: str) -> None:
        try:
            tensorflow: Any = importlib.import_module("tensorflow")
        except ImportError as error:
            message = (
                "StateMonitor(log_dir=...) writes with tf.summary, which needs tensorflow: "
                'pip install "keras-stateful-guard[tensorflow]", or leave log_dir out'
            )
            raise ImportError(message) from error
        self._summary = tensorflow.summary
        metadata = tensorflow.compat.v1.SummaryMetadata
        self._metadata = metadata(  # that of tf.summary.scalar, which needs tensorboard itself
            plugin_data=metadata.PluginData(plugin_name="scalars"), data_class="DATA_CLASS_SCALAR"
        )
        self._log_dir = log_dir
        self._writers: dict[str, Any] = {}
        self._steps: Counter[str] = Counter()

    def write(
        self,
        batches: Sequence[Batch],
        starts: Mapping[str, Sequence[Any]],
        norms: Mapping[str, Sequence[Any]],
    ) -> None:
        """Write the last piece of each layer's norms, one number a batch.

        Args:
            batches: The batches of that piece.
            starts: By layer path, pieces `(batches,)` of the norms that batches started from.
            norms: By layer path, pieces `(batches,)` of the norms that batches left.
        """
        for index, batch in enumerate(batches):
            writer = self._writer(batch.phase)
            with writer.as_default(step=self._steps[batch.phase]):
                for name, pieces in norms.items():
                    self._scalar(f"state_start/{name}", starts[name][-1][index])
                    self._scalar(f"state_norm/{name}", pieces[-1][index])
            self._steps[batch.phase] += 1
        for writer in self._writers.values():
            writer.flush()

    def _scalar(self, name: str, value: Any) -> None:
        self._summary.write(name, value.astype("float32"), metadata=self._metadata)

    def _writer(self, phase: str) -> Any:
        if phase not in self._writers:
            folder = os.path.join(self._log_dir, phase)
            self._writers[phase] = self._summary.create_file_writer(folder)
        return self._writers[phase]
