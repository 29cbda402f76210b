"""The arguments of the callbacks, checked where they are given."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from numbers import Integral
from typing import Any, Literal

from keras_stateful_guard.pitfalls import BY_SYMBOL

OnPitfall = Literal["raise", "warn"]
ResetWhen = Literal["epoch", "never"]


def positive(batch_size: Any) -> int | None:
    """Return a number of rows, or None where none is given."""
    is_number = isinstance(batch_size, Integral) and not isinstance(batch_size, bool)
    if batch_size is None or (is_number and batch_size >= 1):
        return None if batch_size is None else int(batch_size)
    message = f"batch_size must be a number of rows, 1 or more, or None; got {batch_size!r}"
    raise ValueError(message)


def one_of(name: str, value: Any, accepted: tuple[str, ...]) -> Any:
    """Return a value that is one of those accepted."""
    if value in accepted:
        return value
    message = f"{name} must be one of {', '.join(map(repr, accepted))}; got {value!r}"
    raise ValueError(message)


def symbols(ignore: Any) -> frozenset[str]:
    """Return symbols to ignore, all of which exist."""
    if not isinstance(ignore, Iterable):
        message = f"ignore must hold symbols of pitfalls; got {ignore!r}"
        raise ValueError(message)
    given = frozenset([ignore] if isinstance(ignore, str) else ignore)
    for symbol in sorted(given - set(BY_SYMBOL)):
        near = difflib.get_close_matches(symbol, BY_SYMBOL, n=3, cutoff=0.4)
        hint = f"did you mean {' or '.join(map(repr, near))}?" if near else ""
        accepted = hint or f"known are {', '.join(BY_SYMBOL)}"
        message = f"ignore holds {symbol!r}, which is no pitfall; {accepted}"
        raise ValueError(message)
    return given
