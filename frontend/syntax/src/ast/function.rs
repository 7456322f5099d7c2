//! Functions and their docstrings.

use super::{Block, Comment, Expr, ExprKind, Ident, Module, StmtKind};
use pyhw_diagnostics::Span;

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
    /// Own-line comments directly before its decorators, or before it.
    pub leading: Vec<Comment>,
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
