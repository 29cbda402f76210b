"""Which Keras this is, and the only place that touches its private names.

Everything is handed on as plain values. Private names, and where they were seen: Keras 3.0.5 to
3.15.1 (`epoch_iterator`, `_flatten_layers`, `_functional`, `_nodes_by_depth`), tf_keras 2.21 and
Keras 2.15 (`data_handler`, `_steps_per_execution`, `_num_constants`). A name that is gone yields
None, or `missing` says what is lost with it, which callers say aloud.
"""

from __future__ import annotations

import contextlib
import functools
import importlib
import inspect
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import FrameType, ModuleType
from typing import Any, cast

from keras_stateful_guard.plan import CallName

ITERATED = (("epoch_iterator", "_distributed_dataset"), ("data_handler", "_dataset"))
ITERATORS = tuple(iterator for iterator, _ in ITERATED)
CALLS = ("fit", "evaluate", "predict")
LAYERS_INSIDE = "_flatten_layers"
VALIDATION = "val_x"
IN_VALIDATION = "use_cached_eval_dataset"
STEPS = ("_steps_per_execution", "steps_per_execution")
CALLBACKS = "callbacks"
LOOP = "catch_stop_iteration"
ADAPTER, WORKERS, READY = "data_adapter", "enqueuer", "ready_queue"
ACTS = "_acts_on_error"
IN_THREADS = ("_async_train", "_async_test", "_async_predict")
OURS_AND_KERAS = ("keras_stateful_guard", "keras", "tf_keras", "tensorflow")


@functools.cache
def keras() -> ModuleType:
    """Return the Keras in use: tf_keras under TF_USE_LEGACY_KERAS, else what `import keras` is."""
    legacy = os.environ.get("TF_USE_LEGACY_KERAS", "").lower() in ("1", "true")
    try:
        return importlib.import_module("tf_keras" if legacy else "keras")
    except ImportError as error:
        message = (
            "keras_stateful_guard runs beside Keras, which cannot be imported here: "
            'pip install "keras-stateful-guard[tensorflow]"'
        )
        raise ImportError(message) from error


def backend() -> str:
    """Return the name of the backend: `"tensorflow"`, `"jax"` or `"torch"`."""
    return cast("str", keras().backend.backend())


@dataclass(frozen=True, slots=True)
class RunningCall:
    """The `fit`, `evaluate` or `predict` on the stack that called a callback.

    Args:
        name: Which of the three.
        model: The model it runs on.
        arguments: Its arguments and locals by Keras's names, such as x, batch_size and val_x.
        callbacks: Its callbacks, in the order in which Keras calls them.
        around: Model and callbacks of each loop that it runs inside of.
        inside_fit: Whether one of these is a fit of the same model.
    """

    name: CallName
    model: Any
    arguments: Mapping[str, Any]
    callbacks: tuple[Any, ...]
    around: tuple[tuple[Any, tuple[Any, ...]], ...]
    inside_fit: bool


def running_call(model: Any) -> RunningCall | None:
    """Return the innermost Keras loop on the stack that runs on `model`, None if there is none.

    A frame counts by the iterator it holds, not by its name: a user's own `fit` is named alike.
    """
    frames = list(_loops(sys._getframe(1)))
    ours = [
        number
        for number, (_, found) in enumerate(frames)
        if model is None or found["self"] is model
    ]
    if not ours:
        return None
    name, found = frames[ours[0]]
    around = frames[ours[0] + 1 :]
    return RunningCall(
        name=cast("CallName", name),
        model=found["self"],
        arguments=found,
        callbacks=_callbacks(found),
        around=tuple((outer["self"], _callbacks(outer)) for _, outer in around),
        inside_fit=any(each == "fit" and outer["self"] is found["self"] for each, outer in around),
    )


def _loops(frame: FrameType | None) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield name and locals of the Keras loops on the stack, innermost first."""
    while frame is not None:
        code = frame.f_code
        if code.co_name in CALLS and any(name in code.co_varnames for name in ITERATORS):
            found = dict(frame.f_locals)
            if any(found.get(name) is not None for name in ITERATORS):
                yield code.co_name, found
        frame = frame.f_back


def _callbacks(found: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(getattr(found.get(CALLBACKS), CALLBACKS, ()))


def keep_order(call: RunningCall) -> None:
    """Let the hooks of a call run one after another.

    On jax and torch those at the end of a batch run in threads where the callbacks are no list.
    """
    listed = call.arguments.get(CALLBACKS)
    for name in IN_THREADS:
        if hasattr(listed, name):
            setattr(listed, name, False)


def fetched_ahead(call: RunningCall) -> bool:
    """Return whether batches lie ready that workers fetched before the call made its first step.

    They lie there where Keras built the model, or its metrics, from the data: it took the first
    batch for that, and starts the data anew with those that followed it.
    """
    held = (call.arguments.get(name) for name in ITERATORS)
    holder = next((each for each in held if each is not None), None)
    workers = getattr(getattr(holder, ADAPTER, None), WORKERS, None)
    ready = getattr(workers, READY, None)
    return ready is not None and not ready.empty()


def missing(call: RunningCall) -> list[str]:
    """Return what this Keras no longer shows of a call, and what is not judged therefore."""
    model, given = call.model, call.arguments
    lost = []
    if not hasattr(model, LAYERS_INSIDE):
        lost.append(f"{LAYERS_INSIDE}: stateful layers inside other layers are missed")
    if not any(hasattr(model, name) for name in STEPS):
        lost.append(f"{STEPS[1]}: resets inside it are not judged")
    if not call.callbacks:
        lost.append(f"{CALLBACKS}: what other callbacks do is not judged")
    if given.get("validation_data") is not None and VALIDATION not in given:
        lost.append(f"{VALIDATION}: validation data is not judged")
    evaluate = inspect.unwrap(keras().Model.evaluate)
    if IN_VALIDATION not in evaluate.__code__.co_varnames:
        lost.append(f"{IN_VALIDATION}: validation is taken for an evaluate of one's own")
    return lost


def user_stacklevel() -> int:
    """Return the `stacklevel` at which a warning names the user's line, not one of Keras's."""
    frame, level = sys._getframe(1), 1
    while frame.f_back is not None:
        if frame.f_globals.get("__name__", "").partition(".")[0] not in OURS_AND_KERAS:
            return level
        frame, level = frame.f_back, level + 1
    return 2


def sublayers(layer: Any) -> list[Any]:
    """Return the layers directly inside a layer or model, lists and dicts of layers included."""
    flatten = getattr(layer, LAYERS_INSIDE, None)
    if flatten is None:
        return list(getattr(layer, "layers", ()))
    return list(flatten(include_self=False, recursive=False))


def has(layer: Any, name: str) -> bool:
    """Return what `hasattr` does, without the search of torch for what is not there."""
    own = vars(layer)
    if "_modules" not in own:
        return hasattr(layer, name)
    return name in own or name in own["_modules"] or hasattr(type(layer), name)


def class_name(layer: Any) -> str:
    """Return the name of the Keras class that a layer is or derives from."""
    kinds = type(layer).__mro__
    return next((each.__name__ for each in kinds if is_keras(each)), type(layer).__name__)


def runs_its_own_call(layer: Any) -> bool:
    """Return whether Python code that is not Keras's decides what a call of the layer does."""
    return not is_keras(getattr(type(layer), "call", type(layer)))


def inner_calls(layer: Any) -> list[tuple[Any, bool]] | None:
    """Return the layers that one call of a model calls, once for each call.

    Beside each stands whether it is handed an initial state. None where nothing tells: for a layer
    that is no functional or Sequential model, or that has a `call` of its own.
    """
    if runs_its_own_call(layer):
        return None
    graph = getattr(layer, "_functional", None) or layer
    by_depth = getattr(graph, "_nodes_by_depth", None)
    if by_depth:
        calls = [_call(node) for nodes in by_depth.values() for node in nodes]
        return [each for each in calls if hasattr(each[0], "_flatten_layers")]
    if class_name(layer) == "Sequential":
        return [(each, False) for each in layer.layers]
    return None


def _call(node: Any) -> tuple[Any, bool]:
    """Return the layer that a node of a graph calls, and whether with an initial state."""
    if hasattr(node, "operation"):
        layer, named = node.operation, node.arguments.kwargs
        handed = any(each is not None for each in node.arguments.args[1:2])
    else:  # tf_keras and Keras 2 pack the states, and any constants, into one list with x
        layer, named = node.layer, node.call_kwargs
        x = next(iter(node.call_args), None)
        packed = len(x) - 1 if isinstance(x, (list, tuple)) else 0
        handed = packed > (getattr(layer, "_num_constants", None) or 0)
    positional = handed and not runs_its_own_call(layer)
    return layer, positional or named.get("initial_state") is not None


def is_keras(thing: Any) -> bool:
    """Return whether a class or a function is one of Keras's own."""
    return str(thing.__module__).partition(".")[0] in ("keras", "tf_keras")


def native(variable: Any) -> tuple[Any, ...]:
    """Return the backend's own variables behind a Keras variable: one per replica, else one."""
    value = variable.value if hasattr(variable, "_value") else variable
    parts = getattr(value, "values", None)  # a method of a torch tensor
    return tuple(parts) if isinstance(parts, (list, tuple)) else (value,)


def tensor(variable: Any) -> Any:
    """Return the tensor of a Keras variable as it is held, without what reading it costs."""
    held = getattr(variable, "_value", None)
    return variable.value if held is None else held


def sync(model: Any, variable: Any = None) -> None:
    """Let the variables of a model hold their values, which a running loop on jax has emptied.

    Where they hold values Keras may have older ones at hand, of the step before one that failed.

    Args:
        model: A model.
        variable: The one that tells whether they are empty; by default any of the model.
    """
    give_back = getattr(model, "jax_state_sync", None)
    if give_back is None:
        return
    told = next(iter(model.variables), None) if variable is None else variable
    if getattr(told, "_value", None) is None:
        give_back()


def on_error(call: RunningCall, what: str, act: Callable[[BaseException], object]) -> None:
    """Let `act` know of an error that ends the batches of a call; it may raise its own instead.

    Those that come later act first. One of the same `what` takes the place of the one before, since
    validation inside fit goes through the same batches again and again.
    """
    held = (call.arguments.get(name) for name in ITERATORS)
    holder = next((each for each in held if each is not None), None)
    loop = getattr(holder, LOOP, None)
    if loop is None:
        return
    acts: dict[str, Callable[[BaseException], object]] = getattr(loop, ACTS, {})
    acts[what] = act
    if hasattr(loop, ACTS):
        return

    @contextlib.contextmanager
    def told() -> Iterator[None]:
        try:
            with loop():
                yield
        except BaseException as error:
            for each in reversed(acts.values()):
                each(error)
            raise

    setattr(told, ACTS, acts)
    setattr(holder, LOOP, told)


def steps_per_execution(model: Any) -> int:
    """Return how many batches Keras runs between two callback hooks."""
    found: list[Any] = [getattr(model, name, None) for name in STEPS]
    legacy, public = found
    return int(legacy.numpy()) if hasattr(legacy, "numpy") else int(public or 1)


def replicas(model: Any) -> int:
    """Return how many devices share each batch of the model."""
    strategy = getattr(model, "distribute_strategy", None)
    return int(getattr(strategy, "num_replicas_in_sync", 1))


def inputs(model: Any) -> list[tuple[str, int | None]]:
    """Return name and fixed batch size of each Input; empty for a subclassed or unbuilt model."""
    if not getattr(model, "built", False):
        return []
    tensors = getattr(model, "inputs", None) or []
    names = getattr(model, "input_names", None) or [tensor.name for tensor in tensors]
    return [(name, tensor.shape[0]) for name, tensor in zip(names, tensors, strict=True)]


def leading_inputs(model: Any, layers: Iterable[Any]) -> list[bool]:
    """Return, for each Input in the order of `inputs`, whether it leads to one of the layers.

    True as well where the graph does not show it.
    """
    tensors = list(getattr(model, "inputs", None) or [])
    graph = getattr(model, "_functional", None) or model
    by_depth = getattr(graph, "_nodes_by_depth", None)
    if not by_depth:
        return [True] * len(tensors)
    wanted, leads = {id(each) for each in layers}, set()
    origins: dict[int, set[int]] = {id(each): {number} for number, each in enumerate(tensors)}
    for depth in sorted(by_depth, reverse=True):
        for node in by_depth[depth]:
            given = _listed(node, "input_tensors", "keras_inputs")
            found = set().union(*(origins.get(id(each), set()) for each in given))
            for each in _listed(node, "outputs"):
                origins.setdefault(id(each), set()).update(found)
            if wanted & _inside(getattr(node, "operation", None) or node.layer):
                leads |= found
    return [number in leads for number in range(len(tensors))]


def _listed(node: Any, *names: str) -> list[Any]:
    found = next((getattr(node, name) for name in names if hasattr(node, name)), ())
    return list(found) if isinstance(found, (list, tuple)) else [found]


def _inside(layer: Any) -> set[int]:
    """Return the ids of a layer and of all layers inside it."""
    found, waiting = {id(layer)}, [layer]
    while waiting:
        new = [each for each in sublayers(waiting.pop()) if id(each) not in found]
        found.update(map(id, new))
        waiting += new
    return found


def map_batches(call: RunningCall, function: Callable[..., Any]) -> bool:
    """Map the data that a running call is about to read; return whether that was possible."""
    for iterator, dataset in ITERATED:
        holder = call.arguments.get(iterator)
        mapped = getattr(getattr(holder, dataset, None), "map", None)
        if mapped is not None:
            setattr(holder, dataset, mapped(function))
            return True
    return False


@contextlib.contextmanager
def trusted(objects: Mapping[str, Any]) -> Iterator[None]:
    """Let `from_config` know these classes and functions, and run code that is here already."""
    home = importlib.import_module(f"{keras().__name__}.src.saving.serialization_lib")
    with home.SafeModeScope(False), keras().utils.custom_object_scope(dict(objects)):
        yield
