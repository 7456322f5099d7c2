//! The reference of the language, generated from the tables that the code itself reads.

use crate::op::{Arity, TABLE};
use std::fmt::Write;

/// A form of the text and what it means. `…` stands for statements.
#[derive(Clone, Copy, Debug)]
pub struct Form {
    /// An example of it.
    pub text: &'static str,
    /// What it means.
    pub meaning: &'static str,
}

macro_rules! forms {
    ($($(#[$attr:meta])* $name:ident { $($text:literal $meaning:literal;)* })*) => {
        $($(#[$attr])* pub const $name: &[Form] = &[$(Form { text: $text, meaning: $meaning },)*];)*
    };
}

forms! {
    /// The types.
    TYPES {
        "bool" "`false` or `true`; one bit in hardware";
        "u8" "an integer from 0 to 2^8 − 1: short for `int[0, 255]`";
        "s8" "an integer from −2^7 to 2^7 − 1: short for `int[-128, 127]`";
        "int[-3, 867]" "an integer from −3 to 867, both included";
        "int[-inf, inf]" "any integer; one end may be infinite alone; test benches only";
        "State" "a member of the enum `State`";
        "array[u8, 16]" "16 elements; a net of this type is a memory";
        "Point" "a value of the struct `Point`";
        "text" "a text; test benches only";
        "opaque" "any object of the host; never emitted";
    }
    /// The constants. One whose type does not follow from the form has it behind a colon.
    CONSTANTS {
        "true" "a boolean";
        "-5" "an integer; its type is `int[-5, -5]`";
        "5: u8" "an integer of another type; so for every expression whose type is not implied";
        "State.IDLE" "a member of an enum";
        "member(2): State" "the member at place 2, counted from 0";
        "[1, 2, 0 x 14]: array[u8, 16]" "an array; `0 x 14` is 14 times 0";
        "{-1, true}: Point" "a struct, its fields in order";
        "\"text\"" "a text with the escapes `\\n \\r \\t \\\\ \\\" \\u{…}`";
        "z: u8" "not driven: only stored into the driver of a tri-state net";
    }
    /// The declarations of nets, `in`, `out` and `inout` instead of `net` where they are ports.
    NETS {
        "net %a: u8 = 0" "a wire or a register that starts as 0";
        "in %a: u8 = 0" "a port into the module";
        "net %a: u8 = 0 wraps" "a store is reduced into the interval; otherwise a value outside of it is a fault";
        "net %a: u8 = 7 loaded" "starts as 7 because the design stores that at the beginning: emitted even without initial values";
        "net %a: u8 = 0 delayed(10)" "takes a value 10 steps after the store, unless another one came in between";
        "net %a: u8 = z tristate" "the resolution of its drivers";
        "net %a: u8 = z driver(%t)" "a driver of the tri-state net `%t`";
    }
    /// The kinds of processes.
    PROCESSES {
        "process p comb(%a, %b) { … }" "runs at time zero and after each change of these nets";
        "process p clocked(rising %clk) { … }" "runs after each of these events";
        "process p clocked(rising %clk) reset(%rst, high, sync) { … }"
            "while the reset is active (`high` or `low`), every net that the process drives takes its initial value; `async`: at once, without a clock edge";
        "process p clocked(rising %clk) reset(%rst, high, sync) spares(%a) { … }"
            "the reset leaves these nets, which the process drives, as they are; while it is active the body does not run";
        "process p timed { … }" "runs from time zero on and stops at each wait";
        "process p timed host(3) { }" "is run by the host, which calls it 3; never emitted";
    }
    /// The statements.
    STATEMENTS {
        "$x = add(%n, 1)" "changes a local variable at once";
        "unset $x" "makes a local variable unset, as it was when the process was activated";
        "%n <= add(%n, 1)" "stores into the next value of a net; the last store wins";
        "%ram[%n] <= 1" "stores into an element of an array; a fault unless the index is in range";
        "%p.x <= 1" "stores into a field of a struct";
        "%n.bit(3) <= %a" "stores a boolean into a bit; only as the last step";
        "%n.slice[4](%i) <= -1" "stores the low 4 bits of an integer into those from bit `%i` up; only as the last step";
        "if %a { … } elif %b { … } else { … }" "the first arm whose condition holds; `elif` and `else` may be left out";
        "switch %s { case State.IDLE, State.RUN { … } default { … } }"
            "the arm with the subject's value; `default` may be left out where the arms cover every value";
        "for 'l $i in range(0, 8, 1) { … }" "counts from 0 by 1, up to and without 8";
        "while 'l %a { … }" "repeats while the condition holds";
        "block 'l { … }" "runs once; `break 'l` leaves it";
        "break 'around" "leaves the loop or block of this label";
        "continue 'around" "goes on with the next turn of the loop of this label";
        "wait rising %a, change %n, delay(10)" "stops the process until one of these happens; `falling` is the third edge";
        "wait join(rising %a, delay(10))" "until all of these have happened";
        "wait forever" "stops the process for good";
        "assert %a, \"message\"" "a fault unless the condition holds; the message may be left out";
        "print format[\"n = {:02x}\\n\"](%n)" "writes a text to the standard output";
        "raise ValueError(\"message\")" "raises an exception: a fault of the design; the message may be left out";
        "finish(\"message\")" "ends the simulation once the delta cycle is over; the message may be left out";
        "return" "ends the process (timed) or this run of it (others)";
        "let e0 = add(%n, 1)" "no statement: a name for an expression, for use in what follows";
    }
}

/// The reference of the language in Markdown.
pub fn reference() -> String {
    let mut out = String::from(
        "# IR text

Generated from the tables of `pyhw-ir`. What values, state and time are is said at the head of the crate.

A text begins with `hwir 1`; then come, in any order but before their use, `file 0 \"uart.py\"`, enums, structs and modules, and at
the end `top name`. Layout is free. `; …` is a comment for readers; `# …` belongs to the statement behind it, or to the net or
statement before it on its line, and travels into what is emitted. `@0:23:9-30` is a place: file, line, columns.

Names have a sigil: `%net`, `$variable`, `'label`. A name that is no plain word stands in quotes: `%\"mem[0]\"`. Where several things
share a name, the second is `$x.1`, the third `$x.2`.

```
enum State: u2 {
  IDLE = 0
  RUN = 1
}

struct Point {
  x: u8
  on: bool
}

module top {
  doc \"what it is\"
  param depth = \"16\"
  in %clk: bool = false
  net %n: u8 = 0

  instance u0 of part(clk = %clk, q = %n)

  process p clocked(rising %clk) {
    var $x: u8
    $x = %n  # a comment that travels
  }

  foreign verilog lists(\"both\"(%clk)) drives(wire %n) \"assign ${n} = ${both}[0];\"
}
```
",
    );
    section(&mut out, "Types", "Type", TYPES);
    section(&mut out, "Constants", "Constant", CONSTANTS);
    section(&mut out, "Nets", "Net", NETS);
    section(&mut out, "Processes", "Process", PROCESSES);
    section(&mut out, "Statements", "Statement", STATEMENTS);
    out.push_str(
        "
## Operators

Written `mnemonic[parameters](operands)`, parameters only where the rule shows them. A rule gives the types of the operands and of the
result; *int* is any integer type, the result's interval follows from those of the operands. *a*, *b*, *c* are the operands in order.

| Operator | Operands | Type | Meaning | Can be a fault |
|---|---|---|---|---|
",
    );
    for row in TABLE {
        let arity = match row.arity {
            Arity::Exactly(count) => count.to_string(),
            Arity::AtLeast(count) => format!("{count} or more"),
        };
        let fault = if row.can_fault { "yes" } else { "" };
        let (rule, meaning) = (cell(row.rule), cell(row.meaning));
        write_line(
            &mut out,
            format_args!("| `{}` | {arity} | `` {rule} `` | {meaning} | {fault} |", row.mnemonic),
        );
    }
    out
}

fn section(out: &mut String, title: &str, what: &str, forms: &[Form]) {
    write_line(out, format_args!("\n## {title}\n\n| {what} | Meaning |\n|---|---|"));
    for form in forms {
        write_line(out, format_args!("| `{}` | {} |", cell(form.text), cell(form.meaning)));
    }
}

fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}

fn write_line(out: &mut String, line: std::fmt::Arguments<'_>) {
    writeln!(out, "{line}").expect("invariant: writing to a string does not fail");
}
