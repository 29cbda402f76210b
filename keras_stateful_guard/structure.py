"""Where a model's stateful layers stand: what is around them, and how they are called.

Only the graph of the model that is asked about counts: a layer may have been called in other
models too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from keras_stateful_guard import keras_api
from keras_stateful_guard.plan import LayerPlan, Unknown

WRAPPERS = ("Bidirectional", "TimeDistributed")
NOT_CALLED = Unknown("the graph of the model does not call it")


def read(model: Any, layers: Mapping[str, Any]) -> tuple[LayerPlan, ...]:
    """Return what stands around each of the stateful layers, by path, and how it is called."""
    around, calls = _around(model), _Calls()
    calls.inside(model, 1, False)
    return tuple(
        LayerPlan(
            name=name,
            kind=type(layer).__name__,
            inside=tuple(dict.fromkeys(_kinds(id(layer), around))),
            calls=calls.number(layer),
            initial_state=calls.initial_state(layer),
            backwards=bool(getattr(layer, "go_backwards", False)),
        )
        for name, layer in layers.items()
    )


def _around(model: Any) -> dict[int, list[Any]]:
    """Return the layers and models that directly hold each layer, by its id."""
    around: dict[int, list[Any]] = {}
    waiting, seen = [model], {id(model)}
    while waiting:
        holder = waiting.pop()
        for each in keras_api.sublayers(holder):
            if holder is not model:
                around.setdefault(id(each), []).append(holder)
            if id(each) not in seen:
                seen.add(id(each))
                waiting.append(each)
    return around


def _kinds(layer: int, around: Mapping[int, list[Any]]) -> list[str]:
    found, seen = [], {layer}
    waiting = [*around.get(layer, ())]
    while waiting:
        holder = waiting.pop(0)
        if id(holder) not in seen:
            seen.add(id(holder))
            found.append(keras_api.class_name(holder))
            waiting += around.get(id(holder), ())
    return found


class _Calls:
    """The calls of every layer that a call of one model leads to."""

    def __init__(self) -> None:
        self._number: Counter[int] = Counter()
        self._given: set[int] = set()
        self._hidden: dict[int, Unknown] = {}

    def inside(self, layer: Any, times: int, given: bool) -> None:
        """Count what happens inside a layer that is called so many times.

        Args:
            layer: A layer or model.
            times: At how many places it is called.
            given: Whether it is handed an initial state at any of them.
        """
        calls = keras_api.inner_calls(layer)
        if calls is None and self._is_wrapper(layer):
            handed = given and keras_api.class_name(layer) == "Bidirectional"
            calls = [(each, handed) for each in keras_api.sublayers(layer)]
        if calls is None:
            self._hide(layer, times)
            return
        number = Counter(id(each) for each, _ in calls)
        states = {id(each) for each, handed in calls if handed}
        for each in {id(each): each for each, _ in calls}.values():
            self._number[id(each)] += number[id(each)] * times
            if id(each) in states:
                self._given.add(id(each))
            self.inside(each, number[id(each)] * times, id(each) in states)

    @staticmethod
    def _is_wrapper(layer: Any) -> bool:
        kind = keras_api.class_name(layer)
        return kind in WRAPPERS and not keras_api.runs_its_own_call(layer)

    def _hide(self, layer: Any, times: int) -> None:
        """Note what stands inside a layer of which nobody can see which layers it calls."""
        why = Unknown(f"what {type(layer).__name__}.call() calls cannot be looked into")
        waiting, seen = [layer], {id(layer)}
        while waiting:
            for each in keras_api.sublayers(waiting.pop()):
                if id(each) not in seen:
                    seen.add(id(each))
                    waiting.append(each)
                    self._hidden[id(each)] = why
                    self._number[id(each)] += times if times > 1 else 0

    def number(self, layer: Any) -> int | Unknown:
        """Return at how many places a layer is called."""
        seen = self._number[id(layer)]
        return seen if seen > 1 else self._hidden.get(id(layer)) or seen or NOT_CALLED

    def initial_state(self, layer: Any) -> bool | Unknown:
        """Return whether a layer is handed an initial state at any place."""
        if id(layer) in self._given:
            return True
        if id(layer) in self._hidden:
            return self._hidden[id(layer)]
        if keras_api.runs_its_own_call(layer):
            return Unknown(f"what {type(layer).__name__}.call() does cannot be looked into")
        return False if self._number[id(layer)] else NOT_CALLED


def hidden_is_tanh(layer: Any) -> bool:
    """Return whether the first state of a layer is known to be an output of tanh."""
    kind = keras_api.class_name(layer)
    recurrent = kind in ("SimpleRNN", "LSTM", "GRU") or kind.startswith("ConvLSTM")
    activation = getattr(layer, "activation", None)
    return recurrent and getattr(activation, "__name__", "") == "tanh"
