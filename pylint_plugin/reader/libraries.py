"""Calls of library names: Keras makes layers and models, others at most hand data on."""

from __future__ import annotations

from astroid import nodes

from pylint_plugin.facts import Data
from pylint_plugin.names import is_keras
from pylint_plugin.reader import arrays, builtin_calls, datasets, models
from pylint_plugin.reader.functions import escape, unknown_model
from pylint_plugin.reader.layers import make_input, make_layer
from pylint_plugin.reader.machine import Machine
from pylint_plugin.reader.operators import through
from pylint_plugin.reader.values import NONE, Args, Ext, Partial, Ref, Tensor, Value

# Libraries whose functions keep no model and reset none.
_HARMLESS = frozenset(
    """keras tensorflow numpy pandas sklearn matplotlib builtins os sys math random time json re
    pickle h5py scipy seaborn logging typing itertools functools collections datetime pathlib
    joblib tqdm statsmodels IPython pydot tensorflow_datasets gc copy csv argparse string
    plotly tensorflowjs google six warnings""".split()
)
_RESETS = {
    "reset_states": "keras_stateful_guard.reset_states",
    "set_states": "keras_stateful_guard.set_states",
}
_RESETS["load_states"] = "keras_stateful_guard.load_states"
_OBJECTS = (
    "keras.callbacks.",
    "keras_stateful_guard.",
    "numpy.random.default_rng",
    "numpy.random.RandomState",
)


def call_library(machine: Machine, name: str, args: Args, node: nodes.NodeNG) -> Value:
    """Call a library's function or class by its canonical name."""
    handler = builtin_calls.FUNCTIONS.get(name) or arrays.FUNCTIONS.get(name)
    if handler is not None and isinstance(node, nodes.Call):
        return handler(machine, args, node)
    if name == "keras.Input":
        return make_input(machine, args, node)
    if name.startswith("keras.layers.") or machine.is_recurrent(name):
        return _layer(machine, name, args, node)
    if name in {"keras.Sequential", "keras.Model", "keras.load_model", "keras.clone_model"} or (
        is_keras(name)
        and name.endswith(
            ("model_from_json", "model_from_config", "from_config", "model_from_yaml")
        )
    ):
        return models.make_model(machine, name, args, node)
    if name == "functools.partial" and args.positional:
        return Partial(args.positional[0], Args(args.positional[1:], args.keywords, args.opaque))
    if datasets.is_dataset(name) and isinstance(node, nodes.Call):
        return datasets.make_dataset(machine, name, args, node)
    root, _, short = name.partition(".")
    if root == "keras_stateful_guard" and short in _RESETS:
        target = args.get("model", 0)
        models.reset(machine, target if isinstance(target, Ref) else None, node, _RESETS[short])
        return NONE
    if root == "keras_stateful_guard" and short == "rebatch":
        return unknown_model(machine, node)
    if (
        name.startswith(_OBJECTS)
        or name == "tensorflow.GradientTape"
        or name in machine.settings.reset_callbacks
    ):
        return Partial(Ext(name), args)
    if name.rsplit(".", 1)[-1] in machine.settings.reset_callbacks:
        return Partial(Ext(name), args)
    if root not in _HARMLESS:
        escape(machine, args, node)
    return _library(machine, name, root, args)


def _layer(machine: Machine, name: str, args: Args, node: nodes.NodeNG) -> Value:
    short = name.rsplit(".", 1)[-1]
    if short[:1].islower():
        return _merged(machine, args)
    return make_layer(machine, name, args, node)


def _merged(machine: Machine, args: Args) -> Value:
    return through(machine, args.positional, straight=True)


def _library(machine: Machine, name: str, root: str, args: Args) -> Value:
    tensors = tuple(
        x for each in args.all() for x in (machine.held(each) or (each,)) if isinstance(x, Tensor)
    )
    if tensors:
        before = through(machine, tensors, straight=False)
        return Tensor(
            before.layers, before.known and root in {"keras", "tensorflow"}, straight=False
        )
    given = [machine.data(each) for each in args.all()]
    if root == "numpy":
        varies = machine.fresh(*given).varies if ".random." in name else Data().varies
        merged = _unknown_of(given)
        windows = given[0].windows if len(given) == 1 else merged.windows
        return Data("array", None, merged.shuffles, windows, varies=merged.varies | varies)
    if root == "pandas":
        merged = _unknown_of(given)
        return Data("frame", None, merged.shuffles, varies=merged.varies)
    merged = _unknown_of(given)
    pure = root in _HARMLESS and root not in {"random", "builtins", "time", "os"}
    return Data(
        shuffles=merged.shuffles, varies=merged.varies if pure else machine.fresh(*given).varies
    )


def _unknown_of(given: list[Data]) -> Data:
    return Data(
        shuffles=frozenset(each for data in given for each in data.shuffles),
        varies=frozenset(each for data in given for each in data.varies),
    )
