"""The private names of Keras and tf.data that we rely on: a release without one fails here.

At run time a missing one is told of: the second half takes each away in turn.
"""

from __future__ import annotations

import importlib
import inspect
import re
from pathlib import Path

import pytest
from support import BACKEND, KERAS_2, KERAS_3_0, keras, layers, ones, running_sum, tf

from keras_stateful_guard import StatefulGuard, StatefulPitfallWarning, keras_api
from keras_stateful_guard.plan import Unknown
from keras_stateful_guard.sources import Request, read
from keras_stateful_guard.sources.tfdata import nodes

PACKAGE = Path(keras_api.__file__).parent
FIT = {"batch_size": 4, "shuffle": False, "verbose": 0}
ITERATOR, DATASET = keras_api.ITERATED[KERAS_2]


def variables(call):
    return inspect.unwrap(getattr(keras.Model, call)).__code__.co_varnames


@pytest.mark.parametrize("call", keras_api.CALLS)
def test_the_loops_hold_their_iterator(call):
    assert {ITERATOR, keras_api.CALLBACKS, "self", "x", "batch_size"} <= set(variables(call))


def test_fit_holds_what_it_was_given():
    given = {"validation_data", "validation_split", "validation_batch_size", "validation_steps"}
    more = {"shuffle", "steps_per_epoch", "epochs", "initial_epoch", keras_api.VALIDATION}
    assert given | more <= set(variables("fit"))
    assert keras_api.IN_VALIDATION in variables("evaluate")


def test_a_running_fit_shows_everything():
    shown = {}

    class Look(keras.callbacks.Callback):
        def on_train_begin(self, logs=None):
            call = keras_api.running_call(self.model)
            shown["missing"] = keras_api.missing(call)
            shown["iterator"] = call.arguments[ITERATOR]
            shown["callbacks"] = call.callbacks

    look = Look()
    running_sum().fit(*ones(8), validation_data=ones(8), callbacks=[look], **FIT)
    assert shown["missing"] == []
    assert hasattr(shown["iterator"], DATASET) or BACKEND != "tensorflow"
    assert look in shown["callbacks"]
    assert callable(getattr(shown["iterator"], keras_api.LOOP))


def test_layers_and_models():
    model = running_sum()
    assert hasattr(layers.Layer, keras_api.LAYERS_INSIDE)
    assert hasattr(model, keras_api.STEPS[not KERAS_2])
    state = model.get_layer("sum").states[0]
    assert hasattr(state, "_value") != KERAS_2
    assert len(keras_api.native(state)) == 1
    functional = keras.Model(model.inputs, model.outputs)
    (node,) = [n for n in functional._nodes_by_depth[0] if n is not None]
    if KERAS_2:
        assert node.layer is model.get_layer("sum")
        assert len(node.call_args) == 1
        assert node.call_kwargs is not None
        assert hasattr(node.layer, "_num_constants")
    else:
        assert node.operation is model.get_layer("sum")
        assert len(node.arguments.args) == 1
        assert node.arguments.kwargs is not None
        assert model._functional is not None


def test_models_are_made_anew_from_code_that_is_here_already():
    home = importlib.import_module(f"{keras.__name__}.src.saving.serialization_lib")
    assert hasattr(home, "SafeModeScope")
    assert callable(layers.Layer.add_weight)


@pytest.mark.skipif(KERAS_2 or KERAS_3_0, reason="older Keras runs no hook in a thread")
def test_threads_of_hooks():
    listed = keras.callbacks.CallbackList([])
    assert [hasattr(listed, name) for name in keras_api.IN_THREADS] == [True] * 3


@pytest.mark.skipif(BACKEND != "torch", reason="layers are modules of torch on torch alone")
def test_what_torch_holds_inside_a_layer():
    around = layers.Bidirectional(layers.LSTM(2, stateful=True))
    held = {*vars(around), *vars(around)["_modules"]}
    for name in ("forward_layer", "stateful", "states", "absent"):
        assert keras_api.has(around, name) == hasattr(around, name)
    assert "forward_layer" in held


NODES = {
    "_inputs _functions": lambda data: data.map(lambda x: x),
    "_batch_size _drop_remainder": lambda data: data.batch(2),
    "_batch_sizes": lambda data: data.batch(2).rebatch(4),
    "_count": lambda data: data.repeat(2),
    "_buffer_size": lambda data: data.shuffle(2),
    "_num_shards _index": lambda data: data.shard(2, 0),
    "_deterministic": lambda data: data.map(lambda x: x, num_parallel_calls=2),
}


@pytest.mark.parametrize(("names", "make"), NODES.items(), ids=list(NODES))
def test_nodes_of_tf_data(names, make):
    node = make(tf.data.Dataset.range(8))
    for name in names.split():
        assert hasattr(node, name), name


def test_graphs_of_tf_data():
    node = tf.data.Dataset.range(8).map(tf.function(lambda x: x + 1))
    (function,) = node._functions()
    graph = function.function.graph
    assert graph.get_operations()
    assert [each.graph for each in graph._functions.values()]


def test_distributed_and_wrapped_datasets():
    data = tf.data.Dataset.range(8).batch(2)
    strategy = tf.distribute.MirroredStrategy(["CPU:0"])
    assert strategy.experimental_distribute_dataset(data)._original_dataset is not None
    assert tf.data.Dataset.range(8).shuffle(8)._inputs()


@pytest.mark.skipif(KERAS_2, reason="a Sequence of Keras 2 has no workers of its own")
def test_workers_of_a_sequence():
    data = keras.utils.PyDataset(workers=2)
    assert data._workers == 2
    assert data._use_multiprocessing is False


@pytest.mark.skipif(KERAS_2 or KERAS_3_0, reason="workers there leave no batch behind")
def test_batches_that_workers_fetched():
    class Batches(keras.utils.PyDataset):
        def __len__(self):
            return 3

        def __getitem__(self, number):
            return ones(4)

    seen = []

    class Look(keras.callbacks.Callback):
        def on_test_begin(self, logs=None):
            call = keras_api.running_call(self.model)
            workers = getattr(call.arguments[ITERATOR], keras_api.ADAPTER).enqueuer
            seen.append(workers.ready_queue.empty())

    running_sum().evaluate(Batches(workers=2), callbacks=[Look()], verbose=0)
    assert seen == [BACKEND == "tensorflow"]


def test_no_other_private_name_is_used():
    """Fails where a name comes in that the tests above do not know."""
    files = [PACKAGE / "keras_api.py", *(PACKAGE / "sources").rglob("*.py")]
    known = set(re.findall(r"\b_[a-z]\w+", Path(__file__).read_text(encoding="utf-8")))
    known |= {"_distributed_dataset", "_dataset", "_impl", "_getframe", "_replace"}
    known |= {*keras_api.STEPS, *keras_api.IN_THREADS, keras_api.LAYERS_INSIDE, keras_api.ACTS}
    for path in files:
        source = path.read_text(encoding="utf-8")
        used = set(re.findall(r"(?:(?<!self)\.|\")(_[a-z]\w+)", source))
        own = set(re.findall(r"def (_\w+)", source))
        assert used - own <= known, path.name


# What is gone is told of

GONE = {
    "LAYERS_INSIDE": "_gone",
    "STEPS": ("_gone", "_gone"),
    "CALLBACKS": "_gone",
    "VALIDATION": "_gone",
    "IN_VALIDATION": "_gone",
}


@pytest.mark.parametrize(("name", "gone"), GONE.items(), ids=list(GONE))
def test_a_name_that_is_gone_is_told_of(name, gone, monkeypatch):
    monkeypatch.setattr(keras_api, name, gone)
    guard = StatefulGuard()
    with pytest.warns(StatefulPitfallWarning, match="this Keras no longer shows _gone"):
        running_sum().fit(*ones(8), validation_data=ones(8), callbacks=[guard], **FIT)


def test_validation_data_that_is_not_shown_is_unknown(monkeypatch):
    monkeypatch.setattr(keras_api, "VALIDATION", "_gone")
    guard = StatefulGuard()
    with pytest.warns(StatefulPitfallWarning):
        running_sum().fit(*ones(8), validation_data=ones(8), callbacks=[guard], **FIT)
    assert guard.report.status("stateful-partial-batch") == "unknown"
    assert "does not show its validation data" in str(guard.report)


def test_iterators_of_another_name_are_told_of(monkeypatch):
    monkeypatch.setattr(keras_api, "ITERATORS", ("_gone",))
    with pytest.warns(StatefulPitfallWarning, match="does not see the arguments of this fit"):
        running_sum().fit(*ones(8), callbacks=[StatefulGuard()], **{**FIT, "shuffle": True})


def test_a_pipeline_that_hides_its_nodes_is_unknown(monkeypatch):
    data = tf.data.Dataset.range(8).batch(2, drop_remainder=True)
    monkeypatch.setattr(nodes, "FUNCTIONS", "_gone")
    assert isinstance(read(Request(data)).order, Unknown)
    monkeypatch.setattr(nodes, "INPUTS", "_gone")
    plan = read(Request(data))
    assert isinstance(plan.order, Unknown)
    assert isinstance(plan.left_over, Unknown)
