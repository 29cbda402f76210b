"""The rules: each tells from a trace where one pitfall is. `ALL` is the table of contents."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

from pylint_plugin.facts import Finding, Trace
from pylint_plugin.rules.stateful_input_shape import stateful_input_shape
from pylint_plugin.rules.stateful_missing_reset import stateful_missing_reset
from pylint_plugin.rules.stateful_removed_argument import stateful_removed_argument
from pylint_plugin.rules.stateful_removed_reset import stateful_removed_reset
from pylint_plugin.rules.stateful_shuffle import stateful_shuffle

ALL: Mapping[str, Callable[[Trace], Iterator[Finding]]] = MappingProxyType(
    {
        "stateful-input-shape": stateful_input_shape,
        "stateful-removed-argument": stateful_removed_argument,
        "stateful-shuffle": stateful_shuffle,
        "stateful-missing-reset": stateful_missing_reset,
        "stateful-removed-reset": stateful_removed_reset,
    }
)
