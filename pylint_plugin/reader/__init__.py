"""The reader: from a module's syntax tree to traces of what it does with models.

Each scope is run as an abstract program: the module first, with every function of the project that
it calls; then, one by one, the functions and methods that nothing called, with unknown arguments.
"""

from pylint_plugin.reader.entries import Reading, read
from pylint_plugin.reader.machine import Modules, Settings

__all__ = ["Modules", "Reading", "Settings", "read"]
