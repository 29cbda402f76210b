"""Data that come shuffled.

What: the data of a stateful model pass a call that permutes them: Dataset.shuffle,
train_test_split, np.random.shuffle or permutation, random.shuffle, sklearn.utils.shuffle,
df.sample(frac=1).

Why: `shuffle=False` in fit does not help where the order was lost before: states run into sequences
they do not belong to.

Instead: keep the order of time from the file to fit, split by position; shuffle only whole
sequences and reset before each.
"""

from __future__ import annotations

from collections.abc import Iterator

from pylint_plugin.facts import Finding, Fit, Model, Trace, Train
from pylint_plugin.rules.common import confidence_of, outer_loops, resets_within

_SPLIT = "train_test_split"


def stateful_shuffled_data(trace: Trace) -> Iterator[Finding]:
    """Find the calls that permute what a stateful model is trained on."""
    for event in trace.events:
        if not isinstance(event, Fit | Train) or event.model.stateful is not True:
            continue
        if _sequence_by_sequence(trace, event, event.model):
            continue
        for shuffle in sorted(event.data.shuffles, key=lambda each: each.site):
            remedy = "pass shuffle=False" if shuffle.name == _SPLIT else "keep the order of time"
            yield Finding(
                shuffle.site,
                f"{shuffle.name} permutes the data of a stateful model; {remedy}",
                "INFERENCE" if confidence_of(event.model, event) == "INFERENCE" else "HIGH",
            )


def _sequence_by_sequence(trace: Trace, event: Fit | Train, model: Model) -> bool:
    """Whole sequences may come in any order, if the states are reset before each."""
    loops = [loop for loop in outer_loops(event, model) if loop.uid in event.data.varies]
    return any(resets_within(trace, loop, model) for loop in loops)
