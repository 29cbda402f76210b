"""States on jax, where Keras drops them from its steps unless they are made a part of them.

The step functions of Keras take and return the variables that `Layer.variables` lists, and states
are not listed. They are once a holder of each stands among the layer's seed generators: listed as
`variables`, never as `weights`, so that no file of weights knows of them.

While a loop runs, its variables are empty: their values travel through the step, which may write
over their memory. So what reads or writes states goes through a model that has been synced, and a
snapshot is a copy.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from keras_stateful_guard import keras_api, within
from keras_stateful_guard.backends import Carried, LayerStates, jax_kernels

HOLDERS = "_seed_generators"
RECORD = "_record_training_state_sharding_spec"  # until Keras 3.10: counts a fit's variables
LAST, SYNCED = "_jax_state", "_jax_state_synced"  # of a loop, and whether variables hold it
STEPS = {
    "train": ("trainable", "non_trainable", "optimizer", "metrics"),
    "test": ("trainable", "non_trainable", "metrics"),
    "predict": ("trainable", "non_trainable"),
}


class Bank:
    """The state variables of one model on jax."""

    def __init__(self, variables: Sequence[Any]) -> None:
        self._variables = tuple(variables)

    def zero(self, slots: np.ndarray[Any, np.dtype[np.bool_]] | None = None) -> None:
        """Set the states of all slots, or of those marked in the mask, to zero."""
        values = self._values()
        self._assign(_zeros(values) if slots is None else _zero_slots(values, slots))

    def carried(self) -> bool:
        """Return whether any state is other than zero."""
        return bool(_carried(self._values()))

    def snapshot(self) -> object:
        """Return a copy of all states that `restore` takes back."""
        return _copies(self._values())

    def restore(self, snapshot: object) -> None:
        """Put the states of a snapshot back."""
        self._assign(_copies(snapshot))

    def stack(self, snapshots: Sequence[Any]) -> list[np.ndarray]:
        """Return the states of many snapshots, each of shape `(snapshots, batch_size, ...)`."""
        return [np.stack(each) for each in zip(*jax.device_get(list(snapshots)), strict=True)]

    def read(self) -> list[np.ndarray]:
        """Return a copy of all states."""
        return [np.array(each) for each in self._values()]

    def write(self, values: Sequence[np.ndarray]) -> None:
        """Set all states."""
        self._assign(values)

    def _values(self) -> list[Any]:
        try:
            return [each.value for each in self._variables]
        except TypeError as error:  # what Keras says of a variable that is empty
            message = (
                "a running loop holds the values of these states; name the model that it runs on, "
                "which is self.model in a callback, not a part of it"
            )
            raise RuntimeError(message) from error

    def _assign(self, values: Sequence[Any]) -> None:
        for variable, value in zip(self._variables, values, strict=True):
            variable.assign(value)


@jax.jit
def _zeros(values: list[Any]) -> list[Any]:
    return [jnp.zeros_like(each) for each in values]


@jax.jit
def _zero_slots(values: list[Any], slots: Any) -> list[Any]:
    rows = [slots.reshape(-1, *[1] * (each.ndim - 1)) for each in values]
    return [jnp.where(mask, 0, each) for mask, each in zip(rows, values, strict=True)]


@jax.jit
def _carried(values: list[Any]) -> Any:
    return jnp.any(jnp.stack([jnp.any(each != 0) for each in values]))


@jax.jit
def _copies(values: Any) -> Any:
    return [jnp.copy(each) for each in values]


class Holder:
    """Holds a state where Keras looks for the state of a seed generator."""

    def __init__(self, variable: Any) -> None:
        self.state = variable


class Step:
    """A step function that gives the variables back to the model where it fails.

    Keras empties them before the first step; it has nothing to put back where that one fails.
    """

    def __init__(self, model: Any, name: str, function: Callable[..., Any]) -> None:
        self._model = model
        self._groups = STEPS[name]
        self._function = function

    def __call__(self, state: Any, iterator: Any) -> Any:
        """Run the step."""
        try:
            return self._function(state, iterator)
        except BaseException:
            if not any(each.is_deleted() for each in jax.tree_util.tree_leaves(state)):
                self._give_back(state)
            raise

    def _give_back(self, state: Any) -> None:
        for group, values in zip(self._groups, state, strict=True):
            holder = self._model.optimizer if group == "optimizer" else self._model
            name = "variables" if group == "optimizer" else f"{group}_variables"
            for variable, value in zip(getattr(holder, name), values, strict=True):
                variable.assign(value)
        setattr(self._model, LAST, None)  # older than what has just been given back
        setattr(self._model, SYNCED, True)


def fault(model: Any, states: LayerStates) -> str:
    """Return why the states of a model cannot be carried here; empty where they can."""
    dropped = _dropped(model, states)
    if all(hasattr(layer, HOLDERS) and _lists_holders(layer) for layer, _ in dropped):
        return ""
    return (
        "whose training step drops the states, and this Keras no longer shows "
        f"Layer.{HOLDERS}, by which they could be made a part of it"
    )


def carry(model: Any, states: LayerStates) -> Carried:
    """Make the states of a model a part of its steps, for good: `stateful=True` promises that."""
    dropped = _dropped(model, states)
    with_lstm, traced_with_kernel = jax_kernels.avoid(model)
    for layer, variable in dropped:
        getattr(layer, HOLDERS).append(Holder(variable))
    if dropped and hasattr(model, RECORD):
        getattr(model, RECORD)()
    others = within.layers_within(model) if dropped else ()
    for each in (model, *others):
        for name in STEPS:
            made, remake = f"{name}_function", f"make_{name}_function"
            function = getattr(each, made, None)
            if function is None:
                continue
            if dropped or traced_with_kernel or _may_be_for_fewer(function):
                getattr(each, remake)(force=True)
            if each is model and not isinstance(getattr(model, made), Step):
                setattr(model, made, Step(model, name, getattr(model, made)))
    note = "jax: the states are a part of the step, which drops them otherwise"
    return Carried(f"{note}; {jax_kernels.NOTE}" if with_lstm else note)


def _may_be_for_fewer(function: Any) -> bool:
    """Return whether a step may have been made for fewer variables, of which it knows the number.

    Another model with the same layers may have carried their states first.
    """
    return not isinstance(function, Step) and bool(keras_api.keras().distribution.distribution())


def _dropped(model: Any, states: LayerStates) -> list[tuple[Any, Any]]:
    """Return the states, each with its layer, that the steps of a model do not carry."""
    listed = {id(each) for each in model.variables}
    return [(layer, v) for layer, variables in states for v in variables if id(v) not in listed]


def _lists_holders(layer: Any) -> bool:
    own = [vars(each).get("variables") for each in type(layer).__mro__]
    readers = [each.fget for each in own if isinstance(each, property)]
    return any(HOLDERS in each.__code__.co_names for each in readers if each is not None)
