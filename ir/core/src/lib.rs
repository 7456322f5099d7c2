//! pyhw's intermediate representation: typed, exact, structured, and a language of its own.
//!
//! *Input*: designs built by a front end through [`Exprs`] and the plain structs of [`design`], or read from IR text
//! ([`parse`]). *Output*: the same design verified ([`verify`]), printed ([`print`](mod@print)) and evaluated ([`eval`]).
//! *Guarantees*: `parse(print(d)) == d.compact()` for every verified design; a verified design never makes a back-end
//! panic; [`eval`] defines what is right. *Deliberately not here*: Python, targets, optimisation, I/O.
//!
//! # Semantics
//!
//! ## Values
//! Every integer expression denotes a mathematical integer. Its type is the interval of values that it can take; width and
//! signedness follow from the interval ([`Range::width_bits`], [`Range::is_signed`]). No operator wraps.
//! `floordiv` and `mod` round towards minus infinity; `shr` is arithmetic; bitwise operators work on the infinite two's
//! complement form. Bit 0 is the least significant; every range that is written `lo..hi` in code is half-open, intervals
//! printed as `int[lo, hi]` include both ends. [`Type`] lists the types, [`Op`] the operators with their typing rules.
//!
//! Expressions have no effects. `mux`, `and_then` and `or_else` evaluate only the operands that they need, so that a fault
//! (an index out of range, a division by zero, a `refine` or `to_bool` that does not hold) on a path not taken never happens.
//!
//! ## State
//! A [`Net`] has a current value and a next value, both its `init` at time zero. Reading gives the current value.
//! `next` stores into the next value; the last store wins. A store into a place that [wraps](Net::wraps) reduces the value
//! modulo the size of its interval; every other store is checked, and a value outside the interval is a fault.
//! A partial store (bit, slice, element, field) changes the next value in place, and then the whole value is wrapped or checked.
//! A store evaluates its value first, and then the indices of its place from left to right: of several faults, that order tells one.
//! A store into a slice of `w` bits takes values from 0 to 2^w − 1; another value is a fault.
//! A [`Var`] is local to its process and changes at once. It is unset when the process is activated (of a timed process: when it
//! starts), and from an `unset` to the next store; reading an unset one is a fault.
//!
//! ## Time
//! Time is a count of steps. Within one time, *delta cycles*: every net whose next value differs from its current one takes it,
//! which gives its events (change; rising: from false to true; falling: the reverse), the processes that wait for these run, and so
//! on until nothing changes. A net of kind [`NetKind::Delayed`] takes its next value that many steps later, unless another
//! value was stored in between (inertial delay); if it holds integers of an interval, every store that becomes due takes
//! what was stored last, be it another value (MyHDL's `intbv` is one buffer that later stores reach).
//! [`ProcessKind`] says when a process runs. The order of the processes that are due in one delta is that of MyHDL 0.11:
//! processes are woken in the order of net updates and run last-woken first.
//!
//! ## Structure
//! A [`Design`] is modules; a [`Module`] has ports, nets, processes and instances of other modules. An instance's port *is* the net
//! that it is connected to. [`Module::items`] keeps the order of the source, which is the order of start-up.

mod compact;
pub mod design;
pub mod eval;
pub mod expr;
mod files;
pub mod foreign;
pub mod format;
pub mod int;
pub mod interval;
mod names;
pub mod op;
pub mod parse;
pub mod paths;
pub mod print;
pub mod reference;
pub mod rewrite;
pub mod stmt;
pub mod types;
pub mod verify;

pub use design::{
    Assigned, Body, Comments, Design, Direction, Edge, EnumId, EnumType, Event, Foreign, ForeignList,
    HostBody, Instance, InstanceId, Item, LabelId, Language, Module, ModuleId, Net, NetId, NetKind, Port,
    Process, ProcessBody, ProcessId, ProcessKind, Reset, StructId, StructType, Types, Var, VarId,
};
pub use expr::{ExprId, ExprKind, Exprs};
pub use format::{Conversion, Piece, Template};
pub use int::Int;
pub use op::{Arity, Op, OpInfo, TypeError};
pub use stmt::{
    Place, Projection, Root, Single, Stmt, StmtKind, SwitchArm, Wait, awaited_nets, walk_stmts, walk_waits,
};
pub use types::{Range, Type, Value};
