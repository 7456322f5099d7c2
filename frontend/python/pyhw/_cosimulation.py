"""`Cosimulation`, of which only the name exists so far."""

from __future__ import annotations

from ._errors import CosimulationError


class Cosimulation:
    """Simulation together with an HDL simulator. Not supported: raises CosimulationError."""

    def __init__(self, exe: object = "", **kwargs: object) -> None:
        raise CosimulationError("Not supported", "pyhw runs whole designs natively and starts no HDL simulator")
