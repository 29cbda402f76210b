"""What a user hands over to be laid out, checked: sequences and targets as lists of arrays."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

NOT_NUMBERS = "OSUMm"


class Given(NamedTuple):
    """Sequences, or targets, all of one kind.

    Args:
        arrays: One for each sequence; targets of whole sequences have no axis of time.
        shape: What one time step is.
        dtype: The type that holds them all.
        per_step: Whether the arrays have an axis of time.
    """

    arrays: Sequence[Any]
    shape: tuple[int, ...]
    dtype: np.dtype[Any]
    per_step: bool = True


def count(name: str, value: Any) -> int:
    """Return a number of something that is 1 or more."""
    if isinstance(value, (int, np.integer)) and not isinstance(value, bool) and value >= 1:
        return int(value)
    message = f"{name} must be a whole number, 1 or more; got {value!r}"
    raise ValueError(message)


def read(sequences: Any, name: str = "sequences", *, lazy: bool = False) -> Given:
    """Return sequences as arrays `(time, features…)` of one shape of features.

    Args:
        sequences: One array, or a list or tuple of arrays.
        name: The argument that it was given as, for messages.
        lazy: Whether to leave the arrays as they are, so that nothing of them is read.
    """
    given = list(sequences) if isinstance(sequences, (list, tuple)) else [sequences]
    if not given:
        message = f"{name} is empty; give one array (time, features…) or a list of such arrays"
        raise ValueError(message)
    arrays = [_array(each, f"{name}[{i}]", lazy) for i, each in enumerate(given)]
    first = tuple(arrays[0].shape[1:])
    for i, each in enumerate(arrays):
        if tuple(each.shape[1:]) != first:
            message = (
                f"{name}[{i}] has features of shape {tuple(each.shape[1:])}, {name}[0] of {first}; "
                "all sequences must have the same"
            )
            raise ValueError(message)
        if each.shape[0] == 0:
            message = f"{name}[{i}] has no time step; leave it out"
            raise ValueError(message)
    return Given(arrays, first, np.result_type(*{np.dtype(each.dtype) for each in arrays}))


def read_targets(targets: Any, sequences: Given, single: bool, per_step: bool, lazy: bool) -> Given:
    """Return targets, one for each time step or one for each sequence.

    Args:
        targets: As given.
        sequences: The sequences that they belong to.
        single: Whether one array was given, not a list.
        per_step: Whether the model gives one output for each time step.
        lazy: Whether to leave the arrays as they are.
    """
    lengths = [int(each.shape[0]) for each in sequences.arrays]
    if not single and not _is_list_of_arrays(targets):
        whole = _array(targets, "targets", lazy)
        same_steps = whole.ndim > 1 and set(lengths) == {int(whole.shape[1])}
        if len(whole) == len(lengths) and same_steps and not per_step:
            message = (
                f"targets of shape {whole.shape} may be one for each time step or one for each "
                "sequence; give list(targets) for one for each step, or "
                "[np.repeat(each[None], length, axis=0) ...] for one for each sequence"
            )
            raise ValueError(message)
        if not (len(whole) == len(lengths) and same_steps):
            return _per_sequence(whole, len(lengths))
        targets = list(whole)
    if single and isinstance(targets, (list, tuple)):
        targets = np.asarray(targets)
    found = read(targets, "targets", lazy=lazy)
    given = [int(each.shape[0]) for each in found.arrays]
    if given != lengths:
        wrong = next((i for i, (a, b) in enumerate(zip(given, lengths, strict=False)) if a != b), 0)
        message = (
            f"{len(given)} targets for {len(lengths)} sequences; expected one for each"
            if len(given) != len(lengths)
            else f"targets[{wrong}] has {given[wrong]} time steps, its sequence {lengths[wrong]}; "
            "expected one target for each time step"
        )
        raise ValueError(message)
    return found


def pad_with(value: Any, dtype: np.dtype[Any]) -> Any:
    """Return the value of padding in the type of the sequences, which must hold it."""
    try:
        with np.errstate(all="ignore"):
            held = np.asarray(value).astype(dtype)
        same = held.ndim == 0 and (dtype.kind not in "biu" or bool(held == value))
    except (TypeError, ValueError, OverflowError):
        same = False
    if not same:
        message = f"pad_value must be one number that {dtype} can hold; got {value!r}"
        raise ValueError(message)
    return held


def _per_sequence(whole: Any, expected: int) -> Given:
    if len(whole) != expected:
        message = f"{len(whole)} targets for {expected} sequences; expected one for each"
        raise ValueError(message)
    return Given(list(whole), tuple(whole.shape[1:]), np.dtype(whole.dtype), per_step=False)


def _is_list_of_arrays(targets: Any) -> bool:
    return isinstance(targets, (list, tuple)) and any(np.ndim(each) > 0 for each in targets)


def _array(each: Any, name: str, lazy: bool) -> Any:
    if not (lazy and hasattr(each, "shape") and hasattr(each, "dtype")):
        try:
            each = np.asarray(each)
        except ValueError as error:  # rows of different lengths
            message = f"{name} is ragged; expected one array (time, features…)"
            raise ValueError(message) from error
    if len(each.shape) == 0:
        message = f"{name} is a single value; expected an array (time, features…)"
        raise ValueError(message)
    if np.dtype(each.dtype).kind in NOT_NUMBERS:
        message = f"{name} is of dtype {each.dtype}; expected numbers (a list for many sequences)"
        raise ValueError(message)
    return each
