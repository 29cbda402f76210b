"""States are saved to one file and loaded, whole or not at all. Case V01."""

from __future__ import annotations

import os
import pickle
import zipfile
from pathlib import Path

import numpy as np
import pytest
from support import KERAS_2, KERAS_3_0, keras, layers, noise, ones, running_sum, same, small_lstm

from keras_stateful_guard import get_states, load_states, reset_states, save_states, set_states


def advanced(model):
    """Return a model whose states are other than zero."""
    model.predict(ones(4)[0], batch_size=4, verbose=0)
    return model


def flat(model):
    return [each for arrays in get_states(model).values() for each in arrays]


@pytest.fixture
def path(tmp_path):
    return tmp_path / "states.npz"


@pytest.mark.filterwarnings("ignore:You are saving your model as an HDF5 file:UserWarning")
@pytest.mark.parametrize("name", ["model.keras", "model.h5", "only.weights.h5"])
def test_states_survive_beside_what_keras_saves(name, tmp_path):  # V01
    model = small_lstm()
    model.compile(loss=keras.losses.MeanSquaredError())  # Keras 3.0 finds no "mse" in an .h5
    expected = [advanced(model).predict(noise(4)[0], batch_size=4, verbose=0)]
    kept = flat(model)
    expected.append(model.predict(noise(4)[0], batch_size=4, verbose=0))
    set_states(model, {"lstm": kept})
    (model.save_weights if "weights" in name else model.save)(tmp_path / name)
    save_states(model, tmp_path / "states.npz")

    if "weights" in name:
        loaded = small_lstm(seed=9)
        loaded.load_weights(tmp_path / name)
    else:
        loaded = keras.models.load_model(tmp_path / name, compile=False)
    assert not any(each.any() for each in flat(loaded))
    load_states(loaded, tmp_path / "states.npz")
    assert same(flat(loaded), kept)
    assert np.array_equal(loaded.predict(noise(4)[0], batch_size=4, verbose=0), expected[1])


def nested():
    inner = keras.Sequential(
        [keras.Input(batch_shape=(4, 2, 1)), layers.LSTM(2, stateful=True, name="a")], name="in"
    )
    inputs = keras.Input(batch_shape=(4, 2, 1))
    again = layers.Reshape((2, 1))(inner(inputs))
    return keras.Model(inputs, layers.GRU(3, stateful=True, name="b")(again))


def test_every_layer_is_saved_by_its_path(path):
    model, other = advanced(nested()), nested()
    save_states(model, str(path))
    load_states(other, str(path))
    assert same(flat(other), flat(model))
    assert list(get_states(other)) == ["in/a", "b"]


@pytest.mark.skipif(KERAS_2 or KERAS_3_0, reason="cannot keep states of half precision")
@pytest.mark.parametrize("dtype", ["bfloat16", "float16"])
def test_states_of_half_precision_keep_their_dtype(dtype, path):
    def half(dtype=dtype):
        ones = {"kernel_initializer": "ones", "recurrent_initializer": "ones"}
        own_loop = {"use_cudnn": False}  # the kernel of a GPU knows no half precision on jax
        lstm = layers.LSTM(2, stateful=True, dtype=dtype, name="lstm", **ones, **own_loop)
        return keras.Sequential([keras.Input(batch_shape=(4, 2, 1)), lstm])

    model, other = advanced(half()), half()
    save_states(model, path)
    load_states(other, path)
    assert [str(each.dtype) for each in flat(other)] == [dtype, dtype]
    assert all(map(np.array_equal, flat(other), flat(model)))
    whole = advanced(half("float32"))
    refused(whole, path, rf"states of 'lstm' are \['{dtype}', '{dtype}'\]; the model's")


def refused(model, path, said, error=ValueError):
    before = flat(model)
    with pytest.raises(error, match=said) as caught:
        load_states(model, path)
    assert str(path) in str(caught.value)
    assert same(flat(model), before)


def test_a_file_that_is_not_there(path):
    refused(advanced(running_sum()), path, "there are no saved states at", FileNotFoundError)


def foreign(path):
    np.savez(path, sum=np.zeros((4, 1), "float32"))


def one_array(path):
    with path.open("wb") as file:
        np.save(file, np.zeros((4, 1), "float32"))


def pickled(path):
    path.write_bytes(pickle.dumps({"sum": [np.zeros((4, 1))]}))


class Harm:
    """Writes a file when it is unpickled."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return Path.touch, (self.path.with_name("harm"),)


def pickled_inside(path):
    np.savez(path, keras_stateful_guard=np.array([Harm(path)], dtype=object))


def short(path):
    save_states(running_sum(), path)
    path.write_bytes(path.read_bytes()[:-40])


def flipped(path):
    save_states(advanced(running_sum()), path)
    with zipfile.ZipFile(path) as file:
        (inside,) = [each for each in file.infolist() if each.filename.startswith("sum")]
    found = bytearray(path.read_bytes())
    found[inside.header_offset + 150] ^= 255
    path.write_bytes(bytes(found))


def without_an_array(path):
    save_states(running_sum(), path)
    with zipfile.ZipFile(path) as file:
        header = file.read("keras_stateful_guard.npy")
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("keras_stateful_guard.npy", header)


DAMAGED = [foreign, one_array, pickled, pickled_inside, short, flipped, without_an_array]


@pytest.mark.parametrize("write", [*DAMAGED, lambda path: path.write_bytes(b"")])
def test_a_file_that_is_damaged_or_anothers(write, path):
    write(path)
    refused(advanced(running_sum()), path, "is damaged, or it is not a file that save_states wrote")
    assert os.listdir(path.parent) == [path.name]


@pytest.mark.parametrize(
    ("build", "said"),
    [
        (small_lstm, r"states are of layers \['sum'\]; the model's are \['lstm'\]"),
        (lambda: running_sum(batch_size=2), r"have shapes \[\(4, 1\)\]; the model's have"),
    ],
    ids=["other layers", "another batch size"],
)
def test_states_of_another_model(build, said, path):
    save_states(advanced(running_sum()), path)
    refused(build(), path, said)


@pytest.mark.parametrize("function", [save_states, load_states])
def test_models_without_states_are_told_so(function, path):
    stateless = keras.Sequential([keras.Input((2, 1)), layers.LSTM(2)])
    with pytest.raises(ValueError, match="has no stateful layer"):
        function(stateless, path)
    with pytest.raises(ValueError, match="is not built yet"):
        function(keras.Sequential([layers.LSTM(2, stateful=True)]), path)
    assert not path.exists()


def test_an_earlier_file_is_replaced_at_once(path):
    model = advanced(running_sum())
    save_states(model, path)
    kept = flat(model)
    save_states(advanced(model), path)
    reset_states(model)
    load_states(model, path)
    assert same(flat(model), [2 * each for each in kept])
    assert os.listdir(path.parent) == ["states.npz"]


def test_a_file_that_cannot_be_written_leaves_the_earlier_one(path, tmp_path):
    model = advanced(running_sum())
    path.mkdir()  # in the way of the new file, once it is written
    with pytest.raises(OSError, match=r"states\.npz"):
        save_states(model, path)
    assert os.listdir(tmp_path) == ["states.npz"]
    with pytest.raises(FileNotFoundError):
        save_states(model, tmp_path / "no folder" / "states.npz")
