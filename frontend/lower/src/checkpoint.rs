//! Going back: where lowering stands before something is tried, and taking back what that led to.

use crate::lowerer::{Frame, Lowerer};
use crate::objects::Shared;
use pyhw_diagnostics::Diagnostic;
use pyhw_elaborate::ObjectId;
use pyhw_ir::{ExprKind, NetId, StmtKind, VarId, walk_stmts};
use std::collections::HashSet;

/// Where lowering stands, to return to if what is tried does not work.
pub struct Checkpoint<'a> {
    errors: usize,
    nexts: usize,
    reads: HashSet<VarId>,
    shared: Shared,
    chosen_signals: HashSet<VarId>,
    warnings: usize,
    verdicts: usize,
    stmts: usize,
    vars: usize,
    labels: usize,
    frames: Vec<Frame<'a>>,
    frozen: HashSet<ObjectId>,
}

impl<'a> Lowerer<'a> {
    /// Where lowering stands now.
    pub fn checkpoint(&self) -> Checkpoint<'a> {
        Checkpoint {
            errors: self.errors.len(),
            nexts: self.nexts.len(),
            reads: self.reads.clone(),
            shared: self.shared.clone(),
            chosen_signals: self.chosen_signals.clone(),
            warnings: self.warnings.len(),
            verdicts: self.verdicts.len(),
            stmts: self.out.len(),
            vars: self.body.vars.len(),
            labels: self.body.labels.len(),
            frames: self.frames.clone(),
            frozen: self.frozen.clone(),
        }
    }

    /// Whether an error was noted since then.
    pub fn failed_since(&self, checkpoint: &Checkpoint<'a>) -> bool {
        self.errors.len() > checkpoint.errors
    }

    /// The errors noted since then.
    pub fn errors_since(&self, checkpoint: &Checkpoint<'a>) -> impl Iterator<Item = &Diagnostic> {
        self.errors[checkpoint.errors..].iter()
    }

    /// Whether a statement since then, in the same block, stores into a net.
    pub fn stores_since(&self, checkpoint: &Checkpoint<'a>) -> bool {
        let mut stores = false;
        walk_stmts(&self.out[checkpoint.stmts..], &mut |stmt| {
            stores |= matches!(stmt.kind, StmtKind::Next { .. });
        });
        stores
    }

    /// The nets that the statements since then read.
    pub fn nets_read_since(&self, checkpoint: &Checkpoint<'a>) -> Vec<NetId> {
        let mut nets = Vec::new();
        walk_stmts(&self.out[checkpoint.stmts..], &mut |stmt| {
            for root in stmt.kind.exprs() {
                self.body.exprs.walk(root, &mut |id| {
                    if let ExprKind::Net(net) = self.body.exprs.kind(id) {
                        nets.push(*net);
                    }
                });
            }
        });
        nets
    }

    /// Takes back everything since then, in the same block of statements. Expressions stay: what nothing uses costs nothing.
    pub fn rewind(&mut self, checkpoint: Checkpoint<'a>) {
        self.errors.truncate(checkpoint.errors);
        self.nexts.truncate(checkpoint.nexts);
        self.warnings.truncate(checkpoint.warnings);
        self.verdicts.truncate(checkpoint.verdicts);
        self.out.truncate(checkpoint.stmts);
        self.reads = checkpoint.reads;
        self.shared = checkpoint.shared;
        self.chosen_signals = checkpoint.chosen_signals;
        // The numbers of variables are given again.
        self.choices.retain(|_, (var, _)| var.index() < checkpoint.vars);
        self.element_vars.retain(|var| var.index() < checkpoint.vars);
        let exprs = &self.body.exprs;
        self.signal_choices
            .retain(|id| !matches!(exprs.kind(*id), ExprKind::Var(var) if var.index() >= checkpoint.vars));
        self.body.vars.truncate(checkpoint.vars);
        self.body.labels.truncate(checkpoint.labels);
        self.frames = checkpoint.frames;
        self.frozen = checkpoint.frozen;
    }
}
