//! Facts about the names of a function, by Python's rules of scope.

mod access;
mod scope;
mod sensitivity;

pub use access::{Accesses, Path, Segment, reads_and_writes};
pub use scope::{FreeName, assigned, bound_by_expr, bound_by_stmts, free_variables, outer_declarations};
pub use sensitivity::{Sensitivity, sensitivity};

use crate::ast::{Block, Expr, ExprKind, FunctionDef, Unsupported};
use crate::visit::{Visitor, walk_block, walk_expr, walk_signature, walk_target, walk_unsupported};
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

/// The name of every attribute that a function reads or stores into, nested functions included.
pub fn mentioned_attributes(function: &FunctionDef) -> BTreeSet<&str> {
    let mut collector = Attributes { names: BTreeSet::new() };
    walk_block(&mut collector, &function.body);
    collector.names
}

struct Attributes<'a> {
    names: BTreeSet<&'a str>,
}

impl<'a> Visitor<'a> for Attributes<'a> {
    fn expr(&mut self, expr: &'a Expr) {
        if let ExprKind::Attribute { attr, .. } = &expr.kind {
            self.names.insert(&attr.name);
        }
        walk_expr(self, expr);
    }

    fn target(&mut self, target: &'a Expr) {
        if let ExprKind::Attribute { attr, .. } = &target.kind {
            self.names.insert(&attr.name);
        }
        walk_target(self, target);
    }
}
