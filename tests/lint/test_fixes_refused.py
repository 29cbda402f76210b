"""What is not sure is not mended, and its finding stays."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest
from fix_tools import lint, mended

from pylint_plugin.fixes.edits import Wishes

HEAD = """\
import keras
import numpy as np
from keras import Input, Sequential
from keras.layers import *

x, y = np.zeros((40, 3, 1)), np.zeros((40, 1))
"""
HERE = Path(__file__)

REFUSED = {
    "a first layer made in a loop": """
        model = Sequential()
        for number in range(3):
            model.add(LSTM(4, stateful=True, return_sequences=True, batch_input_shape=(4, 3, 1)))
    """,
    "a layer behind those of a loop that may not run": """
        def build(depth):
            model = Sequential()
            for number in range(depth):
                model.add(LSTM(4, stateful=True, return_sequences=True))
            model.add(LSTM(4, stateful=True, batch_input_shape=(4, 3, 1)))
            return model
    """,
    "a layer that is first only sometimes": """
        def build(deep):
            model = Sequential()
            if deep:
                model.add(Dense(4))
            model.add(LSTM(4, stateful=True, batch_input_shape=(4, 3, 1)))
            return model
    """,
    "a layer made by a function": """
        def layer():
            return LSTM(4, stateful=True, batch_input_shape=(4, 3, 1))
        model = Sequential()
        model.add(layer())
    """,
    "a layer that goes nowhere": """
        lstm = LSTM(4, stateful=True, batch_input_shape=(4, 3, 1))
    """,
    "two ways to say a shape": """
        model = Sequential([LSTM(4, batch_input_shape=(4, 3, 1), input_shape=(3, 1))])
    """,
    "a batch size without a shape": """
        model = Sequential([LSTM(4, stateful=True, batch_size=4)])
    """,
    "an inner layer of TimeDistributed": """
        model = Sequential([TimeDistributed(LSTM(4, batch_input_shape=(4, 3, 1))), Dense(1)])
    """,
    "states given to a reset": """
        model = Sequential([Input(batch_shape=(4, 3, 1)), LSTM(4, stateful=True)])
        model.predict(x, batch_size=4)
        model.reset_states([])
    """,
    "a reset that is passed on": """
        model = Sequential([Input(batch_shape=(4, 3, 1)), LSTM(4, stateful=True)])
        reset = model.reset_states
        reset()
    """,
    "a model without states": """
        model = Sequential([Input(batch_shape=(4, 3, 1)), LSTM(4)])
        model.reset_states()
    """,
    "a reset of other models too": """
        def run(model):
            model.predict(x, batch_size=4)
            model.reset_states()
        run(Sequential([Input(batch_shape=(4, 3, 1)), LSTM(4, stateful=True)]))
        run(Sequential([Input(batch_shape=(4, 3, 1)), LSTM(4)]))
    """,
    "a shuffle said in a name": """
        model = Sequential([Input(batch_shape=(4, 3, 1)), LSTM(4, stateful=True)])
        model.compile("adam", "mse")
        SHUFFLE = True
        model.fit(x, y, batch_size=4, shuffle=SHUFFLE)
    """,
    "a fit of other models too": """
        def train(model):
            model.compile("adam", "mse")
            model.fit(x, y, batch_size=4)
        train(Sequential([Input(batch_shape=(4, 3, 1)), LSTM(4, stateful=True), Dense(1)]))
        train(Sequential([Input(batch_shape=(4, 3, 1)), LSTM(4), Dense(1)]))
    """,
    "models of several batch sizes": """
        def train(batch_size):
            model = Sequential([Input(batch_shape=(batch_size, 3, 1)), LSTM(4, stateful=True)])
            model.compile("adam", "mse")
            fit(model)
        def fit(model):
            model.fit(x, y, shuffle=False)
        train(4)
        train(8)
    """,
    "a batch size that would leave a rest": """
        model = Sequential([Input(batch_shape=(7, 3, 1)), LSTM(4, stateful=True)])
        model.compile("adam", "mse")
        model.fit(x, y, shuffle=False)
    """,
    "an open input and fits of several batch sizes": """
        model = Sequential([Input(shape=(3, 1)), LSTM(4, stateful=True)])
        model.compile("adam", "mse")
        model.fit(x, y, batch_size=4, shuffle=False)
        model.fit(x, y, batch_size=8, shuffle=False)
    """,
    "an open input and a predict of another batch size": """
        model = Sequential([Input(shape=(3, 1)), LSTM(4, stateful=True)])
        model.compile("adam", "mse")
        model.fit(x, y, batch_size=4, shuffle=False)
        model.predict(x, batch_size=8)
    """,
    "callbacks that are not seen": """
        import callbacks
        model = Sequential([Input(batch_shape=(4, 3, 1)), LSTM(4, stateful=True)])
        model.compile("adam", "mse")
        model.fit(x, y, 4, 3, 1, [keras.callbacks.EarlyStopping()], shuffle=False)
    """,
    "a fault that a comment lets pass": """
        model = Sequential([Input(batch_shape=(4, 3, 1)), LSTM(4, stateful=True)])
        model.compile("adam", "mse")
        model.fit(x, y, batch_size=4)  # pylint: disable=stateful-shuffle
    """,
}


@pytest.mark.parametrize("code", REFUSED.values(), ids=REFUSED)
def test_it_is_left_as_it_is(code: str) -> None:
    text = HEAD + textwrap.dedent(code)
    assert mended(text, HERE, Wishes(unsafe=True)).text == text
    if "disable=" not in text:
        assert lint(text, HERE)


OUT_OF_REACH = {
    "a model within": "[Sequential([Input(batch_shape=(4, 3, 1)), LSTM(4, stateful=True)])]",
    "a wrapped layer": "[Input(batch_shape=(4, 2, 3, 1)), TimeDistributed(LSTM(4, stateful=True))]",
    "cells": "[Input(batch_shape=(4, 3, 1)), RNN([LSTMCell(4)], stateful=True)]",
    "a layer that is not seen": "[Input(batch_shape=(4, 3, 1)), LSTM(4, stateful=True), unknown]",
}


@pytest.mark.parametrize("layers", OUT_OF_REACH.values(), ids=OUT_OF_REACH)
def test_no_loop_over_layers_that_would_miss_states(layers: str) -> None:
    text = f"{HEAD}model = Sequential({layers})\nmodel.reset_states()\n"
    assert mended(text, HERE, Wishes(dependency=False)).text == text
    assert "\nreset_states(model)" in mended(text, HERE, Wishes()).text


@pytest.mark.parametrize("code", [REFUSED["a model without states"]])
def test_nothing_is_mended_for_keras_2(code: str) -> None:
    text = "import tf_keras\n" + HEAD + textwrap.dedent(code)
    assert mended(text, HERE, Wishes(unsafe=True)).text == text
