"""Makes the name `myhdl` resolve to pyhw's face of it.

pyhw is never installed under that name, because MyHDL itself may stand beside it.
"""

from __future__ import annotations

import sys
from _frozen_importlib import ModuleSpec

_FACE = f"{__package__}.myhdl_face"


class _Finder:
    """A meta path finder for `myhdl` and what is below it; every other name it leaves alone."""

    def find_spec(self, fullname: str, path=None, target=None):
        if fullname == "myhdl" or fullname.startswith("myhdl."):
            below = fullname.partition(".")[2]
            if below in ("", "conversion") or below in _private_modules():
                # `conversion` is a file here and a package there, so that modules below it resolve.
                return ModuleSpec(fullname, self, is_package=below in ("", "conversion"))  # type: ignore[arg-type]
        return None

    def create_module(self, spec: ModuleSpec):
        below = spec.name.partition(".")[2]
        if below in ("", "conversion"):
            return _import(f"{_FACE}.{below}" if below else _FACE)
        module = type(sys)(spec.name, "A private module of MyHDL, as far as pyhw has its names.")
        for name, place in _private_modules()[below].items():
            source, _, other = place.partition(":")
            found = _import(f"{__package__}.{source}")
            setattr(module, name, getattr(found, other or name))
        return module

    def exec_module(self, module) -> None:
        # `create_module` has filled it.
        pass


def _import(name: str):
    """The module of a full name. Not importlib's function, which costs a millisecond to have."""
    __import__(name)
    return sys.modules[name]


def _private_modules() -> dict[str, dict[str, str]]:
    from .myhdl_face._private import MODULES

    return MODULES


_finder = _Finder()


def install() -> None:
    """From now on `import myhdl` gives pyhw's face of it; a second call changes nothing."""
    if _finder not in sys.meta_path:
        sys.meta_path.insert(0, _finder)


def uninstall() -> None:
    """Undoes `install`, and forgets the modules that it resolved."""
    if _finder in sys.meta_path:
        sys.meta_path.remove(_finder)
        for name in [name for name in sys.modules if name == "myhdl" or name.startswith("myhdl.")]:
            del sys.modules[name]


def compiled(source: bytes, path: str):
    """Returns the code of a file.

    Folding constants such as `~True`, Python warns of a DeprecationWarning at the line that called `compile`. Here that line belongs
    to the library, so that it is not shown, as it is not when Python runs the file itself.
    """
    return compile(source, path, "exec", 0, True)
