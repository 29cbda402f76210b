"""States on the backend in use: what Keras does there, and what the guard makes of it.

Cases K01, K02 and K03.
"""

from __future__ import annotations

import numpy as np
import pytest
from support import (
    BACKEND,
    KERAS_2,
    KERAS_3_0,
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
    carry_states,
    get_states,
    rebatch,
    reset_states,
)

FIT = {"batch_size": 4, "shuffle": False, "verbose": 0}


@pytest.mark.parametrize(("reset", "expected"), [("never", [3, 7]), ("epoch", [3, 3])])
def test_losses_are_those_of_every_backend(reset, expected):  # K01, R01
    fit = {**FIT, "epochs": 2}
    history = running_sum().fit(*ones(8), callbacks=[StatefulGuard(reset=reset)], **fit)
    assert losses(history) == expected


@pytest.mark.skipif(KERAS_3_0, reason="Keras 3.0 cannot build them")
@pytest.mark.parametrize("precision", ["mixed_bfloat16", "mixed_float16"])
@pytest.mark.parametrize(("reset", "expected"), [("never", [3, 7]), ("epoch", [3, 3])])
def test_mixed_precision_carries_states(precision, reset, expected):
    model = running_sum(dtype=precision)
    fit = {**FIT, "epochs": 2, "validation_data": ones(8, value=2.0)}
    history = model.fit(*ones(8), callbacks=[StatefulGuard(reset=reset)], **fit)
    assert losses(history) == expected
    assert losses(history, "val_loss") == [6, 6]
    x = ones(8)[0]
    carry_states(model)
    reset_states(model)
    assert model.predict(x, batch_size=4, verbose=0)[:, 0].tolist() == [2] * 4 + [4] * 4


@pytest.mark.parametrize("kind", ["LSTM", "GRU", "SimpleRNN"])
def test_layers_of_every_kind_train(kind):  # K02
    model = keras.Sequential(
        [keras.Input(batch_shape=(4, 2, 1)), getattr(layers, kind)(3, stateful=True)]
    )
    model.compile("sgd", "mse")
    before = model.get_weights()
    x, y = noise(8)
    model.fit(x, np.repeat(y, 3, 1), epochs=2, callbacks=[StatefulGuard(reset="never")], **FIT)
    assert not same(before, model.get_weights())
    assert all(each.any() for arrays in get_states(model).values() for each in arrays)


def test_loops_of_ones_own_carry_states():  # K01
    model, (x, y) = running_sum(), ones(4)
    carry_states(model)
    for _ in range(2):
        model.train_on_batch(x, y)
    assert get_states(model)["sum"][0][0, 0] == 4.0
    assert [float(model.predict_on_batch(x)[0, 0]) for _ in range(2)] == [6.0, 8.0]
    model.test_on_batch(x, y)
    assert get_states(model)["sum"][0][0, 0] == 10.0
    reset_states(model, slots=[1])
    assert [float(each) for each in model.predict(x, verbose=0)[:, 0]] == [12.0, 2.0, 12.0, 12.0]


def test_an_lstm_trains_in_loops_of_ones_own():  # K02
    model, (x, y) = small_lstm(), noise(4)
    carry_states(model)
    carry_states(model)
    first, second = (float(np.ravel(model.train_on_batch(x, y))[0]) for _ in range(2))
    assert first != second
    assert get_states(model)["lstm"][0].any()


EVERY_BATCH = {"stateful-backend", "stateful-reset-every-batch"}
HOOKS = ("on_train_batch_begin", "on_train_batch_end", "on_epoch_begin", "on_epoch_end")


@pytest.mark.parametrize("hook", HOOKS)
@pytest.mark.parametrize("remembered", [False, True])
def test_resets_take_effect_in_every_hook(hook, remembered):  # K03
    model = running_sum()

    class Resets(keras.callbacks.Callback):
        pass

    def reset(self, number, logs=None):
        reset_states(model if remembered else self.model)

    setattr(Resets, hook, reset)
    fit = {**FIT, "epochs": 2, "callbacks": [StatefulGuard(reset="never"), Resets()]}
    with_batches = "batch" in hook
    if with_batches:
        fit["callbacks"][0] = StatefulGuard(reset="never", ignore=EVERY_BATCH)
    assert losses(model.fit(*ones(8), **fit)) == ([2, 2] if with_batches else [3, 3])


def test_files_of_weights_fit_ordinary_models(tmp_path):
    trained, plain = small_lstm(), small_lstm(seed=2)
    trained.fit(*noise(8), callbacks=[StatefulGuard(reset="never")], **FIT)
    carry_states(trained)
    assert len(trained.get_weights()) == len(plain.get_weights())
    trained.save_weights(tmp_path / "model.weights.h5")
    plain.load_weights(tmp_path / "model.weights.h5")
    assert same(trained.get_weights(), plain.get_weights())
    trained.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")
    assert same(trained.get_weights(), loaded.get_weights())
    assert not any(each.any() for each in get_states(loaded)["lstm"])


# What Keras does without: where one of these fails, Keras has mended it, and what mends it in
# backends/ can go.


@pytest.mark.skipif(BACKEND != "jax", reason="a fault of Keras on jax")
def test_keras_drops_states_on_jax():
    model, (x, y) = running_sum(), ones(8)
    assert losses(model.fit(x, y, epochs=2, **FIT)) == [2, 2]
    assert [float(model.predict(x[:4], verbose=0)[0, 0]) for _ in range(2)] == [2.0, 2.0]
    assert not get_states(model)["sum"][0].any()


@pytest.mark.skipif(BACKEND != "torch", reason="a fault of Keras on torch")
@pytest.mark.parametrize("kind", ["LSTM", "GRU"])
def test_keras_cannot_train_them_on_torch(kind):
    model = keras.Sequential(
        [keras.Input(batch_shape=(4, 2, 1)), getattr(layers, kind)(1, stateful=True)]
    )
    model.compile("sgd", "mse")
    with pytest.raises(RuntimeError, match="modified by an inplace operation"):
        model.fit(*noise(8), **FIT)


@pytest.mark.skipif(BACKEND != "torch", reason="a fault of Keras on torch")
def test_keras_drops_states_in_mixed_precision_on_torch():
    model = running_sum(dtype="mixed_bfloat16")
    assert losses(model.fit(*ones(8), epochs=2, **FIT)) == [2, 2]
    assert not get_states(model)["sum"][0].any()


# On a GPU: tests/test_backends_page.py shows the fault there. Here a CPU stands for one; the kernel
# itself is nowhere run.


@pytest.fixture
def on_gpu(monkeypatch):
    if BACKEND != "jax":
        pytest.skip("a fault of jax")
    from keras_stateful_guard.backends import jax_kernels

    monkeypatch.setattr(jax_kernels, "on_gpu", lambda: True)
    return jax_kernels


def gru_before_lstm():
    keep = {"stateful": True, "return_sequences": True}
    inside = [layers.GRU(2, **keep), layers.Bidirectional(layers.LSTM(2, return_sequences=True))]
    model = keras.Sequential(
        [keras.Input(batch_shape=(4, 2, 1)), *inside, layers.LSTM(1, stateful=True)]
    )
    model.compile("sgd", "mse")
    return model


def kernels(model):
    both = model.layers[1]
    lstm = [both.forward_layer, both.backward_layer, model.layers[2]]
    return [each.use_cudnn for each in (model.layers[0], *lstm)]


def test_no_lstm_uses_its_kernel_on_a_gpu(on_gpu):
    model, guard = gru_before_lstm(), StatefulGuard()
    for _ in range(2):
        model.fit(*noise(8), callbacks=[guard], **FIT)
        assert kernels(model) == ["auto", False, False, False]
        assert on_gpu.NOTE in str(guard.report)


def test_what_was_traced_with_the_kernel_is_traced_anew(on_gpu, monkeypatch):
    model = gru_before_lstm()
    monkeypatch.setattr(on_gpu, "on_gpu", lambda: False)
    model.predict(noise(4)[0], verbose=0)
    carry_states(model)
    assert kernels(model) == ["auto"] * 4
    traced = model.predict_function
    carry_states(model)
    assert model.predict_function is traced
    monkeypatch.setattr(on_gpu, "on_gpu", lambda: True)
    carry_states(model)
    assert model.predict_function is not traced
    traced = model.predict_function
    carry_states(model)
    assert model.predict_function is traced


@pytest.mark.parametrize("stateful", [False, True])
@pytest.mark.parametrize("share", [False, True])
def test_no_twin_uses_the_kernel_on_a_gpu(on_gpu, stateful, share):
    model = gru_before_lstm()
    twin = rebatch(model, 2, stateful=stateful, share_weights=share)
    assert kernels(twin) == ["auto", False, False, False]
    assert kernels(model) == ["auto"] * 4


@pytest.mark.skipif(BACKEND != "jax" or KERAS_2, reason="jax empties variables while it trains")
def test_a_step_that_fails_leaves_the_model_readable():
    model, (x, y) = small_lstm(), noise(8)
    model.fit(x, y, callbacks=[StatefulGuard()], **FIT)
    model.train_on_batch(x[:4], y[:4])
    model.set_weights([np.full_like(each, 5.0) for each in model.get_weights()])
    reset_states(model)
    before = training_state(model)

    short = ((x[:3], y[:3]) for _ in range(2))
    with pytest.raises(ValueError, match="Expected batch size"):
        model.fit(short, steps_per_epoch=2, shuffle=False, verbose=0, callbacks=[StatefulGuard()])
    assert same(before, training_state(model))
    model.jax_state_sync()
    assert same(before, training_state(model))


@pytest.mark.skipif(BACKEND != "jax", reason="jax keeps the values of the last step")
@pytest.mark.parametrize("call", ["train", "test", "predict"])
def test_a_batch_that_fails_brings_no_older_values_back(call):
    model, (x, y) = small_lstm(), noise(4)
    step = getattr(model, f"{call}_on_batch")
    carry_states(model)
    data = [x] if call == "predict" else [x, y]
    step(*data)
    model.set_weights([np.full_like(each, 5.0) for each in model.get_weights()])
    reset_states(model)
    with pytest.raises(ValueError, match="Expected batch size"):
        step(*(each[:3] for each in data))
    assert not any(each.any() for each in get_states(model)["lstm"])
    assert all((each == 5.0).all() for each in model.get_weights())


@pytest.mark.skipif(BACKEND != "jax" or KERAS_2, reason="jax empties variables while it runs")
@pytest.mark.parametrize("hook", ["begin", "end"])
@pytest.mark.parametrize("call", ["fit", "evaluate", "predict"])
def test_a_callback_that_fails_leaves_the_model_readable(call, hook):
    class Fails(keras.callbacks.Callback):
        def on_batch(self, batch, logs=None):
            if batch == 1:
                raise KeyError("ours")

    phase = {"fit": "train", "evaluate": "test", "predict": "predict"}[call]
    fails = Fails()
    setattr(fails, f"on_{phase}_batch_{hook}", fails.on_batch)
    model, (x, y) = small_lstm(), noise(16)
    before = training_state(model)
    data = {"x": x} if call == "predict" else {"x": x, "y": y}
    fit = FIT if call == "fit" else {"batch_size": 4, "verbose": 0}
    with pytest.raises(KeyError, match="ours"):
        getattr(model, call)(**data, **fit, callbacks=[StatefulGuard(), fails])
    if call != "fit":
        assert same(before[:5], training_state(model)[:5])
    assert all(np.isfinite(each).all() for each in training_state(model))
    model.predict(x, batch_size=4, verbose=0)
