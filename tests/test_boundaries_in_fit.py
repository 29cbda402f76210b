"""Boundaries in fit, validation, evaluate and predict: cases R08 to R14."""

from __future__ import annotations

import numpy as np
import pytest
from support import SEVERAL_STEPS, keras, losses, ones, running_sum, steps_made, tf

from keras_stateful_guard import (
    ResetStatesOnSequence,
    StatefulGuard,
    StatefulPitfallError,
    StatefulPitfallWarning,
    get_states,
)

FIT = {"batch_size": 4, "shuffle": False, "verbose": 0}
SLOTS = np.zeros((6, 4), bool)
SLOTS[[0, 0, 0, 0, 2, 3, 5], [0, 1, 2, 3, 1, 2, 1]] = True


class Outputs(keras.callbacks.Callback):
    """Records the states after each training batch: the running sums that were predicted."""

    def __init__(self):
        super().__init__()
        self.sums = []

    def on_train_batch_end(self, batch, logs=None):
        self.sums.append(get_states(self.model)["sum"][0][:, 0].tolist())


def sums_of(slots):
    """Return the running sums of ones, two a batch, with these resets before the batches."""
    total, found = np.zeros(4), []
    for row in slots:
        total = np.where(row, 0, total) + 2
        found.append(total.tolist())
    return found


@pytest.mark.parametrize("reset", ["epoch", "never"])
@pytest.mark.parametrize(
    ("boundaries", "slots"),
    [
        (2, [[k % 2 == 0] * 4 for k in range(6)]),
        ([0, 3], [[k in {0, 3}] * 4 for k in range(6)]),
        ([k in {0, 4} for k in range(6)], [[k in {0, 4}] * 4 for k in range(6)]),
        (SLOTS, SLOTS),
        (lambda batch: batch in {0, 3}, [[k in {0, 3}] * 4 for k in range(6)]),
        (lambda batch: SLOTS[batch], SLOTS),
    ],
    ids=["number", "numbers", "steps", "slots", "function", "function of slots"],
)
def test_every_form_resets_before_its_batches_in_every_epoch(boundaries, slots, reset):  # R08, P01
    seen = Outputs()
    guard = StatefulGuard(boundaries, reset=reset)
    running_sum().fit(*ones(24), epochs=2, callbacks=[guard, seen], **FIT)
    assert seen.sums == sums_of(slots) * 2


def test_the_report_tells_resets_planned_and_done():  # R09
    guard = StatefulGuard(SLOTS)
    running_sum().fit(*ones(24), callbacks=[guard], **FIT)
    done = [(each.batch, each.slots) for each in guard.report.resets if each.batch is not None]
    assert done == [(0, None), (2, (1,)), (3, (2,)), (5, (1,))]
    assert "where the declared sequences begin" in str(guard.report)


def test_validation_has_boundaries_of_its_own():
    guard = StatefulGuard(2, validation_boundaries=[0, 1, 2])
    history = running_sum().fit(
        *ones(16), epochs=2, validation_data=ones(12), callbacks=[guard], **FIT
    )
    assert losses(history) == [3.0, 3.0]
    assert losses(history, "val_loss") == [2.0, 2.0]


def test_boundaries_of_fit_are_not_those_of_validation():
    history = running_sum().fit(
        *ones(16), epochs=1, validation_data=ones(12), callbacks=[StatefulGuard(2)], **FIT
    )
    assert losses(history, "val_loss") == [4.0]


@pytest.mark.parametrize("slots", [2, SLOTS], ids=["number", "slots"])
def test_evaluate_and_predict_have_those_of_their_data(slots):
    model, x = running_sum(), ones(24)[0]
    predicted = model.predict(x, batch_size=4, verbose=0, callbacks=[StatefulGuard(slots)])
    rows = SLOTS if slots is SLOTS else [[k % 2 == 0] * 4 for k in range(6)]
    assert predicted.reshape(6, 4).tolist() == sums_of(rows)
    loss = model.evaluate(*ones(24), batch_size=4, verbose=0, callbacks=[StatefulGuard(slots)])
    assert round(loss, 4) == round(float(np.mean(sums_of(rows))), 4)


def test_resets_on_sequence_alone_leave_epochs_to_others():
    seen = Outputs()
    running_sum().fit(*ones(16), epochs=2, callbacks=[ResetStatesOnSequence([1]), seen], **FIT)
    assert [each[0] for each in seen.sums] == [2, 2, 4, 6, 8, 2, 4, 6]


def test_a_stream_of_unknown_length():  # R11: declared, not reset inside the generator
    def stream():
        while True:
            yield ones(4)

    seen = Outputs()
    guard = StatefulGuard(lambda batch: batch % 3 == 0)
    running_sum().fit(
        stream(), steps_per_epoch=6, shuffle=False, verbose=0, callbacks=[guard, seen]
    )
    assert [each[0] for each in seen.sums] == [2, 4, 6] * 2


def refused(model, *args, guard, call="fit", **arguments):
    with pytest.raises(StatefulPitfallError) as caught:
        getattr(model, call)(*args, callbacks=[guard], **arguments)
    assert caught.value.symbols == ("stateful-misplaced-boundary",)
    assert steps_made(model) == 0
    return caught.value.findings[0]


def test_boundaries_that_do_not_divide_the_epoch():  # R08
    finding = refused(running_sum(), *ones(20), guard=StatefulGuard(2), epochs=2, **FIT)
    assert finding.expected == "a number that divides 5"


@SEVERAL_STEPS
def test_boundaries_inside_an_execution():  # R10
    model = running_sum(steps_per_execution=3)
    finding = refused(model, *ones(24), guard=StatefulGuard(2), **FIT)
    assert finding.expected == "boundaries at multiples of 3"
    model.fit(*ones(24), callbacks=[StatefulGuard(3)], **FIT)


def test_boundaries_of_validation_are_judged_before_the_first_step():
    guard = StatefulGuard(validation_boundaries=[7])
    finding = refused(running_sum(), *ones(8), guard=guard, validation_data=ones(8), **FIT)
    assert finding.found.startswith("validation_boundaries names batch 7")


def test_boundaries_of_another_batch_size():
    refused(running_sum(), *ones(8), guard=StatefulGuard(np.eye(2, 3, dtype=bool)), **FIT)


@pytest.mark.parametrize("call", ["evaluate", "predict"])
def test_boundaries_that_do_not_fit_evaluate_and_predict(call):
    x, y = ones(20)
    data = (x,) if call == "predict" else (x, y)
    refused(running_sum(), *data, guard=StatefulGuard(3), call=call, batch_size=4, verbose=0)


@pytest.mark.parametrize("answer", [[False, False], [False, True], [True, True]])
@pytest.mark.parametrize("call", ["fit", "evaluate", "predict"])
def test_a_function_that_answers_for_another_batch_size_stops_the_call(call, answer):
    model = running_sum()
    guard = StatefulGuard(lambda batch: np.array(answer) if batch == 2 else False)
    x, y = ones(16)
    data = {"x": x} if call == "predict" else {"x": x, "y": y}
    fit = FIT if call == "fit" else {"batch_size": 4, "verbose": 0}
    with pytest.raises(StatefulPitfallError, match="boundaries at batch 2 are of 2 slots"):
        getattr(model, call)(**data, **fit, callbacks=[guard])
    assert model.get_weights()[0] == 1  # which a loop on jax would leave empty


@pytest.mark.parametrize(
    ("boundaries", "arguments"),
    [
        ({"boundaries": 1}, {}),
        ({"boundaries": [0, 1, 2]}, {"steps_per_epoch": 3}),
        ({"boundaries": range(4)}, {"steps_per_epoch": 4}),
        ({"validation_boundaries": 1}, {"validation_data": ones(8)}),
    ],
)
def test_a_boundary_at_every_batch_is_pointless(boundaries, arguments):  # R14
    (name,) = boundaries
    with pytest.warns(StatefulPitfallWarning, match=f"stateful-reset-every-batch: {name} at every"):
        running_sum().fit(
            *ones(16), callbacks=[StatefulGuard(**boundaries)], **{**FIT, **arguments}
        )


def test_what_a_function_leaves_to_carry_is_not_known():
    guard = StatefulGuard(lambda batch: batch == 1)
    running_sum().fit(*ones(16), callbacks=[guard], **FIT)
    assert guard.report.status("stateful-reset-every-batch") == "unknown"
    assert "boundaries is a function" in str(guard.report)


# Where epochs begin in the data


def test_steps_per_epoch_that_cut_the_data_elsewhere():  # R12
    finding = refused(
        running_sum(), *ones(24), guard=StatefulGuard(), steps_per_epoch=4, epochs=3, **FIT
    )
    assert "an epoch of 4 batches with 6 in the data" in finding.found
    assert finding.remedy == "model.fit(..., steps_per_epoch=6)"


def test_steps_per_epoch_are_nobodys_business_in_one_epoch_or_without_resets():
    running_sum().fit(*ones(24), steps_per_epoch=4, callbacks=[StatefulGuard()], **FIT)
    running_sum().fit(
        *ones(24), steps_per_epoch=3, epochs=2, callbacks=[StatefulGuard(reset="never")], **FIT
    )


def repeated(times=None):
    data = tf.data.Dataset.from_tensor_slices(ones(24)).batch(4, drop_remainder=True)
    return data.repeat(times)


def test_repeated_data_with_epochs_of_its_own_length():
    fit = {"shuffle": False, "epochs": 2, "verbose": 0}
    running_sum().fit(repeated(), steps_per_epoch=6, callbacks=[StatefulGuard()], **fit)
    refused(running_sum(), repeated(), guard=StatefulGuard(), steps_per_epoch=4, **fit)
    found = refused(running_sum(), repeated(2), guard=StatefulGuard(), **fit)
    assert found.remedy == "StatefulGuard(boundaries=6)"
    history = running_sum().fit(repeated(2), callbacks=[StatefulGuard(boundaries=6)], **fit)
    assert losses(history) == [7.0, 7.0]


def test_rows_that_wrap_into_other_slots():  # L03
    data = tf.data.Dataset.from_tensor_slices(ones(10)).repeat(2).batch(4, drop_remainder=True)
    with pytest.raises(StatefulPitfallError, match="stateful-partial-batch"):
        running_sum().fit(data, shuffle=False, verbose=0, callbacks=[StatefulGuard()])


@pytest.mark.filterwarnings("ignore:Your input ran out of data")
def test_a_generator_that_ends_has_no_second_epoch():
    def batches():
        for _ in range(4):
            yield ones(4)

    finding = refused(
        running_sum(), batches(), guard=StatefulGuard(), epochs=2, shuffle=False, verbose=0
    )
    assert "gives its data once" in finding.found
    running_sum().fit(batches(), shuffle=False, verbose=0, callbacks=[StatefulGuard()])
