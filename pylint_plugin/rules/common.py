"""What several rules ask of a trace."""

from __future__ import annotations

from collections.abc import Iterator

from pylint_plugin.facts import (
    Confidence,
    Data,
    Event,
    Fit,
    Layer,
    Model,
    Place,
    Run,
    Trace,
)
from pylint_plugin.mends import Placement
from pylint_plugin.places import UNKNOWN, Called, Loop, Unknown
from pylint_plugin.sharing import touches

DEFAULT_BATCH = 32


def confidence_of(model: Model, event: Event | None = None) -> Confidence:
    """HIGH where model and call stand in one scope, INFERENCE where functions were followed."""
    path = model.made + (event.path if event is not None else ())
    return "INFERENCE" if any(isinstance(step, Called) for step in path) else "HIGH"


def name_of(model: Model) -> str:
    """Name the stateful layer of a model."""
    layer = model.first_stateful
    return layer.kind if layer is not None else "of the model"


def outer_loops(event: Event, model: Model) -> tuple[Loop, ...]:
    """Give the loops around an event at whose turns the model is still the same one."""
    made = {step.uid for step in model.made if isinstance(step, Loop)}
    return tuple(loop for loop in event.loops if loop.uid not in made)


def repeats(loop: Loop) -> bool:
    """Whether a loop may run more than once."""
    return isinstance(loop.times, Unknown) or loop.times > 1


def resets_within(trace: Trace, loop: Loop, model: Model) -> bool:
    """Whether the states of a model may be reset at a turn of a loop, by whatever stands in it."""
    return any(
        touches(each, model) or _guarded(each, model)
        for each in trace.events
        if any(step.uid == loop.uid for step in each.loops)
    )


def _guarded(event: Event, model: Model) -> bool:
    """Whether a fit resets by itself, at its begin or its end."""
    return (
        isinstance(event, Fit)
        and event.model.uid == model.uid
        and any(not each.known or each.resets for each in event.callbacks)
    )


def resets_between_epochs(event: Fit) -> bool:
    """Whether a callback may reset in the course of a fit; unknown callbacks may."""
    return event.opaque or any(not each.known or each.resets for each in event.callbacks)


def epochs_of(event: Fit) -> int | Unknown:
    """Give the number of epochs; a parameter that is 1 unless the caller says so counts as 1."""
    if event.epochs is None:
        return 1
    if isinstance(event.epochs, Data):
        default = event.epochs.default
        return 1 if default == 1 and not isinstance(default, bool) else UNKNOWN
    return event.epochs


def guards_itself(event: Run) -> bool:
    """Whether a callback of an evaluate or predict call may keep its states apart."""
    return event.opaque or any(
        not each.known or each.isolates or each.resets for each in event.callbacks
    )


def is_array(event: Fit) -> bool:
    """Whether a fit is surely given arrays: only they go with targets, a batch size or a split."""
    if event.data.kind in {"array", "frame"}:
        return True
    if event.data.kind != "unknown" or event.name != "fit":
        return False
    return (
        event.targets is True or event.batch_size is not None or event.validation_split is not None
    )


def alone(trace: Trace, event: Fit | Run) -> bool:
    """Whether the call of an event is only ever made on stateful models."""
    return all(
        each.model.stateful is True
        for each in trace.events
        if isinstance(each, Fit | Run) and each.site == event.site
    )


def placement(trace: Trace, layer: Layer) -> Placement | None:
    """Give how a layer gets into its model; None where it is not known or not always the same."""
    places = {
        (each.site, each.first)
        for each in trace.events
        if isinstance(each, Place) and layer.uid in each.layers
    }
    firsts = {first for _, first in places}
    if not places or (len(places) > 1 and firsts != {False}):
        return None
    site, first = min(places)
    return None if isinstance(first, Unknown) else Placement(site, first)


def wrapping(trace: Trace, kind: str) -> Iterator[tuple[Layer, Layer]]:
    """Yield the wrappers of one kind with the stateful layer that they wrap."""
    for layer in trace.layers:
        inner = [each for child in layer.inner for each in child.flat()]
        found = next((each for each in inner if each.recurrent and each.stateful is True), None)
        if layer.kind == kind and found is not None:
            yield layer, found
