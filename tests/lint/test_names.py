"""Names of Keras in one spelling."""

from __future__ import annotations

import pytest

from pylint_plugin.names import canonical, from_star, shows_keras_2


@pytest.mark.parametrize(
    ("dotted", "expected"),
    [
        ("keras.layers.LSTM", "keras.layers.LSTM"),
        ("tensorflow.keras.layers.LSTM", "keras.layers.LSTM"),
        ("tensorflow.compat.v1.keras.layers.LSTM", "keras.layers.LSTM"),
        ("tensorflow.python.keras.layers.recurrent.LSTM", "keras.layers.LSTM"),
        ("tf_keras.layers.LSTM", "keras.layers.LSTM"),
        ("keras.layers.recurrent.LSTM", "keras.layers.LSTM"),
        ("keras.src.layers.rnn.lstm.LSTM", "keras.layers.LSTM"),
        ("keras.engine.Input", "keras.Input"),
        ("keras.layers.Input", "keras.Input"),
        ("keras.models.Sequential", "keras.Sequential"),
        ("tensorflow.keras.models.Model", "keras.Model"),
        ("keras.utils.data_utils.Sequence", "keras.utils.PyDataset"),
        ("torch.nn.LSTM", "torch.nn.LSTM"),
        ("mykeras.layers.LSTM", "mykeras.layers.LSTM"),
        ("tensorflow.keras", "keras"),
    ],
)
def test_canonical(dotted: str, expected: str) -> None:
    assert canonical(dotted) == expected


@pytest.mark.parametrize(
    "dotted", ["tf_keras.layers", "keras.layers.recurrent", "keras.utils.np_utils"]
)
def test_old_imports_show(dotted: str) -> None:
    assert shows_keras_2(dotted)


@pytest.mark.parametrize(
    "dotted", ["keras", "keras.layers", "tensorflow.keras.layers.LSTM", "tf_keras2"]
)
def test_new_imports_do_not(dotted: str) -> None:
    assert not shows_keras_2(dotted)


def test_stars() -> None:
    assert from_star("tensorflow.keras.layers", "LSTM") == "keras.layers.LSTM"
    assert from_star("keras.layers", "Sequential") is None
    assert from_star("other", "LSTM") is None
