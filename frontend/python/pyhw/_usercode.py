"""User-defined Verilog and VHDL code of a block."""

from __future__ import annotations

from ._errors import ToVerilogError, ToVHDLError


class UserCode:
    """The code that a block puts in place of its own logic.

    `code` is a template in which `$name` stands for a name of `namespace` (the function's global
    and local names); if `is_instance`, it is only the name of an instance of a foreign module.
    `language` is 'verilog' or 'vhdl'; `funcname`, `file` and `line` say where the block is.
    """

    __slots__ = ("language", "code", "is_instance", "namespace", "funcname", "file", "line")

    def __init__(self, language: str, code: str, is_instance: bool, block) -> None:
        self.language = language
        self.code = code
        self.is_instance = is_instance
        self.namespace = {**getattr(block.func, "__globals__", {}), **block.locals}
        self.funcname = block.func.__name__
        self.file = block.file
        self.line = block.line

    def substitute(self, names: dict | None = None) -> str:
        """The code with its names filled in; `names` go before the namespace.

        Raises ToVerilogError or ToVHDLError for a name that is not known.
        """
        from string import Template

        try:
            text = Template(self.code).substitute({**self.namespace, **(names or {})})
        except Exception as error:
            info = f"in file {self.file}, function {self.funcname} starting on line {self.line}:\n    "
            name, kind = ("VHDL", ToVHDLError) if self.language == "vhdl" else ("Verilog", ToVerilogError)
            raise kind(f"Error in user defined {name} code", f"{type(error)}: {error}", info) from error
        return f"\n{text}\n"

    def __str__(self) -> str:
        return self.substitute()


def find_user_code(block, language: str) -> UserCode | None:
    """The code that was assigned to the block's function, or to the method, for a language."""
    holders = (block._deco,) if block._bound is None else (block._bound, block._deco)
    for holder in holders:
        names = vars(holder)
        for kind in ("instance", "code"):
            code = names.get(f"{language}_{kind}")
            if code is not None:
                return UserCode(language, code, kind == "instance", block)
    return None
