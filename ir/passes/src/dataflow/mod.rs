//! Next-state dataflow: what each process stores, as one expression for each net.
//!
//! A combinational or clocked process becomes *straight-line*:
//! 1. **checks**, in the order of the source: everything whose only effect may be a fault or the end of the run. An assertion, a
//!    `raise`, a `finish`, and whatever is evaluated and may fault (an index, a division, a store that may not fit, a variable that
//!    may be unset), which a check assigns to a variable that nothing else reads. Each stands under the condition of its path.
//! 2. **stores**, one for each net: `next` of the whole net with one expression, in which control is `mux`, `and_then` and
//!    `or_else`, and what no path stores stays what it was. Where the next value may be another than the current one — the net has
//!    other drivers, takes its value later, or is a memory that is stored into at a computed index — there is one guarded store
//!    for each *port*: what branches store into parts of the same form is one port. A latch is one guarded store.
//!
//! Locals are replaced by their values, loops are written out, blocks that are left early become conditions. Comparisons that the
//! intervals decide are decided, so that a loop ends where its condition can no longer hold.
//!
//! *What it guarantees.* The straight-line process runs when the original does, stores the same values, and faults exactly where
//! that does, with the same fault. Once its checks have passed nothing in its stores faults: ranges that a check ensures are
//! `refine`s there. An engine runs the checks first or proves them, and then has pure expressions. Operands that `mux`, `and_then`
//! and `or_else` do not choose may hold `refine`s that are not true: they are not to be believed outside of their operand.
//!
//! *What it leaves*, told as [`Kept`]: timed processes and those of the host, processes that print, and those that cannot be said
//! in this form or within the [`Limits`] (see [`Reason`]). These stay as they were.
//!
//! The straight-line design is the primary form: it can be printed, verified, evaluated and compared. [`Dataflow`] is the same
//! as plain data for engines, read off a straight-line module.

mod fold;
mod graph;
mod part;
mod plain;
mod shared;
mod state;
mod store;
mod walk;
mod writer;

pub use plain::{Check, Dataflow, Memory, Register, Wire, WritePort};

use pyhw_ir::{Body, Design, ModuleId, Process, ProcessBody, ProcessId, ProcessKind, StmtKind, walk_stmts};
use std::fmt;
use writer::Around;

/// How large a process may become.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Expressions and their operands, counted once each, those of conditions and checks among them.
    pub expressions: usize,
    /// Turns of loops, all loops of the process together.
    pub turns: usize,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits { expressions: 50_000, turns: 4096 }
    }
}

/// Why a process is not straight-line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reason {
    /// It waits.
    Timed,
    /// The host runs it.
    Host,
    /// It prints.
    Print,
    /// Within [`Limits::turns`] nothing shows that its loops end.
    Loop,
    /// It would have more than [`Limits::expressions`], or an array is changed that has too many elements for one expression.
    Size,
    /// Its expressions would nest deeper than the IR allows.
    Depth,
    /// A value would have more bits than the IR allows.
    Width,
    /// Whether a store into a part is a fault depends on what other drivers stored.
    Part,
    /// What it stores into a driver of a tri-state net may be a fault.
    TriState,
    /// It stores into nets in an order that depends on the path, and the design shows which came first.
    Order,
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Reason::Timed => "it waits",
            Reason::Host => "the host runs it",
            Reason::Print => "it prints",
            Reason::Loop => "its loops have too many turns, or no end that is known",
            Reason::Size => "it would have too many expressions",
            Reason::Depth => "its expressions would nest too deep",
            Reason::Width => "a value would have too many bits",
            Reason::Part => "a store into a part may be a fault, as other drivers will have it",
            Reason::TriState => "a store into a tri-state driver may be a fault",
            Reason::Order => "the order in which it stores depends on the path, and can be seen",
        })
    }
}

/// A process that is not straight-line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kept {
    /// Its module.
    pub module: ModuleId,
    /// The process.
    pub process: ProcessId,
    /// Why it stays as it was.
    pub reason: Reason,
}

/// Makes every process of a verified design straight-line that can be. Gives those that stay as they were.
pub fn dataflow(design: &mut Design, limits: Limits) -> Vec<Kept> {
    let shared = shared::nets(design);
    let order_matters = shared::order_matters(design, &shared);
    let mut kept = Vec::new();
    for (index, shared) in shared.iter().enumerate() {
        let module = &design.modules[index];
        let around = Around { types: &design.types, module, shared, order_matters, limits };
        let mut bodies: Vec<(usize, Body)> = Vec::new();
        for (number, process) in module.processes.iter().enumerate() {
            match of_process(around, process) {
                Ok(Some(body)) => bodies.push((number, body)),
                Ok(None) => {}
                Err(reason) => {
                    kept.push(Kept { module: ModuleId::new(index), process: ProcessId::new(number), reason })
                }
            }
        }
        for (number, body) in bodies {
            design.modules[index].processes[number].body = ProcessBody::Ir(body);
        }
    }
    kept
}

/// The straight-line body of a process; `None` if it is one already.
fn of_process(around: Around<'_>, process: &Process) -> Result<Option<Body>, Reason> {
    let ProcessBody::Ir(body) = &process.body else { return Err(Reason::Host) };
    if process.kind == ProcessKind::Timed {
        return Err(Reason::Timed);
    }
    let mut prints = false;
    walk_stmts(&body.stmts, &mut |stmt| prints |= matches!(stmt.kind, StmtKind::Print { .. }));
    if prints {
        return Err(Reason::Print);
    }
    if plain::is_simple(around.module, body) {
        return Ok(None);
    }
    writer::straight(around, process, body).map(Some)
}
