"""What the guard judged and did in one call, readable when printed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from keras_stateful_guard.errors import Finding

Status = Literal["ok", "breach", "unknown", "ignored"]
Phase = Literal["train", "test", "predict"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one check said of one call.

    Args:
        symbol: The pitfall judged.
        status: `"ok"`, `"breach"`, `"unknown"` or `"ignored"`.
        detail: Why it is unknown; empty otherwise.
        finding: The breach, where there is one.
    """

    symbol: str
    status: Status
    detail: str = ""
    finding: Finding | None = None


class Reset(NamedTuple):
    """One reset that was done.

    Args:
        phase: What was running.
        epoch: The epoch, counted from 0; None outside an epoch.
        batch: The batch before which it was done, counted from 0; None at the edge of a pass.
        slots: The rows that were reset; None for all.
    """

    phase: Phase
    epoch: int | None
    batch: int | None
    slots: tuple[int, ...] | None


@dataclass(slots=True)
class Report:
    """What the guard judged and did in the last call that it was passed to.

    Args:
        call: `"fit"`, `"evaluate"` or `"predict"`; empty before the first call.
        layers: Paths of the stateful layers.
        verdicts: One for each pitfall judged, in the order of the vocabulary.
        planned: What resets the guard was asked for, in words.
        resets: The resets done, in order.
        notes: What else is worth knowing, such as what could not be looked into.
    """

    call: str = ""
    layers: tuple[str, ...] = ()
    verdicts: list[Verdict] = field(default_factory=list)
    planned: str = ""
    resets: list[Reset] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def status(self, symbol: str) -> Status | None:
        """Return how a pitfall was judged; None where it was not."""
        return next((each.status for each in self.verdicts if each.symbol == symbol), None)

    def settle(self, verdict: Verdict) -> None:
        """Put a verdict in the place of the earlier one on the same pitfall."""
        self.verdicts = [each for each in self.verdicts if each.symbol != verdict.symbol]
        self.verdicts.append(verdict)

    def __str__(self) -> str:
        if not self.call:
            return "stateful guard: nothing judged yet; pass it to fit, evaluate or predict"
        lines = [f"stateful guard, {self.call}: {', '.join(self.layers) or 'no stateful layer'}"]
        lines += [_line(verdict) for verdict in self.verdicts]
        if self.planned:
            lines.append(f"  resets planned: {self.planned}; done: {_done(self.resets)}")
        return "\n".join(lines + [f"  note: {note}" for note in self.notes])


def _line(verdict: Verdict) -> str:
    detail = verdict.finding.found if verdict.finding else verdict.detail
    return f"  {verdict.status:8} {verdict.symbol}" + (f" ({detail})" if detail else "")


def _done(resets: list[Reset]) -> str:
    count: dict[str, int] = {}
    for reset in resets:
        count[reset.phase] = count.get(reset.phase, 0) + 1
    return ", ".join(f"{number} in {phase}" for phase, number in count.items()) or "none"


def planned(resets: str | None, sets_boundaries: bool, isolates: bool) -> str:
    """Return in words what resets a callback was asked for."""
    at_epochs = {
        "epoch": "train begin, every epoch begin and train end",
        "never": "none at epochs",
        None: "",
    }[resets]
    sequences = "where the declared sequences begin" if sets_boundaries else ""
    apart = "evaluation from zero, states put back after it" if isolates else ""
    return "; ".join(filter(None, (at_epochs, sequences, apart)))
