//! Which scope a name belongs to.

use super::access::{Access, events};
use crate::ast::{
    Block, Comprehension, Expr, ExprKind, FunctionDef, Ident, Pattern, PatternKind, Stmt, StmtKind,
    Unsupported,
};
use crate::visit::{Visitor, walk_block, walk_expr, walk_pattern, walk_signature, walk_stmt, walk_target};
use pyhw_diagnostics::Span;
use std::collections::{BTreeMap, BTreeSet};

/// A name that a function uses and does not bind: a variable of a function around it, a global, a built-in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FreeName {
    /// The name.
    pub name: String,
    /// Its first use.
    pub span: Span,
    /// Whether it is read, also through an attribute or an index of it.
    pub read: bool,
    /// Whether the name itself is bound anew, after `nonlocal` or `global`.
    pub rebound: bool,
    /// Whether all of its uses are in annotations of locals and nested functions, which need not have a value.
    pub annotation_only: bool,
}

/// The names that a function or a function, lambda or comprehension in it uses and that the function does not
/// bind, in the order of their first use. Annotations, defaults and decorators of the function itself do not
/// count: they belong to its surroundings.
pub fn free_variables(function: &FunctionDef) -> Vec<FreeName> {
    let mut order: Vec<FreeName> = Vec::new();
    let mut index: BTreeMap<String, usize> = BTreeMap::new();
    for event in events(function) {
        let root = event.path.root;
        let at = *index.entry(root.clone()).or_insert_with(|| {
            order.push(FreeName {
                name: root,
                span: event.root_span,
                read: false,
                rebound: false,
                annotation_only: true,
            });
            order.len() - 1
        });
        let rebinds = event.path.segments.is_empty()
            && event.through.is_none()
            && matches!(event.access, Access::Store | Access::Update);
        order[at].rebound |= rebinds;
        order[at].read |= !rebinds || event.access == Access::Update;
        order[at].annotation_only &= event.annotation;
    }
    order
}

/// The names that a function binds itself, parameters left out, in the order in which they are first bound:
/// by assignment, `for`, `:=`, `def`, `import`, a pattern and so on.
pub fn assigned(function: &FunctionDef) -> Vec<Ident> {
    let bindings = bindings(&function.body);
    let mut seen: BTreeSet<&str> = function.params.iter().map(|param| param.name.name.as_str()).collect();
    seen.extend(bindings.globals.iter().chain(&bindings.nonlocals).map(|ident| ident.name.as_str()));
    let mut found = Vec::new();
    for ident in &bindings.bound {
        if seen.insert(&ident.name) {
            found.push(ident.clone());
        }
    }
    found
}

/// The names that statements of one scope bind, in whatever way: what functions within them bind is theirs.
pub fn bound_by_stmts(stmts: &[Stmt]) -> BTreeSet<String> {
    let mut bindings = Bindings::default();
    stmts.iter().for_each(|stmt| bindings.stmt(stmt));
    bindings.names()
}

/// How often the statements of one scope bind a name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Bound {
    /// In whatever way.
    pub places: usize,
    /// Of these, as targets of `for`.
    pub by_loops: usize,
    /// Of these, by `+=` and the like, which may change an object in place.
    pub by_updates: usize,
}

/// How often the statements of one scope bind each name: what functions within them bind is theirs.
pub fn bindings_of(stmts: &[Stmt]) -> BTreeMap<String, Bound> {
    let (mut all, mut some) = (Bindings::default(), SomeTargets::default());
    for stmt in stmts {
        all.stmt(stmt);
        some.stmt(stmt);
    }
    let mut counts: BTreeMap<String, Bound> = BTreeMap::new();
    for ident in all.bound {
        counts.entry(ident.name).or_default().places += 1;
    }
    for name in some.loops {
        counts.entry(name).or_default().by_loops += 1;
    }
    for name in some.updates {
        counts.entry(name).or_default().by_updates += 1;
    }
    counts
}

/// The names that `for` statements of one scope bind, and those that `+=` and the like do, each as often as one does.
#[derive(Default)]
struct SomeTargets {
    loops: Vec<String>,
    updates: Vec<String>,
}

impl<'a> Visitor<'a> for SomeTargets {
    fn stmt(&mut self, stmt: &'a Stmt) {
        let names = |target: &Expr| {
            let mut binder = Bindings::default();
            binder.target(target);
            binder.bound.into_iter().map(|ident| ident.name).collect::<Vec<_>>()
        };
        match &stmt.kind {
            StmtKind::For { target, .. } => self.loops.extend(names(target)),
            StmtKind::AugAssign { target, .. } => self.updates.extend(names(target)),
            _ => {}
        }
        walk_stmt(self, stmt);
    }

    fn function(&mut self, _function: &'a FunctionDef) {}
}

/// The names that an expression binds by `:=`.
pub fn bound_by_expr(expr: &Expr) -> BTreeSet<String> {
    let mut bindings = Bindings::default();
    bindings.expr(expr);
    bindings.names()
}

/// The names that a function declares `global`, and those that it declares `nonlocal`.
pub fn outer_declarations(function: &FunctionDef) -> (Vec<Ident>, Vec<Ident>) {
    let bindings = bindings(&function.body);
    (bindings.globals, bindings.nonlocals)
}

/// The scopes around a place, from a function inwards.
#[derive(Default)]
pub(super) struct Scopes {
    levels: Vec<Level>,
}

struct Level {
    bound: BTreeSet<String>,
    globals: BTreeSet<String>,
    nonlocals: BTreeSet<String>,
    is_class: bool,
}

impl Scopes {
    /// Enters a function.
    pub(super) fn enter_function(&mut self, function: &FunctionDef) {
        let mut level = Level::new(bindings(&function.body), false);
        level.bound.extend(function.params.iter().map(|param| param.name.name.clone()));
        level.bound.extend(function.type_params.iter().map(|param| param.name.clone()));
        self.levels.push(level);
    }

    /// Enters a comprehension.
    pub(super) fn enter_comprehension(&mut self, comprehension: &Comprehension) {
        let mut binder = Bindings::default();
        for clause in &comprehension.clauses {
            binder.target(&clause.target);
        }
        self.levels.push(Level::new(binder, false));
    }

    /// Enters the body of a class.
    pub(super) fn enter_class(&mut self, blocks: &[Block]) {
        let mut binder = Bindings::default();
        for block in blocks {
            walk_block(&mut binder, block);
        }
        self.levels.push(Level::new(binder, true));
    }

    /// Leaves the scope that was entered last.
    pub(super) fn leave(&mut self) {
        self.levels.pop();
    }

    /// Whether a name is bound by none of the scopes. Names of a class are seen from its own body only.
    pub(super) fn is_free(&self, name: &str) -> bool {
        for (depth, level) in self.levels.iter().rev().enumerate() {
            if level.globals.contains(name) {
                return true;
            }
            if level.nonlocals.contains(name) || (level.is_class && depth > 0) {
                continue;
            }
            if level.bound.contains(name) {
                return false;
            }
        }
        true
    }
}

impl Level {
    fn new(bindings: Bindings, is_class: bool) -> Level {
        let names = |idents: Vec<Ident>| idents.into_iter().map(|ident| ident.name).collect();
        Level {
            bound: names(bindings.bound),
            globals: names(bindings.globals),
            nonlocals: names(bindings.nonlocals),
            is_class,
        }
    }
}

fn bindings(body: &Block) -> Bindings {
    let mut bindings = Bindings::default();
    walk_block(&mut bindings, body);
    bindings
}

/// What the statements of one scope bind.
#[derive(Default)]
struct Bindings {
    bound: Vec<Ident>,
    globals: Vec<Ident>,
    nonlocals: Vec<Ident>,
}

impl Bindings {
    fn names(self) -> BTreeSet<String> {
        self.bound.into_iter().map(|ident| ident.name).collect()
    }
}

impl<'a> Visitor<'a> for Bindings {
    fn stmt(&mut self, stmt: &'a Stmt) {
        match &stmt.kind {
            StmtKind::Global(names) => self.globals.extend(names.iter().cloned()),
            StmtKind::Nonlocal(names) => self.nonlocals.extend(names.iter().cloned()),
            _ => walk_stmt(self, stmt),
        }
    }

    fn target(&mut self, target: &'a Expr) {
        if let ExprKind::Name(name) = &target.kind {
            self.bound.push(Ident { name: name.clone(), span: target.span });
        }
        walk_target(self, target);
    }

    fn expr(&mut self, expr: &'a Expr) {
        if let ExprKind::Walrus { target, .. } = &expr.kind {
            self.bound.push(target.clone());
        }
        walk_expr(self, expr);
    }

    fn function(&mut self, function: &'a FunctionDef) {
        if !function.is_lambda {
            self.bound.push(function.name.clone());
        }
        walk_signature(self, function);
    }

    /// The targets belong to the comprehension; a `:=` in it binds outside.
    fn comprehension(&mut self, comprehension: &'a Comprehension) {
        let clauses = &comprehension.clauses;
        let parts = clauses.iter().flat_map(|clause| std::iter::once(&clause.iter).chain(&clause.ifs));
        for expr in std::iter::once(&comprehension.element).chain(&comprehension.value).chain(parts) {
            self.expr(expr);
        }
    }

    fn pattern(&mut self, pattern: &'a Pattern) {
        match &pattern.kind {
            PatternKind::Capture(name) | PatternKind::As { name, .. } => self.bound.push(name.clone()),
            PatternKind::Unsupported { binds, .. } => self.bound.extend(binds.iter().cloned()),
            PatternKind::Wildcard
            | PatternKind::Value(_)
            | PatternKind::Or(_)
            | PatternKind::Sequence(_)
            | PatternKind::Class { .. } => {}
        }
        walk_pattern(self, pattern);
    }

    fn unsupported(&mut self, unsupported: &'a Unsupported) {
        self.bound.extend(unsupported.binds.iter().cloned());
        for value in &unsupported.values {
            self.expr(value);
        }
        for target in &unsupported.targets {
            self.target(target);
        }
        if !unsupported.own_scope {
            for block in &unsupported.blocks {
                walk_block(self, block);
            }
        }
    }
}
