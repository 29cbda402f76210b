"""The only class that pylint sees: messages from the vocabulary, options, one visit a module."""

from __future__ import annotations

from typing import TYPE_CHECKING

from astroid import nodes
from pylint import interfaces
from pylint.checkers import BaseChecker

from keras_stateful_guard.pitfalls import BY_SYMBOL
from pylint_plugin.facts import Finding
from pylint_plugin.gate import matters
from pylint_plugin.mends import Mend
from pylint_plugin.places import Site
from pylint_plugin.project import Project
from pylint_plugin.reader import Settings, read
from pylint_plugin.rules import ALL

if TYPE_CHECKING:
    from pylint.lint import PyLinter
    from pylint.typing import MessageDefinitionTuple, Options

_CONFIDENCE = {
    "HIGH": interfaces.HIGH,
    "INFERENCE": interfaces.INFERENCE,
    "CONTROL_FLOW": interfaces.CONTROL_FLOW,
}


def messages() -> dict[str, MessageDefinitionTuple]:
    """Give pylint's table of messages: one for each rule that is switched on."""
    table: dict[str, MessageDefinitionTuple] = {}
    for symbol in ALL:
        pitfall = BY_SYMBOL[symbol]
        text = f"{pitfall.what} {pitfall.why} Instead: {pitfall.instead}"
        table[pitfall.code] = ("%s", symbol, text)
    return table


class StatefulChecker(BaseChecker):
    """Finds misuse of stateful recurrent Keras layers."""

    name = "stateful-rnn"
    msgs = messages()
    options: Options = (
        (
            "stateful-keras-version",
            {
                "default": "auto",
                "type": "choice",
                "choices": ["auto", "2", "3"],
                "metavar": "<auto|2|3>",
                "help": "Keras version the code is written for. auto is 3 unless the source shows "
                "tf_keras, TF_USE_LEGACY_KERAS or import paths that only Keras 1 and 2 had.",
            },
        ),
        (
            "stateful-layer-names",
            {
                "default": (),
                "type": "csv",
                "metavar": "<names>",
                "help": "Further classes to treat as recurrent layers.",
            },
        ),
        (
            "stateful-reset-callbacks",
            {
                "default": (),
                "type": "csv",
                "metavar": "<names>",
                "help": "Further callbacks known to reset the states at every epoch.",
            },
        ),
    )

    def __init__(self, linter: PyLinter) -> None:
        super().__init__(linter)
        self._project = Project()
        self.mends: dict[tuple[str, str, int, int], tuple[Site, Mend | None]] = {}

    def visit_module(self, node: nodes.Module) -> None:
        """Read the module and report what the rules find in it."""
        with node.stream() as stream:
            raw = stream.read()
        path = node.file or ""
        if not matters(raw, path, self._project):
            return
        config = self.linter.config
        settings = Settings(
            config.stateful_keras_version,
            frozenset(config.stateful_layer_names),
            frozenset(config.stateful_reset_callbacks),
        )
        try:
            reading = read(node, self._project, settings)
        except RecursionError:  # nested deeper than Python goes: nothing is known, nothing is said
            return
        for symbol, rule in ALL.items():
            told: dict[Site, list[Finding]] = {}
            for trace in reading.traces:
                for finding in rule(trace):
                    if finding.site.module == reading.path and finding.site in reading.nodes:
                        told.setdefault(finding.site, []).append(finding)
            for site, findings in told.items():
                self._report(symbol, findings[0], reading.nodes[site])
                mends = {each.mend for each in findings} - {None}
                # Several ways to read a call that ask for different mends: none is sure.
                if len(mends) == 1:
                    self.mends[path, symbol, site.line, site.column] = site, mends.pop()

    def _report(self, symbol: str, finding: Finding, place: nodes.NodeNG) -> None:
        confidence = _CONFIDENCE[finding.confidence]
        self.add_message(symbol, node=place, args=(finding.text,), confidence=confidence)
