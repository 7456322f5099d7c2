//! What the back-ends share: legal and distinct names, indented and aligned text, comments, code of the user's own, source maps.
//!
//! *Input*: names and comments of the source, lines of target text. *Output*: [`OutputFile`]s.
//! *Guarantees*: a [`Namer`] never gives a reserved word and never the same name twice in a scope; equal calls give equal
//! text, whatever the hash order; a comment never ends early and never reads as a directive of a tool.
//! *Deliberately not here*: expressions and statements of any target, file access.

pub mod comment;
pub mod dedent;
pub mod formats;
pub mod keywords;
pub mod namer;
pub mod renames;
pub mod source_map;
pub mod writer;

pub use comment::{around, comment_lines, one_line, to_ascii};
pub use dedent::dedented;
pub use formats::beyond_hardware;
pub use namer::Namer;
pub use renames::{Rules, renames};
pub use source_map::source_map;
pub use writer::{LineOrigin, Row, Text, Writer};

/// A file to be written, not yet on disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutputFile {
    /// Its name, relative to the output folder.
    pub name: String,
    /// All of its text; ends with a line end.
    pub text: String,
}
