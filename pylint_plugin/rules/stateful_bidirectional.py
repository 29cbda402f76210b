"""A stateful layer inside Bidirectional.

What: Bidirectional wraps a layer with `stateful=True`.

Why: the backward direction starts each chunk from where it ended at the start of the chunk before,
which no whole sequence would give.

Instead: a stateful forward layer alone, or a stateless Bidirectional over whole sequences.
"""

from __future__ import annotations

from collections.abc import Iterator

from pylint_plugin.facts import Finding, Trace
from pylint_plugin.rules.common import wrapping


def stateful_bidirectional(trace: Trace) -> Iterator[Finding]:
    """Find Bidirectional around a stateful layer."""
    for layer, inner in wrapping(trace, "Bidirectional"):
        yield Finding(
            layer.site,
            f"Bidirectional around stateful layer {inner.kind}: the backward direction cannot "
            "carry its state; use the forward layer alone, or stateful=False",
        )
