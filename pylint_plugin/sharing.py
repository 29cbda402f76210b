"""Which models keep their states together: one may hold the layers of the other."""

from __future__ import annotations

from pylint_plugin.facts import Escape, Event, Model, Reset


def share_states(one: Model, other: Model) -> bool:
    """Tell whether two models are the same one, or have a recurrent layer in common."""
    return one.uid == other.uid or not _recurrent(one).isdisjoint(_recurrent(other))


def touches(event: Event, model: Model) -> bool:
    """Tell whether an event may reset the states of a model."""
    if isinstance(event, Reset):
        return event.model is None or share_states(event.model, model)
    return isinstance(event, Escape) and share_states(event.model, model)


def _recurrent(model: Model) -> frozenset[int]:
    layers = (layer for each in model.layers for layer in each.flat())
    return frozenset(layer.uid for layer in layers if layer.recurrent)
