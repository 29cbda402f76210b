"""A reset inside a data generator.

What: states are reset in a generator, or in the `__getitem__` of a PyDataset, that feeds fit.

Why: Keras fetches batches ahead of training, so the reset happens some batches too early.

Instead: declare where sequences begin, `StatefulGuard(boundaries=...)`.
"""

from __future__ import annotations

from collections.abc import Iterator

from pylint_plugin.facts import Finding, Reset, Trace


def stateful_reset_in_generator(trace: Trace) -> Iterator[Finding]:
    """Find resets that run ahead of training."""
    for event in trace.every():
        if isinstance(event, Reset) and event.generator:
            yield Finding(
                event.site,
                f"{event.name}() in a generator runs ahead of training; declare where sequences "
                "begin, StatefulGuard(boundaries=...)",
                "CONTROL_FLOW",
            )
