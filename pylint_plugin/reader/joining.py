"""What a value is after a branch: what both arms agree on, or one of a few."""

from __future__ import annotations

from pylint_plugin.facts import Data
from pylint_plugin.places import UNKNOWN
from pylint_plugin.reader.values import NOTHING, OneOf, Ref, Tup, Value, alternatives

_ALTERNATIVES = 6


def join(one: Value, other: Value) -> Value:
    """Give the value after a branch of which one arm leaves `one` and the other `other`."""
    if one is other or one == other:
        return one
    if isinstance(one, Data) and isinstance(other, Data):
        return join_data(one, other)
    if isinstance(one, Tup) and isinstance(other, Tup) and _alike(one, other):
        return Tup(tuple(map(join, one.items, other.items)))
    values: list[Value] = []
    for value in (*alternatives(one), *alternatives(other)):
        if value not in values:
            values.append(value)
    return OneOf(tuple(values)) if len(values) <= _ALTERNATIVES else NOTHING


def _alike(one: Tup, other: Tup) -> bool:
    """Tell whether two tuples can be joined item by item: layers must stay together."""
    objects = any(isinstance(item, Ref) for item in one.items + other.items)
    return len(one.items) == len(other.items) and not objects


def join_data(one: Data, other: Data) -> Data:
    """Keep what is true of both; a value that varies in either varies."""
    return Data(
        one.kind if one.kind == other.kind else "unknown",
        one.shape if one.shape == other.shape else None,
        one.shuffles & other.shuffles,
        one.windows & other.windows,
        one.batches if one.batches == other.batches else (),
        one.varies | other.varies,
        one.default if one.default == other.default else UNKNOWN,
    )
