"""Findings about what is surely wrong: how heavy they are, and what they say."""

import subprocess

import pytest

FRAME = """from pyhw import *
from enum import Enum

class A(Enum):
    X = 0
    Y = 1

class B(Enum):
    X = 0
    Z = 1

@block
def top(clk: Clock, d: In[uint[8]], q: Out[uint[8]]):
    count = Signal(uint[8])
    state = Signal(A.X)

    @always(clk.posedge)
    def process():
{body}

    return process
"""


@pytest.fixture
def told(program, tmp_path):
    """The first finding of a check of a process with this body, and the exit code."""

    def check(body: str, command: str = "check") -> tuple[str, int]:
        lines = "".join(f"        {line}\n" for line in body.split("\n"))
        (tmp_path / "design.py").write_text(FRAME.format(body=lines.rstrip()))
        words = [program("pyhw"), *command.split(), "design.py", "--top", "top"]
        done = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True)
        return done.stderr, done.returncode

    return check


@pytest.mark.parametrize(
    "body, said",
    [
        ("q.next = d[-1]", ["the place of the bit is negative", "the lowest bit is `d[0]`"]),
        ("q.next = d >> -1", ["the amount is negative"]),
        ("q.next = d // 0", ["the divisor is 0"]),
    ],
)
def test_an_operator_that_never_has_a_result_is_an_error(told, body, said):
    for command in "check", "emit --verilog":
        text, code = told(body, command)
        assert code == 3 and text.startswith("error[PH0317]") and "assert" not in text, text
        assert all(part in text for part in said), text
    text, code = told("q.next = 100 // d")
    assert code == 0 and text.startswith("warning[PH0317]") and "say so with an `assert`" in text


def test_members_of_two_enumerations_are_never_equal(told):
    for body in "if state == B.X:\n    q.next = 1", "match state:\n    case B.Z:\n        q.next = 1":
        text, _ = told(f"state.next = A.Y\n{body}")
        assert "[PH0320]: a member of `A` is never a member of `B`, so that this comparison never holds" in text, text
    text, _ = told("state.next = A.Y\nif state != B.X:\n    q.next = 1")
    assert "so that this comparison always holds" in text
    assert "PH0320" not in told("state.next = A.Y\nif state == A.Y:\n    q.next = 1")[0]


def test_a_local_that_hides_a_signal_is_told_where_nothing_drives_the_signal(told):
    text, _ = told("count = d\nq.next = count")
    assert "[PH0207]: `count` is a local here: the signal `count` is not stored into, and nothing drives it" in text
    # Who drives it as well may mean the local.
    assert "PH0207" not in told("count.next = d\nq.next = count")[0]
    assert "`count` is a local here, which nothing reads" in told("count = d\nq.next = d")[0]


def test_numbers_that_nobody_reads_are_told_by_their_length(told):
    text, _ = told("q.next = d ** d")
    assert "256 to a number of 2039 bits may be stored" in text and max(map(len, text.split("\n"))) < 120
