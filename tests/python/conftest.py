"""Paths, and the oracle: a Python that has MyHDL, to compare values with."""

import os
import shutil
import subprocess
import sys
import types
from pathlib import Path

import pytest

HERE = Path(__file__).parent
LIBRARY = HERE.parent.parent / "frontend" / "python"
sys.path.insert(0, str(LIBRARY))


def pytest_addoption(parser):
    parser.addoption("--oracle", metavar="PATH", help="a Python interpreter that has MyHDL 0.11.52 installed")
    parser.addoption("--myhdl-source", metavar="FOLDER", help="MyHDL's unpacked source distribution")


def pytest_configure(config):
    """Finds MyHDL's source distribution: what is given, or beside the virtual environment as `./test` puts it."""
    given = config.getoption("--myhdl-source")
    places = [given] if given else [Path(sys.prefix).parent, HERE.parent.parent / "target"]
    folders = [Path(place) if given else place / "myhdl-0.11.52" for place in places]
    config.myhdl_source = next((folder.resolve() for folder in folders if (folder / "example").is_dir()), None)


def _has_myhdl(python: str) -> bool:
    probe = "import myhdl, sys; sys.exit(myhdl.__version__ != '0.11.52')"
    return subprocess.run([python, "-c", probe], capture_output=True).returncode == 0


@pytest.fixture(scope="session")
def oracle_python(request) -> str:
    """The interpreter that has MyHDL; tests that need it are skipped where there is none."""
    given = request.config.getoption("--oracle")
    if given:
        assert _has_myhdl(given), f"{given} does not have MyHDL 0.11.52"
        return given
    if not _has_myhdl(sys.executable):
        pytest.skip("no MyHDL 0.11.52 here: give a Python that has it with --oracle PATH")
    return sys.executable


@pytest.fixture(scope="session")
def program():
    """Gives the path of a program; where it is missing the test is skipped, and fails in CI."""

    def find(name: str) -> str:
        path = shutil.which(name)
        if path is None:
            message = f"{name} is not on PATH"
            if os.environ.get("CI") == "true":
                pytest.fail(message)
            pytest.skip(message)
        return path

    return find


@pytest.fixture
def both(oracle_python):
    """Runs a program of tests/python/programs under MyHDL and under pyhw; returns both outputs."""

    def run(name: str) -> tuple[list[str], list[str]]:
        path = str(HERE / "programs" / name)
        outputs = []
        for prelude in ("", f"sys.path.insert(0, {str(LIBRARY)!r}); import pyhw._hook; pyhw._hook.install()"):
            code = f"import sys, runpy; {prelude}\nrunpy.run_path({path!r}, run_name='__main__')"
            done = subprocess.run([oracle_python, "-c", code], capture_output=True, text=True)
            assert done.returncode == 0, done.stderr
            outputs.append(done.stdout.splitlines())
        return outputs[0], outputs[1]

    return run


@pytest.fixture
def native(monkeypatch):
    """A stand-in for the extension, which records how it is called."""
    import pyhw

    module = types.ModuleType("pyhw._native")
    module.simulations = []
    module.conversions = []

    class Simulation:
        def __init__(self, items, options):
            self.items, self.options, self.runs, self.now = items, options, [], 0
            self.results, self.finished, self.state = [0], False, {}
            module.simulations.append(self)

        def run(self, duration, quiet):
            self.runs.append((duration, quiet))
            result = self.results.pop(0)
            if isinstance(result, Exception):
                raise result
            return result

        def value(self, index):
            return self.state[index]

        pending = value

        def finish(self):
            self.finished = True

    def convert(block, language, options):
        module.conversions.append((block, language, options))
        return {f"{options['name']}.{'v' if language == 'verilog' else 'vhd'}": "text\n"}

    module.Simulation, module.convert = Simulation, convert
    monkeypatch.setitem(sys.modules, "pyhw._native", module)
    monkeypatch.setattr(pyhw, "_native", module, raising=False)
    return module
