"""The rules: each tells from a trace where one pitfall is. `ALL` is the table of contents."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

from pylint_plugin.facts import Finding, Trace
from pylint_plugin.rules.stateful_batch_size_mismatch import stateful_batch_size_mismatch
from pylint_plugin.rules.stateful_bidirectional import stateful_bidirectional
from pylint_plugin.rules.stateful_broken_layout import stateful_broken_layout
from pylint_plugin.rules.stateful_initial_state import stateful_initial_state
from pylint_plugin.rules.stateful_input_shape import stateful_input_shape
from pylint_plugin.rules.stateful_missing_predict_reset import stateful_missing_predict_reset
from pylint_plugin.rules.stateful_missing_reset import stateful_missing_reset
from pylint_plugin.rules.stateful_partial_batch import stateful_partial_batch
from pylint_plugin.rules.stateful_removed_argument import stateful_removed_argument
from pylint_plugin.rules.stateful_removed_reset import stateful_removed_reset
from pylint_plugin.rules.stateful_reset_every_batch import stateful_reset_every_batch
from pylint_plugin.rules.stateful_reset_in_generator import stateful_reset_in_generator
from pylint_plugin.rules.stateful_reset_without_state import stateful_reset_without_state
from pylint_plugin.rules.stateful_shuffle import stateful_shuffle
from pylint_plugin.rules.stateful_shuffled_data import stateful_shuffled_data
from pylint_plugin.rules.stateful_time_distributed import stateful_time_distributed
from pylint_plugin.rules.stateful_validation_leak import stateful_validation_leak

ALL: Mapping[str, Callable[[Trace], Iterator[Finding]]] = MappingProxyType(
    {
        "stateful-input-shape": stateful_input_shape,
        "stateful-removed-argument": stateful_removed_argument,
        "stateful-batch-size-mismatch": stateful_batch_size_mismatch,
        "stateful-partial-batch": stateful_partial_batch,
        "stateful-shuffle": stateful_shuffle,
        "stateful-shuffled-data": stateful_shuffled_data,
        "stateful-broken-layout": stateful_broken_layout,
        "stateful-missing-reset": stateful_missing_reset,
        "stateful-validation-leak": stateful_validation_leak,
        "stateful-missing-predict-reset": stateful_missing_predict_reset,
        "stateful-reset-every-batch": stateful_reset_every_batch,
        "stateful-removed-reset": stateful_removed_reset,
        "stateful-reset-without-state": stateful_reset_without_state,
        "stateful-reset-in-generator": stateful_reset_in_generator,
        "stateful-bidirectional": stateful_bidirectional,
        "stateful-time-distributed": stateful_time_distributed,
        "stateful-initial-state": stateful_initial_state,
    }
)
