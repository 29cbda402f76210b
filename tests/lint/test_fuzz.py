"""Programs nobody would write: made of random statements, or real ones with lines moved about."""

from __future__ import annotations

import ast

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lint_tools import ROOT, found

SOURCES = [path.read_text() for path in sorted((ROOT / "tests").glob("cases/*/*.py"))]
SOURCES += [path.read_text() for path in sorted((ROOT / "tests").glob("functional/*.py"))]
HEAD = """\
import random, numpy as np, keras, tensorflow as tf
from keras import Input, Model, Sequential
from keras.layers import *
from keras_stateful_guard import *
def f(a, b=1, *c, d=None, **e): return a(b, *c, **e) or d
class C(keras.callbacks.Callback):
    def on_epoch_end(self, epoch, logs=None): f(self.model, epoch)
class M(keras.Model):
    def __init__(self, x=None): self.x = LSTM(4, stateful=x); self.y = [self]
m = Sequential()
x = y = z = []
"""


def words(text: str) -> st.SearchStrategy[str]:
    return st.sampled_from(text.split())


names = st.sampled_from(["m", "x", "y", "z", "f", "C", "M", "np", "keras", "tf", "self", "unknown"])
atoms = st.one_of(
    names,
    st.sampled_from(
        ["None", "True", "0", "-1", "3", "1e9", "''", "'a'", "()", "[]", "{}", "(2, None)", "..."]
    ),
)
attributes = words(
    """add fit predict evaluate train_on_batch reset_states reset_state layers model shape reshape
    batch shuffle map window flat_map append extend pop get items values random permutation
    data Dataset from_tensor_slices from_generator x y stateful build get_layer __init__
    inputs"""
)
keywords = words(
    """stateful batch_size epochs shuffle callbacks validation_data validation_split input_shape
    batch_shape batch_input_shape initial_state drop_remainder size shift boundaries"""
)
functions = words(
    """LSTM GRU Dense Input Bidirectional TimeDistributed Sequential Model StatefulGuard
    reset_states range len zip enumerate list tuple dict super getattr setattr isinstance
    preserve_states keras.callbacks.LambdaCallback tf.data.Dataset.range random.shuffle
    np.array np.zeros f C M tf.GradientTape"""
)


def grown(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    argument = st.one_of(
        inner,
        st.builds("{}={}".format, keywords, inner),
        st.builds("*{}".format, names),
        st.builds("**{}".format, names),
    )
    arguments = st.lists(argument, max_size=3).map(
        lambda given: ", ".join(
            sorted(given, key=lambda each: ("=" in each, each.startswith("**")))
        )
    )
    return st.one_of(
        st.builds("{}({})".format, functions, arguments),
        st.builds("{}.{}".format, inner, attributes),
        st.builds("{}.{}({})".format, inner, attributes, arguments),
        st.builds("{}[{}]".format, inner, inner),
        st.builds("{}[{}:{}]".format, inner, inner, inner),
        st.builds(
            "({} {} {})".format,
            inner,
            st.sampled_from(["+", "-", "*", "//", "%", "==", "and", "or", "in", "is"]),
            inner,
        ),
        st.builds("({} if {} else {})".format, inner, inner, inner),
        st.builds("[{} for {} in {}]".format, inner, names, inner),
        st.builds("(lambda x: {})".format, inner),
    )


expressions = st.recursive(atoms, grown, max_leaves=6)
simple = st.one_of(
    expressions,
    st.builds("{} = {}".format, names, expressions),
    st.builds("{}.{} = {}".format, names, attributes, expressions),
    st.builds("{}, {} = {}".format, names, names, expressions),
    st.builds("{} += {}".format, names, expressions),
    st.sampled_from(
        ["return x", "yield m", "break", "continue", "raise x", "global m", "del x", "pass"]
    ),
)


def nested(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    body = st.lists(inner, min_size=1, max_size=3).map(
        lambda lines: "\n".join("    " + line for each in lines for line in each.split("\n"))
    )
    return st.one_of(
        st.builds("for {} in {}:\n{}".format, names, expressions, body),
        st.builds("if {}:\n{}\nelse:\n{}".format, expressions, body, body),
        st.builds("while {}:\n{}".format, expressions, body),
        st.builds("with {} as {}:\n{}".format, expressions, names, body),
        st.builds("try:\n{}\nexcept {}:\n{}\nfinally:\n    pass".format, body, names, body),
        st.builds("def {}(self, x, y=m):\n{}".format, names, body),
        st.builds("class {}({}):\n{}".format, names, names, body),
    )


programs = st.lists(st.recursive(simple, nested, max_leaves=8), max_size=8).map("\n".join)


def parses(code: str) -> bool:
    try:
        compile(code, "fuzz", "exec", ast.PyCF_ONLY_AST)
    except (SyntaxError, ValueError):
        return False
    return True


relaxed = settings(
    max_examples=150,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)


@relaxed
@given(programs)
def test_made_up_programs(program: str) -> None:
    code = HEAD + program + "\nm.fit(x, y, stateful)\n"
    if parses(code):
        found(code)


@relaxed
@given(st.sampled_from(SOURCES), st.data())
def test_mutated_programs(source: str, data: st.DataObject) -> None:
    lines = source.splitlines()
    for _ in range(data.draw(st.integers(1, 4))):
        here = data.draw(st.integers(0, len(lines) - 1))
        there = data.draw(st.integers(0, len(lines) - 1))
        action = data.draw(st.sampled_from(["drop", "swap", "copy", "indent"]))
        if action == "drop" and len(lines) > 1:
            del lines[here]
        elif action == "swap":
            lines[here], lines[there] = lines[there], lines[here]
        elif action == "copy":
            lines.insert(here, lines[there])
        else:
            lines[here] = "    " + lines[here]
    code = "\n".join(lines) + "\n"
    if parses(code):
        found(code)
