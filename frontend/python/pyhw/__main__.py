"""The command line: `pyhw …` where the package is installed, and `python -m pyhw …`."""

from __future__ import annotations

import sys


def main() -> int:
    """Runs the command line of `sys.argv`; returns the exit code."""
    from ._extension import native

    return native().main(["pyhw", *sys.argv[1:]])


if __name__ == "__main__":
    sys.exit(main())
