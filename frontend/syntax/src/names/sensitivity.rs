//! What MyHDL takes a process to read, which is what an `always_comb` is sensitive to.
//!
//! The rule is that of MyHDL 0.11.52 (`_visitors.py`, `_resolverefs.py`, `_always_comb.py`), which looks at the
//! text of the function and not at what it does:
//!
//! - Every name, and every dotted name such as `bus.data`, counts. Those that are signals, or lists of
//!   signals, in the block where the process is declared make up the lists; locals of the process do not. A dotted
//!   name ends before `next`, `posedge`, `negedge`, `max`, `min`, `val`, `signed`, and at the first signal.
//! - A name is an *output* in a target of an assignment, an *in-out* in the target of an augmented assignment,
//!   and an *input* anywhere else, also in `x.next` where it is read. One name can be several of these: a signal that
//!   is driven and read is an input.
//! - An index is always input, and so is **everything after the first index in the targets of one assignment**:
//!   in `a[i].next, b.next = …` and in `a[i].next = b.next = …`, `b` is an input.
//! - `a[i].b` counts as `a` alone, so signals in a list of interfaces are never inputs.
//! - The arguments of `len(…)` do not count, nor does `if __debug__:` with no `else`.
//! - Functions and classes within the process do not count; for `always_comb` and `always_seq` MyHDL refuses
//!   a function within. Called functions do not count either, which is why what they read can be missing.
//!
//! An `always_comb` is sensitive to the inputs, without those that are `Constant`; no input is an error.
//! MyHDL looks names up when the process is declared, so that one that is bound later does not count; that is
//! for the caller to know. One thing differs: here a parameter of a lambda, or a variable of a comprehension,
//! hides a signal of the same name.

use super::access::{OWN_ATTRIBUTES, Path, Segment, add, links};
use super::scope::Scopes;
use crate::ast::{Comprehension, Expr, ExprKind, FunctionDef, Ident, Stmt, StmtKind, Unsupported};
use crate::visit::{
    Visitor, walk_block, walk_comprehension, walk_expr, walk_signature, walk_stmt, walk_target,
    walk_unsupported,
};
use pyhw_diagnostics::Span;

/// The names that MyHDL looks at, before it asks which are signals. No path has an index.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sensitivity {
    /// What the process is taken to read.
    pub inputs: Vec<(Path, Span)>,
    /// What it is taken to drive.
    pub outputs: Vec<(Path, Span)>,
    /// What it is taken to update.
    pub inouts: Vec<(Path, Span)>,
    /// The last function that is defined within the process, by name.
    pub embedded: Option<Ident>,
}

/// What MyHDL takes a process to read and drive; the module tells the rule.
pub fn sensitivity(function: &FunctionDef) -> Sensitivity {
    collected(function, false)
}

/// What MyHDL takes a process to drive, which is what the reset of an `always_seq` restores: its outputs.
///
/// To these come what MyHDL refuses, which says nothing of how it would be restored: targets of augmented assignments, and those in
/// functions that are defined within the process.
pub fn targets(function: &FunctionDef) -> Vec<Path> {
    let found = collected(function, true);
    let mut paths = Vec::new();
    for (path, span) in found.outputs.into_iter().chain(found.inouts) {
        add(&mut paths, (path, span));
    }
    paths.into_iter().map(|(path, _)| path).collect()
}

fn collected(function: &FunctionDef, looks_within: bool) -> Sensitivity {
    let mut collector = Collector {
        scopes: Scopes::default(),
        context: Context::Input,
        looks_within,
        found: Sensitivity::default(),
    };
    collector.scopes.enter_function(function);
    walk_block(&mut collector, &function.body);
    collector.found
}

#[derive(Clone, Copy)]
enum Context {
    Input,
    Output,
    Inout,
}

struct Collector {
    scopes: Scopes,
    context: Context,
    /// Whether functions within count.
    looks_within: bool,
    found: Sensitivity,
}

impl Collector {
    fn name(&mut self, root: &str, attributes: &[&Expr], span: Span) {
        if !self.scopes.is_free(root) {
            return;
        }
        let mut segments = Vec::new();
        for link in attributes {
            match &link.kind {
                ExprKind::Attribute { attr, .. } if !OWN_ATTRIBUTES.contains(&attr.name.as_str()) => {
                    segments.push(Segment::Attribute(attr.name.clone()));
                }
                _ => break,
            }
        }
        let list = match self.context {
            Context::Input => &mut self.found.inputs,
            Context::Output => &mut self.found.outputs,
            Context::Inout => &mut self.found.inouts,
        };
        add(list, (Path { root: root.to_owned(), segments }, span));
    }

    /// Targets are looked at as expressions are; only the context differs.
    fn targets<'a>(&mut self, targets: &'a [Expr], context: Context)
    where
        Self: Visitor<'a>,
    {
        self.context = context;
        for target in targets {
            self.expr(target);
        }
        self.context = Context::Input;
    }
}

impl<'a> Visitor<'a> for Collector {
    fn stmt(&mut self, stmt: &'a Stmt) {
        match &stmt.kind {
            StmtKind::Assign { targets, value } => {
                self.targets(targets, Context::Output);
                self.expr(value);
            }
            StmtKind::AugAssign { target, op: _, value } => {
                self.targets(std::slice::from_ref(target), Context::Inout);
                self.expr(value);
            }
            StmtKind::If { arms, orelse } => {
                // An `elif` is an `if` in the `else` to MyHDL, so each arm is skipped for itself only if it is last.
                for (index, arm) in arms.iter().enumerate() {
                    let last = index + 1 == arms.len() && orelse.is_empty();
                    let debug = matches!(&arm.test.kind, ExprKind::Name(name) if name == "__debug__");
                    if !(last && debug) {
                        self.expr(&arm.test);
                        walk_block(self, &arm.body);
                    }
                }
                walk_block(self, orelse);
            }
            _ => walk_stmt(self, stmt),
        }
    }

    fn target(&mut self, target: &'a Expr) {
        match &target.kind {
            ExprKind::Tuple(_) | ExprKind::List(_) | ExprKind::Starred(_) => walk_target(self, target),
            _ => self.expr(target),
        }
    }

    fn expr(&mut self, expr: &'a Expr) {
        match &expr.kind {
            ExprKind::Name(name) => self.name(name, &[], expr.span),
            ExprKind::Attribute { value, attr: _ } => match links(expr) {
                Some((root, _, links))
                    if links.iter().all(|link| matches!(link.kind, ExprKind::Attribute { .. })) =>
                {
                    self.name(root, &links, expr.span);
                }
                Some(_) | None => self.expr(value),
            },
            ExprKind::Subscript { value, index } => {
                self.expr(value);
                self.context = Context::Input;
                self.expr(index);
            }
            ExprKind::Call { function, args: _ } if matches!(&function.kind, ExprKind::Name(name) if name == "len") =>
                {}
            _ => walk_expr(self, expr),
        }
    }

    fn function(&mut self, function: &'a FunctionDef) {
        if !function.is_lambda {
            self.found.embedded = Some(function.name.clone());
            if !self.looks_within {
                return;
            }
        }
        walk_signature(self, function);
        self.scopes.enter_function(function);
        walk_block(self, &function.body);
        self.scopes.leave();
    }

    fn comprehension(&mut self, comprehension: &'a Comprehension) {
        self.scopes.enter_comprehension(comprehension);
        walk_comprehension(self, comprehension);
        self.scopes.leave();
    }

    fn unsupported(&mut self, unsupported: &'a Unsupported) {
        if !unsupported.own_scope {
            walk_unsupported(self, unsupported);
        }
    }
}
