//! What a function reads and writes of its surroundings, as paths from a free name.

use super::scope::Scopes;
use crate::ast::{
    Argument, Comprehension, Expr, ExprKind, FunctionDef, Ident, Pattern, PatternKind, Unsupported,
};
use crate::visit::{
    Visitor, walk_block, walk_expr, walk_pattern, walk_signature, walk_stmt, walk_target, walk_unsupported,
};
use pyhw_diagnostics::Span;
use std::fmt;

/// Attributes that belong to a signal or an integer rather than lead to one; a path ends before them.
pub(super) const OWN_ATTRIBUTES: [&str; 9] =
    ["next", "posedge", "negedge", "max", "min", "val", "signed", "verilog_code", "vhdl_code"];

/// A way from a free name: `bus.data`, `ports[].valid`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Path {
    /// The free name.
    pub root: String,
    /// The steps from it.
    pub segments: Vec<Segment>,
}

/// A step of a [`Path`].
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Segment {
    /// `.name`.
    Attribute(String),
    /// `[…]`, whatever the index.
    Index,
}

impl Path {
    /// The way that an expression is, if it begins with a name.
    pub fn of(expr: &Expr) -> Option<Path> {
        let (root, _, links) = links(expr)?;
        Some(Path { root: root.to_owned(), segments: links.into_iter().map(segment).collect() })
    }
}

/// The step that a link is.
fn segment(link: &Expr) -> Segment {
    match &link.kind {
        ExprKind::Attribute { attr, .. } => Segment::Attribute(attr.name.clone()),
        _ => Segment::Index,
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.root)?;
        for segment in &self.segments {
            match segment {
                Segment::Attribute(name) => write!(f, ".{name}")?,
                Segment::Index => f.write_str("[]")?,
            }
        }
        Ok(())
    }
}

/// What a function does with its surroundings. Each path stands once in a list, with the span of its first use.
///
/// Paths are as long as the source has them, up to an attribute that belongs to the signal itself (`next`,
/// `posedge`, `val`, …). Whether `bus.data` is a signal of an interface or `data` is an attribute of a signal
/// `bus` is for the reader to find out, along the path.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Accesses {
    /// What is read. `x.min`, `x.max` and the argument of `len` do not count, since they read no value.
    pub read: Vec<(Path, Span)>,
    /// What is stored into through `.next`, by plain or augmented assignment.
    pub driven: Vec<(Path, Span)>,
    /// What is driven by augmented assignment, which reads the next value.
    pub updated: Vec<(Path, Span)>,
    /// What else is stored into or deleted: elements and attributes of captured objects, and names after
    /// `nonlocal` or `global`.
    pub stored: Vec<(Path, Span)>,
}

/// What a function reads and writes of its surroundings, functions, lambdas and comprehensions in it included.
pub fn reads_and_writes(function: &FunctionDef) -> Accesses {
    let mut accesses = Accesses::default();
    for event in events(function) {
        if event.annotation {
            continue;
        }
        let next = event.through.as_deref() == Some("next");
        let entry = (event.path, event.span);
        match event.access {
            Access::Mention => {}
            Access::Read => add(&mut accesses.read, entry),
            Access::Store if next => add(&mut accesses.driven, entry),
            Access::Store => add(&mut accesses.stored, entry),
            Access::Update if next => {
                add(&mut accesses.driven, entry.clone());
                add(&mut accesses.updated, entry);
            }
            Access::Update => {
                add(&mut accesses.read, entry.clone());
                add(&mut accesses.stored, entry);
            }
        }
    }
    accesses
}

pub(super) fn add(list: &mut Vec<(Path, Span)>, entry: (Path, Span)) {
    if list.iter().all(|(path, _)| *path != entry.0) {
        list.push(entry);
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Access {
    Read,
    /// Named without reading a value: `len(x)`, `x.max`.
    Mention,
    Store,
    Update,
}

/// One use of a free name.
pub(super) struct Event {
    pub(super) path: Path,
    /// The first of [`OWN_ATTRIBUTES`] that follows the path.
    pub(super) through: Option<String>,
    pub(super) access: Access,
    /// Where the name itself stands.
    pub(super) root_span: Span,
    /// All of the path.
    pub(super) span: Span,
    pub(super) annotation: bool,
}

/// Every use of a free name in a function's body.
pub(super) fn events(function: &FunctionDef) -> Vec<Event> {
    let mut resolver = Resolver { scopes: Scopes::default(), events: Vec::new(), annotation: false };
    resolver.scopes.enter_function(function);
    walk_block(&mut resolver, &function.body);
    resolver.events
}

struct Resolver {
    scopes: Scopes,
    events: Vec<Event>,
    annotation: bool,
}

/// The links from a name to an expression, outermost last; none if the expression does not begin with a name.
pub(super) fn links(expr: &Expr) -> Option<(&str, Span, Vec<&Expr>)> {
    let mut links = Vec::new();
    let mut at = expr;
    loop {
        match &at.kind {
            ExprKind::Name(name) => {
                links.reverse();
                return Some((name, at.span, links));
            }
            ExprKind::Attribute { value, .. } | ExprKind::Subscript { value, .. } => {
                links.push(at);
                at = value;
            }
            _ => return None,
        }
    }
}

/// Whether an attribute of this name, followed by these links, is one of a signal or an integer. In `bus.val.next` it leads to a signal.
fn is_own(name: &str, after: &[&Expr]) -> bool {
    let is_of_signal = |link: &&Expr| match &link.kind {
        ExprKind::Attribute { attr, .. } => matches!(attr.name.as_str(), "next" | "posedge" | "negedge"),
        _ => false,
    };
    OWN_ATTRIBUTES.contains(&name) && !(name != "next" && after.iter().any(is_of_signal))
}

impl Resolver {
    /// Takes a chain that begins with a name; false if the expression is none.
    fn chain<'a>(&mut self, expr: &'a Expr, access: Access) -> bool
    where
        Self: Visitor<'a>,
    {
        let Some((root, root_span, links)) = links(expr) else { return false };
        let mut segments = Vec::new();
        let mut through = None;
        for (index, link) in links.iter().enumerate() {
            match &link.kind {
                ExprKind::Attribute { attr, .. } if is_own(&attr.name, &links[index + 1..]) => {
                    through = Some(attr.name.clone());
                    break;
                }
                _ => segments.push(segment(link)),
            }
        }
        if self.scopes.is_free(root) && !root.is_empty() {
            let bounds = matches!(through.as_deref(), Some("min" | "max"));
            let access = if access == Access::Read && bounds { Access::Mention } else { access };
            let path = Path { root: root.to_owned(), segments };
            let annotation = self.annotation;
            self.events.push(Event { path, through, access, root_span, span: expr.span, annotation });
        }
        for link in links {
            if let ExprKind::Subscript { index, .. } = &link.kind {
                self.expr(index);
            }
        }
        true
    }

    /// A name that something other than an assignment binds.
    fn bind(&mut self, name: &Ident) {
        if self.scopes.is_free(&name.name) {
            self.events.push(Event {
                path: Path { root: name.name.clone(), segments: Vec::new() },
                through: None,
                access: Access::Store,
                root_span: name.span,
                span: name.span,
                annotation: self.annotation,
            });
        }
    }

    fn store<'a>(&mut self, target: &'a Expr, access: Access)
    where
        Self: Visitor<'a>,
    {
        let is_chain = matches!(
            target.kind,
            ExprKind::Name(_) | ExprKind::Attribute { .. } | ExprKind::Subscript { .. }
        );
        if !(is_chain && self.chain(target, access)) {
            walk_target(self, target);
        }
    }
}

impl<'a> Visitor<'a> for Resolver {
    fn expr(&mut self, expr: &'a Expr) {
        if self.chain(expr, Access::Read) {
            return;
        }
        match &expr.kind {
            ExprKind::Call { function, args } if matches!(&function.kind, ExprKind::Name(name) if name == "len") =>
            {
                self.expr(function);
                for value in args.iter().map(Argument::value) {
                    if !self.chain(value, Access::Mention) {
                        self.expr(value);
                    }
                }
            }
            ExprKind::Walrus { target, value } => {
                self.expr(value);
                self.bind(target);
            }
            _ => walk_expr(self, expr),
        }
    }

    fn target(&mut self, target: &'a Expr) {
        self.store(target, Access::Store);
    }

    fn update(&mut self, target: &'a Expr) {
        self.store(target, Access::Update);
    }

    fn annotation(&mut self, annotation: &'a Expr) {
        let outer = std::mem::replace(&mut self.annotation, true);
        self.expr(annotation);
        self.annotation = outer;
    }

    fn function(&mut self, function: &'a FunctionDef) {
        if !function.is_lambda {
            self.bind(&function.name);
        }
        walk_signature(self, function);
        self.scopes.enter_function(function);
        walk_block(self, &function.body);
        self.scopes.leave();
    }

    fn pattern(&mut self, pattern: &'a Pattern) {
        match &pattern.kind {
            PatternKind::Capture(name) | PatternKind::As { name, .. } => self.bind(name),
            PatternKind::Unsupported { binds: Some(name), .. } => self.bind(name),
            PatternKind::Unsupported { binds: None, .. }
            | PatternKind::Wildcard
            | PatternKind::Value(_)
            | PatternKind::Or(_)
            | PatternKind::Sequence(_)
            | PatternKind::Class { .. } => {}
        }
        walk_pattern(self, pattern);
    }

    fn comprehension(&mut self, comprehension: &'a Comprehension) {
        // The first sequence is evaluated outside.
        if let Some(first) = comprehension.clauses.first() {
            self.expr(&first.iter);
        }
        self.scopes.enter_comprehension(comprehension);
        for (index, clause) in comprehension.clauses.iter().enumerate() {
            if index > 0 {
                self.expr(&clause.iter);
            }
            self.target(&clause.target);
            for test in &clause.ifs {
                self.expr(test);
            }
        }
        self.expr(&comprehension.element);
        if let Some(value) = &comprehension.value {
            self.expr(value);
        }
        self.scopes.leave();
    }

    fn unsupported(&mut self, unsupported: &'a Unsupported) {
        for name in &unsupported.binds {
            self.bind(name);
        }
        if !unsupported.own_scope {
            walk_unsupported(self, unsupported);
            return;
        }
        for value in &unsupported.values {
            self.expr(value);
        }
        self.scopes.enter_class(&unsupported.blocks);
        for stmt in unsupported.blocks.iter().flatten() {
            walk_stmt(self, stmt);
        }
        self.scopes.leave();
    }
}
