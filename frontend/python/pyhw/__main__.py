"""The command line: `pyhw …` where the package is installed, and `python -m pyhw …`."""

from __future__ import annotations

import sys


def main() -> int:
    """Runs the command line of `sys.argv`; returns the exit code."""
    from ._extension import native

    try:
        return native().main(["pyhw", *sys.argv[1:]])
    except KeyboardInterrupt:
        # It came while nothing was left that it could end.
        return 130


if __name__ == "__main__":
    sys.exit(main())
