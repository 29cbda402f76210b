"""What the guard says: a finding, the error and the warning that carry findings."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One pitfall met in one call.

    Args:
        symbol: The pitfall's symbol, such as `"stateful-shuffle"`.
        found: What the call does, with the values found.
        expected: What a stateful model needs instead.
        remedy: The line of code that mends it.
    """

    symbol: str
    found: str
    expected: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.symbol}: {self.found}; expected {self.expected}.\n    {self.remedy}"


class _Findings:
    """What the error and the warning share."""

    findings: tuple[Finding, ...]

    @property
    def symbols(self) -> tuple[str, ...]:
        """The symbols of the findings, in order."""
        return tuple(finding.symbol for finding in self.findings)

    def __str__(self) -> str:
        return "\n".join(map(str, self.findings))


class StatefulPitfallError(_Findings, ValueError):
    """Refuses a call that would train or predict with wrong states.

    It is raised before the first step: weights, optimizer and states are as they were. Only
    `verify_batches=True` raises it later, before the first batch of other rows.

    Args:
        findings: Every pitfall of the call, also available as `.findings`; their symbols stand in
            `.symbols`.

    Example:

    ```python
    try:
        model.fit(x, y, batch_size=4, callbacks=[StatefulGuard()])
    except StatefulPitfallError as error:
        print(error.symbols)  # ('stateful-shuffle',)
    ```
    """

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__(self.findings)


class StatefulPitfallWarning(_Findings, UserWarning):
    """Tells of states that are wrong, or that could not be judged, in a call that goes on.

    Args:
        findings: The pitfalls of the call; empty where the call could not be judged at all.
        note: What could not be judged and why, where there is no finding.
    """

    def __init__(self, findings: Iterable[Finding] = (), note: str = "") -> None:
        self.findings = tuple(findings)
        self.note = note
        super().__init__(self.findings, note)

    def __str__(self) -> str:
        return self.note or super().__str__()
