"""Rules on traces made by hand: no source, no syntax tree, no pylint."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pylint_plugin.facts import (
    Apply,
    Batches,
    Callback,
    Data,
    Escape,
    Event,
    Feed,
    Fit,
    Layer,
    Model,
    Reset,
    Run,
    Shuffle,
    Trace,
    Train,
    Windows,
)
from pylint_plugin.places import UNKNOWN, Arm, Loop, Site
from pylint_plugin.rules import ALL

HERE, THERE = Site(1), Site(2)
LSTM = Layer(1, "LSTM", Site(10), recurrent=True, stateful=True)
FEED = Feed(Site(9), 4, "batch_shape")
MODEL = Model(1, Site(8), (LSTM,), feeds=(FEED,))
OTHER = replace(MODEL, uid=2, layers=(replace(LSTM, uid=2),))
ENCODER = replace(MODEL, uid=5)  # another model around the same layer
PLAIN = Model(3, Site(8), (replace(LSTM, stateful=False),), feeds=(FEED,))
DOUBTFUL = Model(4, Site(8), (replace(LSTM, stateful=UNKNOWN),), feeds=(FEED,))
ARRAY = Data("array", (12, 3, 1))
DATASET = Data("dataset")
LOOP, INNER = Loop(1), Loop(2)
GUARD = Callback("StatefulGuard", HERE, resets=(("on_epoch_begin", "always"),), isolates=True)
UNSEEN = Callback("", HERE, known=False)
GOOD = Fit(site=HERE, model=MODEL, data=ARRAY, batch_size=4, shuffle=False, epochs=1)


def found(symbol: str, *events: Event, models: tuple[Model, ...] = (), **more: object) -> list[int]:
    """Give the lines that one rule reports on a trace of these events."""
    trace = replace(Trace(tuple(events), models), **more)
    return [finding.site.line for finding in ALL[symbol](trace)]


def test_a_good_fit_is_good() -> None:
    assert [symbol for symbol in ALL if found(symbol, GOOD, models=(MODEL,))] == []


def test_an_empty_trace_is_good() -> None:
    assert [symbol for symbol in ALL if found(symbol)] == []


@pytest.mark.parametrize("symbol", ALL)
@pytest.mark.parametrize("model", [PLAIN, DOUBTFUL])
def test_a_fit_of_another_model_is_nobodys_business(symbol: str, model: Model) -> None:
    wrong = replace(GOOD, model=model, shuffle=True, epochs=9, batch_size=5, validation=ARRAY)
    later = Run(site=THERE, model=model, data=ARRAY)
    assert found(symbol, wrong, later, models=(model,)) == []


@pytest.mark.parametrize("batch", [None, 4, UNKNOWN])
def test_input_shape(batch: object) -> None:
    model = replace(MODEL, feeds=(replace(FEED, batch=batch),))
    assert found("stateful-input-shape", models=(model,)) == ([9] if batch is None else [])


def test_no_input() -> None:
    model = replace(MODEL, feeds=())
    assert found("stateful-input-shape", replace(GOOD, model=model)) == [10]
    assert found("stateful-input-shape", replace(GOOD, model=replace(model, built=True))) == []
    fixed = replace(DATASET, batches=(Batches(HERE, 4, drop_remainder=True),))
    assert found("stateful-input-shape", replace(GOOD, model=model, data=fixed)) == []


def test_removed_argument() -> None:
    layer = replace(LSTM, removed=("batch_input_shape",))
    assert found("stateful-removed-argument", layers=(layer,)) == [10]
    assert found("stateful-removed-argument", layers=(layer,), keras=2) == []


@pytest.mark.parametrize("shuffle", [None, True, "batch", False, UNKNOWN])
def test_shuffle(shuffle: object) -> None:
    wrong = shuffle in {None, True, "batch"}
    assert found("stateful-shuffle", replace(GOOD, shuffle=shuffle)) == ([1] if wrong else [])


@pytest.mark.parametrize(
    ("data", "targets", "expected"),
    [
        (ARRAY, True, [1]),
        (Data("sequence"), False, [1]),
        (Data(), True, [1]),
        (Data(), False, []),
        (Data(), UNKNOWN, []),
        (DATASET, False, []),
        (Data("generator"), False, []),
        (Data("array", (1, 3, 1)), True, []),
    ],
)
def test_shuffle_needs_arrays_or_a_sequence(data: Data, targets: object, expected: list) -> None:
    fit = replace(GOOD, shuffle=None, batch_size=None, data=data, targets=targets)
    assert found("stateful-shuffle", fit) == expected


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"epochs": 2}, [1]),
        ({"epochs": UNKNOWN}, [1]),
        ({"epochs": None}, []),
        ({"epochs": Data(default=1)}, []),
        ({"epochs": Data(default=9)}, [1]),
        ({"epochs": 2, "opaque": True}, []),
        ({"epochs": 2, "callbacks": (GUARD,)}, []),
        ({"epochs": 2, "callbacks": (UNSEEN,)}, []),
        ({"epochs": 2, "callbacks": (Callback("EarlyStopping", HERE),)}, [1]),
        ({"path": (LOOP,)}, [1]),
        ({"path": (Loop(1, 1),)}, []),
        ({"path": (LOOP,), "data": replace(ARRAY, varies=frozenset({1}))}, []),
        ({"path": (LOOP, INNER), "data": replace(ARRAY, varies=frozenset({2}))}, [1]),
        ({"path": (LOOP,), "model": replace(MODEL, made=(LOOP,))}, []),
    ],
)
def test_missing_reset(change: dict, expected: list) -> None:
    assert found("stateful-missing-reset", replace(GOOD, **change)) == expected


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        (Reset(site=THERE, path=(LOOP,), model=MODEL), []),
        (Reset(site=THERE, path=(LOOP, Arm(5, 0)), model=MODEL), []),
        (Reset(site=THERE, path=(LOOP,), model=None), []),
        (Escape(site=THERE, path=(LOOP,), model=MODEL), []),
        (Reset(site=THERE, path=(LOOP,), model=ENCODER), []),
        (Reset(site=THERE, path=(LOOP,), model=OTHER), [1]),
        (Reset(site=THERE, model=MODEL), [1]),
    ],
)
def test_missing_reset_in_a_loop(other: Event, expected: list) -> None:
    assert found("stateful-missing-reset", replace(GOOD, path=(LOOP,)), other) == expected


@pytest.mark.parametrize(
    ("varies", "resets", "expected"),
    [
        ({1}, (LOOP,), [1]),  # the same data again and again, a reset only before that
        ({1}, (LOOP, INNER), []),
        ({2}, (LOOP,), []),
        ({1, 2}, (LOOP,), []),
        (set(), (LOOP,), [1]),
    ],
)
def test_missing_reset_in_loops(varies: set, resets: tuple, expected: list) -> None:
    data = replace(ARRAY, varies=frozenset(varies))
    fit = replace(GOOD, path=(LOOP, INNER), data=data)
    reset = Reset(site=THERE, path=resets, model=MODEL)
    assert found("stateful-missing-reset", reset, fit) == expected


def test_missing_reset_says_nothing_of_a_trace_cut_short() -> None:
    assert found("stateful-missing-reset", replace(GOOD, epochs=2), complete=False) == []


@pytest.mark.parametrize(
    ("asked", "rows", "expected"),
    [(4, 12, []), (8, 64, [1]), (None, 64, [1]), (None, 4, []), (UNKNOWN, 64, []), (32, 4, [])],
)
def test_batch_size_mismatch(asked: object, rows: int, expected: list) -> None:
    fit = replace(GOOD, batch_size=asked, data=Data("array", (rows, 3, 1)))
    assert found("stateful-batch-size-mismatch", fit) == expected


def test_batch_size_of_a_pipeline() -> None:
    wrong = replace(DATASET, batches=(Batches(THERE, 8, drop_remainder=True),))
    assert found("stateful-batch-size-mismatch", replace(GOOD, data=wrong)) == [2]
    assert found("stateful-batch-size-mismatch", replace(GOOD, data=wrong, opaque=True)) == []


@pytest.mark.parametrize(
    ("rows", "split", "expected"),
    [(12, None, []), (13, None, [1]), (3, None, []), (20, 0.2, []), (20, 0.1, [1])],
)
def test_partial_batch(rows: int, split: float | None, expected: list) -> None:
    fit = replace(GOOD, data=Data("array", (rows, 3, 1)), validation_split=split)
    assert found("stateful-partial-batch", fit) == expected


@pytest.mark.parametrize(
    ("size", "drop", "expected"),
    [(4, False, [2]), (4, True, []), (4, UNKNOWN, []), (8, False, []), (UNKNOWN, False, [2])],
)
def test_partial_batch_of_a_pipeline(size: object, drop: object, expected: list) -> None:
    data = replace(DATASET, batches=(Batches(THERE, size, drop),))
    assert found("stateful-partial-batch", replace(GOOD, data=data)) == expected


def test_shuffled_data() -> None:
    data = replace(ARRAY, shuffles=frozenset({Shuffle(THERE, "random.shuffle")}))
    assert found("stateful-shuffled-data", replace(GOOD, data=data)) == [2]
    piece = replace(GOOD, data=replace(data, varies=frozenset({1})), path=(LOOP,))
    reset = Reset(site=THERE, path=(LOOP,), model=MODEL)
    assert found("stateful-shuffled-data", piece) == [2]
    assert found("stateful-shuffled-data", piece, reset) == []


@pytest.mark.parametrize(
    ("windows", "expected"),
    [
        (Windows(THERE, 3, 1), [2]),
        (Windows(THERE, 3, 3), [2]),
        (Windows(THERE, 4, 3, target=True), [2]),
        (Windows(THERE, 3, 6), []),
    ],
)
def test_broken_layout(windows: Windows, expected: list) -> None:
    data = replace(ARRAY, windows=frozenset({windows}))
    assert found("stateful-broken-layout", replace(GOOD, data=data)) == expected


@pytest.mark.parametrize("windows", [Windows(THERE, 3, 3), Windows(THERE, 4, 3, target=True)])
def test_windows_in_order_are_fine_for_one_row(windows: Windows) -> None:
    single = replace(MODEL, feeds=(replace(FEED, batch=1),))
    data = replace(ARRAY, windows=frozenset({windows}))
    assert found("stateful-broken-layout", replace(GOOD, data=data, model=single)) == []


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"validation": ARRAY}, [1]),
        ({"validation_split": 0.2}, [1]),
        ({"validation_split": 0.0}, []),
        ({"validation": UNKNOWN}, []),
        ({"validation": ARRAY, "callbacks": (GUARD,)}, []),
        ({"validation": ARRAY, "callbacks": (UNSEEN,)}, []),
        (
            {
                "validation": ARRAY,
                "callbacks": (Callback("C", HERE, resets=(("on_epoch_end", "always"),)),),
            },
            [1],
        ),
        (
            {
                "validation": ARRAY,
                "callbacks": (Callback("C", HERE, resets=(("on_test_begin", "always"),)),),
            },
            [],
        ),
    ],
)
def test_validation_leak(change: dict, expected: list) -> None:
    assert found("stateful-validation-leak", replace(GOOD, **change)) == expected


def test_evaluate_in_the_training_loop() -> None:
    fit = replace(GOOD, path=(LOOP,))
    use = Run(site=THERE, path=(LOOP,), model=MODEL, data=ARRAY, name="evaluate")
    reset = Reset(site=Site(3), path=(LOOP,), model=MODEL)
    assert found("stateful-validation-leak", fit, use) == [2]
    assert found("stateful-validation-leak", fit, reset, use) == [2]
    assert found("stateful-validation-leak", fit, use, reset) == [2]
    assert found("stateful-validation-leak", reset, fit, reset, use) == []
    assert found("stateful-validation-leak", fit, replace(use, callbacks=(GUARD,))) == []


@pytest.mark.parametrize(
    ("trained", "used", "expected"), [({1}, {1}, []), ((), {1}, [2]), ({1}, (), [2]), ((), (), [2])]
)
def test_prediction_that_walks_forward_with_training(
    trained: set, used: set, expected: list
) -> None:
    fit = replace(GOOD, path=(LOOP,), data=replace(ARRAY, varies=frozenset(trained)))
    data = replace(ARRAY, varies=frozenset(used))
    use = Run(site=THERE, path=(LOOP,), model=MODEL, data=data)
    assert found("stateful-validation-leak", use, fit) == expected


@pytest.mark.parametrize(
    ("asked", "batch", "varies", "expected"),
    [(None, 1, {1}, []), (1, 1, {1}, [1]), (None, 1, (), [1]), (None, 4, {1}, [1])],
)
def test_one_row_is_not_shuffled(asked: object, batch: int, varies: set, expected: list) -> None:
    model = replace(MODEL, feeds=(replace(FEED, batch=batch),))
    data = Data("array", varies=frozenset(varies))
    fit = replace(GOOD, model=model, data=data, batch_size=asked, shuffle=None, path=(LOOP,))
    assert found("stateful-shuffle", fit) == expected


def test_missing_predict_reset() -> None:
    use = Run(site=THERE, model=MODEL, data=ARRAY)
    reset = Reset(site=Site(3), model=MODEL)
    symbol = "stateful-missing-predict-reset"
    assert found(symbol, GOOD, use) == [2]
    assert found(symbol, GOOD, reset, use) == []
    assert found(symbol, GOOD, replace(reset, model=OTHER), use) == [2]
    assert found(symbol, GOOD, use, replace(use, site=Site(4))) == [2]
    assert found(symbol, replace(GOOD, path=(Arm(1, 0),)), replace(use, path=(Arm(1, 1),))) == []
    ends = Callback("C", HERE, resets=(("on_epoch_end", "always"),))
    begins = Callback("C", HERE, resets=(("on_epoch_begin", "always"),))
    assert found(symbol, replace(GOOD, callbacks=(ends,)), use) == []
    assert found(symbol, replace(GOOD, callbacks=(begins,)), use) == [2]


def test_reset_every_batch() -> None:
    step = Train(site=HERE, path=(LOOP, INNER), model=MODEL, data=ARRAY)
    reset = Reset(site=THERE, path=(LOOP, INNER), model=MODEL)
    symbol = "stateful-reset-every-batch"
    assert found(symbol, step, reset) == [2]
    assert found(symbol, step, replace(reset, path=(LOOP,))) == []
    assert found(symbol, step, replace(reset, path=(LOOP, INNER, Arm(3, 0)))) == []
    assert found(symbol, step, replace(reset, model=OTHER)) == []
    hook = Callback("C", HERE, every_batch=True, events=(("on_batch_end", reset),))
    assert found(symbol, replace(GOOD, callbacks=(hook,))) == [2]


def test_resets() -> None:
    reset = Reset(site=HERE, model=MODEL)
    layer = replace(reset, of="layer")
    assert found("stateful-removed-reset", reset) == [1]
    assert found("stateful-removed-reset", layer) == []
    assert found("stateful-removed-reset", replace(layer, argument=True)) == [1]
    assert found("stateful-removed-reset", replace(reset, of="guard")) == []
    assert found("stateful-removed-reset", reset, keras=2) == []
    assert found("stateful-reset-without-state", replace(reset, model=PLAIN)) == [1]
    assert found("stateful-reset-without-state", replace(reset, model=PLAIN), reset) == []
    assert found("stateful-reset-without-state", replace(reset, model=DOUBTFUL)) == []
    assert found("stateful-reset-in-generator", replace(reset, generator=True)) == [1]
    assert found("stateful-reset-in-generator", reset) == []


def test_layers() -> None:
    for kind, symbol in (
        ("Bidirectional", "stateful-bidirectional"),
        ("TimeDistributed", "stateful-time-distributed"),
    ):
        wrapper = Layer(5, kind, THERE, inner=(LSTM,))
        assert found(symbol, layers=(wrapper,)) == [2]
        assert found(symbol, layers=(replace(wrapper, inner=PLAIN.layers),)) == []
        assert found(symbol, layers=(replace(wrapper, kind="Wrapper"),)) == []
    given = Apply(site=HERE, layer=LSTM, initial_state=True)
    assert found("stateful-initial-state", given) == [1]
    assert found("stateful-initial-state", replace(given, initial_state=False)) == []
    assert found("stateful-initial-state", replace(given, layer=PLAIN.layers[0])) == []
