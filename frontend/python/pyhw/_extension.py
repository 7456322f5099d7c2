"""The native extension, imported when it is first needed."""

from __future__ import annotations


def native():
    """Returns the module `pyhw._native`. Raises ImportError with what to do if it is not there."""
    try:
        from . import _native
    except ImportError as error:
        raise ImportError(
            "pyhw's native extension is not there: run the file with `pyhw sim FILE`, "
            "or install the package with `pip install .`"
        ) from error
    return _native


# What the command line asks of the simulations that a file starts: `verbose` (bool), `wave` (a path; the first
# simulation takes it), `until` (the greatest time in steps), `told` (takes what is to be told before a run),
# `in_python` (bool: every process is resumed by Python).
settings: dict = {}
