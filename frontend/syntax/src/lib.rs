//! The text of a Python source made a tree.
//!
//! *Input*: bytes or text of a file, or of a snippet with the line that it begins at.
//! *Output*: a [`Module`](ast::Module) or [`FunctionDef`](ast::FunctionDef) of our own syntax tree, with
//! spans and comments; facts about names ([`names`]); the table of what the subset accepts ([`subset`]).
//! *Guarantees*: no input panics, overflows the stack or loops; what nests deeper than [`MAX_NESTING`],
//! [`MAX_INDENTATION`] or [`MAX_CHAIN`] is refused before it is parsed (PH0102). All errors of a text come in
//! one run. What the subset lacks becomes a node that names its row of the table, so that the rest is still
//! read. Columns count bytes of UTF-8.
//! *Deliberately not here*: types, values, what a name is bound to; and what Python's compiler checks after
//! parsing (`return` outside a function, `nonlocal` without a binding), because Python compiles every source
//! before it reaches this crate. The parser that does the work is named in `convert` only.

pub mod ast;
mod convert;
mod decode;
mod find;
mod lines;
pub mod names;
mod nesting;
pub mod subset;
pub mod visit;

pub use convert::{parse_function, parse_module};
pub use decode::{MAX_SOURCE_BYTES, decode};
pub use find::{find_function, find_lambda, functions_at};
pub use nesting::{MAX_CHAIN, MAX_INDENTATION, MAX_NESTING};
