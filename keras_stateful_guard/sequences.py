"""What a user hands over to be laid out, checked: sequences and targets as lists of arrays."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from numbers import Number
from typing import Any, NamedTuple

import numpy as np

NOT_NUMBERS = "OSUMmT"


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
    single = not isinstance(sequences, (list, tuple))
    given = [sequences] if single else list(sequences)
    if not given:
        message = f"{name} is empty; give one array (time, features…) or a list of such arrays"
        raise ValueError(message)
    if not single and all(isinstance(each, Number) for each in given):
        message = f"{name}[0] is a single value; one series is np.asarray({name})"
        raise ValueError(message)
    names = [name if single else f"{name}[{i}]" for i in range(len(given))]
    arrays = [as_array(each, called, lazy) for each, called in zip(given, names, strict=True)]
    first = tuple(arrays[0].shape[1:])
    for each, called in zip(arrays, names, strict=True):
        if tuple(each.shape[1:]) != first:
            message = (
                f"{called} has features of shape {tuple(each.shape[1:])}, {names[0]} of {first}; "
                "all sequences must have the same"
            )
            raise ValueError(message)
        if each.shape[0] == 0:
            message = f"{called} has no time step{'' if single else '; leave it out'}"
            raise ValueError(message)
    if 0 in first:
        message = f"{names[0]} has features of shape {first}; expected one feature or more"
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
        whole = as_array(targets, "targets", lazy)
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
        targets = as_array(targets, "targets")
    found = read(targets, "targets", lazy=lazy)
    given = [int(each.shape[0]) for each in found.arrays]
    if given != lengths:
        wrong = next((i for i, (a, b) in enumerate(zip(given, lengths, strict=False)) if a != b), 0)
        name = "targets" if single else f"targets[{wrong}]"
        message = (
            f"{len(given)} targets for {len(lengths)} sequences; expected one for each"
            if len(given) != len(lengths)
            else f"{name} has {given[wrong]} time steps, its sequence {lengths[wrong]}; "
            "expected one target for each time step"
        )
        raise ValueError(message)
    return found


def pad_with(value: Any, dtype: np.dtype[Any]) -> Any:
    """Return the value of padding in the type of the sequences, which must hold it."""
    given = np.asarray(None if isinstance(value, (list, tuple)) else value)
    if given.ndim == 0 and given.dtype.kind in ("biufc" if dtype.kind == "c" else "biuf"):
        with np.errstate(all="ignore"):
            held = given.astype(dtype)
        rounds = dtype.kind not in "biu"  # which must not make it endless
        if np.isfinite(held) == np.isfinite(given) if rounds else held == given:
            return held
    message = f"pad_value must be one number that {dtype} can hold; got {value!r}"
    raise ValueError(message)


def _per_sequence(whole: Any, expected: int) -> Given:
    if len(whole) != expected:
        message = f"{len(whole)} targets for {expected} sequences; expected one for each"
        raise ValueError(message)
    return Given(list(whole), tuple(whole.shape[1:]), np.dtype(whole.dtype), per_step=False)


def _is_list_of_arrays(targets: Any) -> bool:
    return isinstance(targets, (list, tuple)) and any(_has_axes(each) for each in targets)


def _has_axes(each: Any) -> bool:
    try:
        return np.ndim(each) > 0
    except ValueError:  # rows of different lengths
        return True


def on_host(each: Any) -> Any:
    """Return a torch tensor where numpy can read it, on whatever device; all else as it is."""
    return each.detach().cpu() if hasattr(each, "detach") else each


def as_array(each: Any, name: str, lazy: bool = False) -> Any:
    """Return an array of numbers with an axis of time.

    Args:
        each: What was given.
        name: What it was given as, for messages.
        lazy: Whether to leave it as it is where numpy can read parts of it.
    """
    if np.ma.is_masked(each):
        message = f"{name} has masked values, which nothing would heed; fill them: {name}.filled(0)"
        raise ValueError(message)
    if not (lazy and _reads_parts(each)):
        try:
            each = np.asarray(on_host(each))
        except ValueError as error:  # rows of different lengths
            ragged = isinstance(each, (list, tuple))
            what = "ragged; expected one array (time, features…)" if ragged else _what(each, name)
            message = f"{name} is {what}"
            raise ValueError(message) from error
    if len(each.shape) == 0:
        message = f"{name} is {_what(each, name)}"
        raise ValueError(message)
    if not _holds_numbers(np.dtype(each.dtype)):
        message = f"{name} is of dtype {each.dtype}; expected numbers{_listed(each, name)}"
        raise ValueError(message)
    return each


def _reads_parts(each: Any) -> bool:
    """Return whether parts of an array can be read as of one of numpy's own.

    A tensor or a Series lies in memory anyway, and has types of its own; pandas 2 slices a Series
    of a float index by its labels.
    """
    if not (hasattr(each, "shape") and hasattr(each, "dtype")) or hasattr(each, "iloc"):
        return False
    try:
        return np.dtype(each.dtype) is not None
    except TypeError:
        return False


def _holds_numbers(dtype: np.dtype[Any]) -> bool:
    return dtype.kind not in NOT_NUMBERS and dtype.type is not np.void


def _listed(each: Any, name: str) -> str:
    many = each.dtype == object and each.ndim == 1 and _has_axes(each[0])
    return f"; list({name}) gives many sequences" if many else ""


def _what(value: Any, name: str) -> str:
    """Return what stands where an array should, and what should stand there, in words."""
    held = value[()] if isinstance(value, np.ndarray) else value
    expected = "expected an array (time, features…)"
    if held is None or isinstance(held, (Number, str, bytes, np.generic)):
        return f"a single value; {expected}"
    many = isinstance(held, Iterable) and not isinstance(held, Mapping)
    return f"of type {type(held).__name__}; {expected}{f' or list({name})' if many else ''}"
