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
from keras_stateful_guard import IsolateEvaluation, ResetStatesOnEpoch, StatefulGuard, reset_states
from unseen import helper, load, something
"""
MODEL = """\
model = Sequential([Input(batch_shape=(32, 3, 1)), LSTM(4, stateful=True), Dense(1)])
"""

SNIPPETS = {
    "sequential_add": """
        model = Sequential()
        model.add(LSTM(4, stateful=True, input_shape=(3, 1)))  # [stateful-input-shape]
        model.add(Dense(1))
    """,
    "input_shape_on_a_later_layer": """
        model = Sequential([Input(batch_shape=(32, 3, 1)), LSTM(4, stateful=True, input_shape=(3, 1))])
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
        a = Input(batch_shape=(32, 3, 1))
        b = Input((3,))  # [stateful-input-shape]
        h = LSTM(4, stateful=True)(a)
        model = Model([a, b], Dense(1)(layers.concatenate([h, b])))
    """,
    "none_in_batch_shape": """
        model = Sequential([Input(batch_shape=(None, 3, 1)), LSTM(4, stateful=True)])  # [stateful-input-shape]
    """,
    "build_fixes_the_batch": """
        model = Sequential([Embedding(9, 4), LSTM(4, stateful=True)])
        model.build((32, None))
        model.fit(x, y, shuffle=False)
    """,
    "no_input_at_all": """
        model = Sequential([Embedding(9, 4), LSTM(4, stateful=True)])  # [stateful-input-shape]
        model.fit(x, y, shuffle=False)
    """,
    "no_input_but_batches_of_one_size": """
        model = Sequential([Embedding(9, 4), LSTM(4, stateful=True)])
        model.fit(tf.data.Dataset.from_tensor_slices(x).batch(32, drop_remainder=True))
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
        one = build(True, 32)
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
            return Sequential([Input(batch_shape=(32, 3, 1)), LSTM(4, stateful=True)])
        build("plain").fit(x, y)
        build("other").fit(x, y)  # [stateful-shuffle]
    """,
    "shuffle_of_arrays": MODEL
    + """
        model.fit(np.zeros((64, 3, 1)), np.zeros((64, 1)))  # [stateful-shuffle]
        model.fit(x, y, shuffle=True)  # [stateful-shuffle]
        model.fit(x, y, shuffle="batch")  # [stateful-shuffle]
        model.fit(x, y, shuffle=False)
        model.fit(x, y, 32, 1, 0, None, 0.0, None, False)
        model.fit(x, y, shuffle=something)
        model.fit(x, y, **something)
        model.fit(x, y, **{"shuffle": False})
    """,
    "shuffle_is_ignored_by_others": MODEL
    + """
        def batches():
            yield 1
        model.fit(batches())
        model.fit(tf.data.Dataset.from_tensor_slices(x).batch(32, drop_remainder=True))
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
        model.fit(x, y, epochs=3, initial_epoch=2, shuffle=False)
        model.fit(x, y, epochs=3, initial_epoch=1, shuffle=False)  # [stateful-missing-reset]
        model.fit(x, y, 32, 2, shuffle=False)  # [stateful-missing-reset]
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
        other = Sequential([Input(batch_shape=(32, 3, 1)), LSTM(4, stateful=True)])
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
        other = Sequential([Input(batch_shape=(32, 3, 1)), LSTM(4, stateful=True)])
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
            model = Sequential([Input(batch_shape=(32, 3, 1)), LSTM(units, stateful=True)])
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
                self.model = Sequential([Input(batch_shape=(32, 3, 1)), LSTM(4, stateful=True)])
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
        LSTM(4, batch_input_shape=(32, 3, 1))  # [stateful-removed-argument]
        LSTM(4, batch_shape=(32, 3, 1))  # [stateful-removed-argument]
        Dense(4, batch_size=4)  # [stateful-removed-argument]
        layers.InputLayer(batch_input_shape=(32, 3, 1))
        Input(batch_shape=(32, 3, 1))
        something.LSTM(4, batch_input_shape=(32, 3, 1))
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
        model.add(Input(batch_shape=(32, 3, 1)))
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
        model = Sequential([Input(batch_shape=(32, 3, 1)), lstm])
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
                model = Sequential([Input(batch_shape=(32, 3, 1)), LSTM(4, stateful=True)])
        model.fit(x, y, shuffle=something)
    """,
    "other_batch_size": MODEL
    + """
        model.fit(x, y, batch_size=8, shuffle=False)  # [stateful-batch-size-mismatch]
        model.fit(x, y, batch_size=something, shuffle=False)
        reset_states(model)
        model.evaluate(x, y, 8)  # [stateful-batch-size-mismatch]
        model.predict(np.zeros((9, 3, 1)))  # [stateful-batch-size-mismatch]
        model.predict(np.zeros((32, 3, 1)))
        model.predict(x)
    """,
    "one_sample": """
        model = Sequential([Input(batch_shape=(1, 3, 1)), LSTM(4, stateful=True)])
        model.predict(np.zeros((1, 3, 1)))
        model.predict(x.reshape(1, 3, 1))
        model.predict(x[:1])
        for row in x:
            model.predict(row.reshape(1, 3, 1), batch_size=32)
    """,
    "batch_size_of_a_copy": """
        def build(batch):
            return Sequential([Input(batch_shape=(batch, 3, 1)), LSTM(4, stateful=True)])
        trained = build(32)
        trained.fit(x, y, shuffle=False)
        single = build(1)
        single.set_weights(trained.get_weights())
        single.predict(x, batch_size=1)
    """,
    "validation_batches": MODEL
    + """
        model.fit(x, y, shuffle=False, validation_data=(x, y))  # [stateful-validation-leak]
        model.fit(x, y, shuffle=False, validation_data=(x, y), callbacks=[IsolateEvaluation()])
        model.fit(x, y, shuffle=False, validation_data=None)
        model.fit(x, y, shuffle=False, validation_data=something, callbacks=something)
        model.fit(x, y, shuffle=False, validation_split=0.0)
    """,
    "partial_batches": MODEL
    + """
        data = np.ones((100, 3, 1))
        model.fit(data, data, shuffle=False)  # [stateful-partial-batch]
        model.fit(data[:64], data[:64], shuffle=False)
        model.fit(data[: len(data) // 32 * 32], data, shuffle=False)
        pairs = tf.data.Dataset.from_tensor_slices(data)
        model.fit(pairs.batch(32))  # [stateful-partial-batch]
        model.fit(pairs.take(64).batch(32, True))
        model.fit(pairs.repeat().batch(32))
    """,
    "shuffled_pipelines": MODEL
    + """
        files = tf.data.Dataset.list_files("*.txt").shuffle(9)
        steps = files.flat_map(load).batch(32, drop_remainder=True)
        model.fit(steps)
        rows = tf.data.Dataset.from_tensor_slices(x)
        model.fit(rows.shuffle(9).batch(32, drop_remainder=True))  # [stateful-shuffled-data]
        rows = rows.map(load)
        rows = (
            rows  # [stateful-shuffled-data]
            .shuffle(9)
            .prefetch(1)
        )
        model.fit(rows.batch(32, drop_remainder=True))
    """,
    "pipelines_in_no_fixed_order": MODEL
    + """
        rows = tf.data.Dataset.from_tensor_slices(x)
        mixed = rows.map(load, num_parallel_calls=4, deterministic=False)  # [stateful-shuffled-data]
        model.fit(mixed.batch(32, drop_remainder=True))
        model.fit(rows.map(load, num_parallel_calls=4).batch(32, drop_remainder=True))
    """,
    "torch_loaders": MODEL
    + """
        from torch.utils.data import DataLoader
        model.fit(DataLoader(x, batch_size=32, drop_last=True))
        model.fit(DataLoader(x, 32))  # [stateful-partial-batch]
        model.fit(DataLoader(x, 32, shuffle=True, drop_last=True))  # [stateful-shuffled-data]
        model.fit(DataLoader(x, 8, drop_last=True))  # [stateful-batch-size-mismatch]
    """,
    "keras_2_by_its_imports": """
        from keras.layers.recurrent import LSTM as Old
        model = Sequential([Old(4, stateful=True, batch_input_shape=(32, 3, 1))])
        model.reset_states()
    """,
    "keras_2_by_a_switch": """
        import os
        os.environ["TF_USE_LEGACY_KERAS"] = "1"
        model = Sequential([LSTM(4, stateful=True, batch_input_shape=(32, 3, 1))])
        model.reset_states()
    """,
    "shuffled_for_another_model": MODEL
    + """
        from sklearn.model_selection import train_test_split
        a, b, c, d = train_test_split(x, y)
        Sequential([Input((3,)), Dense(1)]).fit(a, c)
        model.fit(x, y, shuffle=False)
    """,
    "whole_sequences_in_any_order": MODEL
    + """
        from sklearn.model_selection import train_test_split
        sequences = np.zeros((100, 64, 1))
        a, b, c, d = train_test_split(sequences, sequences[:, 0], test_size=0.36)
        model.fit(a.reshape((2048, 2, 1)), c, batch_size=32, shuffle=False)
        e, f, g, h = train_test_split(x, y)  # [stateful-shuffled-data]
        model.fit(e.reshape((e.shape[0], 1, e.shape[1])), g, batch_size=32, shuffle=False)
        k, l, m, n = train_test_split(np.zeros((64, 6)), y)  # [stateful-shuffled-data]
        model.fit(k.reshape((-1, 3, 2)), m, batch_size=32, shuffle=False)
        o, p, q, r = train_test_split(x, y)  # [stateful-shuffled-data]
        model.fit(helper(o), q, batch_size=32, shuffle=False)
    """,
    "permuted_index": MODEL
    + """
        index = np.arange(99)
        np.random.shuffle(index)  # [stateful-shuffled-data]
        model.fit(x[index], y[index], shuffle=False)
    """,
    "windows_in_a_helper": MODEL
    + """
        def cut(values, length):
            rows, targets = [], []
            for i in range(0, len(values) - length, 1):
                rows.append(values[i : (i + length), 0])  # [stateful-broken-layout]
                targets.append(values[i + length, 0])
            return np.array(rows), np.array(targets)
        series = np.loadtxt("series.txt")
        a, b = cut(series, 3)
        model.fit(np.reshape(a, (a.shape[0], a.shape[1], 1)), b, shuffle=False)
        single = Sequential([Input(batch_shape=(32, 1, 3)), LSTM(4, stateful=True)])
        single.fit(np.reshape(a, (a.shape[0], 1, a.shape[1])), b, shuffle=False)
    """,
    "windows_of_a_library": MODEL
    + """
        data = keras.utils.timeseries_dataset_from_array(x, y, 3, batch_size=32)  # [stateful-broken-layout]
        model.fit(data)
        mixed = keras.utils.timeseries_dataset_from_array(  # [stateful-shuffled-data, stateful-broken-layout]
            x, y, sequence_length=3, sequence_stride=3, shuffle=True, batch_size=32)
        model.fit(mixed)
    """,
    "windows_one_after_the_other": """
        model = Sequential([Input(batch_shape=(1, 3, 1)), LSTM(4, stateful=True)])
        rows = tf.data.Dataset.from_tensor_slices(x).window(4, shift=3, drop_remainder=True)
        model.fit(rows.flat_map(lambda w: w.batch(4)).batch(1).map(load))
    """,
    "predict_after_fit": MODEL
    + """
        model.fit(x, y, shuffle=False)
        model.predict(x)  # [stateful-missing-predict-reset]
        model.predict(x)
        model.fit(x, y, shuffle=False, callbacks=[StatefulGuard()])
        model.predict(x)
        model.fit(x, y, shuffle=False)
        reset_states(model)
        model.evaluate(x, y)
        model.fit(x, y, shuffle=False)
        model = keras.models.load_model("m.keras")
        model.predict(x)
    """,
    "predict_in_the_other_arm": MODEL
    + """
        if something:
            model.fit(x, y, shuffle=False)
        else:
            model.predict(x)
    """,
    "evaluate_in_the_loop": MODEL
    + """
        for epoch in range(9):
            model.fit(x, y, shuffle=False)
            reset_states(model)
            model.evaluate(x, y)  # [stateful-validation-leak]
        for epoch in range(9):
            reset_states(model)
            model.fit(x, y, shuffle=False)
            reset_states(model)
            model.evaluate(x, y)
        for epoch in range(9):
            model.fit(x, y, shuffle=False, callbacks=[StatefulGuard()])
            model.evaluate(x, y, callbacks=[StatefulGuard()])
    """,
    "reset_after_each_sequence": MODEL
    + """
        for epoch in range(9):
            for sequence in something:
                for batch in sequence:
                    model.train_on_batch(batch)
                reset_states(model)
        for step, batch in enumerate(something):
            model.train_on_batch(batch)
            if step % 9 == 0:
                reset_states(model)
        for batch in something:
            model.train_on_batch(batch)
            reset_states(model)  # [stateful-reset-every-batch]
    """,
    "reset_behind_a_continue": MODEL
    + """
        for batch in something:
            model.train_on_batch(batch)
            if something(batch):
                continue
            reset_states(model)
    """,
    "default_arguments": """
        def build(batch=32, *, keep=True):
            return Sequential([Input(batch_shape=(batch, 3, 1)), LSTM(4, stateful=keep)])
        build().fit(x, y)  # [stateful-shuffle]
        build(keep=False).fit(x, y)
        build(*something).fit(x, y)
    """,
    "reset_of_a_model_not_wholly_known": """
        class Net(Model):
            def __init__(self):
                super().__init__()
                self.rnn = LSTM(4)
        reset_states(Net())
        model = Sequential([LSTM(4)])
        model.add(*something)
        reset_states(model)
        model = Sequential([LSTM(4)])
        model.pop()
        model.add(something())
        reset_states(model)
    """,
    "one_long_series_step_by_step": MODEL
    + """
        at = 0
        while at < len(x):
            model.train_on_batch(x[at:at + 32], y[at:at + 32])
            at += 32
    """,
    "one_long_series_of_another_module": MODEL
    + """
        at = 0
        for step in range(100):
            model.train_on_batch(something[at:at + 32], load[at:at + 32])
            at = at + 32
    """,
    "one_long_series_from_a_function": MODEL
    + """
        at = 0
        def following():
            global at
            steps = np.arange(at, at + 96).reshape((32, 3))
            at += 96
            return np.sin(steps)[:, :, np.newaxis], np.cos(steps)
        for step in range(500):
            a, b = following()
            model.train_on_batch(a, b)
    """,
    "one_long_series_from_an_object": MODEL
    + """
        class Feed:
            def __init__(self, rows):
                self.rows = rows
                self.at = 0
            def following(self):
                part = self.rows[self.at:self.at + 32]
                self.at += 32
                return part
        feed = Feed(something)
        for step in range(500):
            part = feed.following()
            model.train_on_batch(part, part)
    """,
    "one_long_series_value_by_value": """
        model = Sequential([Input(batch_shape=(1, 1, 1)), LSTM(4, stateful=True), Dense(1)])
        before = x[0]
        for value in x[1:]:
            model.train_on_batch(np.array([[[before]]]), np.array([[[value]]]))
            before = value
    """,
    "the_same_series_again": MODEL
    + """
        at, best = 0, 9
        for epoch in range(10):
            at, best = 0, best - 1
            while at < len(x):
                model.train_on_batch(x[at:at + 32], y[at:at + 32])  # [stateful-missing-reset]
                at += 32
    """,
    "the_same_series_from_its_beginning": MODEL
    + """
        at = 0
        for step in range(1000):
            if at + 32 > len(x):
                at = 0
            model.train_on_batch(x[at:at + 32], y[at:at + 32])  # [stateful-missing-reset]
            at += 32
    """,
    "the_same_series_round_and_round": MODEL
    + """
        class Feed:
            def __init__(self, rows):
                self.rows = rows
                self.at = 0
            def following(self):
                self.at = (self.at + 32) % len(self.rows)
                return self.rows[self.at:self.at + 32]
        feed = Feed(x)
        for step in range(500):
            model.train_on_batch(feed.following(), y)  # [stateful-missing-reset]
    """,
    "the_same_series_beside_a_counter": MODEL
    + """
        class Feed:
            def __init__(self, rows):
                self.rows = rows
                self.calls = 0
            def all(self):
                self.calls += 1
                return self.rows
        feed = Feed(x)
        for step in range(500):
            model.train_on_batch(feed.all(), y)  # [stateful-missing-reset]
    """,
    "unused_callback": """
        class Every(callbacks.Callback):
            def on_batch_end(self, batch, logs=None):
                for layer in self.model.layers:
                    layer.reset_state()
    """,
    "counting_callback": MODEL
    + """
        class Some(callbacks.Callback):
            def __init__(self):
                super().__init__()
                self.seen = 0
            def on_batch_end(self, batch, logs=None):
                if self.seen == 0:
                    self.model.get_layer("a").reset_state()
                self.seen = (self.seen + 1) % 9
        model.fit(x, y, shuffle=False, epochs=9, callbacks=[Some()])
    """,
    "reset_of_either_model": """
        plain = Sequential([Input((3, 1)), LSTM(4)])
        kept = Sequential([Input(batch_shape=(32, 3, 1)), LSTM(4, stateful=True)])
        for each in [plain, kept]:
            reset_states(each)
        reset_states(plain)  # [stateful-reset-without-state]
        reset_states(kept)
    """,
    "generators": MODEL
    + """
        def endless(which):
            while True:
                reset_states(which)  # [stateful-reset-in-generator]
                yield x, y
        model.fit(endless(model), steps_per_epoch=9, epochs=5)
        def by_hand():
            for each in something:
                reset_states(model)
                yield each
        for batch in by_hand():
            pass
    """,
    "sequence_that_resets": MODEL
    + """
        class Feed(keras.utils.PyDataset):
            def __getitem__(self, index):
                reset_states(model)  # [stateful-reset-in-generator]
                return x, y
        model.fit(Feed(), shuffle=False)
    """,
    "sequence_that_resets_between_epochs": MODEL
    + """
        class Feed(keras.utils.Sequence):
            def __init__(self, model):
                super().__init__()
                self.of = model
            def __getitem__(self, index):
                return x, y
            def on_epoch_end(self):
                for each in self.of.layers:
                    each.reset_state()
        class Mixed(keras.utils.Sequence):
            def __getitem__(self, index):
                return x, y
            def on_epoch_end(self):
                np.random.shuffle(self.order)
        model.fit(Feed(model), epochs=5, shuffle=False)
        model.fit_generator(Feed(model), epochs=5, shuffle=False)
        model.fit(Mixed(), epochs=5, shuffle=False)  # [stateful-missing-reset]
    """,
    "wrappers": """
        layers.Bidirectional(LSTM(4, stateful=True))  # [stateful-bidirectional]
        layers.TimeDistributed(Sequential([GRU(4, stateful=True)]))  # [stateful-time-distributed]
        inner = GRU(4, stateful=True)
        layers.Bidirectional(layer=inner)  # [stateful-bidirectional]
        layers.Bidirectional(LSTM(4, stateful=something))
    """,
    "initial_state": """
        a = Input(batch_shape=(32, 3, 1))
        out, h, c = LSTM(4, stateful=True, return_state=True)(a)
        LSTM(4)(a, initial_state=[h, c])
        LSTM(4, stateful=True)(a, initial_state=[h, c])  # [stateful-initial-state]
        LSTM(4, stateful=True)(a, initial_state=None)
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
