"""Write a page for each pitfall that pylint reports, from the vocabulary and the executed cases.

`--check` only compares.
"""

from __future__ import annotations

import sys
from pathlib import Path

import astroid

from keras_stateful_guard import checks
from keras_stateful_guard.pitfalls import BY_SYMBOL
from pylint_plugin.project import Project
from pylint_plugin.reader import Settings, read
from pylint_plugin.rules import ALL

ROOT = Path(__file__).parents[1]
PAGES = ROOT / "docs" / "pitfalls"
CASES = ROOT / "tests" / "cases"

# When the finding is right and the code is nevertheless meant.
UNLESS = {
    "stateful-input-shape": "The model is only ever built by a first batch whose size you control, "
    "on Keras 2.",
    "stateful-removed-argument": "The code runs on Keras 2 alone. Better say so once for all: "
    "`stateful-keras-version = 2` in pylint's configuration.",
    "stateful-batch-size-mismatch": "The batch size is changed on purpose in a test that expects "
    "the error.",
    "stateful-partial-batch": "The dataset is known, from elsewhere, to hold a multiple of the "
    "batch size.",
    "stateful-shuffle": "Each batch is one whole set of sequences and the states are reset at "
    "every batch; a stateless model would then do the same.",
    "stateful-shuffled-data": "What is permuted are whole sequences, and the states are reset "
    "before each.",
    "stateful-broken-layout": "The windows are whole samples of their own and the states are reset "
    "between them.",
    "stateful-missing-reset": "The end of the data is continued by its beginning, as in one period "
    "of a periodic signal.",
    "stateful-validation-leak": "The validation data is the direct continuation of the training "
    "data, and the training data that of the validation data.",
    "stateful-missing-predict-reset": "The data of `predict` directly continues what `fit` saw "
    "last: a forecast from the end of training.",
    "stateful-reset-every-batch": "The model is trained with whole sequences and must be stateful "
    "for the sake of streaming inference with the same model.",
    "stateful-removed-reset": "The code runs on Keras 2 alone. Better say so once for all: "
    "`stateful-keras-version = 2` in pylint's configuration.",
    "stateful-reset-without-state": "The same code serves stateful and stateless models. Better "
    "say by an `if` which of them it is.",
    "stateful-reset-in-generator": "The generator is not read ahead: it is called by a loop of "
    "your own, one batch at a time.",
    "stateful-bidirectional": "Never in a chunked series. With one chunk a sequence and a reset "
    "before each, `stateful=True` does nothing.",
    "stateful-time-distributed": "The outer steps do continue each other, and the model was "
    "compared with one written out flat.",
    "stateful-initial-state": "The kept state is read by other code, never by the layer itself.",
}


def page(symbol: str) -> str:
    """Give the text of a pitfall's page."""
    pitfall = BY_SYMBOL[symbol]
    judged = f"; the guard {pitfall.run}s" if symbol in checks.SYMBOLS else ""
    cases = sorted((CASES / symbol).glob("*.py"))
    bad = [_marked(each, symbol) for each in cases if each.stem.startswith("bad")]
    good = [each.read_text(encoding="utf-8") for each in cases if each.stem.startswith("good")]
    parts = [
        f"# {symbol}",
        f"pylint reports `{pitfall.code}`{judged}.",
        pitfall.what,
        "## Why it is bad",
        pitfall.why,
        "## Instead",
        pitfall.instead,
        "## Bad",
        *map(_block, bad),
        "## Good",
        *map(_block, good),
        "## When to disable it",
        UNLESS[symbol],
        f"In source: `# pylint: disable={symbol}` on the line, or above it in the same block.",
    ]
    if judged:
        parts.append(f'In the guard: `StatefulGuard(ignore={{"{symbol}"}})`.')
    return "\n\n".join(parts) + "\n"


def _marked(case: Path, symbol: str) -> str:
    """Give a case's source with the symbol behind each line that pylint reports."""
    text = case.read_text(encoding="utf-8")
    reading = read(astroid.parse(text, path=str(case)), Project(), Settings())
    found = {each.site.line for trace in reading.traces for each in ALL[symbol](trace)}
    lines = enumerate(text.splitlines(), 1)
    marked = (f"{line}  # [{symbol}]" if number in found else line for number, line in lines)
    return "\n".join(marked) + "\n"


def _block(code: str) -> str:
    return f"```python\n{code}```"


def main(arguments: list[str]) -> int:
    """Write the pages, or with `--check` name those that are not today's."""
    pages = {PAGES / f"{symbol}.md": page(symbol) for symbol in ALL}
    old = {path: path.read_text(encoding="utf-8") for path in PAGES.glob("*.md")}
    if "--check" in arguments:
        stale = sorted(path.name for path in pages | old if pages.get(path) != old.get(path))
        sys.stderr.writelines(f"{name}: run tools/write_pages.py\n" for name in stale)
        return 1 if stale else 0
    PAGES.mkdir(parents=True, exist_ok=True)
    for path in old.keys() - pages.keys():
        path.unlink()
    for path, text in pages.items():
        path.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
