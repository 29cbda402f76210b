"""What the reader follows: each snippet carries its findings as marks, and nothing else is found."""

from __future__ import annotations

import pytest
from lint_tools import found, marked

HEAD = """\
import keras
import numpy as np
import tensorflow as tf
from keras import callbacks, layers
from keras.layers import GRU, LSTM, Dense, Embedding, Input
from keras.models import Model, Sequential
from keras_stateful_guard import IsolateEvaluation, ResetStatesOnEpoch, StatefulGuard
from unseen import helper, load, something
"""
MODEL = """\
model = Sequential([Input(batch_shape=(4, 3, 1)), LSTM(4, stateful=True), Dense(1)])
"""

SNIPPETS = {
    "sequential_add": """
        model = Sequential()
        model.add(LSTM(4, stateful=True, input_shape=(3, 1)))  # [stateful-input-shape]
        model.add(Dense(1))
    """,
    "input_shape_on_a_later_layer": """
        model = Sequential([Input(batch_shape=(4, 3, 1)), LSTM(4, stateful=True, input_shape=(3, 1))])
    """,
    "input_shape_of_a_stateless_layer": """
        model = Sequential([LSTM(4, input_shape=(3, 1)), Dense(1)])
    """,
    "first_layer_feeds_the_stateful_one": """
        model = Sequential([
            Dense(3, input_shape=(3, 1)),  # [stateful-input-shape]
            LSTM(4, stateful=True),
        ])
    """,
    "nested_sequential": """
        inner = Sequential([LSTM(4, stateful=True)])
        model = Sequential([Input((3, 1)), inner, Dense(1)])  # [stateful-input-shape]
    """,
    "functional_two_inputs": """
        a = Input(batch_shape=(4, 3, 1))
        b = Input((3,))  # [stateful-input-shape]
        h = LSTM(4, stateful=True)(a)
        model = Model([a, b], Dense(1)(layers.concatenate([h, b])))
    """,
    "none_in_batch_shape": """
        model = Sequential([Input(batch_shape=(None, 3, 1)), LSTM(4, stateful=True)])  # [stateful-input-shape]
    """,
    "build_fixes_the_batch": """
        model = Sequential([Embedding(9, 4), LSTM(4, stateful=True)])
        model.build((1, None))
        model.fit(x, y, shuffle=False)
    """,
    "no_input_at_all": """
        model = Sequential([Embedding(9, 4), LSTM(4, stateful=True)])  # [stateful-input-shape]
        model.fit(x, y, shuffle=False)
    """,
    "no_input_but_batches_of_one_size": """
        model = Sequential([Embedding(9, 4), LSTM(4, stateful=True)])
        model.fit(tf.data.Dataset.from_tensor_slices(x).batch(4, drop_remainder=True))
    """,
    "flag_through_a_builder": """
        def build(stateful, batch):
            model = Sequential()
            if stateful:
                model.add(Input(batch_shape=(batch, 3, 1)))
            else:
                model.add(Input((3, 1)))
            model.add(LSTM(4, stateful=stateful))
            return model
        one = build(True, 4)
        one.fit(x, y, shuffle=False)
        two = build(False, None)
        two.fit(x, y)
    """,
    "unknown_flag_is_silent": """
        def build(stateful=True):
            return Sequential([Input((3, 1)), LSTM(4, stateful=stateful)])
        model = build(something())
        model.fit(x, y, epochs=5)
    """,
    "early_return": """
        def build(kind):
            if kind == "plain":
                return Sequential([LSTM(4)])
            return Sequential([Input(batch_shape=(1, 3, 1)), LSTM(4, stateful=True)])
        build("plain").fit(x, y)
        build("other").fit(x, y)  # [stateful-shuffle]
    """,
    "shuffle_of_arrays": MODEL
    + """
        model.fit(np.zeros((8, 3, 1)), np.zeros((8, 1)))  # [stateful-shuffle]
        model.fit(x, y, shuffle=True)  # [stateful-shuffle]
        model.fit(x, y, shuffle="batch")  # [stateful-shuffle]
        model.fit(x, y, shuffle=False)
        model.fit(x, y, 4, 1, 0, None, 0.0, None, False)
        model.fit(x, y, shuffle=something)
        model.fit(x, y, **something)
        model.fit(x, y, **{"shuffle": False})
    """,
    "shuffle_is_ignored_by_others": MODEL
    + """
        def batches():
            yield 1
        model.fit(batches())
        model.fit(tf.data.Dataset.from_tensor_slices(x).batch(4))
        model.fit(something)
    """,
    "shuffle_of_a_sequence": MODEL
    + """
        class Feed(keras.utils.PyDataset):
            def __getitem__(self, index):
                return 1
        model.fit(Feed())  # [stateful-shuffle]
        model.fit(Feed(), shuffle=False)
    """,
    "rebinding": MODEL
    + """
        model.fit(x, y, shuffle=False)
        model = Sequential([Input((3,)), Dense(1)])
        model.fit(x, y, epochs=9)
    """,
    "model_of_another_library": """
        from torch.nn import LSTM as Other
        model = Other(stateful=True, input_shape=(3, 1))
        model.fit(x, y, epochs=9)
        model.reset_states()
    """,
    "epochs": MODEL
    + """
        model.fit(x, y, epochs=2, shuffle=False)  # [stateful-missing-reset]
        model.fit(x, y, epochs=1, shuffle=False)
        model.fit(x, y, epochs=something, shuffle=False)  # [stateful-missing-reset]
        model.fit(x, y, epochs=i + 1, initial_epoch=i, shuffle=False)
        model.fit(x, y, 4, 2, shuffle=False)  # [stateful-missing-reset]
        model.fit(x, y, nb_epoch=2, shuffle=False)  # [stateful-missing-reset]
    """,
    "parameter_with_one_epoch": MODEL
    + """
        def train(epochs=1):
            model.fit(x, y, epochs=epochs, shuffle=False)
    """,
    "known_callbacks": MODEL
    + """
        model.fit(x, y, epochs=2, shuffle=False, callbacks=[callbacks.EarlyStopping()])  # [stateful-missing-reset]
        model.fit(x, y, epochs=2, shuffle=False, callbacks=[StatefulGuard()])
        model.fit(x, y, epochs=2, shuffle=False, callbacks=[ResetStatesOnEpoch()])
        model.fit(x, y, epochs=2, shuffle=False, callbacks=[IsolateEvaluation()])  # [stateful-missing-reset]
        model.fit(x, y, epochs=2, shuffle=False, callbacks=[something])
        model.fit(x, y, epochs=2, shuffle=False, callbacks=something)
    """,
    "callback_lists": MODEL
    + """
        hooks = []
        if something:
            hooks.append(StatefulGuard())
        model.fit(x, y, epochs=2, shuffle=False, callbacks=hooks)
        model.fit(x, y, epochs=2, shuffle=False, callbacks=hooks + [callbacks.History()])
        def make():
            return [callbacks.History()]
        model.fit(x, y, epochs=2, shuffle=False, callbacks=make())  # [stateful-missing-reset]
    """,
    "own_callback": MODEL
    + """
        class Reset(callbacks.Callback):
            def on_epoch_begin(self, epoch, logs=None):
                for layer in self.model.layers:
                    layer.reset_state()
        class Print(callbacks.Callback):
            def on_epoch_begin(self, epoch, logs=None):
                print(epoch)
        model.fit(x, y, epochs=2, shuffle=False, callbacks=[Reset()])
        model.fit(x, y, epochs=2, shuffle=False, callbacks=[Print()])  # [stateful-missing-reset]
    """,
    "callback_that_resets_another_model": MODEL
    + """
        other = Sequential([Input(batch_shape=(1, 3, 1)), LSTM(4, stateful=True)])
        class Sample(callbacks.Callback):
            def on_epoch_end(self, epoch, logs=None):
                other.reset_states()  # [stateful-removed-reset]
        model.fit(x, y, epochs=2, shuffle=False, callbacks=[Sample()])  # [stateful-missing-reset]
    """,
    "lambda_callback": MODEL
    + """
        reset = callbacks.LambdaCallback(on_epoch_end=lambda e, l: model.get_layer("a").reset_state())
        model.fit(x, y, epochs=2, shuffle=False, callbacks=[reset])
    """,
    "fit_in_loop": MODEL
    + """
        for epoch in range(9):
            model.fit(x, y, shuffle=False)  # [stateful-missing-reset]
    """,
    "fit_in_loop_with_reset": MODEL
    + """
        for epoch in range(9):
            model.fit(x, y, shuffle=False)
            for layer in model.layers:
                layer.reset_states()
    """,
    "reset_of_the_wrong_model": MODEL
    + """
        other = Sequential([Input(batch_shape=(1, 3, 1)), LSTM(4, stateful=True)])
        for epoch in range(9):
            model.fit(x, y, shuffle=False)  # [stateful-missing-reset]
            other.layers[0].reset_state()
    """,
    "pieces_of_one_series": MODEL
    + """
        for piece in something:
            model.fit(piece, shuffle=False)
        for i in range(9):
            a, b = load(i)
            model.fit(a, b, shuffle=False)
    """,
    "passes_over_pieces": MODEL
    + """
        for epoch in range(9):
            for piece in something:
                model.train_on_batch(piece)  # [stateful-missing-reset]
    """,
    "loop_that_runs_once": MODEL
    + """
        for epoch in range(1):
            model.fit(x, y, shuffle=False)
    """,
    "model_made_in_the_loop": """
        for units in something:
            model = Sequential([Input(batch_shape=(4, 3, 1)), LSTM(units, stateful=True)])
            model.fit(x, y, shuffle=False)
    """,
    "reset_in_a_helper": MODEL
    + """
        def reset(which):
            for layer in which.layers:
                layer.reset_state()
        for epoch in range(9):
            model.fit(x, y, shuffle=False)
            reset(model)
    """,
    "model_handed_out": MODEL
    + """
        for epoch in range(9):
            model.fit(x, y, shuffle=False)
            helper(model)
    """,
    "gradient_tape": MODEL
    + """
        for epoch in range(9):
            for batch in something:
                with tf.GradientTape() as tape:
                    loss = model(batch)  # [stateful-missing-reset]
    """,
    "branch_by_a_constant": """
        KIND = 2
        if KIND == 1:
            model = Sequential([LSTM(4, stateful=True, input_shape=(3, 1))])
        else:
            model = Sequential([LSTM(4, input_shape=(3, 1))])
        model.fit(x, y, epochs=3)
    """,
    "counter_in_a_loop": MODEL
    + """
        step = 0
        for i in range(9):
            if step == 0:
                model.fit(x, y, shuffle=False)
            step += 1
            if step % 3 == 0:
                model.layers[1].reset_state()
    """,
    "attributes": """
        class Trainer:
            def __init__(self, batch):
                self.model = Sequential([Input(batch_shape=(batch, 3, 1)), LSTM(4, stateful=True)])
            def train(self):
                self.model.fit(x, y, epochs=3, shuffle=False)  # [stateful-missing-reset]
            def clear(self):
                self.model.reset_states()  # [stateful-removed-reset]
    """,
    "attributes_set_by_another_method": """
        class Trainer:
            def __init__(self):
                self.model = None
            def build(self):
                self.model = Sequential([Input(batch_shape=(4, 3, 1)), LSTM(4, stateful=True)])
            def train(self):
                self.model.fit(x, y)  # [stateful-shuffle]
    """,
    "subclassed_model": """
        class Net(Model):
            def __init__(self):
                super().__init__()
                self.rnn = LSTM(4, stateful=True)
                self.out = Dense(1)
            def call(self, inputs):
                return self.out(self.rnn(inputs))
        net = Net()
        net.fit(x, y, epochs=3, shuffle=False)  # [stateful-missing-reset]
        net.reset_states()  # [stateful-removed-reset]
    """,
    "subclass_with_its_own_reset": """
        class Net(Model):
            def __init__(self):
                super().__init__()
                self.rnn = [LSTM(4, stateful=True)]
            def reset_states(self):
                for layer in self.rnn:
                    layer.reset_state()
        net = Net()
        net.reset_states()
    """,
    "removed_reset_of_a_layer": """
        lstm = LSTM(4, stateful=True)
        lstm.reset_states()
        lstm.reset_state(states=[1])  # [stateful-removed-reset]
    """,
    "removed_reset_in_an_unused_callback": """
        class Reset(callbacks.Callback):
            def on_epoch_end(self, epoch, logs=None):
                self.model.reset_states()  # [stateful-removed-reset]
    """,
    "typed_parameter": """
        def clear(model: keras.Model):
            model.reset_states()  # [stateful-removed-reset]
    """,
    "reset_of_anything_else": """
        def clear(model):
            model.reset_states()
        keras.metrics.Mean().reset_states()
        agent = something()
        agent.reset_states()
    """,
    "removed_argument": """
        LSTM(4, batch_input_shape=(4, 3, 1))  # [stateful-removed-argument]
        LSTM(4, batch_shape=(4, 3, 1))  # [stateful-removed-argument]
        Dense(4, batch_size=4)  # [stateful-removed-argument]
        layers.InputLayer(batch_input_shape=(4, 3, 1))
        Input(batch_shape=(4, 3, 1))
        something.LSTM(4, batch_input_shape=(4, 3, 1))
    """,
    "aliases": """
        L = tf.keras.layers
        K = tf.keras
        model = K.Sequential([L.LSTM(4, stateful=True, input_shape=(3, 1))])  # [stateful-input-shape]
    """,
    "try_import": """
        try:
            from keras.layers import SimpleRNN
        except ImportError:
            from tensorflow.keras.layers import SimpleRNN
        Sequential([SimpleRNN(4, stateful=True, input_shape=(3, 1))])  # [stateful-input-shape]
    """,
    "dict_and_tuple": MODEL
    + """
        models = {"a": model, "b": None}
        models["a"].fit(x, y)  # [stateful-shuffle]
        first, second = model, 3
        first.fit(x, y)  # [stateful-shuffle]
    """,
    "comprehension": """
        model = Sequential([LSTM(4, stateful=True) for i in range(3)] + [Dense(1)])
        model.fit(x, y)
    """,
    "loop_adds_layers": """
        model = Sequential()
        model.add(Input(batch_shape=(4, 3, 1)))
        for i in range(3):
            model.add(LSTM(4, stateful=True, return_sequences=True))
        model.fit(x, y)  # [stateful-shuffle]
    """,
    "loaded": """
        model = keras.models.load_model("m.keras")
        model.fit(x, y, epochs=3)
        copy = keras.models.clone_model(model)
        copy.fit(x, y, epochs=3)
    """,
    "stateful_switched_on_later": """
        lstm = LSTM(4)
        lstm.stateful = True
        model = Sequential([Input(batch_shape=(4, 3, 1)), lstm])
        model.fit(x, y)  # [stateful-shuffle]
    """,
    "unknown_decorator": MODEL
    + """
        @something
        def train():
            model.fit(x, y)  # [stateful-shuffle]
        train()
    """,
    "partial": """
        from functools import partial
        Recurrent = partial(LSTM, stateful=True)
        model = Sequential([Recurrent(4, input_shape=(3, 1))])  # [stateful-input-shape]
    """,
    "with_and_try": MODEL
    + """
        with something():
            try:
                model.fit(x, y)  # [stateful-shuffle]
            except ValueError:
                raise
            finally:
                print()
    """,
    "match": """
        match something:
            case 1:
                model = Sequential([LSTM(4)])
            case _:
                model = Sequential([Input(batch_shape=(4, 3, 1)), LSTM(4, stateful=True)])
        model.fit(x, y, shuffle=something)
    """,
}


def dedented(snippet: str) -> str:
    """Join the head and a snippet, whose first line may stand further left."""
    body = snippet.splitlines(keepends=True)
    return HEAD + "".join(line[8:] if line.startswith("        ") else line for line in body)


@pytest.mark.parametrize("name", SNIPPETS)
def test_snippet(name: str) -> None:
    code = dedented(SNIPPETS[name])
    assert found(code) == marked(code)
