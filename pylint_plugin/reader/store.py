"""The state of the program being read: names and fields, with branches that can be joined."""

from __future__ import annotations

from collections.abc import Sequence

from pylint_plugin.reader.joining import join
from pylint_plugin.reader.values import Value

Key = tuple[int, str]
Changes = dict[Key, Value]


class Store:
    """Values by (owner, name); changes made in a branch lie on top until they are merged."""

    def __init__(self) -> None:
        self._layers: list[Changes] = [{}]
        self._names: dict[int, dict[str, None]] = {}

    @property
    def level(self) -> int:
        """How many branches are open."""
        return len(self._layers)

    def get(self, owner: int, name: str) -> Value | None:
        """Give a value, or None where there is none."""
        key = (owner, name)
        for layer in reversed(self._layers):
            if key in layer:
                return layer[key]
        return None

    def put(self, owner: int, name: str, value: Value) -> None:
        """Set a value in the innermost open branch."""
        self._layers[-1][owner, name] = value
        self._names.setdefault(owner, {})[name] = None

    def names(self, owner: int) -> tuple[str, ...]:
        """Give the names that an owner ever had, in the order they came."""
        return tuple(self._names.get(owner, ()))

    def open(self) -> None:
        """Begin a branch."""
        self._layers.append({})

    def close(self) -> Changes:
        """End a branch and take its changes off."""
        return self._layers.pop()

    def since(self, level: int) -> Changes:
        """Give all changes made above a level, as one."""
        changes: Changes = {}
        for layer in self._layers[level:]:
            changes.update(layer)
        return changes

    def merge(self, arms: Sequence[Changes]) -> None:
        """Put on the changes of alternatives, joined; a name that only some set has their value."""
        top = self._layers[-1]
        if len(arms) == 1:
            top.update(arms[0])
            return
        for key in dict.fromkeys(key for arm in arms for key in arm):
            joined: Value | None = None
            for arm in arms:
                value = arm[key] if key in arm else self.get(*key)
                if value is not None:
                    joined = value if joined is None else join(joined, value)
            if joined is not None:
                top[key] = joined
