"""User-defined Verilog and VHDL code of a block."""

from __future__ import annotations

from ._errors import ToVerilogError, ToVHDLError
from ._signal import Signal


class UserCode:
    """The code that a block puts in place of its own logic.

    `code` is a template in which `$name` stands for a name of `namespace` (the function's global
    and local names); if `is_instance`, it is only the name of an instance of a foreign module. In the
    older form, `is_percent`, `%(name)s` does.
    `language` is 'verilog' or 'vhdl'; `funcname`, `file` and `line` say where the block is.
    """

    __slots__ = (
        "language", "code", "is_instance", "is_percent", "namespace", "parameters", "funcname", "file", "line", "block",
    )  # fmt: skip

    def __init__(self, language: str, code: str, is_instance: bool, block, is_percent: bool = False) -> None:
        self.language = language
        self.code = code
        self.is_instance = is_instance
        self.is_percent = is_percent
        self.namespace = {**getattr(block.func, "__globals__", {}), **block.locals}
        self.parameters = tuple(block.args)
        self.block = block
        self.funcname = block.func.__name__
        self.file = block.file
        self.line = block.line

    def template(self) -> tuple[str, dict[str, object]]:
        """The code with its names filled in, but for signals and lists of signals.

        These stay in it as `${name}`; they are returned beside it, by name. Raises ToVerilogError or
        ToVHDLError for a name that is not known.
        """
        from string import Template

        signals: dict[str, object] = {}
        values: dict[str, object] = {}
        for name, value in self.namespace.items():
            if holds_signals(value):
                signals[name] = value
                values[name] = f"${{{name}}}"
            else:
                values[name] = value
        if self.is_instance:
            ports = {name: signals[name] for name in self.parameters if name in signals}
            return self._instance(ports), ports
        try:
            if self.is_percent:
                text = self.code % values
            else:
                text = Template(self._with_lists_marked()).substitute(values)
        except Exception as error:
            info = f"in file {self.file}, function {self.funcname} starting on line {self.line}:\n    "
            name, kind = ("VHDL", ToVHDLError) if self.language == "vhdl" else ("Verilog", ToVerilogError)
            raise kind(f"Error in user defined {name} code", f"{type(error)}: {error}", info) from error
        return text, {name: signal for name, signal in signals.items() if f"${{{name}}}" in text}

    def _with_lists_marked(self) -> str:
        """The code in which a list of signals among the parameters is named with a `$` wherever it is named.

        MyHDL's text is flat: code in it finds a list of the design under its name, and needs no `$` for that.
        """
        import re

        lists = [name for name in self.parameters if isinstance(self.namespace.get(name), list)]
        lists = [name for name in lists if holds_signals(self.namespace[name])]
        if not lists:
            return self.code
        comment = "--.*" if self.language == "vhdl" else r"//.*|/\*[\s\S]*?\*/"
        names = "|".join(map(re.escape, lists))
        # Neither what `$` marks, nor the name of a port that something is connected to, nor a longer name.
        found = re.compile(rf'{comment}|"[^"\n]*"|(?<![$\w.{{])(?P<list>{names})(?!\w|\s*=>)')
        return found.sub(lambda match: f"${{{match['list']}}}" if match["list"] else match[0], self.code)

    def drives(self, signal: Signal) -> bool:
        """Whether what was said of `signal.driven` is said of this code.

        Another block's function that has code of its own says it of that: one drives the signal, and the other reads it.
        """
        elsewhere = [block for block in signal._driven_in if block is not self.block]
        is_of_others = any(block.verilog_code or block.vhdl_code for block in elsewhere)
        return len(elsewhere) < len(signal._driven_in) or not is_of_others

    def _instance(self, ports: dict[str, object]) -> str:
        """An instance of the foreign module: the block's parameters are its ports."""
        if self.language == "vhdl":
            lines = ",\n".join(f"        {name} => ${{{name}}}" for name in ports)
            return f"{self.code} : entity work.{self.funcname}\n    port map (\n{lines}\n    );"
        lines = ",\n".join(f"    .{name} ({_connected(name, port)})" for name, port in ports.items())
        return f"{self.funcname} {self.code} (\n{lines}\n);"

    def __str__(self) -> str:
        return self.template()[0]


def _connected(name: str, port: object) -> str:
    """What a port of Verilog is connected to: a list of signals is one vector there, with the first element in its low bits."""
    if isinstance(port, list):
        return "{" + ", ".join(f"${{{name}}}[{index}]" for index in reversed(range(len(port)))) + "}"
    return f"${{{name}}}"


def holds_signals(value: object) -> bool:
    """Whether it is a signal, or a list of nothing else."""
    if isinstance(value, list):
        return bool(value) and all(isinstance(item, Signal) for item in value)
    return isinstance(value, Signal)


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
