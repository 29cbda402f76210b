"""What the other callbacks of a call may do to its states, as far as their own code shows."""

from __future__ import annotations

import dis
import sys
from collections.abc import Iterable
from itertools import pairwise
from types import CodeType, FunctionType
from typing import Any

from keras_stateful_guard import keras_api
from keras_stateful_guard.keras_api import RunningCall
from keras_stateful_guard.plan import Meddling
from keras_stateful_guard.sources.untouched import codes

BATCH_BEGIN = ("on_train_batch_begin", "on_batch_begin")
INSIDE_AN_EPOCH = (*BATCH_BEGIN, "on_train_batch_end", "on_batch_end")
BETWEEN_EPOCHS = ("on_epoch_begin", "on_epoch_end", "on_test_begin", "on_test_end")
STARTS = {  # where ours sets states to zero
    "fit": ("on_epoch_begin",),
    "evaluate": ("on_test_begin",),
    "predict": ("on_predict_begin",),
}
INSIDE = {
    "fit": INSIDE_AN_EPOCH,
    "evaluate": ("on_test_batch_begin", "on_test_batch_end"),
    "predict": ("on_predict_batch_begin", "on_predict_batch_end"),
}
RESETS = frozenset({"reset_state", "reset_states"})
CALLED = "self.model"
TO_BE_CALLED = 1 if sys.version_info >= (3, 12) else 0  # marks an attribute that is loaded for it
STEPS = {f"{call}_{what}" for call in ("predict", "test", "train") for what in ("on_batch", "step")}
RUNS = frozenset({"evaluate", "fit", "predict", CALLED, *STEPS})
KEEPS = frozenset({"IsolateEvaluation", "StatefulGuard", "preserve_states"})
DEEP = 3  # calls of helpers that are followed


def acts_before_batches(callback: Any) -> bool:
    """Return whether code of the user's own runs in a callback before each batch."""
    return any(_own(callback, hook) is not None for hook in BATCH_BEGIN)


def nobody_acts(callbacks: Iterable[Any]) -> bool:
    """Return whether all hooks of all callbacks are surely functions of Keras or ours."""
    hooks = [getattr(each, name) for each in callbacks for name in dir(each) if name[:3] == "on_"]
    functions = [getattr(each, "__func__", each) for each in hooks]
    return all(
        isinstance(each, FunctionType)
        and each.__module__.partition(".")[0] in keras_api.OURS_AND_KERAS
        for each in functions
    )


def meddling(call: RunningCall, ours: type, between_epochs: bool) -> tuple[Meddling, ...]:
    """Return what callbacks of the user's own do to the states of a call where ours may not see it.

    Args:
        call: The running call.
        ours: The class of callbacks to leave out.
        between_epochs: Whether states run on from epoch to epoch, so that it matters there too.
    """
    validates = call.name == "fit" and call.arguments.get("validation_data") is not None
    calls = (call.name, "evaluate") if validates else (call.name,)
    inside = [hook for each in calls for hook in INSIDE[each]]
    starts = [hook for each in calls for hook in STARTS[each]]
    first = next((at for at, each in enumerate(call.callbacks) if isinstance(each, ours)), 0)
    found = []
    for at, callback in enumerate(call.callbacks):
        if isinstance(callback, ours):
            continue
        found += [_judged(callback, hook) for hook in inside]
        if call.name == "fit" and between_epochs:
            found += [_judged(callback, hook) for hook in BETWEEN_EPOCHS]
        elif at > first:  # it acts on what ours has set to zero
            begun = (_judged(callback, hook) for hook in starts)
            found += [each for each in begun if each is not None and each.runs]
    return tuple(each for each in found if each is not None)


def refuse_two_calls_at_once(callback: Any, call: RunningCall) -> None:
    """Raise where a call that runs inside of another one was given the same callback."""
    for model, callbacks in call.around:
        if callback in callbacks and (call.name == "fit" or model is not call.model):
            callback.set_model(model)
            name = type(callback).__name__
            message = (
                f"this {name} already serves the call that this {call.name} runs inside of; give "
                f"each its own: model.{call.name}(..., callbacks=[{name}()])"
            )
            raise ValueError(message)


def _judged(callback: Any, hook: str) -> Meddling | None:
    function = _own(callback, hook)
    names = set() if function is None else _names(function, type(callback), set())
    runs = "" if KEEPS & names else next(iter(sorted(RUNS & names)), "")
    where = f"{type(callback).__name__}.{hook}()"
    return Meddling(where, bool(RESETS & names), runs) if RESETS & names or runs else None


def _own(callback: Any, hook: str) -> FunctionType | None:
    """Return the function behind a hook where it is not one of Keras's."""
    method = getattr(callback, hook, None)
    function = getattr(method, "__func__", method)
    users = isinstance(function, FunctionType) and not keras_api.is_keras(function)
    return function if users else None


def _names(function: FunctionType, owner: type, seen: set[str], deep: int = DEEP) -> set[str]:
    """Return the names that a hook uses, and those that its helpers use for it."""
    names: set[str] = set()
    for code in codes(function.__code__):
        names |= {*code.co_names, *([CALLED] if _calls_the_model(code) else [])}
    for name in sorted(names - seen) if deep else ():
        seen.add(name)
        helper = getattr(owner, name, function.__globals__.get(name))
        if isinstance(helper, FunctionType) and not keras_api.is_keras(helper):
            names |= _names(helper, owner, seen, deep - 1)
    return names


def _calls_the_model(code: CodeType) -> bool:
    """Return whether code says `self.model(...)`, which Python 3.10 hides behind keywords."""
    for before, each in pairwise(dis.get_instructions(code)):
        loaded = before.argval if isinstance(before.argval, tuple) else (before.argval,)
        marked = each.opname == "LOAD_ATTR" and (each.arg or 0) & TO_BE_CALLED
        called = bool(marked) or each.opname == "LOAD_METHOD"
        if called and each.argval == "model" and loaded[-1:] == ("self",):
            return True
    return False
