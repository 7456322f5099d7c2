"""Compares two Verilog modules with the same ports, in Icarus: random inputs, one changed at a time."""

import re
import subprocess
from pathlib import Path

_STEPS = 20_000

_PORT = re.compile(r"^(input|output)\s+(?:signed\s+)?(?:\[(\d+):0\]\s+)?(\w+);", re.MULTILINE)

_BENCH = """\
`timescale 1ns/1ns
module bench;
{declarations}
    {theirs} theirs ({their_ports});
    {ours} ours ({our_ports});
    integer seed, step, bit;
    initial begin
        seed = 1;
{zeros}
        for (step = 0; step < {steps}; step = step + 1) begin
            #1;
            case ($unsigned($random(seed)) % {count})
{changes}
            endcase
            #1;
{checks}
        end
{reports}
    end
endmodule
"""

# A bit that MyHDL's module does not know yet, since it has no initial values, is not compared.
_CHECK = """\
            for (bit = 0; bit < {width}; bit = bit + 1)
                if (theirs_{name}[bit] !== 1'bx) begin
                    seen_{name} = seen_{name} + 1;
                    if (theirs_{name}[bit] !== ours_{name}[bit]) bad_{name} = bad_{name} + 1;
                end
"""


def differences(theirs: Path, ours: Path, top: str, below: dict[str, int], into: Path) -> list[str]:
    """What differs between MyHDL's module `top` in one file and pyhw's in the other, by output.

    Inputs take all values, those of `below` only smaller ones than that.
    An output that never had a known value counts as different: nothing was compared then.
    """
    text = theirs.read_text()
    ports = [(way, int(high or 0) + 1, name) for way, high, name in _PORT.findall(text)]
    inputs = [(width, name) for way, width, name in ports if way == "input"]
    outputs = [(width, name) for way, width, name in ports if way == "output"]
    assert inputs and outputs, f"the ports of {theirs} were not found"
    declarations = [f"    reg [{width - 1}:0] {name};" for width, name in inputs]
    for width, name in outputs:
        declarations += [f"    wire [{width - 1}:0] {side}_{name};" for side in ("theirs", "ours")]
        declarations += [f"    integer seen_{name} = 0, bad_{name} = 0;"]

    def connected(side: str) -> str:
        return ", ".join(
            [f".{name}({name})" for _, name in inputs] + [f".{name}({side}_{name})" for _, name in outputs]
        )

    bench = _BENCH.format(
        declarations="\n".join(declarations),
        theirs=f"{top}_of_myhdl",
        ours=top,
        their_ports=connected("theirs"),
        our_ports=connected("ours"),
        zeros="\n".join(f"        {name} = 0;" for _, name in inputs),
        steps=_STEPS,
        count=len(inputs),
        changes="\n".join(
            f"                {index}: {name} = {{{', '.join(['$random(seed)'] * (width // 32 + 1))}}}"
            + (f" % {below[name]};" if name in below else ";")
            for index, (width, name) in enumerate(inputs)
        ),
        checks="".join(_CHECK.format(width=width, name=name) for width, name in outputs),
        reports="\n".join(f'        $display("{name} %0d %0d", seen_{name}, bad_{name});' for _, name in outputs),
    )
    (into / "bench.v").write_text(bench)
    (into / "theirs.v").write_text(re.sub(rf"\bmodule {top}\b", f"module {top}_of_myhdl", text))
    image = into / "bench.vvp"
    for command in (
        ["iverilog", "-g2005", "-o", str(image), "-s", "bench", "bench.v", "theirs.v", str(ours)],
        ["vvp", "-n", str(image)],
    ):
        done = subprocess.run(command, cwd=into, capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, done.stdout + done.stderr
    told = []
    for line in done.stdout.splitlines():
        name, seen, bad = line.split()
        if seen == "0" or bad != "0":
            told.append(f"{name}: {bad} of {seen} known bits differ")
    assert len(done.stdout.splitlines()) == len(outputs), done.stdout
    return told
