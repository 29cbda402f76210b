"""What the picture of states shows."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
import pytest
from support import keras, layers, ones, running_sum

from keras_stateful_guard import StatefulGuard, StateMonitor, plot_states

pytest.importorskip("matplotlib")
FIT = {"batch_size": 4, "shuffle": False, "verbose": 0, "epochs": 2}


def recorded(model: Any, *guards: Any, **arguments: Any) -> StateMonitor:
    monitor = StateMonitor()
    model.fit(*ones(12), callbacks=[*guards, monitor], **{**FIT, **arguments})
    return monitor


def legend(figure: Any) -> set[str]:
    return {text.get_text() for text in figure.legends[0].get_texts()}


def marks(figure: Any, marker: str) -> list[float]:
    lines = [line for line in figure.axes[0].lines if line.get_marker() == marker]
    return sorted(float(x) for line in lines for x in line.get_xdata())


CARRIED = "pass starts from states not zero"
NEAR = "saturated: most hidden states near ±1"


def test_a_right_fit_shows_resets_and_no_leak(tmp_path):
    x, y = ones(4)
    figure = plot_states(
        recorded(running_sum(), StatefulGuard(), validation_data=(x, y), validation_batch_size=4)
    )
    assert legend(figure) == {"norm of state", "reset", "validation"}
    assert marks(figure, "o") == []
    assert set(marks(figure, "^")) == {0, 3, 4, 7, 8}
    figure.savefig(tmp_path / "states.png")
    assert (tmp_path / "states.png").stat().st_size > 10_000


def test_the_line_goes_from_what_a_batch_started_from_to_what_it_left():
    figure = plot_states(recorded(running_sum(), StatefulGuard()))
    first = figure.axes[0].lines[0]
    assert first.get_xdata().tolist() == [0, 1, 1, 2, 2, 3]
    assert first.get_ydata().tolist() == [0, 4, 4, 8, 8, 12]
    assert figure.axes[0].get_title(loc="left") == "sum"


def test_an_epoch_that_starts_from_other_states_has_a_dot():
    figure = plot_states(recorded(running_sum(), StatefulGuard(reset="never")))
    assert marks(figure, "o") == [3]
    assert legend(figure) == {"norm of state", CARRIED}


def test_a_saturated_layer_has_a_bar():
    big = keras.initializers.Constant(9.0)
    rnn = layers.SimpleRNN(2, kernel_initializer=big, stateful=True, name="rnn")
    model = keras.Sequential([keras.Input(batch_shape=(4, 2, 1)), rnn])
    model.compile(keras.optimizers.SGD(0.0), "mse")
    monitor = StateMonitor()
    model.predict(ones(8)[0], batch_size=4, verbose=0, callbacks=[StatefulGuard(), monitor])
    assert {NEAR, "evaluate, predict"} < legend(plot_states(monitor))


@pytest.mark.parametrize(("value", "top"), [(1e30, 2e30 * 8**0.5), (np.nan, 1e-9)])
def test_states_that_overflow_are_drawn_as_far_as_they_go(value, top, tmp_path):
    growing = keras.initializers.Constant(value)
    given = {"kernel_initializer": "ones", "recurrent_initializer": growing, "activation": "linear"}
    rnn = layers.SimpleRNN(2, **given, stateful=True, name="rnn")
    model = keras.Sequential([keras.Input(batch_shape=(4, 2, 1)), rnn])
    monitor = StateMonitor()
    model.predict(ones(12)[0], batch_size=4, verbose=0, callbacks=[StatefulGuard(), monitor])
    assert not np.isfinite(monitor.norms["rnn"][1])
    figure = plot_states(monitor)
    assert figure.axes[0].get_ylim()[1] == pytest.approx(1.2 * top)
    figure.savefig(tmp_path / "states.png")


def test_pyplot_keeps_no_figure():
    plot_states(recorded(running_sum(), StatefulGuard()))
    pyplot = sys.modules.get("matplotlib.pyplot")
    assert pyplot is None or pyplot.get_fignums() == []


def test_nothing_recorded_is_refused():
    with pytest.raises(ValueError, match=r"no state yet.*callbacks=\[guard, monitor\]"):
        plot_states(StateMonitor())


def test_without_matplotlib_the_error_names_the_extra(monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    with pytest.raises(ImportError, match=r"keras-stateful-guard\[plot\]"):
        plot_states(StateMonitor())
