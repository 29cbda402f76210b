"""The mends: each writes what one finding asks for. `ALL` is the table of contents.

The only part of the plugin that needs LibCST; it is imported where mends are asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from pylint_plugin.fixes.edits import Edits, Problem, Wishes
from pylint_plugin.fixes.source import Source
from pylint_plugin.fixes.stateful_batch_size_mismatch import stateful_batch_size_mismatch
from pylint_plugin.fixes.stateful_input_shape import stateful_input_shape
from pylint_plugin.fixes.stateful_missing_reset import stateful_missing_reset
from pylint_plugin.fixes.stateful_partial_batch import stateful_partial_batch
from pylint_plugin.fixes.stateful_removed_argument import stateful_removed_argument
from pylint_plugin.fixes.stateful_removed_reset import stateful_removed_reset
from pylint_plugin.fixes.stateful_shuffle import stateful_shuffle
from pylint_plugin.fixes.stateful_validation_leak import stateful_validation_leak

ALL: Mapping[str, Callable[[Problem, Source, Wishes], Edits | None]] = MappingProxyType(
    {
        "stateful-input-shape": stateful_input_shape,
        "stateful-removed-argument": stateful_removed_argument,
        "stateful-batch-size-mismatch": stateful_batch_size_mismatch,
        "stateful-partial-batch": stateful_partial_batch,
        "stateful-shuffle": stateful_shuffle,
        "stateful-missing-reset": stateful_missing_reset,
        "stateful-validation-leak": stateful_validation_leak,
        "stateful-removed-reset": stateful_removed_reset,
    }
)
