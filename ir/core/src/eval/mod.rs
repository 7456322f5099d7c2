//! What designs compute: the oracle that every engine and every back-end is compared with.
//!
//! *Input*: operators with their operands, expressions, and bodies of processes. *Output*: values, stores into nets, and
//! [`Fault`]s as data. *Guarantees*: exactly the semantics of the [crate's documentation](crate); no panic and no recursion over
//! expressions, whatever the body; for a body that the verifier passed no [`FaultKind::Internal`] but from a `refine` that does
//! not hold. *Deliberately not here*: when processes run (the event kernel decides), nets themselves ([`Environment`]).
//!
//! Three layers, each usable alone:
//! - [`apply`]: one operator on values; for constant folding, too.
//! - [`expression`]: one expression, evaluated as plainly as possible, lazily.
//! - [`Code`]: a body flattened into instructions for registers. Integers whose interval fits 64 bits, booleans and enums are
//!   plain `i64`s there. A run stops at any wait and goes on from its [`Frame`].

mod apply;
mod code;
mod compile;
mod expr;
mod expression;
mod fault;
mod format;
mod instr;
mod nodes;
mod part;
mod run;
mod shown;
mod small;
mod store;
mod unset;

#[cfg(test)]
mod tests;

pub use apply::apply;
pub use code::{Code, CodeWait, Exit, Frame, NetShape};
pub use expression::expression;
pub use fault::{Fault, FaultKind};
pub use format::{format_value, render};
pub use unset::{maybe_unset, sets_before_it_reads};

use crate::design::NetId;
use crate::types::{Type, Value};

/// The nets, the time and the outside world as a running process sees them. Net ids are those of the process's module.
///
/// A *small* net (see [`NetShape::small`]) holds a boolean (0 or 1), the index of an enum's member or an integer of 64 bits,
/// and is asked for by the methods with `small` in their names; every other net by the others.
pub trait Environment {
    /// The current value of a small net.
    fn small(&self, net: NetId) -> i64;

    /// The next value of a small net.
    fn next_small(&self, net: NetId) -> i64;

    /// Stores into the next value of a small net; the value fits the net's type.
    fn store_small(&mut self, net: NetId, value: i64);

    /// The current value of a net that is not small.
    fn value(&self, net: NetId) -> &Value;

    /// Stores into the next value of a net that is not small; the value fits the net's type.
    fn store(&mut self, net: NetId, value: Value);

    /// The next value of a net that is not small, to be changed in place. The change is a store. With an element's index, only
    /// that element of the array will be changed; the array is long enough.
    fn next_mut(&mut self, net: NetId, element: Option<usize>) -> &mut Value;

    /// The time in steps.
    fn now(&self) -> u64;

    /// Takes what the process prints.
    fn print(&mut self, text: &str);

    /// Asked now and then by a loop: whether to give up. The process cannot be resumed then.
    fn interrupted(&mut self) -> bool {
        false
    }
}

/// Whether values of the type are kept as plain `i64`s: booleans, enums, and integers whose interval fits.
pub fn is_small(ty: &Type) -> bool {
    match ty {
        Type::Bool | Type::Enum(_) => true,
        Type::Int(range) => match range.bounds() {
            Some((min, max)) => min.to_i64().is_some() && max.to_i64().is_some(),
            None => false,
        },
        Type::Array(..) | Type::Struct(_) | Type::Text | Type::Opaque => false,
    }
}

/// The `i64` that stands for a value of a small type; `None` for a value of another kind, `Z` among them.
pub fn to_small(value: &Value) -> Option<i64> {
    match value {
        Value::Bool(value) => Some(i64::from(*value)),
        Value::Int(value) => value.to_i64(),
        Value::Enum(member) => Some(i64::from(*member)),
        Value::Array(_) | Value::Struct(_) | Value::Text(_) | Value::Opaque(_) | Value::Z => None,
    }
}

/// The value of a small type that the `i64` stands for.
pub fn from_small(value: i64, ty: &Type) -> Value {
    match ty {
        Type::Bool => Value::Bool(value != 0),
        Type::Enum(_) => Value::Enum(value as u32),
        Type::Int(_) | Type::Array(..) | Type::Struct(_) | Type::Text | Type::Opaque => Value::int(value),
    }
}
