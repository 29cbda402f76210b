"""Batch arguments that Keras 3 took away from layers.

What: `batch_input_shape=`, `batch_shape=` or `batch_size=` on a layer other than Input.

Why: Keras 3 refuses the argument, so the model cannot be built.

Instead: `keras.Input(batch_shape=(batch_size, timesteps, features))` before the layer.
"""

from __future__ import annotations

from collections.abc import Iterator

from pylint_plugin.facts import Finding, Layer, Trace
from pylint_plugin.mends import DeclareInput
from pylint_plugin.rules.common import placement


def stateful_removed_argument(trace: Trace) -> Iterator[Finding]:
    """Find layers that are given an argument Keras 3 does not know."""
    if trace.keras < 3:
        return
    for layer in trace.layers:
        for argument in layer.removed:
            yield Finding(
                layer.site,
                f"{layer.kind}({argument}=...) fails in Keras 3; put "
                "keras.Input(batch_shape=(batch_size, timesteps, features)) before the layer",
                mend=_mend(trace, layer),
            )
            break


def _mend(trace: Trace, layer: Layer) -> DeclareInput | None:
    place = placement(trace, layer)
    return None if place is None else DeclareInput(place)
