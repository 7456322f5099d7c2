//! Statements and patterns.

use super::{BinaryOp, Block, Comment, Expr, FunctionDef, Ident};
use crate::subset::Construct;
use pyhw_diagnostics::Span;

/// A statement.
#[derive(Clone, Debug, PartialEq)]
pub struct Stmt {
    /// What it is.
    pub kind: StmtKind,
    /// All of it, nested blocks included; for a function see [`FunctionDef::span`].
    pub span: Span,
    /// Own-line comments directly before it, then those within its brackets.
    pub leading: Vec<Comment>,
    /// The comment after it on its last line (of a statement with blocks: see [`Block::opening`]).
    pub trailing: Option<Comment>,
}

/// The kinds of statements.
#[derive(Clone, Debug, PartialEq)]
pub enum StmtKind {
    /// `f(x)`, a docstring, `yield e`.
    Expr(Expr),
    /// `a = value`; `a = b = value` has two targets, stored from left to right.
    Assign {
        /// Names, attributes, subscripts, and tuples or lists of these.
        targets: Vec<Expr>,
        /// What is stored.
        value: Expr,
    },
    /// `target += value`.
    AugAssign {
        /// A name, an attribute or a subscript.
        target: Expr,
        /// The operator before the `=`.
        op: BinaryOp,
        /// The right operand.
        value: Expr,
    },
    /// `target: annotation = value`.
    AnnAssign {
        /// A name, an attribute or a subscript.
        target: Expr,
        /// The type.
        annotation: Expr,
        /// What is stored, if anything is.
        value: Option<Expr>,
    },
    /// `if … elif … else`.
    If {
        /// The `if` and each `elif`, in order; never empty.
        arms: Vec<Arm>,
        /// The `else`.
        orelse: Block,
    },
    /// `while test: … else: …`.
    While {
        /// Evaluated before each round.
        test: Expr,
        /// The loop's body.
        body: Block,
        /// Runs when the test fails, not after `break`.
        orelse: Block,
    },
    /// `for target in iter: … else: …`.
    For {
        /// What each element is stored into.
        target: Expr,
        /// What is gone through.
        iter: Expr,
        /// The loop's body.
        body: Block,
        /// Runs when the elements are used up, not after `break`.
        orelse: Block,
    },
    /// `match subject: …`.
    Match {
        /// What is compared.
        subject: Expr,
        /// The cases in order; the first that fits is taken.
        cases: Vec<Case>,
    },
    /// `break`.
    Break,
    /// `continue`.
    Continue,
    /// `pass`.
    Pass,
    /// `return value`.
    Return(Option<Expr>),
    /// `raise exception from cause`.
    Raise {
        /// What is raised; none re-raises.
        exception: Option<Expr>,
        /// What it is raised from.
        cause: Option<Expr>,
    },
    /// `assert test, message`.
    Assert {
        /// What must hold.
        test: Expr,
        /// What is said when it does not.
        message: Option<Expr>,
    },
    /// `del a, b[0]`.
    Delete(Vec<Expr>),
    /// `global a, b`.
    Global(Vec<Ident>),
    /// `nonlocal a, b`.
    Nonlocal(Vec<Ident>),
    /// A nested `def`.
    Function(Box<FunctionDef>),
    /// A statement that the subset does not have.
    Unsupported(Box<Unsupported>),
}

/// A statement outside the subset. What it consists of is kept, so that functions within it are found and
/// names keep their scopes.
#[derive(Clone, Debug, PartialEq)]
pub struct Unsupported {
    /// The row of the subset table.
    pub what: Construct,
    /// The words that open it (`try`, `class Name`), for messages.
    pub span: Span,
    /// Names that it binds itself: imported ones, a class, `except … as name`.
    pub binds: Vec<Ident>,
    /// Targets that it stores into: `with … as target`, `async for target`.
    pub targets: Vec<Expr>,
    /// Expressions in it.
    pub values: Vec<Expr>,
    /// Blocks in it.
    pub blocks: Vec<Block>,
    /// Whether the blocks are a scope of their own (a class body).
    pub own_scope: bool,
}

/// One condition of an `if` chain with what it guards.
#[derive(Clone, Debug, PartialEq)]
pub struct Arm {
    /// The condition.
    pub test: Expr,
    /// What runs if it holds.
    pub body: Block,
    /// From the `if` or `elif` to the end of the body.
    pub span: Span,
}

/// One `case` of a `match`.
#[derive(Clone, Debug, PartialEq)]
pub struct Case {
    /// What the subject must fit.
    pub pattern: Pattern,
    /// The condition after `if`.
    pub guard: Option<Expr>,
    /// What runs if both hold.
    pub body: Block,
    /// From the `case` to the end of the body.
    pub span: Span,
}

/// A pattern of a `case`.
#[derive(Clone, Debug, PartialEq)]
pub struct Pattern {
    /// What it is.
    pub kind: PatternKind,
    /// Where.
    pub span: Span,
}

/// The kinds of patterns.
#[derive(Clone, Debug, PartialEq)]
pub enum PatternKind {
    /// `_`: fits everything.
    Wildcard,
    /// `name`: fits everything and binds it.
    Capture(Ident),
    /// A number, a string, `None`, `True`, `False`, or a dotted name such as `State.DATA`.
    Value(Expr),
    /// `a | b`.
    Or(Vec<Pattern>),
    /// `[a, b]`, `(a, b)`, `a, b`: fits a sequence of this length.
    Sequence(Vec<Pattern>),
    /// `pattern as name`.
    As {
        /// What must fit.
        pattern: Box<Pattern>,
        /// What it is then bound to.
        name: Ident,
    },
    /// `intbv(5)`: a class with one pattern for its value. Python itself takes this for its own classes only, but
    /// MyHDL converts it for intbv.
    Class {
        /// The class.
        class: Expr,
        /// What the value must fit.
        value: Box<Pattern>,
    },
    /// A pattern that the subset does not have.
    Unsupported {
        /// The row of the subset table.
        what: Construct,
        /// Patterns in it.
        inside: Vec<Pattern>,
        /// Expressions in it.
        values: Vec<Expr>,
        /// The name that a star binds.
        binds: Option<Ident>,
    },
}
