//! The tree of a Python source: what the subset has, and [`Unsupported`] nodes for the rest.
//!
//! Every node knows its span. Runs that are long in real code are flat (`a + b + c`, `a and b`, `a < b < c`,
//! `elif` chains), so that the depth of a tree is bounded by [`crate::MAX_NESTING`] and
//! [`crate::MAX_INDENTATION`] and recursion over it is safe.

mod expr;
mod function;
mod op;
mod stmt;

pub use expr::{
    Argument, Clause, Comprehension, ComprehensionKind, Conversion, DictItem, Expr, ExprKind, FStringPart,
    Target,
};
pub use function::{FunctionDef, Parameter, ParameterKind};
pub use op::{BinaryOp, BoolOp, CompareOp, UnaryOp};
pub use stmt::{Arm, Case, Pattern, PatternKind, Stmt, StmtKind, Unsupported};

use pyhw_diagnostics::Span;

/// A whole source file.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Module {
    /// Its statements.
    pub body: Block,
    /// Every comment of the file in order, also those that stand at no statement.
    pub comments: Vec<Comment>,
}

/// A comment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comment {
    /// What follows the `#`, without one space after it and without white space at the end.
    pub text: String,
    /// From the `#` to the end of the line.
    pub span: Span,
    /// Whether nothing but white space stands before it on its line.
    pub own_line: bool,
}

/// A name where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ident {
    /// The name, in Unicode's form NFKC, as Python compares names.
    pub name: String,
    /// Where.
    pub span: Span,
}

/// A suite of statements with the comments around it. An absent `else` is a block without statements.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Block {
    /// Own-line comments before the clause that opens the block (`elif`, `else`, `case`).
    pub leading: Vec<Comment>,
    /// The comment on the line of the block's header, after its colon.
    pub opening: Option<Comment>,
    /// The statements.
    pub stmts: Vec<Stmt>,
    /// Own-line comments after the last statement that are indented as the block is.
    pub ending: Vec<Comment>,
}

impl Block {
    /// Whether it has no statements, as an absent `else` has none.
    pub fn is_empty(&self) -> bool {
        self.stmts.is_empty()
    }
}

impl<'a> IntoIterator for &'a Block {
    type Item = &'a Stmt;
    type IntoIter = std::slice::Iter<'a, Stmt>;

    fn into_iter(self) -> Self::IntoIter {
        self.stmts.iter()
    }
}
