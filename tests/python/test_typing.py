"""What a type checker says of the library, and of a design that is written against it."""

import os
import subprocess
import sys
from pathlib import Path

LIBRARY = Path(__file__).parent.parent.parent / "frontend" / "python"

DESIGN = """\
from pyhw import Clock, In, Int, Mod, Out, Reset, Signal, always_comb, always_seq, block, uint


@block
def counter(clk: Clock, rst: Reset, en: In[bool], count: Out[uint[4]], full: Out[bool], limit: int = 10):
    state = Signal(Mod[16])

    @always_seq(clk.posedge, reset=rst)
    def step():
        if en and state < limit:
            state.next = state + 1

    @always_comb
    def outputs():
        count.next = state
        full.next = state == limit

    return step, outputs
"""


def check(*arguments: str) -> tuple[int, str]:
    """The exit code and output of the type checker."""
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--check-untyped-defs", "--cache-dir", os.devnull, *arguments],
        capture_output=True,
        text=True,
        env={**os.environ, "MYPYPATH": str(LIBRARY)},
    )
    return done.returncode, done.stdout + done.stderr


def test_the_library_type_checks():
    code, said = check(str(LIBRARY / "pyhw"))
    assert code == 0, said


def test_a_design_type_checks_and_its_mistakes_are_found(tmp_path):
    design = tmp_path / "counter.py"
    design.write_text(DESIGN)
    code, said = check(str(design))
    assert code == 0, said
    design.write_text(DESIGN.replace("full.next =", "full.nxt ="))
    code, said = check(str(design))
    assert code == 1 and "counter.py" in said, said
