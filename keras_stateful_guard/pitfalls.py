"""The vocabulary: every pitfall of stateful recurrent layers, as data.

The guard raises these symbols, pylint reports them, the README explains them once. A pitfall is
switched on by its file in `keras_stateful_guard/checks` or `pylint_plugin/rules`, listed in `ALL`
there. This module imports nothing but the standard library, so that the linter runs without Keras.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

Severity = Literal["raise", "warn"]


@dataclass(frozen=True, slots=True)
class Pitfall:
    """One fault in the use of stateful layers.

    Args:
        symbol: The name that both sides use, in kebab case; it names the fault, not the cure.
        code: pylint's message id: E fails or is certainly wrong, W is wrong in silence,
            R is pointless.
        lint: Whether source code can show the fault.
        run: What the guard does when a running call shows it; None where only source can.
        what: The fault in one sentence.
        why: What it does to the numbers.
        instead: What to write.
    """

    symbol: str
    code: str
    lint: bool
    run: Severity | None
    what: str
    why: str
    instead: str


PITFALLS: tuple[Pitfall, ...] = (
    Pitfall(
        "stateful-input-shape",
        "E8701",
        True,
        "warn",
        "Nothing fixes the batch size of what feeds a stateful layer.",
        "A stateful layer keeps one state for each row of the batch, so it must know how many rows "
        "there are. Keras 3 refuses an unknown batch size when the layer is built; without any "
        "Input the first batch that comes, 32 rows by default, fixes it unasked.",
        "Declare it: `keras.Input(batch_shape=(batch_size, timesteps, features))` before the "
        "first layer.",
    ),
    Pitfall(
        "stateful-removed-argument",
        "E8702",
        True,
        None,
        "A layer is given `batch_input_shape=`, `batch_shape=` or `batch_size=`, which Keras 3 "
        "removed.",
        "Keras 3 refuses the argument on every layer but Input and InputLayer: the model cannot "
        "be built.",
        "Put `keras.Input(batch_shape=(batch_size, timesteps, features))` before the layer and "
        "drop the argument.",
    ),
    Pitfall(
        "stateful-batch-size-mismatch",
        "E8703",
        True,
        "raise",
        "A call or a dataset uses another batch size than the one the model was built for.",
        "States have one row per slot of the batch the model was built for. Another batch size "
        "fails with a message that does not mention it, or is broadcast over the states in "
        "silence. Where no batch_size is given, Keras takes 32.",
        "Give every call the model's own batch size; `keras_stateful_guard.rebatch(model, n)` "
        "makes the same model for another one.",
    ),
    Pitfall(
        "stateful-partial-batch",
        "W8704",
        True,
        "raise",
        "The last batch of an epoch is short.",
        "A last batch of one row is broadcast over all slots and trains without a word; a last "
        "batch of several rows fails after the weights were updated.",
        "Cut the data to a multiple of the batch size, or drop the rest: "
        "`dataset.batch(batch_size, drop_remainder=True)`.",
    ),
    Pitfall(
        "stateful-shuffle",
        "W8711",
        True,
        "raise",
        "`fit` itself shuffles the data of a stateful model.",
        "Row i of a batch must continue row i of the batch before. `fit` permutes the rows of "
        "arrays, and the batches of a PyDataset or Sequence, unless it is told not to, so states "
        "run into sequences they do not belong to.",
        "`model.fit(..., shuffle=False)`.",
    ),
    Pitfall(
        "stateful-shuffled-data",
        "W8712",
        True,
        "raise",
        "The data reaches a stateful model shuffled or in no fixed order.",
        "`shuffle=False` in `fit` does not help where the data was permuted before: states run "
        "into sequences they do not belong to.",
        "Keep the order of time from the file to `fit`; split into training and validation data "
        "by position, shuffle only whole sequences and reset before each.",
    ),
    Pitfall(
        "stateful-broken-layout",
        "W8713",
        True,
        "warn",
        "Row i of a batch does not continue row i of the batch before.",
        "Consecutive windows laid row after row into one batch, or windows that overlap, hand "
        "each row the state of another piece of the series.",
        "Cut the series into batch_size streams and lay chunk k of stream i at row "
        "k * batch_size + i, as `keras_stateful_guard.stateful_batches` does.",
    ),
    Pitfall(
        "stateful-missing-reset",
        "W8721",
        True,
        "warn",
        "A stateful model passes over its data several times and nothing resets its states "
        "between.",
        "Each epoch starts from the state in which the last one ended, so the beginning of the "
        "series is learned as the continuation of its end. A reset after `fit(epochs=n)` comes "
        "too late.",
        "`model.fit(..., callbacks=[StatefulGuard()])`, or one epoch per `fit` with a reset after "
        "each.",
    ),
    Pitfall(
        "stateful-validation-leak",
        "W8722",
        True,
        "warn",
        "Validation starts from the states of training, or training goes on from those of "
        "validation.",
        "The validation loss depends on where training stopped, and the next epoch continues the "
        "validation series.",
        "`model.fit(..., callbacks=[StatefulGuard()])`, which keeps the states of both apart.",
    ),
    Pitfall(
        "stateful-missing-predict-reset",
        "W8723",
        True,
        None,
        "`predict` or `evaluate` follows `fit` with no reset between.",
        "The first predictions continue the last training batch; a second call gives other "
        "numbers than the first.",
        "Reset the states first, or pass the guard: `model.predict(..., "
        "callbacks=[StatefulGuard()])`.",
    ),
    Pitfall(
        "stateful-reset-every-batch",
        "R8724",
        True,
        "warn",
        "The states are reset at every batch.",
        "Nothing is ever carried over: the model computes what a stateless one would, with a "
        "fixed batch size and no shuffling for nothing.",
        "Drop `stateful=True`, or reset only where a sequence begins.",
    ),
    Pitfall(
        "stateful-removed-reset",
        "E8725",
        True,
        None,
        "`Model.reset_states()`, `Model.reset_state()` or a layer's `reset_state(states=...)` is "
        "called, which Keras 3 removed.",
        "The call raises AttributeError or TypeError, often at the end of the first epoch.",
        "`keras_stateful_guard.reset_states(model)`, or `layer.reset_state()` on each stateful "
        "layer.",
    ),
    Pitfall(
        "stateful-reset-without-state",
        "W8726",
        True,
        None,
        "States are reset on a model that has no stateful layer.",
        "The reset does nothing: `stateful=True` was forgotten, and every batch starts from zero.",
        "Give the recurrent layers `stateful=True`, or drop the reset.",
    ),
    Pitfall(
        "stateful-misplaced-boundary",
        "E8727",
        False,
        "raise",
        "The declared sequence boundaries do not fit the steps of an epoch.",
        "A reset that falls between two steps of one execution, or into another place in every "
        "epoch, is lost or hits the middle of a sequence.",
        "Declare boundaries within the steps of one epoch, at multiples of steps_per_execution.",
    ),
    Pitfall(
        "stateful-reset-in-generator",
        "W8728",
        True,
        None,
        "States are reset inside a data generator.",
        "Keras fetches batches ahead of training, so the reset happens some batches too early.",
        "Declare where sequences begin: `StatefulGuard(boundaries=...)`.",
    ),
    Pitfall(
        "stateful-bidirectional",
        "W8731",
        True,
        "warn",
        "A stateful layer stands inside Bidirectional.",
        "The backward direction starts each chunk from where it ended at the start of the chunk "
        "before, which no whole sequence would give. So does a layer with `go_backwards=True` "
        "alone, of which the guard warns too.",
        "Use a stateful forward layer alone, or a stateless Bidirectional over whole sequences.",
    ),
    Pitfall(
        "stateful-time-distributed",
        "W8732",
        True,
        "warn",
        "A stateful layer stands inside TimeDistributed.",
        "The state leaks from one outer step into the next, though the steps are meant to be "
        "independent.",
        "Make the inner layer stateless.",
    ),
    Pitfall(
        "stateful-initial-state",
        "W8733",
        True,
        "warn",
        "A stateful layer is called with `initial_state`.",
        "The state it keeps is never used: every batch starts from the given one.",
        "Drop `initial_state`, or drop `stateful=True` and pass the states yourself.",
    ),
    Pitfall(
        "stateful-shared-layer",
        "W8734",
        False,
        "warn",
        "One stateful layer is called at several places of a model.",
        "The second call continues from the state that the first has just left.",
        "Use one layer for each place.",
    ),
    Pitfall(
        "stateful-backend",
        "E8741",
        False,
        "raise",
        "This backend or version drops the states or cannot train with them.",
        "`stateful=True` then does nothing, or training fails.",
        "Follow the remedy that the error names, or use the tensorflow backend.",
    ),
)

BY_SYMBOL: Mapping[str, Pitfall] = MappingProxyType({each.symbol: each for each in PITFALLS})
