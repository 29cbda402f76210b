"""Files that no reader should trip over: no crash, no fatal message, no hang."""

from __future__ import annotations

from pathlib import Path

import pytest
from lint_tools import found, pylint

HEAD = "import keras\nfrom keras.layers import LSTM\n"
FIT = "model = keras.Sequential([LSTM(4, stateful=True, input_shape=(3, 1))])\n"

ODD = {
    "empty": "",
    "comment": "# stateful\n",
    "recursive_function": HEAD + "def f(x):\n    return f(f(x))\nf(stateful=1)\n",
    "mutual_recursion": HEAD + "def f():\n    return g()\ndef g():\n    return f()\nf()\n",
    "recursive_class": HEAD
    + "class A(A):\n    pass\nA().fit()\nclass B(keras.Model, B): ...\nB()\n",
    "recursive_lambda": HEAD + "f = lambda: f()\nf()\nstateful = f\n",
    "recursive_list": HEAD + "a = []\na.append(a)\nmodel = keras.Sequential(a)\nmodel.fit(a)\n",
    "model_in_itself": HEAD + "model = keras.Sequential()\nmodel.add(model)\nmodel.fit(stateful)\n",
    "layer_in_itself": HEAD + "class L(keras.layers.Layer):\n    def __init__(self):\n"
    "        self.me = self\nmodel = keras.Sequential([L()])\nmodel.fit(stateful)\n",
    "callback_calls_fit": HEAD + "class C(keras.callbacks.Callback):\n"
    "    def on_epoch_end(self, epoch, logs=None):\n"
    "        self.model.fit(1, callbacks=[self, C()])\n" + FIT + "model.fit(1, callbacks=[C()])\n",
    "odd_arguments": HEAD + "model = keras.Sequential(*stateful)\nmodel.add()\nmodel.fit()\n"
    "keras.Input()\nkeras.Model()\nLSTM()()\nrange(stateful)\nlen()\nzip()\nsuper()\nenumerate()\n",
    "odd_numbers": HEAD + "a = 1 // 0\nb = 10 ** 10 ** 10\nc = 2 << 10 ** 9\nd = -(1 << 99)\n"
    "e = [0] * 10 ** 12\nstateful = 1e308 * 1e308\nx = int(1e999)\ny = range(10 ** 30, 0, 0)\n",
    "odd_slices": HEAD + "a = (1, 2)[::0]\nb = [1][9]\nc = 'x'[stateful]\nd = {}['a']\n",
    "odd_targets": HEAD + "a, *b = c = d['stateful'] = e.f = (1, 2)\n(a, (b, c)), d = 1, 2\n"
    "for x.y in range(3): pass\nfor x[0] in [1]: pass\n",
    "control_flow": HEAD
    + "while stateful:\n    try:\n        continue\n    finally:\n        break\n"
    "else:\n    pass\nasync def f():\n    async for a in b:\n        async with c as d:\n"
    "            yield await e\n",
    "match": HEAD
    + "match stateful:\n    case {'a': [x, *y]}:\n        pass\n    case _:\n        pass\n",
    "globals": HEAD + "def f():\n    global x, stateful\n    x += 1\n    def g():\n"
    "        nonlocal y\n        y = 1\n    g()\nf()\n",
    "deep_expression": HEAD + "stateful = " + "+".join(["x"] * 400) + "\n",
    "deep_nesting": HEAD
    + "".join("    " * i + "if stateful:\n" for i in range(60))
    + "    " * 60
    + "pass\n",
    "deep_calls": HEAD
    + "def f0(): pass\n"
    + "".join(f"def f{i}():\n    f{i - 1}()\n    f{i - 1}()\n" for i in range(1, 40))
    + "f39(stateful)\n",
    "doubled_tuples": HEAD + "x = stateful\n" + "x = (x, x)\n" * 60 + "LSTM(4)(x)\ny = x + 1\n",
    "doubled_lists": HEAD + "x = [stateful]\n" + "x = x + x\n" * 60 + "x.extend(x)\n" * 60,
    "many_layers": HEAD + "m = keras.Sequential()\n" + "m.add(LSTM(4))\nm.fit(stateful)\n" * 600,
    "many_models": HEAD + "m = keras.Sequential([LSTM(4)])\nLSTM(4).reset_state()\n" * 300,
    "long_list": HEAD + "x = [" + "stateful, " * 20000 + "]\n",
    "many_appends": HEAD + "x = []\n" + "x.append(stateful)\n" * 5000,
    "many_methods": HEAD
    + "class A:\n    def __init__(self):\n        self.m = keras.Sequential()\n"
    + "".join(
        f"    def f{i}(self):\n        self.x{i} = self.m.fit(stateful)\n" for i in range(200)
    ),
    "many_branches": HEAD + FIT + "def f():\n" + "    if a:\n        return 1\n" * 3000 + "f()\n",
    "branches_in_loop": HEAD + FIT + "for i in a:\n" + "    if i: x = i\n    else: x = 2\n" * 2000,
}

MIXED = (
    "    x = a if b else [c, x]\n    for y in x:\n        m.fit(y, stateful)\n    m.compile(x)\n"
)
ODD["ten_thousand_lines"] = HEAD + FIT + "def f(m, x, a=1):\n" + MIXED * 2500 + "f(model, [1])\n"
ODD["ten_thousand_calls"] = HEAD + "def f(x):\n    return [x, x]\n" + "stateful = f(x)\n" * 10_000


@pytest.mark.parametrize("name", ODD)
def test_odd_code(name: str) -> None:
    found(ODD[name])


def test_a_reader_that_gives_up_still_knows_the_layers() -> None:
    code = HEAD + FIT + "def f():\n" + "    if a:\n        return 1\n" * 3000 + "f()\n"
    assert ("stateful-input-shape", 3) in found(code)


RAW = {
    "syntax_error": b"import keras\nstateful = (\n",
    "latin_1": b"# -*- coding: latin-1 -*-\nimport keras\nstateful = '\xe9'\n",
    "not_utf_8": b"import keras\nstateful = '\xe9'\n",
    "bom": b"\xef\xbb\xbfimport keras\nstateful = 1\n",
    "null_bytes": b"import keras\nstateful = '\x00'\n",
    "only_nulls": b"stateful keras \x00\x00\x00",
    "carriage_returns": b"import keras\rstateful = 1\r",
}


@pytest.mark.parametrize("name", RAW)
def test_odd_bytes(name: str, tmp_path: Path) -> None:
    path = tmp_path / f"{name}.py"
    path.write_bytes(RAW[name])
    symbols = {message["symbol"] for message in pylint(path)}
    assert not {each for each in symbols if each not in {"syntax-error", "parse-error"}}


def test_modules_in_a_circle(tmp_path: Path) -> None:
    names = [f"m{number}" for number in range(12)]
    for here, there in zip(names, names[1:] + names[:1], strict=True):
        (tmp_path / f"{here}.py").write_text(
            f"{HEAD}import {there}\nfrom {there} import build as other, stateful\n"
            f"def build(n):\n    return {there}.build(n) or other(n)\n{FIT}build(1).fit(stateful)\n"
        )
    messages = pylint(*sorted(tmp_path.glob("*.py")), cwd=tmp_path)
    assert [each["symbol"] for each in messages] == ["stateful-input-shape"] * 12


def test_long_file(tmp_path: Path) -> None:
    path = tmp_path / "long.py"
    path.write_text(HEAD + FIT + "x = stateful\n" * 50_000)
    assert [message["symbol"] for message in pylint(path)] == ["stateful-input-shape"]
