//! The tree of a Python source: what the subset has, and [`Unsupported`] nodes for the rest.
//!
//! Every node knows its span. Runs that are long in real code are flat (`a + b + c`, `a and b`, `a < b < c`,
//! `elif` chains), so that the depth of a tree is bounded by [`crate::MAX_NESTING`] and
//! [`crate::MAX_INDENTATION`] and recursion over it is safe.

use crate::subset::Construct;
use num_bigint::BigInt;
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

/// A function, or a lambda (whose name is `<lambda>` and whose body is one `return`).
#[derive(Clone, Debug, PartialEq)]
pub struct FunctionDef {
    /// Its name.
    pub name: Ident,
    /// From the `def` (or `async def`, `lambda`) to its end, without decorators.
    pub span: Span,
    /// The decorators, outermost first.
    pub decorators: Vec<Expr>,
    /// Names in `def f[T, U]`.
    pub type_params: Vec<Ident>,
    /// The parameters in order.
    pub params: Vec<Parameter>,
    /// The type after `->`.
    pub returns: Option<Expr>,
    /// The body.
    pub body: Block,
    /// Whether it is a lambda.
    pub is_lambda: bool,
    /// Whether it is an `async def`; such a function stands only within [`StmtKind::Unsupported`].
    pub is_async: bool,
}

impl FunctionDef {
    /// The line that Python gives as `co_firstlineno`: of the first decorator, or else of `def` or `lambda`.
    pub fn first_line(&self) -> u32 {
        let decorators = self.decorators.iter().map(|decorator| decorator.span.start.line);
        decorators.fold(self.span.start.line, u32::min)
    }

    /// The docstring as it stands, if the body begins with one.
    pub fn raw_docstring(&self) -> Option<&str> {
        docstring(&self.body)
    }

    /// The docstring without the indentation that it shares with the code and without blank lines around it,
    /// as `inspect.cleandoc` gives it.
    pub fn docstring(&self) -> Option<String> {
        self.raw_docstring().map(clean_docstring)
    }
}

/// The docstring that a body begins with.
pub(crate) fn docstring(body: &Block) -> Option<&str> {
    match &body.stmts.first()?.kind {
        StmtKind::Expr(Expr { kind: ExprKind::Str(text), .. }) => Some(text),
        _ => None,
    }
}

impl Module {
    /// The module's docstring, cleaned as [`FunctionDef::docstring`] does.
    pub fn docstring(&self) -> Option<String> {
        docstring(&self.body).map(clean_docstring)
    }
}

/// Takes from a docstring the indentation of its later lines and blank lines at either end.
fn clean_docstring(text: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    let indent = |line: &str| line.len() - line.trim_start_matches([' ', '\t']).len();
    let margin = lines.iter().skip(1).filter(|line| !line.trim().is_empty()).map(|line| indent(line)).min();
    let mut cleaned: Vec<&str> = Vec::new();
    for (number, line) in lines.iter().enumerate() {
        let cut = if number == 0 { indent(line) } else { margin.unwrap_or(0).min(indent(line)) };
        cleaned.push(line[cut..].trim_end());
    }
    while cleaned.last().is_some_and(|line| line.is_empty()) {
        cleaned.pop();
    }
    let start = cleaned.iter().position(|line| !line.is_empty()).unwrap_or(cleaned.len());
    cleaned[start..].join("\n")
}

/// A parameter of a function.
#[derive(Clone, Debug, PartialEq)]
pub struct Parameter {
    /// Its name.
    pub name: Ident,
    /// How arguments reach it.
    pub kind: ParameterKind,
    /// Its type.
    pub annotation: Option<Expr>,
    /// Its value where no argument is given.
    pub default: Option<Expr>,
}

/// How arguments reach a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ParameterKind {
    /// By position only (before a `/`).
    PositionOnly,
    /// By position or by name.
    Normal,
    /// `*args`.
    Variadic,
    /// By name only (after a `*`).
    NameOnly,
    /// `**kwargs`.
    Keywords,
}

/// An expression.
#[derive(Clone, Debug, PartialEq)]
pub struct Expr {
    /// What it is.
    pub kind: ExprKind,
    /// Where, without brackets around it.
    pub span: Span,
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

/// Operators with one operand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum UnaryOp {
    /// `-`.
    Minus,
    /// `+`.
    Plus,
    /// `~`.
    Invert,
    /// `not`.
    Not,
}

impl UnaryOp {
    /// As it is written.
    pub fn symbol(self) -> &'static str {
        match self {
            UnaryOp::Minus => "-",
            UnaryOp::Plus => "+",
            UnaryOp::Invert => "~",
            UnaryOp::Not => "not",
        }
    }
}

/// Arithmetic and bitwise operators with two operands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BinaryOp {
    /// `+`.
    Add,
    /// `-`.
    Sub,
    /// `*`.
    Mul,
    /// `/`.
    TrueDiv,
    /// `//`: rounds down.
    FloorDiv,
    /// `%`: takes the divisor's sign. Of a text on the left, formatting.
    Mod,
    /// `**`; runs of it nest to the right.
    Pow,
    /// `<<`.
    ShiftLeft,
    /// `>>`: arithmetic.
    ShiftRight,
    /// `&`.
    And,
    /// `|`.
    Or,
    /// `^`.
    Xor,
    /// `@`; outside the subset.
    MatMul,
}

impl BinaryOp {
    /// As it is written.
    pub fn symbol(self) -> &'static str {
        match self {
            BinaryOp::Add => "+",
            BinaryOp::Sub => "-",
            BinaryOp::Mul => "*",
            BinaryOp::TrueDiv => "/",
            BinaryOp::FloorDiv => "//",
            BinaryOp::Mod => "%",
            BinaryOp::Pow => "**",
            BinaryOp::ShiftLeft => "<<",
            BinaryOp::ShiftRight => ">>",
            BinaryOp::And => "&",
            BinaryOp::Or => "|",
            BinaryOp::Xor => "^",
            BinaryOp::MatMul => "@",
        }
    }
}

/// Operators that look at as many operands as they need.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BoolOp {
    /// `and`: the first operand that is false, or the last.
    And,
    /// `or`: the first operand that is true, or the last.
    Or,
}

impl BoolOp {
    /// As it is written.
    pub fn symbol(self) -> &'static str {
        match self {
            BoolOp::And => "and",
            BoolOp::Or => "or",
        }
    }
}

/// Comparisons.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CompareOp {
    /// `==`.
    Eq,
    /// `!=`.
    Ne,
    /// `<`.
    Lt,
    /// `<=`.
    Le,
    /// `>`.
    Gt,
    /// `>=`.
    Ge,
    /// `is`.
    Is,
    /// `is not`.
    IsNot,
    /// `in`.
    In,
    /// `not in`.
    NotIn,
}

impl CompareOp {
    /// As it is written.
    pub fn symbol(self) -> &'static str {
        match self {
            CompareOp::Eq => "==",
            CompareOp::Ne => "!=",
            CompareOp::Lt => "<",
            CompareOp::Le => "<=",
            CompareOp::Gt => ">",
            CompareOp::Ge => ">=",
            CompareOp::Is => "is",
            CompareOp::IsNot => "is not",
            CompareOp::In => "in",
            CompareOp::NotIn => "not in",
        }
    }
}
