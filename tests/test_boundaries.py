"""Boundaries as values: the five forms, what they answer and whether they fit an epoch."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from keras_stateful_guard import stateful_batches
from keras_stateful_guard.boundaries import Boundaries, Misfit, misfit
from keras_stateful_guard.unknown import Unknown

UNKNOWN = Unknown("no length")


def answers(boundaries, steps):
    found = (boundaries.slots(batch, None) for batch in range(steps))
    return [each.tolist() if isinstance(each, np.ndarray) else each for each in found]


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        (2, [True, None, True, None]),
        (np.int64(2), [True, None, True, None]),
        ([0, 3], [True, None, None, True]),
        (range(1, 3), [None, True, True, None]),
        (np.array([3]), [None, None, None, True]),
        (np.array([True, False, False], object), [True, None, None, None]),
        ({0, 2}, [True, None, True, None]),
        ([], [None] * 4),
        ([True, False, False, True], [True, None, None, True]),
        (np.array([0, 1, 0, 0], bool), [None, True, None, None]),
        (
            [[True, True], [False, False], [False, True], [True, True]],
            [True, None, [False, True], True],
        ),
        (lambda batch: batch == 2, [None, None, True, None]),
        (
            lambda batch: np.array([batch == 1, batch > 2]),
            [None, [True, False], None, [False, True]],
        ),
        (lambda _: [True, True], [True] * 4),
    ],
)
def test_the_five_forms(form, expected):
    assert answers(Boundaries(form), 4) == expected


@pytest.mark.parametrize("form", ["boolean", "bool", "Int64"])
def test_pandas_has_forms_too(form):
    import pandas as pd

    held = [0, 3] if form == "Int64" else [True, False, False, True]
    series = pd.Series(held, dtype=form, index=np.arange(len(held)) + 7)
    assert answers(Boundaries(series), 4) == [True, None, None, True]
    table = pd.DataFrame([[True, True], [False, True]], columns=[4, 5])
    assert answers(Boundaries(table), 2) == [True, [False, True]]


DATES = np.arange(3).astype("M8[D]")
REFUSED = [
    *(0, -1, True, np.True_, 2.0, "2", None, {"a": 1}, {0: True, 1: False}, np.array(2)),
    *([-1], [0.5], [[1, 2]], [[True], [True, False]], [None], DATES, ["2020-01-01"], b"03", dict),
]


@pytest.mark.parametrize("form", REFUSED, ids=repr)
def test_what_is_no_form_is_refused(form):
    with pytest.raises(ValueError, match="boundaries must be a number of batches, 1 or more"):
        Boundaries(form)


@pytest.mark.parametrize("form", [[0, 1, 0], [True, 0, 1], np.eye(2, dtype=int)])
def test_a_mask_of_whole_numbers_is_not_taken_for_batch_numbers(form):
    with pytest.raises(ValueError, match=re.escape("; a mask is np.asarray(boundaries, bool)")):
        Boundaries(form)


def test_what_is_refused_is_not_shown_whole_and_may_hold_what_is_meant():
    with pytest.raises(ValueError, match=r"got \[0\.5, .*…$") as caught:
        Boundaries([0.5] * 100_000)
    assert len(str(caught.value)) < 600
    batches = stateful_batches([[1, 2], [3]], batch_size=2, timesteps=1)
    with pytest.raises(ValueError, match=r"got StatefulBatches\(.*; give its \.boundaries"):
        Boundaries(batches)


@pytest.mark.parametrize("answer", [1, None, "yes", [[True]], [0, 1], [[0], [0, 1]]])
def test_a_function_that_answers_something_else(answer):
    with pytest.raises(ValueError, match=r"val_boundaries\(3\) returned"):
        Boundaries(lambda _: answer, "val_boundaries").at(3)


def test_an_array_changed_later_changes_nothing():
    array = np.array([[True, False], [False, True]])
    boundaries = Boundaries(array)
    array[:] = False
    assert answers(boundaries, 2) == [[True, False], [False, True]]


@pytest.mark.parametrize(
    ("form", "steps", "batch_size", "per_execution"),
    [
        (2, 6, 4, 1),
        (2, 6, 4, 2),
        (6, 6, 4, 3),
        ([0, 5], 6, 4, 1),
        ([0, 4], 6, 4, 2),
        ([], 6, 4, 2),
        (np.ones(6, bool), 6, 4, 1),
        (np.zeros((6, 4), bool), 6, 4, 1),
        (np.zeros((6, 4), bool), 6, None, 1),
        ([0], 0, 4, 1),
        (lambda _: False, 6, 4, 1),
        (lambda _: False, UNKNOWN, 4, 1),
    ],
)
def test_boundaries_that_fit(form, steps, batch_size, per_execution):
    assert misfit(Boundaries(form), steps, batch_size, per_execution) is None


@pytest.mark.parametrize(
    ("form", "per_execution", "words"),
    [
        (2, 1, "ends inside a sequence"),  # R08
        (7, 1, "boundaries=7 with 5 batches"),
        ([5], 1, "names batch 5 with 5 batches"),
        (np.ones(6, bool), 1, "boundaries of 6 batches with 5"),
        (np.ones(4, bool), 1, "boundaries of 4 batches with 5"),
        (np.zeros((5, 3), bool), 1, r"\(5, 3\) with batches of 4 rows"),
        (1, 5, "a boundary every 1 with steps_per_execution=5"),  # R10
        ([0, 3], 5, "a boundary at batch 3 with steps_per_execution=5"),
    ],
)
def test_boundaries_that_do_not_fit(form, per_execution, words):
    found = misfit(Boundaries(form), 5, 4, per_execution)
    assert isinstance(found, Misfit)
    assert re.search(words, found.found), found.found


@pytest.mark.parametrize(("form", "per_execution"), [(2, 1), ([0, 9], 1), (lambda _: True, 2)])
def test_what_cannot_be_judged_is_unknown(form, per_execution):
    assert isinstance(misfit(Boundaries(form), UNKNOWN, 4, per_execution), Unknown)


@pytest.mark.parametrize(
    ("form", "steps", "everywhere"),
    [
        (1, 6, True),
        (1, UNKNOWN, True),
        (1, 1, False),
        (2, 6, False),
        (range(6), 6, True),
        (range(6), 7, False),
        (range(6), 3, True),
        (np.ones((6, 2), bool), 6, True),
        (np.eye(2, dtype=bool), 2, False),
        (np.ones(6, bool), UNKNOWN, True),
        (lambda _: True, 6, False),
    ],
)
def test_boundaries_at_every_batch(form, steps, everywhere):
    assert Boundaries(form).everywhere(steps) is everywhere


@pytest.mark.parametrize(
    ("form", "steps", "remedy"),
    [
        (2, 3, "boundaries=3, or data of 2 batches"),
        (4, 6, "boundaries=3, or data of 4 batches"),
        (7, 5, "boundaries=5, or data of whole sequences"),
        (2, 1, "leave boundaries out"),
        (np.ones(6, bool), 5, "boundaries[:5]"),
        (np.ones(4, bool), 5, "boundaries of length 5"),
        (np.ones(12, bool), 3, "boundaries.reshape(3, 4)"),
        (np.ones((4, 3), bool), 3, "boundaries.T"),
        ([1, 7], 3, "boundaries=[k for k in boundaries if k < 3]"),
    ],
)
def test_the_remedy_makes_boundaries_fit(form, steps, remedy):
    found = misfit(Boundaries(form), steps, 4, 1)
    assert isinstance(found, Misfit)
    assert found.remedy.startswith(remedy)


@given(st.lists(st.lists(st.booleans(), min_size=3, max_size=3), min_size=1, max_size=12))
def test_an_array_answers_its_own_rows(rows):
    boundaries = Boundaries(rows)
    for batch, row in enumerate(rows):
        found = boundaries.at(batch)
        shown = [found is True] * 3 if not isinstance(found, np.ndarray) else found.tolist()
        assert shown == row


@given(st.integers(1, 30), st.integers(1, 30), st.integers(1, 6))
def test_a_number_fits_where_its_resets_can_be_done_and_the_epoch_is_whole(every, steps, hooks):
    fits = steps % every == 0 and every % hooks == 0
    assert (misfit(Boundaries(every), steps, 4, hooks) is None) is fits
