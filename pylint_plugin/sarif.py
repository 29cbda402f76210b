"""SARIF 2.1.0, the report that code scanning services read: `--output-format=sarif`."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from pylint.reporters import BaseReporter

from keras_stateful_guard.pitfalls import BY_SYMBOL, Pitfall
from pylint_plugin.rules import ALL

if TYPE_CHECKING:
    from pylint.message import Message
    from pylint.reporters.ureports.nodes import Section

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS = {"F": "error", "E": "error", "W": "warning", "R": "note", "C": "note", "I": "note"}


class SarifReporter(BaseReporter):
    """Writes one SARIF document when pylint has ended."""

    name = "sarif"
    extension = "sarif"

    def display_messages(self, layout: Section | None) -> None:  # noqa: ARG002 (pylint's argument)
        """Write the document."""
        self.out.write(json.dumps(document(self.messages), indent=2) + "\n")

    def display_reports(self, layout: Section) -> None:
        """Leave pylint's statistics out."""

    def _display(self, layout: Section) -> None:
        """Leave pylint's statistics out."""


def document(messages: list[Message]) -> dict[str, object]:
    """Give the SARIF document for pylint's messages."""
    driver = {
        "name": "keras-stateful-lint",
        "rules": [_rule(BY_SYMBOL[symbol]) for symbol in ALL],
    }
    run = {
        "tool": {"driver": driver},
        "results": [_result(each) for each in sorted(messages, key=_order)],
    }
    return {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}


def _rule(pitfall: Pitfall) -> dict[str, object]:
    return {
        "id": pitfall.code,
        "name": pitfall.symbol,
        "shortDescription": {"text": pitfall.what},
        "fullDescription": {"text": f"{pitfall.what} {pitfall.why}"},
        "help": {"text": f"Instead: {pitfall.instead}"},
        "defaultConfiguration": {"level": _LEVELS[pitfall.code[0]]},
    }


def _result(message: Message) -> dict[str, object]:
    # pylint counts columns from 0 and gives line 0 to what concerns a whole file.
    region = {"startLine": max(message.line, 1), "startColumn": message.column + 1}
    if message.end_line is not None and message.end_column is not None:
        region |= {"endLine": message.end_line, "endColumn": message.end_column + 1}
    place = {"artifactLocation": {"uri": _uri(message.path)}, "region": region}
    return {
        "ruleId": message.msg_id,
        "level": _LEVELS[message.C],
        "message": {"text": f"{message.msg} ({message.symbol})"},
        "locations": [{"physicalLocation": place}],
    }


def _order(message: Message) -> tuple[str, int, int, str]:
    # Workers end in any order.
    return message.path, message.line, message.column, message.msg_id


def _uri(path: str) -> str:
    return Path(path).as_uri() if os.path.isabs(path) else quote(path.replace(os.sep, "/"))
