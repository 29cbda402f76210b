"""Files as texts with their encoding, written whole or not at all."""

from __future__ import annotations

import contextlib
import difflib
import io
import os
import re
import tempfile
import tokenize
from dataclasses import dataclass

from pylint_plugin.fixes.cells import Notebook
from pylint_plugin.notebooks import ENDING

_BOM = "\ufeff"


class UnwritableError(Exception):
    """A file is left as it was; says why."""


@dataclass(frozen=True, slots=True)
class File:
    """A file as it was read: its bytes, and the text that they are."""

    path: str
    raw: bytes
    text: str
    encoding: str
    notebook: Notebook | None = None

    @property
    def code(self) -> str:
        """The Python in it."""
        return self.text.removeprefix(_BOM) if self.notebook is None else self.notebook.code

    def holding(self, code: str) -> str:
        """Give the text of the file with other Python in it."""
        if self.notebook is not None:
            return self.notebook.put(code)
        return _BOM * self.text.startswith(_BOM) + code


def read(path: str) -> File:
    """Read a file.

    Raises:
        UnwritableError: It cannot be read, or is not in the encoding that it declares.
    """
    try:
        with open(path, "rb") as file:
            raw = file.read()
        if path.endswith(ENDING):
            text = raw.decode()
            return File(path, raw, text, "utf-8", Notebook(text))
        # With a byte order mark it says utf-8-sig, and then the mark would be added twice.
        encoding = tokenize.detect_encoding(io.BytesIO(raw).readline)[0].replace("-sig", "")
        return File(path, raw, raw.decode(encoding), encoding)
    except OSError as error:
        raise UnwritableError(error.strerror or str(error)) from error
    except (SyntaxError, ValueError, LookupError, IndexError) as error:
        raise UnwritableError("It cannot be decoded") from error


def write(file: File, text: str) -> None:
    """Put a text in the place of a file, whole or not at all; its mode is kept.

    Raises:
        UnwritableError: The file may not be written or has changed since it was read.
    """
    # A link stays a link.
    place = os.path.realpath(file.path)
    made = ""
    try:
        mode = os.stat(place).st_mode
        if not mode & 0o222 or not os.access(place, os.W_OK):
            raise UnwritableError("Read-only")
        # Next to it: a file is only replaced at one stroke within its file system.
        handle, made = tempfile.mkstemp(dir=os.path.dirname(place), prefix=".mended-")
        with os.fdopen(handle, "wb") as new:
            new.write(text.encode(file.encoding))
        os.chmod(made, mode & 0o7777)
        with open(place, "rb") as now:
            if now.read() != file.raw:
                raise UnwritableError("Changed while it was being mended")
        os.replace(made, place)
        made = ""
    except OSError as error:
        raise UnwritableError(error.strerror or str(error)) from error
    finally:
        if made:
            with contextlib.suppress(OSError):
                os.unlink(made)


def diff(file: File, text: str) -> str:
    """Give the change of a file as a unified diff."""
    rows = difflib.unified_diff(_lines(file.text), _lines(text), file.path, file.path)
    return "".join(
        row if row.endswith("\n") else f"{row}\n\\ No newline at end of file\n" for row in rows
    )


def _lines(text: str) -> list[str]:
    return re.findall(r"[^\n]*\n|[^\n]+", text)
