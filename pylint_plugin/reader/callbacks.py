"""Callbacks given to fit: what their hooks do to the states of the model that is fitted."""

from __future__ import annotations

from astroid import nodes

from pylint_plugin.facts import Callback, Event, Reset, Sureness
from pylint_plugin.reader.classes import find, role
from pylint_plugin.reader.functions import call_function
from pylint_plugin.reader.machine import Machine
from pylint_plugin.reader.snapshot import model_of
from pylint_plugin.reader.values import (
    NOTHING,
    Args,
    Ext,
    Func,
    Method,
    Partial,
    Ref,
    Value,
    alternatives,
    integer,
    is_none,
)
from pylint_plugin.sharing import touches

HOOKS = tuple(
    """on_train_begin on_train_end on_epoch_begin on_epoch_end on_batch_begin on_batch_end
    on_train_batch_begin on_train_batch_end on_test_begin on_test_end on_test_batch_begin
    on_test_batch_end on_predict_begin on_predict_end""".split()
)
BATCH_HOOKS = ("on_batch_begin", "on_batch_end", "on_train_batch_begin", "on_train_batch_end")
_EPOCH: tuple[tuple[str, Sureness], ...] = (
    ("on_train_begin", "always"),
    ("on_epoch_begin", "always"),
    ("on_train_end", "always"),
)
_SOMETIMES: tuple[tuple[str, Sureness], ...] = (("on_train_batch_begin", "sometimes"),)
_OURS = "keras_stateful_guard."


def callbacks_of(
    machine: Machine, value: Value | None, model: Ref, node: nodes.NodeNG
) -> tuple[Callback, ...]:
    """Give the callbacks of a call; one that is not known stands for all that cannot be seen."""
    if is_none(value) or value is None:
        return ()
    unknown = Callback("", machine.site(node), known=False)
    if isinstance(value, Ref) and value.kind == "list":
        found = [_callback(machine, each, model, node) for each in machine.held(value)]
        if (
            machine.store.get(value.uid, "#open") is not None
            or machine.store.get(value.uid, "#items") is None
        ):
            found.append((unknown,))
        return tuple(each for row in found for each in row)
    items = machine.listed(value)
    if items is None:
        rows = (
            [callbacks_of(machine, each, model, node) for each in alternatives(value)]
            if len(alternatives(value)) > 1
            else [_callback(machine, value, model, node)]
        )
        return tuple(each for row in rows for each in row)
    return tuple(each for item in items for each in _callback(machine, item, model, node))


def _callback(
    machine: Machine, value: Value, model: Ref, node: nodes.NodeNG
) -> tuple[Callback, ...]:
    if is_none(value):
        return ()
    options = alternatives(value)
    if len(options) > 1:
        return tuple(each for option in options for each in _callback(machine, option, model, node))
    if isinstance(value, Partial) and isinstance(value.func, Ext):
        return (_library(machine, value.func.name, value.args, model, node),)
    if isinstance(value, Ref) and value.kind == "instance":
        return (_own(machine, value, model, node),)
    return (Callback("", machine.site(node), known=False),)


def _library(machine: Machine, name: str, args: Args, model: Ref, node: nodes.NodeNG) -> Callback:
    site = machine.site(node)
    short = name.rsplit(".", 1)[-1]
    if name in machine.settings.reset_callbacks or short in machine.settings.reset_callbacks:
        return Callback(short, site, resets=_EPOCH)
    if name == "keras.callbacks.LambdaCallback":
        hooks = {hook: value for hook, value in args.keywords.items() if hook in HOOKS}
        return _hooked(machine, short, hooks, model, node, known=not args.opaque)
    if name == _OURS + "StatefulGuard":
        every = integer(args.get("boundaries", 0)) == 1
        return Callback(short, site, resets=_EPOCH, isolates=True, every_batch=every)
    if name == _OURS + "ResetStatesOnEpoch":
        return Callback(short, site, resets=_EPOCH)
    if name == _OURS + "ResetStatesOnSequence":
        every = integer(args.get("boundaries", 0)) == 1
        return Callback(short, site, resets=_SOMETIMES, every_batch=every)
    if name == _OURS + "IsolateEvaluation":
        return Callback(short, site, isolates=True)
    return Callback(short, site, known=name.startswith(("keras.callbacks.", _OURS)))


def _own(machine: Machine, this: Ref, model: Ref, node: nodes.NodeNG) -> Callback:
    cls = machine.made[this.uid].cls
    if cls is None:
        return Callback("", machine.site(node), known=False)
    if cls.node.name in machine.settings.reset_callbacks:
        return Callback(cls.node.name, machine.site(node), resets=_EPOCH)
    hooks = {
        hook: Method(this, found)
        for hook in HOOKS
        if isinstance(found := find(machine, cls, hook), Func)
    }
    machine.store.open()
    machine.store.put(this.uid, "model", model)
    result = _hooked(
        machine, cls.node.name, dict(hooks), model, node, known=role(cls) == "callback"
    )
    machine.store.close()
    return result


def _hooked(
    machine: Machine,
    name: str,
    hooks: dict[str, Value],
    model: Ref,
    node: nodes.NodeNG,
    known: bool,
) -> Callback:
    resets: list[tuple[str, Sureness]] = []
    events: list[tuple[str, Event]] = []
    now = model_of(machine, model)
    for hook, value in hooks.items():
        method = Method(NOTHING, value) if isinstance(value, Func) else value
        if not isinstance(method, Method):
            known = known and is_none(method)
            continue
        seen = run_hook(machine, method, node)
        events += [(hook, each) for each in seen]
        mine = [each for each in seen if touches(each, now)]
        if mine:
            sure = any(isinstance(each, Reset) and each.model and not each.arms for each in mine)
            resets.append((hook, "always" if sure else "sometimes"))
    every = any(hook in BATCH_HOOKS and sure == "always" for hook, sure in resets)
    return Callback(name, machine.site(node), known, tuple(resets), False, every, tuple(events))


def of_sequence(
    machine: Machine, value: Value | None, model: Ref, node: nodes.NodeNG
) -> tuple[Callback, ...]:
    """Give the hook that Keras calls on a Sequence at the end of each epoch."""
    if not isinstance(value, Ref) or value.kind != "instance":
        return ()
    cls = machine.made[value.uid].cls
    if cls is None or role(cls) != "sequence":
        return ()
    found = find(machine, cls, "on_epoch_end")
    if not isinstance(found, Func):
        return ()
    hooks: dict[str, Value] = {"on_epoch_end": Method(value, found)}
    return (_hooked(machine, cls.node.name, hooks, model, node, known=True),)


def run_hook(machine: Machine, method: Method, node: nodes.NodeNG) -> list[Event]:
    """Run a hook as Keras would, on a path of its own, and give what happened."""
    events: list[Event] = []
    before, machine.path = machine.path, ()
    machine.wild += 1
    machine.store.open()
    with machine.recording(events):
        this = None if method.owner == NOTHING else method.owner
        call_function(machine, method.func, Args((NOTHING, NOTHING)), node, this)
    machine.store.close()
    machine.wild -= 1
    machine.path = before
    return events
