"""A stateful layer inside TimeDistributed.

What: TimeDistributed wraps a layer with `stateful=True`.

Why: the state leaks from one outer step into the next, though the steps are meant to be apart.

Instead: make the inner layer stateless.
"""

from __future__ import annotations

from collections.abc import Iterator

from pylint_plugin.facts import Finding, Trace
from pylint_plugin.rules.common import wrapping


def stateful_time_distributed(trace: Trace) -> Iterator[Finding]:
    """Find TimeDistributed around a stateful layer."""
    for layer, inner in wrapping(trace, "TimeDistributed"):
        yield Finding(
            layer.site,
            f"TimeDistributed around stateful layer {inner.kind}: its state leaks between the "
            "outer steps; drop stateful=True",
        )
