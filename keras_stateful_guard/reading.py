"""Reads a running call and its model into a plan."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from typing import Any

from keras_stateful_guard import backends, keras_api, sources, states, structure
from keras_stateful_guard.boundaries import Boundaries
from keras_stateful_guard.errors import StatefulPitfallWarning
from keras_stateful_guard.keras_api import RunningCall
from keras_stateful_guard.plan import DataPlan, FitPlan, InputPlan, ModelPlan


def read_model(model: Any) -> ModelPlan:
    """Return the stateful side of a model."""
    layers = states.stateful_layers(model)
    variables = [each for layer in layers.values() for each in states.state_variables(layer)]
    return ModelPlan(
        layers=structure.read(model, layers),
        inputs=_read_inputs(model, layers),
        state_rows=int(variables[0].shape[0]) if variables else None,
    )


def _read_inputs(model: Any, layers: Mapping[str, Any]) -> tuple[InputPlan, ...]:
    declared = keras_api.inputs(model)
    if len(declared) < 2:
        return tuple(InputPlan(name, rows) for name, rows in declared)
    leads = keras_api.leading_inputs(model, layers.values())
    return tuple(
        InputPlan(name, rows, lead) for (name, rows), lead in zip(declared, leads, strict=True)
    )


def read_call(
    call: RunningCall,
    declared_batch_size: int | None = None,
    boundaries: Boundaries | None = None,
    validation_boundaries: Boundaries | None = None,
    *,
    looks: bool = False,
) -> FitPlan:
    """Return what a running call was asked to do; nothing of its data is spent.

    Args:
        call: The running call.
        declared_batch_size: Rows per batch that the user declared.
        boundaries: Where sequences begin in the data of the call, as declared.
        validation_boundaries: Where they begin in the validation data inside `fit`.
        looks: Whether to look at values, to judge the layout of rows.
    """
    given = call.arguments
    for lost in keras_api.missing(call):
        note = f"this Keras no longer shows {lost}"
        warnings.warn(StatefulPitfallWarning(note=note), stacklevel=keras_api.user_stacklevel())
    steps = given.get("steps_per_epoch" if call.name == "fit" else "steps")
    return FitPlan(
        call=call.name,
        model=read_model(call.model),
        data=sources.read(_request(call, steps, boundaries, looks)),
        validation=_read_validation(call, validation_boundaries, looks),
        validations=_validations(given),
        validation_steps=given.get("validation_steps"),
        epochs=given.get("epochs", 1) - given.get("initial_epoch", 0),
        validation_split=float(given.get("validation_split") or 0.0),
        steps_per_epoch=steps,
        steps_per_execution=keras_api.steps_per_execution(call.model),
        replicas=keras_api.replicas(call.model),
        backend=keras_api.backend(),
        backend_fault=backends.fault(call.model, states.layer_states(call.model)),
        declared_batch_size=declared_batch_size,
        boundaries=boundaries,
        validation_boundaries=validation_boundaries,
    )


def _validations(given: Mapping[str, Any]) -> int:
    """Return how often a fit will validate."""
    if given.get("validation_data") is None:
        return 0
    every = given.get("validation_freq") or 1
    epochs = range(given.get("initial_epoch", 0) + 1, given.get("epochs", 1) + 1)
    return sum(epoch % every == 0 if isinstance(every, int) else epoch in every for epoch in epochs)


def _read_validation(
    call: RunningCall, boundaries: Boundaries | None, looks: bool
) -> DataPlan | None:
    given = call.arguments
    if given.get("validation_data") is None:
        return None
    if keras_api.VALIDATION not in given:
        return sources.unknown("data", "this Keras does not show its validation data")
    x, steps = given[keras_api.VALIDATION], given.get("validation_steps")
    batch_size = given.get("validation_batch_size") or given.get("batch_size")
    return sources.read(
        sources.Request(
            x=x,
            batch_size=batch_size,
            shuffle=False,
            steps=steps,
            backend=keras_api.backend(),
            replicas=keras_api.replicas(call.model),
            call="evaluate",  # fit reads it afresh each time, in order, as evaluate does
            looks=looks,
            boundaries=boundaries,
        )
    )


def _request(
    call: RunningCall, steps: int | None, boundaries: Boundaries | None, looks: bool
) -> sources.Request:
    given = call.arguments
    return sources.Request(
        x=given.get("x"),
        batch_size=given.get("batch_size"),
        shuffle=given.get("shuffle", True) if call.name == "fit" else False,
        steps=steps,
        backend=keras_api.backend(),
        replicas=keras_api.replicas(call.model),
        ahead=keras_api.fetched_ahead(call),
        call=call.name,
        looks=looks,
        boundaries=boundaries,
    )
