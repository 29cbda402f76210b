"""Lays sequences out so that row i of every batch continues row i of the batch before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from keras_stateful_guard import dataset_view, filling, laid_out
from keras_stateful_guard.packing import Packing, pack, streams
from keras_stateful_guard.sequences import Given, as_array, count, pad_with, read, read_targets

Array = np.ndarray[Any, np.dtype[Any]]


@dataclass(frozen=True, eq=False, repr=False)
class StatefulBatches:
    """Data laid out for a stateful model: row `k * batch_size + i` is chunk k of slot i.

    Args:
        x: Chunks `(steps * batch_size, timesteps, features…)`; with `lazy=True` a PyDataset that
            reads one batch `(x, y, sample_weight)` at a time.
        y: Targets of x, None where there are none or with `lazy=True`.
        sample_weight: `(steps * batch_size, timesteps)`, 0 on padding and 1 elsewhere;
            `(steps * batch_size,)` with `per_step=False`; None with `lazy=True`.
        boundaries: Bool array `(steps, batch_size)`: slot i begins a sequence at batch k. Give it
            to `StatefulGuard`.
        batch_size: Rows of every batch.
        timesteps: Time steps of every chunk.
        steps: Batches of an epoch.
        padding: The share of time steps that are padding.
        dropped: Time steps at the end of one array that filled no chunk of all streams.
        per_step: Whether the model gives one output for each time step, or one a chunk.
    """

    x: Any
    y: Array | None
    sample_weight: Array | None
    boundaries: np.ndarray[Any, np.dtype[np.bool_]]
    batch_size: int
    timesteps: int
    steps: int
    padding: float
    dropped: int
    per_step: bool
    packing: Packing

    def __repr__(self) -> str:
        shape = "a PyDataset" if self.sample_weight is None else self.x.shape
        return (
            f"StatefulBatches(x={shape}, y={None if self.y is None else self.y.shape}, "
            f"batch_size={self.batch_size}, timesteps={self.timesteps}, steps={self.steps}, "
            f"padding={self.padding:.3f}, dropped={self.dropped}, per_step={self.per_step})"
        )

    def fit_arguments(self) -> dict[str, Any]:
        """Return the keyword arguments for `model.fit`, `shuffle=False` among them.

        Weights are only among them where there is padding. Metrics heed them when they are given
        to `compile` as `weighted_metrics`.

        Returns:
            A new dict.

        Example:

        ```python
        guard = StatefulGuard(batches.boundaries)
        model.fit(**batches.fit_arguments(), epochs=3, callbacks=[guard])
        ```
        """
        if self.sample_weight is None:
            return {"x": self.x, "shuffle": False}
        arguments = {"x": self.x, "batch_size": self.batch_size, "shuffle": False}
        if self.y is not None:
            arguments["y"] = self.y
        if self.padding:
            arguments["sample_weight"] = self.sample_weight
        return arguments

    def to_dataset(self) -> Any:
        """Return the batches as a tf.data pipeline, which reads ahead while the model runs.

        Order and batches are those of x. The guard knows it as laid out, with `prefetch`, `cache`
        or `with_options` behind it too.

        Returns:
            A `tf.data.Dataset` of `(x, y, sample_weight)`, without what is not there.

        Raises:
            ImportError: tensorflow is not installed.

        Example:

        ```python
        guard = StatefulGuard(batches.boundaries)
        model.fit(batches.to_dataset(), shuffle=False, epochs=3, callbacks=[guard])
        ```
        """
        return dataset_view.pipeline(self.packing, self._batch)

    def _batch(self, number: int) -> tuple[Array, ...]:
        given = self.fit_arguments()
        if self.sample_weight is None:
            return tuple(given["x"][number])
        rows = slice(number * self.batch_size, (number + 1) * self.batch_size)
        names = ("x", "y", "sample_weight") if "y" in given else ("x",)  # no weights without y
        return tuple(given[name][rows] for name in names if name in given)

    def unbatch(self, predictions: Any) -> list[Array]:
        """Return what a model predicted for x as one array for each sequence.

        Args:
            predictions: What `model.predict` gave for x: `(steps * batch_size, timesteps, …)`, or
                `(steps * batch_size, …)` with `per_step=False`.

        Returns:
            One array for each sequence, in the order given, padding removed: `(time, …)`, or one
            output for each chunk `(chunks, …)` with `per_step=False`.

        Raises:
            ValueError: The predictions are not those of all rows of x.

        Example:

        ```python
        predicted = model.predict(batches.x, batch_size=batches.batch_size)
        batches.unbatch(predicted)[0].shape  # (time, units) of the first sequence
        ```
        """
        given = self._of_all_rows(predictions)
        parts: dict[int, list[Array]] = {}
        for number, part in self._pieces(given):
            parts.setdefault(self.packing.pieces[number].sequence, []).append(part)
        return [np.concatenate(parts[sequence]) for sequence in sorted(parts)]

    def _of_all_rows(self, predictions: Any) -> Array:
        """Return predictions as one array, which must be those of all rows."""
        expected = (self.steps * self.batch_size, *([self.timesteps] if self.per_step else []))
        named = isinstance(predictions, Mapping)
        outputs = predictions.values() if named else predictions
        if named or isinstance(outputs, (list, tuple)):
            shapes = [tuple(getattr(each, "shape", ())) for each in outputs]
            if any(shape[: len(expected)] == expected for shape in shapes):
                values = "predictions.values()" if named else "predictions"
                message = (
                    f"predictions are of {len(shapes)} outputs; expected one: "
                    f"[batches.unbatch(each) for each in {values}]"
                )
                raise ValueError(message)
        given = as_array(predictions, "predictions")
        if given.shape[: len(expected)] != expected:
            message = (
                f"predictions have shape {given.shape}; expected ({', '.join(map(str, expected))}, "
                f"…) for per_step={self.per_step}"
            )
            raise ValueError(message)
        return np.asarray(given)

    def _pieces(self, rows: Array) -> Iterator[tuple[int, Array]]:
        by_slot = rows.reshape(self.steps, self.batch_size, *rows.shape[1:])
        for number, piece in enumerate(self.packing.pieces):
            end = piece.chunk + self.packing.chunks(piece)
            part = by_slot[piece.chunk : end, piece.slot]
            if self.per_step:
                part = part.reshape(-1, *part.shape[2:])[: piece.length]
            yield number, part


def stateful_batches(
    sequences: Any,
    targets: Any = None,
    *,
    batch_size: int,
    timesteps: int,
    per_step: bool = True,
    pad_value: float = 0.0,
    steps_per_execution: int = 1,
    lazy: bool = False,
) -> StatefulBatches:
    """Lay sequences out for a stateful model: row i of each batch continues row i before it.

    One array is cut into batch_size streams, which lie side by side in the slots of the batch. A
    list of arrays of any lengths is packed into the slots, longest first, each sequence padded at
    its end to whole chunks; where one ends, the next begins with zero states.

    Args:
        sequences: One array `(time, features…)`, or a list of such arrays; `(time,)` for token
            ids. Types are kept.
        targets: None; one target for each time step, in the form of `sequences`; or, for a list
            of sequences, one target for each in an array `(sequences, …)`.
        batch_size: Slots: rows of every batch.
        timesteps: Time steps of a chunk, over which gradients reach back.
        per_step: Whether the model gives one output for each time step. False, for one output a
            chunk: y is the target of each chunk's last step that is not padding. The output of a
            padded chunk is that of this step where a `Masking` layer comes first.
        pad_value: What fills x behind the end of a sequence.
        steps_per_execution: As given to `compile`: sequences then begin only at batches between
            which Keras lets callbacks act.
        lazy: For data larger than memory, such as np.memmap and arrays that read what is asked
            of them: nothing is read now, and x is a PyDataset of the same batches.

    Returns:
        The `StatefulBatches`.

    Raises:
        ValueError: Nothing is given, an array holds no numbers, shapes or lengths do not fit, or
            one array is too short for one chunk in each stream.

    Example:

    ```python
    batches = stateful_batches(series[:-1], series[1:], batch_size=4, timesteps=13)
    guard = StatefulGuard(batches.boundaries)
    model.fit(**batches.fit_arguments(), epochs=3, callbacks=[guard])
    ```
    """
    # what count returns: small integers of numpy overflow
    batch_size, timesteps = count("batch_size", batch_size), count("timesteps", timesteps)
    align = count("steps_per_execution", steps_per_execution)
    single = not isinstance(sequences, (list, tuple))
    given = read(sequences, lazy=lazy)
    lengths = [int(each.shape[0]) for each in given.arrays]
    if single and lengths[0] < batch_size * timesteps:
        message = (
            f"{lengths[0]} time steps fill no chunk of {timesteps} in each of {batch_size} "
            f"streams; expected {batch_size * timesteps} or more"
        )
        raise ValueError(message)
    packing = (
        streams(lengths[0], batch_size, timesteps)
        if single
        else pack(lengths, batch_size, timesteps, align)
    )
    pad = pad_with(pad_value, given.dtype)
    labels = None if targets is None else read_targets(targets, given, single, per_step, lazy)
    x, y, weight = _lay(packing, given, labels, pad, per_step, lazy)
    laid_out.remember(x, packing)
    return StatefulBatches(
        x=x,
        y=y,
        sample_weight=weight,
        boundaries=packing.boundaries(),
        batch_size=batch_size,
        timesteps=timesteps,
        steps=packing.steps,
        padding=packing.padding,
        dropped=packing.dropped,
        per_step=per_step,
        packing=packing,
    )


def _lay(
    packing: Packing, given: Given, labels: Given | None, pad: Any, per_step: bool, lazy: bool
) -> tuple[Any, Array | None, Array | None]:
    """Return x, y and sample weights; with `lazy` all three are in x."""
    if lazy:
        from keras_stateful_guard.lazy_batches import LazyBatches  # noqa: PLC0415 (loads Keras)

        return LazyBatches(packing, given, labels, pad, per_step), None, None
    y = None if labels is None else filling.targets(packing, labels, per_step)
    return filling.chunks(packing, given, pad), y, filling.weights(packing, per_step)
