"""The checks of the run-time side: one file per pitfall, listed in ALL."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Protocol

from keras_stateful_guard.checks import (
    stateful_backend,
    stateful_batch_size_mismatch,
    stateful_bidirectional,
    stateful_broken_layout,
    stateful_initial_state,
    stateful_input_shape,
    stateful_misplaced_boundary,
    stateful_missing_reset,
    stateful_partial_batch,
    stateful_reset_every_batch,
    stateful_shared_layer,
    stateful_shuffle,
    stateful_shuffled_data,
    stateful_time_distributed,
    stateful_validation_leak,
)
from keras_stateful_guard.errors import Finding
from keras_stateful_guard.plan import FitPlan, Unknown
from keras_stateful_guard.report import Verdict


class Check(Protocol):
    """A check module: the pitfall's symbol and the function that judges a plan."""

    @property
    def SYMBOL(self) -> str:  # noqa: N802 (a module's constant)
        """The pitfall that the module judges."""

    def check(self, plan: FitPlan) -> Finding | Unknown | None:
        """Judge a plan: a finding, what could not be looked into, or None where all is right."""


ALL: tuple[Check, ...] = (
    stateful_input_shape,
    stateful_batch_size_mismatch,
    stateful_partial_batch,
    stateful_shuffle,
    stateful_shuffled_data,
    stateful_broken_layout,
    stateful_missing_reset,
    stateful_validation_leak,
    stateful_reset_every_batch,
    stateful_misplaced_boundary,
    stateful_bidirectional,
    stateful_time_distributed,
    stateful_initial_state,
    stateful_shared_layer,
    stateful_backend,
)
SYMBOLS = tuple(each.SYMBOL for each in ALL)


def judge(plan: FitPlan, symbols: Iterable[str], ignore: Collection[str] = ()) -> list[Verdict]:
    """Return a verdict on each of the pitfalls, in the order of ALL."""
    wanted = set(symbols)
    return [_verdict(each, plan, ignore) for each in ALL if each.SYMBOL in wanted]


def _verdict(check: Check, plan: FitPlan, ignore: Collection[str]) -> Verdict:
    if check.SYMBOL in ignore:
        return Verdict(check.SYMBOL, "ignored")
    said = check.check(plan)
    if said is None:
        return Verdict(check.SYMBOL, "ok")
    if isinstance(said, Unknown):
        return Verdict(check.SYMBOL, "unknown", said.why)
    return Verdict(check.SYMBOL, "breach", finding=said)
