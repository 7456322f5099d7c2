"""Drives the block of a design's file at random, and prints its ports after every step."""

import random
import runpy
import sys
from pathlib import Path

from pyhw import Signal, block, delay, instance
from pyhw._ports import Port, ports

STEPS = 60


def leaves(name, thing):
    """The signals in a port, by name."""
    if isinstance(thing, Signal):
        yield name, thing
    elif isinstance(thing, list):
        for index, one in enumerate(thing):
            yield from leaves(f"{name}[{index}]", one)
    elif hasattr(thing, "__dict__"):
        for key, one in vars(thing).items():
            yield from leaves(f"{name}.{key}", one)


def value_for(sig, rng):
    if sig._type == "bool":
        return rng.random() < 0.5
    if sig._type == "int" and sig.min is not None and sig.max is not None:
        edge = [sig.min, sig.max - 1, max(sig.min, min(0, sig.max - 1)), rng.randrange(sig.min, sig.max)]
        return rng.choice(edge + [rng.randrange(sig.min, sig.max)] * 3)
    members = getattr(sig._enum, "members", None) if hasattr(sig, "_enum") else None
    return rng.choice(members) if members else None


@block
def bench(made, arguments, inputs, outputs):
    rng = random.Random(7)
    dut = made(**arguments)

    @instance
    def drive():
        clocks = [sig for name, sig, role in inputs if role == "clock"]
        for step in range(STEPS):
            for name, sig, role in inputs:
                if role == "clock":
                    continue
                if role == "reset" and rng.random() < 0.8:
                    sig.next = not sig.active
                    continue
                value = value_for(sig, rng)
                if value is not None:
                    sig.next = value
            yield delay(5)
            print(step, "settled", [str(sig) for _, sig in outputs])
            for clock in clocks:
                clock.next = not clock
                yield delay(5)
                clock.next = not clock
                yield delay(5)
            print(step, "clocked", [str(sig) for _, sig in outputs])

    return dut, drive


file = Path(sys.argv[1])
sys.path.insert(0, str(file.parent))
made = runpy.run_path(str(file), run_name="design")[file.stem]
annotations = made.annotations()
inputs, outputs = [], []
arguments = ports(made, {})
for name, thing in arguments:
    annotation = annotations.get(name)
    direction = getattr(annotation, "direction", None)
    role = getattr(annotation, "role", None)
    for path, sig in leaves(name, thing):
        outputs.append((path, sig))
        if direction != "out":
            inputs.append((path, sig, role))
top = bench(made, dict(arguments), inputs, outputs)
top.run_sim(quiet=1)

