"""Judges plans in a callback's name: fills the report, then raises or warns."""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from typing import Any, NoReturn

from keras_stateful_guard import checks, keras_api, states
from keras_stateful_guard.arguments import OnPitfall, one_of, symbols
from keras_stateful_guard.errors import Finding, StatefulPitfallError, StatefulPitfallWarning
from keras_stateful_guard.pitfalls import BY_SYMBOL
from keras_stateful_guard.plan import FitPlan
from keras_stateful_guard.report import Report, Verdict


class Judge:
    """Judges the plans of one callback and keeps its report.

    Args:
        name: The callback's class, as messages name it.
        ignore: Symbols not to judge.
        on_pitfall: `"raise"` or `"warn"`.
    """

    def __init__(self, name: str, ignore: Iterable[str], on_pitfall: OnPitfall) -> None:
        self.report = Report()
        self._name = name
        self._ignore = symbols(ignore)
        self._on_pitfall = one_of("on_pitfall", on_pitfall, ("raise", "warn"))

    def begin(self, call: str, layers: Iterable[str]) -> bool:
        """Begin the report of a call; return whether there is anything to judge."""
        self.report = Report(call, tuple(layers))
        if not self.report.layers:
            self.report.notes.append("the model has no stateful layer; nothing to judge")
        return bool(self.report.layers)

    def judge(self, plan: FitPlan, judged: Iterable[str]) -> None:
        """Judge a plan before its first step; raise with nothing changed."""
        self._pronounce(checks.judge(plan, judged, self._ignore))

    def judge_inside(self, plan: FitPlan, judged: Iterable[str]) -> None:
        """Judge a call inside the one reported on, whose verdicts stay but for a breach."""
        verdicts = checks.judge(plan, judged, self._ignore)
        self._pronounce([each for each in verdicts if each.status == "breach"])

    def judge_seen(self, plan: FitPlan, judged: Iterable[str]) -> set[str]:
        """Judge what the states showed; return the symbols that need no second look."""
        verdicts = checks.judge(plan, judged, self._ignore)
        known = [each for each in verdicts if each.status != "unknown"]
        self._pronounce(known)
        return {each.symbol for each in known if each.status == "breach"}

    def tell(self, finding: Finding | None) -> None:
        """Warn of a finding that comes too late to refuse the call."""
        if finding is not None and finding.symbol not in self._ignore:
            self.report.settle(Verdict(finding.symbol, "breach", finding=finding))
            self._warn(StatefulPitfallWarning([finding]))

    def fail(self, finding: Finding) -> NoReturn:
        """Raise a finding that has ended the call already."""
        self.report.settle(Verdict(finding.symbol, "breach", finding=finding))
        raise StatefulPitfallError([finding])

    def cannot_see(self, call: str, model: Any, judged: Iterable[str]) -> None:
        """Say that the arguments of a call cannot be read, and what is not judged therefore."""
        if model is None:
            message = (
                f"{self._name} has no model: pass it to model.fit(callbacks=[...]), or give "
                "CallbackList(...) a model"
            )
            raise ValueError(message)
        missed = ", ".join(judged)
        if not self.begin(call, states.stateful_layers(model)) or not missed:
            return
        note = (
            f"{self._name} does not see the arguments of this {call}, which is not Keras's own: "
            f"not judged are {missed}"
        )
        self.report.notes.append(note)
        self._warn(StatefulPitfallWarning(note=note))

    def _pronounce(self, verdicts: list[Verdict]) -> None:
        for verdict in verdicts:
            self.report.settle(verdict)
        found = [each.finding for each in verdicts if each.finding is not None]
        severities = {BY_SYMBOL[finding.symbol].run for finding in found}
        if self._on_pitfall == "raise" and "raise" in severities:
            raise StatefulPitfallError(found)
        if found:
            self._warn(StatefulPitfallWarning(found))

    @staticmethod
    def _warn(warning: StatefulPitfallWarning) -> None:
        warnings.warn(warning, stacklevel=keras_api.user_stacklevel())
