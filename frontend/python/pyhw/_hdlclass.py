"""`HdlClass`: designs whose building blocks are objects."""

from __future__ import annotations

import sys
from abc import ABC, abstractmethod

from ._block import Block, block
from ._functions import is_instance
from ._signal import Signal

_LIBRARY = frozenset((Block.__init__.__code__.co_filename, __file__))


class HdlClass(ABC):
    """Base class of a component: signals are made in `__init__`, logic in the block `hdl`."""

    @abstractmethod
    def __init__(self, *args, **kwargs) -> None:
        pass

    @abstractmethod
    @block(skipname=True)
    def hdl(self, *args, **kwargs):
        """The logic. Decorate it with `@block(skipname=True)`, to leave `hdl` out of the names."""

    @block(skipname=True)
    def hdlinstances(self):
        """The components and processes among the local names of the calling `hdl`."""
        found: list = []
        for name, value in _caller_names().items():
            components: list = []
            if isinstance(value, HdlClass):
                components = [(name, value)]
            elif isinstance(value, list) and value and isinstance(value[0], HdlClass):
                components = [(f"{name}{index}", item) for index, item in enumerate(value)]
            elif is_instance(value):
                found.append(value)
            for called, component in components:
                if component is not self:
                    instance = component.hdl()
                    instance.name = called
                    found.append(instance)
        return found

    def convert(self, **kwargs) -> None:
        """Emits the component, with its signal attributes as ports; keywords as `Block.convert`."""
        top = getattr(self, "_hdlb", None)
        if top is None:
            top = self._hdlb = self.hdl()
            top.args = {name: sig for name, sig in vars(self).items() if isinstance(sig, Signal)}
            top.isHdlClass = True
        top.convert(**kwargs)


def _caller_names() -> dict:
    """The local names of the nearest function outside the library."""
    frame = sys._getframe(1)
    while frame.f_back is not None and frame.f_code.co_filename in _LIBRARY:
        frame = frame.f_back
    return dict(frame.f_locals)
