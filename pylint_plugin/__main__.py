"""The linter as `python -m pylint_plugin`."""

from __future__ import annotations

import sys

from pylint_plugin.cli import main

if __name__ == "__main__":
    sys.exit(main())
