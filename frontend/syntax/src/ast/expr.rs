//! Expressions.

use super::{BinaryOp, BoolOp, CompareOp, FunctionDef, Ident, UnaryOp};
use crate::subset::Construct;
use num_bigint::BigInt;
use pyhw_diagnostics::Span;

/// An expression.
#[derive(Clone, Debug, PartialEq)]
pub struct Expr {
    /// What it is.
    pub kind: ExprKind,
    /// Where, without brackets around it.
    pub span: Span,
}

/// What an expression is where it is stored into or deleted.
#[derive(Clone, Copy, Debug)]
pub enum Target<'a> {
    /// A name, which is bound.
    Name(&'a str),
    /// An attribute of what stands before the dot.
    Attribute(&'a Expr, &'a Ident),
    /// An element, or elements, of what stands before the brackets.
    Subscript(&'a Expr, &'a Expr),
    /// Targets of the elements, in order.
    Several(&'a [Expr]),
    /// The target of the elements that the others leave.
    Rest(&'a Expr),
    /// What takes no value: it stands there only after a syntax error.
    Misplaced,
}

impl Expr {
    /// What it is as a target.
    pub fn as_target(&self) -> Target<'_> {
        match &self.kind {
            ExprKind::Name(name) => Target::Name(name),
            ExprKind::Attribute { value, attr } => Target::Attribute(value, attr),
            ExprKind::Subscript { value, index } => Target::Subscript(value, index),
            ExprKind::Tuple(targets) | ExprKind::List(targets) => Target::Several(targets),
            ExprKind::Starred(target) => Target::Rest(target),
            ExprKind::Int(_)
            | ExprKind::Float(_)
            | ExprKind::Str(_)
            | ExprKind::FString(_)
            | ExprKind::Bool(_)
            | ExprKind::None
            | ExprKind::Ellipsis
            | ExprKind::Slice { .. }
            | ExprKind::Call { .. }
            | ExprKind::Unary { .. }
            | ExprKind::Binary { .. }
            | ExprKind::BoolOp { .. }
            | ExprKind::Compare { .. }
            | ExprKind::Conditional { .. }
            | ExprKind::Lambda(_)
            | ExprKind::Walrus { .. }
            | ExprKind::Set(_)
            | ExprKind::Dict(_)
            | ExprKind::Comprehension(_)
            | ExprKind::Yield(_)
            | ExprKind::YieldFrom(_)
            | ExprKind::Unsupported { .. } => Target::Misplaced,
        }
    }
}

/// The kinds of expressions.
#[derive(Clone, Debug, PartialEq)]
pub enum ExprKind {
    /// A name. After a syntax error, a missing expression is a name of no letters.
    Name(String),
    /// An integer of any size.
    Int(BigInt),
    /// A float.
    Float(f64),
    /// A string, with implicit concatenation done. A lone surrogate (`"\ud800"`) reads as U+FFFD.
    Str(String),
    /// An f-string; neighbouring text parts are one.
    FString(Vec<FStringPart>),
    /// `True` or `False`.
    Bool(bool),
    /// `None`.
    None,
    /// `...`.
    Ellipsis,
    /// `value.attr`.
    Attribute {
        /// What has the attribute.
        value: Box<Expr>,
        /// The attribute's name.
        attr: Ident,
    },
    /// `value[index]`; the index may be a [`ExprKind::Slice`] or a tuple with slices in it.
    Subscript {
        /// What is indexed.
        value: Box<Expr>,
        /// By what.
        index: Box<Expr>,
    },
    /// `lower:upper:step`, only as an index.
    Slice {
        /// Before the first colon.
        lower: Option<Box<Expr>>,
        /// After it.
        upper: Option<Box<Expr>>,
        /// After the second one.
        step: Option<Box<Expr>>,
    },
    /// `function(args)`.
    Call {
        /// What is called.
        function: Box<Expr>,
        /// The arguments as they stand.
        args: Vec<Argument>,
    },
    /// `-x`, `+x`, `~x`, `not x`.
    Unary {
        /// The operator.
        op: UnaryOp,
        /// The operand.
        operand: Box<Expr>,
    },
    /// A run of binary operators that are applied from the left, whatever their precedence, which has gone into the
    /// tree already: `a - b + c * d` is `a`, then `- b`, then `+ (c * d)`.
    /// The run is as long as the left spine of the tree, so that a sum of 2,000 terms is no deeper than one of
    /// two. Each step's span reaches from the start of `first` to the end of its operand.
    Binary {
        /// The first operand, never itself a run.
        first: Box<Expr>,
        /// Each operator with its right operand; never empty.
        rest: Vec<(BinaryOp, Expr)>,
    },
    /// `a and b and c`.
    BoolOp {
        /// The operator.
        op: BoolOp,
        /// At least two operands.
        values: Vec<Expr>,
    },
    /// `a < b <= c`: each pair must hold, and no operand is evaluated twice.
    Compare {
        /// The first operand.
        first: Box<Expr>,
        /// Each operator with its right operand; never empty.
        rest: Vec<(CompareOp, Expr)>,
    },
    /// `body if test else orelse`.
    Conditional {
        /// The condition.
        test: Box<Expr>,
        /// The value if it holds.
        body: Box<Expr>,
        /// The value otherwise.
        orelse: Box<Expr>,
    },
    /// `lambda x: value`.
    Lambda(Box<FunctionDef>),
    /// `(name := value)`.
    Walrus {
        /// What is bound, in the function around any comprehension.
        target: Ident,
        /// The value, also of the whole expression.
        value: Box<Expr>,
    },
    /// `a, b`; elements may be [`ExprKind::Starred`].
    Tuple(Vec<Expr>),
    /// `[a, b]`; elements may be starred.
    List(Vec<Expr>),
    /// `{a, b}`; elements may be starred.
    Set(Vec<Expr>),
    /// `{key: value, **more}`.
    Dict(Vec<DictItem>),
    /// `[element for …]` and its kin.
    Comprehension(Box<Comprehension>),
    /// `*value`, in a display or a target.
    Starred(Box<Expr>),
    /// `yield value`, only as a statement or as the whole right side of an assignment.
    Yield(Option<Box<Expr>>),
    /// `yield from value`, in the same places.
    YieldFrom(Box<Expr>),
    /// An expression that the subset does not have.
    Unsupported {
        /// The row of the subset table.
        what: Construct,
        /// Expressions in it.
        inside: Vec<Expr>,
    },
}

/// A piece of an f-string.
#[derive(Clone, Debug, PartialEq)]
pub enum FStringPart {
    /// Text, with escapes and doubled braces resolved. The `x = ` of `{x = }` is such a text too.
    Text(String),
    /// `{value!r:format}`.
    Value {
        /// What is formatted.
        value: Expr,
        /// How it is made a text before it is formatted. For `{x=}` without a format this is `Repr`.
        conversion: Conversion,
        /// What follows the colon; it may hold values itself. None and an empty one mean the same to Python.
        format: Option<Vec<FStringPart>>,
        /// The braces and what is between them.
        span: Span,
    },
}

/// How the value of an f-string is made a text before it is formatted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Conversion {
    /// Not at all: `format(value, spec)`.
    None,
    /// `!s`.
    Str,
    /// `!r`.
    Repr,
    /// `!a`.
    Ascii,
}

/// An argument of a call.
#[derive(Clone, Debug, PartialEq)]
pub enum Argument {
    /// `value`.
    Position(Expr),
    /// `name=value`.
    Name(Ident, Expr),
    /// `*values`.
    Star(Expr),
    /// `**values`.
    DoubleStar(Expr),
}

impl Argument {
    /// The expression that is passed or unpacked.
    pub fn value(&self) -> &Expr {
        match self {
            Argument::Position(value)
            | Argument::Name(_, value)
            | Argument::Star(value)
            | Argument::DoubleStar(value) => value,
        }
    }
}

/// An item of a dict display.
#[derive(Clone, Debug, PartialEq)]
pub struct DictItem {
    /// The key; none for `**value`.
    pub key: Option<Expr>,
    /// The value.
    pub value: Expr,
}

/// A comprehension.
#[derive(Clone, Debug, PartialEq)]
pub struct Comprehension {
    /// What it makes.
    pub kind: ComprehensionKind,
    /// Each element; of a dict, the key.
    pub element: Expr,
    /// Of a dict, the value.
    pub value: Option<Expr>,
    /// The `for` clauses in order; never empty.
    pub clauses: Vec<Clause>,
}

/// What a comprehension makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ComprehensionKind {
    /// `[…]`.
    List,
    /// `{…}`.
    Set,
    /// `{key: value …}`.
    Dict,
    /// `(…)`: evaluated as it is gone through.
    Generator,
}

/// `for target in iter if … if …`.
#[derive(Clone, Debug, PartialEq)]
pub struct Clause {
    /// What each element is bound to, in the comprehension's own scope.
    pub target: Expr,
    /// What is gone through; the first clause's is evaluated outside the comprehension's scope.
    pub iter: Expr,
    /// The conditions.
    pub ifs: Vec<Expr>,
}
