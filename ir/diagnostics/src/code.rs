//! The table of codes: one row each, never reused, in the order of the phases.
//!
//! `PH01..` reading and elaborating, `PH02..` the typed subset, `PH03..` types and ranges, `PH04..` structure
//! of the design, `PH05..` what a target cannot say, `PH06..` faults while simulating, `PH07..` IR text,
//! `PH99..` faults of pyhw itself.

use crate::{Severity, examples};
use std::fmt;

/// A failing design and the same one mended, both whole files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Example {
    /// The words after `pyhw` that show it, with the name of the file.
    pub command: &'static str,
    /// Gives the finding.
    pub failing: &'static str,
    /// Does not.
    pub mended: &'static str,
}

/// What is known of a code.
#[derive(Clone, Copy, Debug)]
pub struct Info {
    /// A few words.
    pub title: &'static str,
    /// What it means, why it matters, what to do.
    pub text: &'static str,
    /// The weight of a finding with this code unless the phase decides otherwise.
    pub severity: Severity,
    /// A failing and a mended design; none for faults of pyhw itself.
    pub example: Option<Example>,
}

macro_rules! codes {
    ($($code:ident $severity:ident $title:literal $text:literal $example:expr;)*) => {
        /// The code of a finding.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code {
            $(#[doc = $title] $code,)*
        }

        impl Code {
            /// Every code, in order.
            pub const ALL: &'static [Code] = &[$(Code::$code,)*];

            /// Its row of the table.
            pub fn info(self) -> &'static Info {
                match self {
                    $(Code::$code => &Info {
                        title: $title, text: $text, severity: Severity::$severity, example: $example,
                    },)*
                }
            }

            /// As it is written: `PH0312`.
            pub fn name(self) -> &'static str {
                match self {
                    $(Code::$code => stringify!($code),)*
                }
            }
        }
    };
}

codes! {
    PH0101 Error "file not readable"
        "The file does not exist, is not UTF-8, is empty or is too long to be a design." Some(examples::PH0101);
    PH0102 Error "file not parseable"
        "The source is not valid Python." Some(examples::PH0102);
    PH0103 Error "exception during elaboration"
        "Elaboration is ordinary Python, and it raised an exception." Some(examples::PH0103);
    PH0104 Error "unknown top"
        "The file has no block of the name given with --top; or none is named, and none or several could be meant." Some(examples::PH0104);
    PH0105 Error "port type missing"
        "A block that is emitted or checked without a script needs a type for each port (`a: In[uint[8]]`) and a value for each parameter (a default, or `-p NAME=VALUE`)." Some(examples::PH0105);
    PH0106 Error "source not found"
        "The source text of a process could not be found." Some(examples::PH0106);
    PH0107 Warning "comment that silences nothing"
        "A comment that is to silence a warning (`# pyhw: ignore[PH0313]`) names a code that does not exist, or none, so that it has no effect. Messages have their code in brackets, and `pyhw explain` lists them all." Some(examples::PH0107);
    PH0201 Error "outside the subset"
        "Processes that become hardware are written in a typed subset of Python, and this construct is not in it. `pyhw sim` runs the process all the same, in Python and more slowly." Some(examples::PH0201);
    PH0202 Error "name not found"
        "A process uses a name that is bound nowhere: not in it, not in the functions around it, not in its module; or an attribute of a signal that is nearly the name of one. In Python it would raise an exception when it comes there." Some(examples::PH0202);
    PH0203 Error "recursion"
        "A function calls itself; hardware and static firmware have no call stack." Some(examples::PH0203);
    PH0204 Error "unbounded loop"
        "Nothing says how often a loop of a combinational or clocked process turns. Hardware is written out turn by turn, and a step in C has to end, so that both need a number that is known when the design is elaborated.\n\nLet the loop count, and leave it with `break` where it may end earlier." Some(examples::PH0204);
    PH0205 Error "wait in a wrong place"
        "Only a generator process (`@instance`) can wait, and a wait is a statement of its own: `yield clk.posedge`. A function that waits is run by `yield from`; a call by itself makes a generator that nobody runs, in Python as here." Some(examples::PH0205);
    PH0206 Error "wrong arguments"
        "A call does not fit the function's parameters." Some(examples::PH0206);
    PH0207 Warning "`.next` forgotten"
        "A process assigns to a name that belongs to a signal of its block. In Python that makes the name a local of the process, and nothing reads it: the signal keeps its value. A signal is stored into through its `next`, and with `=`: `q.next <= d` and `q.next == d` compare, and what comes out is thrown away." Some(examples::PH0207);
    PH0301 Error "operands do not fit together"
        "The operator is not defined for operands of these types." Some(examples::PH0301);
    PH0302 Error "width not known"
        "The operation needs a declared width, and the operand has none." Some(examples::PH0302);
    PH0303 Error "more than 4,096 bits"
        "An integer of more than 4,096 bits is beyond what designs need; it is taken for a mistake. It often comes from a shift by a signal: `1 << a` has as many bits as `a` has values.\n\nLet fewer bits choose how far it shifts, or take the bits that are meant." Some(examples::PH0303);
    PH0312 Error "value cannot fit"
        "No value that the expression can take fits its target." Some(examples::PH0312);
    PH0313 Warning "value may not fit"
        "Some values that the expression can take do not fit into what they are stored into. Simulation checks the store and stops at a value that does not fit; emitted text has no such check.\n\nSay what holds with an `assert` or a condition around the store, widen the target, or let it wrap with `Mod[n]`." Some(examples::PH0313);
    PH0314 Warning "local or signal without a bound"
        "The local grows without a bound, or the signal was declared without one; it is emitted as a signed integer of 32 bits. Simulation is exact." Some(examples::PH0314);
    PH0315 Error "index out of range"
        "The index lies outside what is indexed." Some(examples::PH0315);
    PH0316 Warning "index may be out of range"
        "Some values that the index can take lie outside what it indexes. Simulation stops at such an index; emitted text has no such check, and what it does then differs between languages. A bit that is read beyond the width of a signal is no fault: it is 0, or the sign.\n\nSay what holds with an `assert` or a condition, or make the memory or table as long as the index needs." Some(examples::PH0316);
    PH0317 Warning "operand may be out of range"
        "Some values of an operand have no result: a divisor of 0, a negative shift amount. Simulation stops there, as Python does; emitted text has no such check, and what it does then differs between languages. Where no value has a result, it is an error.\n\nSay what holds with an `assert` or a condition around the operator." Some(examples::PH0317);
    PH0318 Warning "local may be unset"
        "A local is read, and on some path to the read nothing was assigned to it. Simulation stops there, as Python does with UnboundLocalError; in emitted text the local then holds whatever it held before.\n\nGive it a value on every path, or one before the paths part." Some(examples::PH0318);
    PH0319 Warning "annotation of a port does not hold"
        "A block is given a signal, or a value, that is not what the annotation of its port says: another type or width, another initial value of an output, another way of a reset. Simulation and emitted text follow what is given, whatever the annotation says, so that one of the two is a mistake. The default of an annotated output is one as well: nothing reads it.\n\nA block that asks one of its ports for its type (`len(d)`, `d.val`, `d.min`, `d.max`) is written for any, and is not told of; its annotations hold where it is emitted alone." Some(examples::PH0319);
    PH0320 Warning "comparison with one answer"
        "A signal, a slice or a local of known bounds is compared with a number in such a way that every value it can have gives the same answer: `a < 0` of what is never negative, `a == 256` of 8 bits. One branch is then never taken. A width may be too small, a sign may be missing, or the number may be another one.\n\nOf a block with several instances, and of a function with several calls, a comparison is told of where it has that answer in all of them. Assertions and processes that wait, as test benches do, are not looked at.\n\nA signal itself is never None, in whatever process; whether anything drives a bus its value tells, `z.val is None`." Some(examples::PH0320);
    PH0401 Warning "several drivers"
        "More than one process or instance drives the signal. In simulation the last store wins; in hardware two outputs are tied together. So it runs, and it is not emitted. Parts that have no bit in common may have a driver each." Some(examples::PH0401);
    PH0402 Warning "never driven"
        "The signal is used, and nothing ever drives it, so that it keeps its initial value. A connection may be missing. Where a constant is meant, a plain value or `Constant` says so." Some(examples::PH0402);
    PH0403 Warning "combinational loop"
        "The value of a signal depends on itself without a register between, perhaps through several blocks; the note shows the whole path. In simulation it may settle or turn for ever; hardware may oscillate. A register somewhere on the path breaks it." Some(examples::PH0403);
    PH0404 Warning "latch inferred"
        "On some path a combinational process gives a signal no value, so that it must remember the old one: synthesis makes a latch of it, which is seldom meant.\n\nBegin with a value for all paths, or give one in each branch." Some(examples::PH0404);
    PH0405 Warning "sensitivity incomplete"
        "A process reads a signal whose changes do not wake it. Simulation goes on with the old value, and synthesis builds a circuit that does not." Some(examples::PH0405);
    PH0406 Warning "waits as no synthesiser takes it"
        "A process waits in the middle of its loop, in several places or for any change. That is emitted, and simulators run it as pyhw does; synthesis takes processes only that run whole at an edge.\n\nWait for the edge once, at the head of an endless loop; locals that get constants before the loop become registers. What is to happen over several edges needs a state." Some(examples::PH0406);
    PH0407 Warning "made and not returned"
        "A block makes a process or an instance of another block and does not return it, so that it is no part of the design: it neither runs nor is emitted. It may be missing in the `return`; or a later one of the same name took its place in `instances()` or in a local.\n\nReturn it, give it a name of its own, or do not make it." Some(examples::PH0407);
    PH0408 Warning "driven and not restored"
        "The reset of an `@always_seq` restores what the process itself assigns by name: signals (`q.next = …`, `bus.q.next = …`) and lists of signals (`regs[i].next = …`). That is MyHDL's rule, for simulation and for emitted text. What the process drives in another way is not restored: through a function or a method that it calls, through another name for the signal (`for s in regs: s.next = …`), through a tuple, a dict, a list of lists or a list of objects. While the reset is active, the process does not run, so that such a signal keeps its value; in hardware the reset becomes the enable of its register.\n\nAssign the signal by its name in the process: let a function return the value that it stores, or index the list that the loop goes over. Where the signal is not to be restored, silence the warning." Some(examples::PH0408);
    PH0409 Warning "no flip-flop with an asynchronous reset"
        "A process waits for edges of several signals, as one with an asynchronous reset does, and its text is not that of such a process. Where it tests first for the level that the edge of the reset leaves (`@always(clk.posedge, rst.negedge)` and `if rst:`), the edge makes it take data, which no register of hardware does. The same holds where it does something before that test, or stores there what is no constant. Simulators run the emitted text as pyhw runs the design; synthesis refuses it, or makes something else.\n\nTest for the level that the edge leads to, store constants there, and put the rest under `else:`. `@always_seq(clk.posedge, reset=rst)` with a `ResetSignal` does all of that." Some(examples::PH0409);
    PH0410 Warning "a memory with several ports to write"
        "Several clocked processes store into elements of one memory, as the ports of a true dual-port RAM do. It is emitted: Verilog has a process for each, VHDL one process with all of them, since it would resolve several drivers to unknown values. Where two store into one element at the same moment, simulation keeps the store of one of them, and hardware keeps either, or a mixture.\n\nSee to it that the addresses differ whenever both store, and silence the warning." Some(examples::PH0410);
    PH0501 Error "not expressible in the target"
        "The target language has no form that means the same as the design does in simulation. Nothing is written: a file that means something else would be worse." Some(examples::PH0501);
    PH0502 Warning "name changed in the emitted text"
        "The block that is emitted, or a port of it, has a name that the text cannot have: it is a word of Verilog or VHDL, has a character that their names do not have, or differs from another name by case alone, which VHDL does not tell apart. Names are the same in both languages, so that a word of either counts; C has its own words. The text has another name there, and whatever instantiates it has to use that.\n\nRename the port or the block, or silence the warning where the new name is fine." Some(examples::PH0502);
    PH0601 Error "range error in simulation"
        "A value was stored that its target cannot hold." Some(examples::PH0601);
    PH0602 Error "assertion failed"
        "An assertion of the design did not hold." Some(examples::PH0602);
    PH0603 Error "exception in simulation"
        "A process raised an exception." Some(examples::PH0603);
    PH0604 Error "time stands still"
        "Signals keep changing without time going on: what they wake stores into them again, delta after delta. After 10,000,000 deltas of one time the simulation takes it for a loop without an end.\n\nA register or a delay somewhere on the way breaks it." Some(examples::PH0604);
    PH0701 Error "IR text not parseable"
        "The text is not IR." Some(examples::PH0701);
    PH0702 Error "IR not valid"
        "The IR breaks a rule of the verifier." Some(examples::PH0702);
    PH9999 Bug "internal fault"
        "pyhw itself is wrong. Please report it with the design." None;
}

impl Code {
    /// Whether it tells what emitted text would lack or do that simulation is exact about or stops at.
    pub fn is_of_emitted_text(self) -> bool {
        matches!(
            self,
            Code::PH0314 | Code::PH0316 | Code::PH0317 | Code::PH0318 | Code::PH0406 | Code::PH0409
        )
    }

    /// Whether it tells of a slip that Python runs without a word, so that a simulation has to tell it before it begins.
    pub fn is_silent_in_python(self) -> bool {
        matches!(self, Code::PH0207)
    }

    /// Whether the process that it keeps from being compiled ends with an exception in Python as well, wherever it comes to this place.
    pub fn fails_in_python_as_well(self) -> bool {
        matches!(self, Code::PH0202 | Code::PH0312 | Code::PH0315)
    }

    /// Whether it tells of what a simulation runs as it is, and that is perhaps not what was meant: worth a note before it begins.
    pub fn is_noted_before_a_run(self) -> bool {
        matches!(self, Code::PH0319 | Code::PH0407)
    }

    /// The code of this name (`PH0312`), whatever its case.
    pub fn parse(name: &str) -> Option<Code> {
        Code::ALL.iter().copied().find(|code| code.name().eq_ignore_ascii_case(name))
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_found_by_its_name() {
        for &code in Code::ALL {
            assert_eq!(Code::parse(&code.to_string().to_lowercase()), Some(code));
        }
        assert_eq!(Code::parse("PH0000"), None);
    }

    #[test]
    fn every_fault_of_a_design_has_an_example() {
        for &code in Code::ALL {
            let of_pyhw_itself = code.info().severity == Severity::Bug;
            assert_eq!(code.info().example.is_none(), of_pyhw_itself, "{code}");
        }
    }
}
