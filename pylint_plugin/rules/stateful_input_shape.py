"""A stateful layer whose batch size nothing fixes.

What: `input_shape=`, `Input(shape=...)` without batch_size, a None batch dimension, or no Input.

Why: states have one row for each slot of the batch. Keras 3 refuses an open batch size; without any
Input the first batch that comes, 32 rows by default, fixes it unasked.

Instead: `keras.Input(batch_shape=(batch_size, timesteps, features))` before the first layer.
"""

from __future__ import annotations

from collections.abc import Iterator

from pylint_plugin.facts import Feed, Finding, Fit, Model, Trace, Train
from pylint_plugin.mends import FixBatchSize
from pylint_plugin.rules.common import confidence_of, placement

_REMEDY = "declare keras.Input(batch_shape=(batch_size, timesteps, features))"


def stateful_input_shape(trace: Trace) -> Iterator[Finding]:
    """Find stateful models whose inputs leave the batch size open."""
    for model in trace.models:
        layer = model.first_stateful
        if layer is None:
            continue
        for feed in model.feeds:
            if feed.batch is None:
                said = f"{feed.said}= leaves" if feed.said != "build" else "build() leaves"
                yield Finding(
                    feed.site,
                    f"{said} the batch size of stateful layer {layer.kind} open; {_REMEDY}",
                    confidence_of(model),
                    _mend(trace, model, feed),
                )
    for event in trace.events:
        if isinstance(event, Fit | Train) and _takes_any(event.model) and not _fixed_by_data(event):
            layer = event.model.first_stateful
            if layer is not None:
                yield Finding(
                    layer.site,
                    f"no Input fixes the batch size of stateful layer {layer.kind}; {_REMEDY}",
                    confidence_of(event.model),
                )


def _mend(trace: Trace, model: Model, feed: Feed) -> FixBatchSize | None:
    """Give the batch size that every fit of the model takes."""
    fits = [each for each in trace.events if isinstance(each, Fit) and each.model.uid == model.uid]
    sizes = {each.batch_size for each in fits}
    size = sizes.pop() if len(sizes) == 1 else None
    if not isinstance(size, int):
        return None
    layer = next((each for each in trace.layers if each.feed == feed), None)
    where = placement(trace, layer) if layer is not None else None
    return FixBatchSize(size, fits[0].site, feed.said, where)


def _takes_any(model: Model) -> bool:
    return model.kind == "sequential" and model.complete and not model.feeds and not model.built


def _fixed_by_data(event: Fit | Train) -> bool:
    last = event.data.batches[-1] if event.data.batches else None
    return event.data.kind == "dataset" and (last is None or last.drop_remainder is not False)
