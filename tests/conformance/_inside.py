"""Runs pytest, and writes what became of each test: `FILE PYTEST-ARGUMENTS…`, the outcomes go into FILE.

It runs under MyHDL's own Python and under `pyhw sim` alike.
"""

import json
import sys

import pytest


class Outcomes:
    """A plug-in that notes the outcome of each test, and of each file that cannot be collected, by its name."""

    def __init__(self):
        self.of = {}

    def pytest_runtest_logreport(self, report):
        xfail = hasattr(report, "wasxfail")
        if report.when == "call":
            if report.passed:
                self.of[report.nodeid] = "xpassed" if xfail else "passed"
            elif report.skipped:
                self.of[report.nodeid] = "xfailed" if xfail else "skipped"
            else:
                self.of[report.nodeid] = "failed"
        elif report.failed:
            # What prepares a test, or clears up after it.
            self.of[report.nodeid] = "failed"
        elif report.skipped:
            self.of[report.nodeid] = "xfailed" if xfail else "skipped"

    def pytest_collectreport(self, report):
        if report.failed:
            self.of[report.nodeid] = "failed"


def main() -> int:
    path, *arguments = sys.argv[1:]
    outcomes = Outcomes()
    code = pytest.main(arguments, plugins=[outcomes])
    with open(path, "w", encoding="utf-8") as file:
        json.dump(outcomes.of, file)
    return int(code)


if __name__ == "__main__":
    sys.exit(main())
