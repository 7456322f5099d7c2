//! Facts about the names of a function, by Python's rules of scope.

mod access;
mod scope;
mod sensitivity;

pub use access::{Accesses, Path, Segment, reads_and_writes};
pub use scope::{
    Bound, FreeName, assigned, bindings_of, bound_by_expr, bound_by_stmts, free_variables, outer_declarations,
};
pub use sensitivity::{Sensitivity, sensitivity, targets};

use crate::ast::{Block, Expr, ExprKind, FunctionDef, Ident, Stmt, StmtKind, Unsupported};
use crate::visit::{
    Visitor, walk_block, walk_expr, walk_function, walk_signature, walk_stmt, walk_target, walk_unsupported,
};
use pyhw_diagnostics::Span;
use std::collections::BTreeSet;

/// Whether a call of the function makes a generator: whether its own body, not that of a function within it,
/// has a `yield`.
pub fn is_generator(function: &FunctionDef) -> bool {
    has_yield(&function.body)
}

/// Whether a block has a `yield` that belongs to the function around the block.
pub fn has_yield(block: &Block) -> bool {
    let mut finder = YieldFinder { found: false };
    walk_block(&mut finder, block);
    finder.found
}

/// The names that a function stores into by plain assignment, each at its first store, and whether it, or a function within it, reads
/// them. Names that it declares `nonlocal` or `global` are none of them.
pub fn plain_stores(function: &FunctionDef) -> Vec<(Ident, bool)> {
    let mut collector = Stores { stored: Vec::new(), read: BTreeSet::new() };
    walk_block(&mut collector, &function.body);
    let (globals, nonlocals) = outer_declarations(function);
    let read = collector.read;
    let mut known: BTreeSet<&str> = BTreeSet::new();
    known.extend(globals.iter().chain(&nonlocals).map(|ident| ident.name.as_str()));
    known.extend(function.params.iter().map(|param| param.name.name.as_str()));
    let first = collector.stored.into_iter().filter(|store| known.insert(store.name));
    first
        .map(|store| (read.contains(store.name), store.ident()))
        .map(|(is_read, ident)| (ident, is_read))
        .collect()
}

struct Stored<'a> {
    name: &'a str,
    span: Span,
}

impl Stored<'_> {
    fn ident(self) -> Ident {
        Ident { name: self.name.to_owned(), span: self.span }
    }
}

struct Stores<'a> {
    stored: Vec<Stored<'a>>,
    read: BTreeSet<&'a str>,
}

impl<'a> Visitor<'a> for Stores<'a> {
    fn stmt(&mut self, stmt: &'a Stmt) {
        if let StmtKind::Assign { targets, .. } = &stmt.kind {
            for target in targets {
                if let ExprKind::Name(name) = &target.kind {
                    self.stored.push(Stored { name, span: target.span });
                }
            }
        }
        walk_stmt(self, stmt);
    }

    fn expr(&mut self, expr: &'a Expr) {
        if let ExprKind::Name(name) = &expr.kind {
            self.read.insert(name);
        }
        walk_expr(self, expr);
    }

    /// What is stored into is read first.
    fn update(&mut self, target: &'a Expr) {
        self.expr(target);
    }

    /// What a function within stores into is its own.
    fn function(&mut self, function: &'a FunctionDef) {
        let stored = self.stored.len();
        walk_function(self, function);
        self.stored.truncate(stored);
    }
}

struct YieldFinder {
    found: bool,
}

impl<'a> Visitor<'a> for YieldFinder {
    fn expr(&mut self, expr: &'a Expr) {
        if matches!(expr.kind, ExprKind::Yield(_) | ExprKind::YieldFrom(_)) {
            self.found = true;
        }
        walk_expr(self, expr);
    }

    fn function(&mut self, function: &'a FunctionDef) {
        walk_signature(self, function);
    }

    fn unsupported(&mut self, unsupported: &'a Unsupported) {
        if unsupported.own_scope {
            for value in &unsupported.values {
                self.expr(value);
            }
        } else {
            walk_unsupported(self, unsupported);
        }
    }
}

/// Whether a block stores into an attribute of this name, or into a part of one, functions in it included.
pub fn assigns_attribute(block: &Block, name: &str) -> bool {
    let mut collector = Attributes { names: BTreeSet::new() };
    walk_block(&mut collector, block);
    collector.names.contains(name)
}

struct Attributes<'a> {
    names: BTreeSet<&'a str>,
}

impl<'a> Visitor<'a> for Attributes<'a> {
    fn target(&mut self, target: &'a Expr) {
        let mut at = target;
        loop {
            at = match &at.kind {
                ExprKind::Attribute { value, attr } => {
                    self.names.insert(&attr.name);
                    value
                }
                ExprKind::Subscript { value, .. } => value,
                _ => break,
            };
        }
        walk_target(self, target);
    }
}
