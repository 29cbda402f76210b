"""Makes wrong state in stateful Keras RNNs impossible to miss.

Importing the package loads no backend: each name is imported when it is first used.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from keras_stateful_guard.callbacks import (
        AssertFixedBatchSize,
        AssertNoShuffle,
        IsolateEvaluation,
        ResetStatesOnEpoch,
        ResetStatesOnSequence,
        StatefulGuard,
    )
    from keras_stateful_guard.carrying import carry_states
    from keras_stateful_guard.equivalence import equivalence_gap
    from keras_stateful_guard.errors import (
        Finding,
        StatefulPitfallError,
        StatefulPitfallWarning,
    )
    from keras_stateful_guard.layout import StatefulBatches, stateful_batches
    from keras_stateful_guard.layout_report import LayoutReport, check_layout
    from keras_stateful_guard.monitor import StateMonitor
    from keras_stateful_guard.persistence import load_states, save_states
    from keras_stateful_guard.picture import plot_states
    from keras_stateful_guard.rebatching import rebatch
    from keras_stateful_guard.states import (
        get_states,
        preserve_states,
        reset_states,
        set_states,
        stateful_layers,
    )

__all__ = [
    "AssertFixedBatchSize",
    "AssertNoShuffle",
    "Finding",
    "IsolateEvaluation",
    "LayoutReport",
    "ResetStatesOnEpoch",
    "ResetStatesOnSequence",
    "StateMonitor",
    "StatefulBatches",
    "StatefulGuard",
    "StatefulPitfallError",
    "StatefulPitfallWarning",
    "carry_states",
    "check_layout",
    "equivalence_gap",
    "get_states",
    "load_states",
    "plot_states",
    "preserve_states",
    "rebatch",
    "reset_states",
    "save_states",
    "set_states",
    "stateful_batches",
    "stateful_layers",
]

_HOME = {
    "AssertFixedBatchSize": "callbacks",
    "AssertNoShuffle": "callbacks",
    "Finding": "errors",
    "IsolateEvaluation": "callbacks",
    "LayoutReport": "layout_report",
    "ResetStatesOnEpoch": "callbacks",
    "ResetStatesOnSequence": "callbacks",
    "StatefulBatches": "layout",
    "StateMonitor": "monitor",
    "StatefulGuard": "callbacks",
    "StatefulPitfallError": "errors",
    "StatefulPitfallWarning": "errors",
    "carry_states": "carrying",
    "equivalence_gap": "equivalence",
    "check_layout": "layout_report",
    "get_states": "states",
    "load_states": "persistence",
    "plot_states": "picture",
    "preserve_states": "states",
    "rebatch": "rebatching",
    "reset_states": "states",
    "save_states": "persistence",
    "set_states": "states",
    "stateful_batches": "layout",
    "stateful_layers": "states",
}


def __getattr__(name: str) -> object:
    if name not in _HOME:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    value = getattr(importlib.import_module(f"{__name__}.{_HOME[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
