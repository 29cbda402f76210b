"""Does a file matter? Its bytes say so, or those of the project's modules that it imports."""

from __future__ import annotations

import re

from pylint_plugin.files import Files

_WORDS = (b"stateful", b"reset_state", b"batch_input_shape")
_USES = re.compile(
    rb"\b(?:fit|fit_generator|train_on_batch|predict|evaluate|GradientTape|StatefulGuard)\b"
)
_KERAS = re.compile(rb"\b(?:tf_)?keras\b|\btensorflow\b")
# Where the models and layers of a file come from; metrics, too, have resets.
_OWNERS = re.compile(rb"Sequential|Model|Functional|_model|model_from|Callback|LSTM|GRU|RNN")
_IMPORT = re.compile(
    rb"^[ \t]*(?:from[ \t]+(\.*)([\w.]*)[ \t]+import\b([^#\n]*)|import[ \t]+([\w., \t]+))", re.M
)
_DEPTH = 3
_FILES = 40
_LARGEST = 4_000_000


def matters(raw: bytes, path: str, project: Files) -> bool:
    """Tell whether a file can hold any of the pitfalls."""
    if len(raw) > _LARGEST:
        return False
    if _speaks(raw):
        if not _KERAS.search(raw):
            return _reaches(raw, path, project)
        other = b"stateful" in raw or b"batch_input_shape" in raw or _OWNERS.search(raw)
        return bool(other) or bool(_imported(raw, path, project))
    return bool(_USES.search(raw)) and _reaches(raw, path, project)


def _speaks(raw: bytes) -> bool:
    return any(word in raw for word in _WORDS)


def _reaches(raw: bytes, path: str, project: Files) -> bool:
    """Tell whether a chain of the project's own imports leads to a file that matters."""
    seen = {path}
    front = [(raw, path)]
    for _ in range(_DEPTH):
        behind: list[tuple[bytes, str]] = []
        for text, origin in front:
            for place in _imported(text, origin, project):
                if place in seen or len(seen) > _FILES:
                    continue
                seen.add(place)
                inner = project.read(place)
                if _speaks(inner) and _KERAS.search(inner):
                    return True
                behind.append((inner, place))
        front = behind
    return False


def _imported(raw: bytes, origin: str, project: Files) -> list[str]:
    found: list[str | None] = []
    for dots, module, names, plain in _IMPORT.findall(raw):
        if plain:
            for part in plain.split(b","):
                words = part.split()
                found.append(
                    project.locate(origin, words[0].decode(errors="replace"), 0) if words else None
                )
            continue
        home = module.decode(errors="replace")
        found.append(project.locate(origin, home, len(dots)))
        for part in names.strip(b" ()\\\r").split(b","):
            words = part.split()
            if words and re.fullmatch(rb"\w+", words[0]):
                name = words[0].decode(errors="replace")
                found.append(project.locate(origin, f"{home}.{name}".lstrip("."), len(dots)))
    return [each for each in dict.fromkeys(found) if each is not None]
