"""Models, callbacks and data of every form on the backend in use. Case S05."""

from __future__ import annotations

import contextlib
import importlib

import numpy as np
import pytest
from support import (
    BACKEND,
    KERAS_2,
    KERAS_3_0,
    SEVERAL_STEPS,
    keras,
    layers,
    losses,
    noise,
    ones,
    running_sum,
    same,
    small_lstm,
    training_state,
)

from keras_stateful_guard import (
    StatefulGuard,
    StatefulPitfallError,
    carry_states,
    get_states,
    preserve_states,
    reset_states,
)

FIT = {"batch_size": 4, "shuffle": False, "verbose": 0}


# How a model is compiled, and how callbacks are given


@pytest.mark.parametrize(
    "compiled",
    [
        {"run_eagerly": True},
        {"jit_compile": False},
        pytest.param({"steps_per_execution": 2}, marks=SEVERAL_STEPS),
    ],
    ids=lambda each: next(iter(each)),
)
def test_models_compiled_in_another_way(compiled):
    fit = {**FIT, "epochs": 2, "validation_data": ones(8, value=10.0)}
    model, guard = running_sum(**compiled), StatefulGuard(reset="never")
    history = model.fit(*ones(16), callbacks=[guard], **fit)
    assert losses(history) == [5, 13]
    assert losses(history, "val_loss") == [30, 30]
    assert model.predict(ones(8)[0], batch_size=4, verbose=0)[:, 0].tolist() == [18] * 4 + [20] * 4


@pytest.mark.filterwarnings("ignore")  # torch warns while it compiles
@pytest.mark.parametrize("kind", ["LSTM", "GRU"])
def test_compiled_steps_train_the_same_weights(kind):
    def trained(jit_compile, **arguments):
        keras.utils.set_random_seed(3)
        layer = getattr(layers, kind)(1, stateful=True, **arguments)
        model = keras.Sequential([keras.Input(batch_shape=(4, 5, 1)), layer])
        model.compile(keras.optimizers.SGD(0.1), "mse", jit_compile=jit_compile)
        x = np.random.default_rng(0).normal(size=(24, 5, 1))
        model.fit(x, x[:, 0] + 1, epochs=2, callbacks=[StatefulGuard()], **FIT)
        return model.get_weights()

    slow = {} if KERAS_2 or KERAS_3_0 else {"use_cudnn": False}
    expected = trained(False, **slow)
    for jit_compile in (False, True):
        for found, wanted in zip(trained(jit_compile), expected, strict=True):
            np.testing.assert_allclose(found, wanted, atol=1e-6)


@pytest.mark.parametrize(
    "callbacks",
    [
        lambda model, guard: guard,
        lambda model, guard: {"states": guard},
        lambda model, guard: keras.callbacks.CallbackList(
            [guard], add_history=True, model=model, epochs=2
        ),
    ],
    ids=["bare", "dict", "CallbackList"],
)
def test_callbacks_given_in_another_way(callbacks):
    model, guard = running_sum(), StatefulGuard(boundaries=2)
    fit = {**FIT, "epochs": 2, "validation_data": ones(8)}
    model.fit(*ones(16), callbacks=callbacks(model, guard), **fit)
    assert losses(model.history) == [3, 3]
    assert losses(model.history, "val_loss") == [3, 3]


def test_a_snapshot_outlives_the_steps_after_it():
    """On jax a step may write over the memory of the states that it is given."""
    model = small_lstm()
    model.fit(*noise(8), callbacks=[StatefulGuard(reset="never")], **FIT)
    before = get_states(model)["lstm"]
    with preserve_states(model, reset=False):
        model.fit(*noise(16, seed=5), callbacks=[StatefulGuard(reset="never")], **FIT)
        assert not same(get_states(model)["lstm"], before)
    assert same(get_states(model)["lstm"], before)


def test_a_model_trained_before_the_guard_came():
    model, (x, y) = running_sum(), ones(8)
    if BACKEND != "torch":  # where nothing but an LSTM can tell
        model.fit(x, y, **FIT)
        model.predict(x, batch_size=4, verbose=0)
        reset_states(model)
    fit = {**FIT, "epochs": 2, "validation_data": (x, y)}
    assert losses(model.fit(x, y, callbacks=[StatefulGuard(reset="never")], **fit)) == [3, 7]
    guard = StatefulGuard()
    assert float(model.predict(x, batch_size=4, verbose=0, callbacks=[guard])[-1, 0]) == 4
    assert losses(model.fit(x, y, callbacks=[guard], **fit), "val_loss") == [3, 3]


def test_a_refused_fit_changes_nothing():
    model, (x, y) = small_lstm(), noise(8)
    variables = len(model.variables)
    with pytest.raises(StatefulPitfallError, match="stateful-shuffle"):
        model.fit(x, y, batch_size=4, verbose=0, callbacks=[StatefulGuard()])
    assert len(model.variables) == variables
    assert not any("inner_loop" in vars(layer) for layer in model.layers)


def test_models_without_states_to_carry_are_told_so():
    with pytest.raises(ValueError, match="has no stateful layer"):
        carry_states(keras.Sequential([keras.Input((2, 1)), layers.LSTM(2)]))
    with pytest.raises(ValueError, match="is not built yet"):
        carry_states(keras.Sequential([layers.LSTM(2, stateful=True)]))


@pytest.mark.skipif(BACKEND == "tensorflow", reason="nothing has to be mended there")
@pytest.mark.parametrize("name", ["LOOP", "CAST"] if BACKEND == "torch" else ["HOLDERS"])
def test_a_keras_that_cannot_be_mended_is_refused(name, monkeypatch):
    model = small_lstm() if name != "CAST" else running_sum(dtype="mixed_bfloat16")
    monkeypatch.setattr(
        importlib.import_module(f"keras_stateful_guard.backends.{BACKEND}"), name, "_gone"
    )
    before = training_state(model)
    with pytest.raises(StatefulPitfallError, match="this Keras no longer shows") as caught:
        model.fit(*noise(8), callbacks=[StatefulGuard()], **FIT)
    assert caught.value.symbols == ("stateful-backend",)
    assert caught.value.findings[0].remedy == "KERAS_BACKEND=tensorflow python ..."
    assert same(before, training_state(model))
    with pytest.raises(StatefulPitfallError, match="this Keras no longer shows"):
        carry_states(model)


@pytest.mark.skipif(BACKEND != "torch", reason="what is mended on torch is taken back")
@pytest.mark.parametrize("interrupted", [False, True])
def test_what_is_mended_on_torch_is_taken_back(interrupted):
    class Look(keras.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            seen.append("inner_loop" in vars(self.model.get_layer("lstm")))
            if interrupted and len(seen) == 1:
                raise KeyboardInterrupt

    model, guard, seen = small_lstm(), StatefulGuard(), []
    fit = {**FIT, "callbacks": [guard, Look()]}
    if interrupted:
        with pytest.raises(KeyboardInterrupt):
            model.fit(*noise(8), **fit)
    model.fit(*noise(8), **fit)
    assert set(seen) == {True}
    assert "inner_loop" not in vars(model.get_layer("lstm"))
    assert "layers train from copies" in str(guard.report)


@pytest.mark.parametrize("hook", ["on_train_batch_end", "on_train_end"])
def test_what_was_asked_for_amid_a_fit_is_kept(hook):
    ask = keras.callbacks.LambdaCallback(**{hook: lambda *_, **__: carry_states(model)})
    model, guard = small_lstm(), StatefulGuard()
    with contextlib.suppress(KeyboardInterrupt):
        model.fit(*noise(8), callbacks=[guard, Interrupt()], **FIT)
    model.fit(*noise(8), callbacks=[guard, ask], **FIT)
    model.fit(*noise(8), callbacks=[guard], **FIT)
    model.train_on_batch(*noise(4))
    assert get_states(model)["lstm"][0].any()


class Interrupt(keras.callbacks.Callback):
    def on_train_batch_end(self, batch, logs=None):
        raise KeyboardInterrupt


@pytest.mark.skipif(BACKEND != "jax", reason="jax empties variables while it trains")
def test_a_part_of_the_model_that_trains_cannot_be_asked_for_its_states():
    inner = keras.Sequential(
        [keras.Input(batch_shape=(4, 2, 1)), layers.LSTM(1, stateful=True, name="lstm")]
    )
    model = keras.Sequential([keras.Input(batch_shape=(4, 2, 1)), inner])
    model.compile("sgd", "mse")

    class Ask(keras.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            if batch == 1:
                reset_states(inner)

    with pytest.raises(RuntimeError, match="name the model that it runs on"):
        model.fit(*noise(8), callbacks=[StatefulGuard(), Ask()], **FIT)
    assert np.isfinite(model.get_weights()[0]).all()
    assert get_states(model)["lstm" if "lstm" in get_states(model) else f"{inner.name}/lstm"]


# Data that workers fetch


class Batches(keras.utils.Sequence):
    def __init__(self, **workers):
        super().__init__(**workers)

    def __len__(self):
        return 6

    def __getitem__(self, index):
        return np.full((4, 2, 1), index, "float32"), np.zeros((4, 1), "float32")


@pytest.mark.skipif(KERAS_2, reason="in Keras 2 workers are an argument of fit")
@pytest.mark.skipif(BACKEND == "tensorflow", reason="there workers keep the order")
def test_workers_that_mix_the_batches_are_refused():  # S05
    with pytest.raises(StatefulPitfallError, match="stateful-shuffled-data"):
        running_sum().fit(Batches(workers=3), shuffle=False, verbose=0, callbacks=[StatefulGuard()])
    model, guard = running_sum(), StatefulGuard()
    predicted = model.predict(Batches(workers=3), verbose=0, callbacks=[guard])
    assert predicted[::4, 0].tolist() == np.cumsum([0, 2, 4, 6, 8, 10]).tolist()
    assert guard.report.status("stateful-shuffled-data") == "ok"


@pytest.mark.skipif(KERAS_2, reason="in Keras 2 workers are an argument of fit")
@pytest.mark.skipif(BACKEND == "tensorflow", reason="there workers keep the order")
def test_workers_mix_the_batches_of_the_first_evaluate():
    class See(keras.callbacks.Callback):
        def on_test_batch_end(self, batch, logs=None):
            sums.append(float(get_states(self.model)["sum"][0][0, 0]))

    model, guard, sums = running_sum(), StatefulGuard(), []
    given = {"verbose": 0, "callbacks": [guard, See()]}
    with pytest.raises(StatefulPitfallError, match=r"stateful-shuffled-data.*workers=3") as caught:
        model.evaluate(Batches(workers=3), **given)
    assert caught.value.findings[0].remedy == "Batches(workers=1)"
    model.evaluate(Batches(workers=3), **given)  # its metrics are built now
    assert sums == np.cumsum([0, 2, 4, 6, 8, 10]).tolist()
    assert guard.report.status("stateful-shuffled-data") == "ok"


@pytest.mark.skipif(KERAS_2 or KERAS_3_0, reason="workers there leave no batch behind")
def test_validations_that_begin_with_what_workers_left_are_refused():
    def fit(epochs=2, **arguments):
        model = running_sum()
        validation = {"validation_data": Batches(workers=2), **arguments}
        guard = StatefulGuard(batch_size=4)
        given = {**FIT, "epochs": epochs, "callbacks": [guard]}
        return losses(model.fit(*ones(8), **validation, **given), "val_loss")

    with pytest.raises(StatefulPitfallError, match="each begins with those that its workers"):
        fit(validation_steps=2)
    assert fit(epochs=1, validation_steps=2) == [1]
    assert fit(validation_steps=6) == fit() == [11.6667] * 2


def loader(**arguments):
    data = pytest.importorskip("torch.utils.data")
    import torch

    x, y = (torch.as_tensor(each) for each in ones(10))
    return data.DataLoader(data.TensorDataset(x, y), **arguments)


def test_data_loaders():
    guard = StatefulGuard()
    right = loader(batch_size=4, drop_last=True)
    history = running_sum().fit(
        right, validation_data=right, epochs=2, verbose=0, shuffle=False, callbacks=[guard]
    )
    assert losses(history) == losses(history, "val_loss") == [3, 3]
    assert guard.report.status("stateful-partial-batch") == "ok"


@pytest.mark.parametrize(
    ("arguments", "symbol"),
    [
        ({"batch_size": 4}, "stateful-partial-batch"),
        ({"batch_size": 4, "drop_last": True, "shuffle": True}, "stateful-shuffled-data"),
    ],
)
def test_data_loaders_that_are_refused(arguments, symbol):
    with pytest.raises(StatefulPitfallError, match=symbol):
        running_sum().fit(
            loader(**arguments), shuffle=False, verbose=0, callbacks=[StatefulGuard()]
        )


def streams(torch_data):
    """Return loaders that hand out rows 0, 2, 4, ... in one slot and 1, 3, 5, ... in the other."""
    rows = [[0, 1], [2, 3], [4, 5], [6, 7]]

    class Slots(torch_data.Sampler):
        def __iter__(self):
            return iter(rows)

        def __len__(self):
            return len(rows)

    x, y = np.arange(8.0, dtype="float32").reshape(8, 1, 1), np.zeros((8, 1), "float32")
    data = torch_data.TensorDataset(*map(pytest.importorskip("torch").as_tensor, (x, y)))
    in_order = torch_data.BatchSampler(torch_data.SequentialSampler(data), 2, drop_last=True)
    return {
        "workers": lambda: torch_data.DataLoader(data, 2, num_workers=2, drop_last=True),
        "batch sampler": lambda: torch_data.DataLoader(data, batch_sampler=in_order),
        "own batch sampler": lambda: torch_data.DataLoader(data, batch_sampler=Slots()),
    }


@pytest.mark.parametrize("kind", ["workers", "batch sampler", "own batch sampler"])
def test_data_loaders_keep_the_slots(kind):
    if kind == "workers" and BACKEND != "torch":
        pytest.skip("the threads of another backend do not live through a fork")
    made = streams(pytest.importorskip("torch.utils.data"))[kind]
    model, guard = running_sum(2, 1), StatefulGuard(batch_size=2, boundaries=[2])
    predicted = model.predict(made(), verbose=0, callbacks=[guard])
    assert predicted[:, 0].tolist() == [0, 1, 2, 4, 4, 5, 10, 12]
    history = model.fit(made(), epochs=2, shuffle=False, verbose=0, callbacks=[guard])
    assert losses(history) == [np.mean([0, 1, 2, 4, 4, 5, 10, 12])] * 2
    order = guard.report.status("stateful-shuffled-data")
    assert order == ("unknown" if kind == "own batch sampler" else "ok")
