//! Which variables might be read before anything is assigned to them.

use crate::design::{Body, VarId};
use crate::expr::{ExprId, ExprKind};
use crate::paths::{Counts, Roots, follow};
use crate::stmt::{Root, Stmt, StmtKind};

/// For each variable, whether some path, be it possible or not, reads it unset. Only these need a flag at run time.
pub fn maybe_unset(body: &Body) -> Vec<bool> {
    let mut unset = vec![false; body.vars.len()];
    reads_of_unset(body, &body.stmts, Roots::default(), &mut |var| {
        if let Some(unset) = unset.get_mut(var.index()) {
            *unset = true;
        }
    });
    unset
}

/// Whether each variable has been stored into on every path, be it possible or not, before the statements, a part of the body, read
/// it; `before` are those that were before them.
pub fn sets_before_it_reads(body: &Body, stmts: &[Stmt], before: Roots) -> bool {
    let mut only = true;
    reads_of_unset(body, stmts, before, &mut |_| only = false);
    only
}

/// Calls `tell` for each variable that the statements read where some path did not store into it: a store into a part needs the rest.
fn reads_of_unset(body: &Body, stmts: &[Stmt], before: Roots, tell: &mut impl FnMut(VarId)) {
    let mut reads = Reads::new(body);
    follow(&body.exprs, stmts, before, Counts::Parts, &mut |stmt, set| {
        reads.begin();
        for root in stmt.kind.exprs() {
            reads.each(root, &mut |var| {
                if !set.contains(Root::Var(var)) {
                    tell(var);
                }
            });
        }
        if let StmtKind::Assign { place, .. } = &stmt.kind
            && let (Root::Var(var), false, false) =
                (place.root, place.path.is_empty(), set.contains(place.root))
        {
            tell(var);
        }
    });
}

/// Finds the variables that expressions read.
struct Reads<'a> {
    body: &'a Body,
    /// Which expressions read any variable.
    with_vars: Vec<bool>,
    /// For each expression the number of the statement that met it last.
    seen: Vec<u32>,
    statement: u32,
}

impl<'a> Reads<'a> {
    fn new(body: &'a Body) -> Reads<'a> {
        let mut with_vars = vec![false; body.exprs.len()];
        for id in body.exprs.ids() {
            with_vars[id.index()] = match body.exprs.kind(id) {
                ExprKind::Var(_) => true,
                ExprKind::Const(_) | ExprKind::Net(_) => false,
                ExprKind::Op(_, args) => args.iter().any(|arg| with_vars.get(arg.index()) == Some(&true)),
            };
        }
        Reads { body, with_vars, seen: vec![0; body.exprs.len()], statement: 0 }
    }

    fn begin(&mut self) {
        self.statement += 1;
    }

    /// Each variable of the expression; within a statement, what it shares with another one once.
    fn each(&mut self, root: ExprId, tell: &mut impl FnMut(VarId)) {
        let mut stack = vec![root];
        while let Some(id) = stack.pop() {
            if self.with_vars.get(id.index()) != Some(&true)
                || std::mem::replace(&mut self.seen[id.index()], self.statement) == self.statement
            {
                continue;
            }
            match self.body.exprs.kind(id) {
                ExprKind::Var(var) => tell(*var),
                ExprKind::Op(_, args) => stack.extend(args),
                ExprKind::Const(_) | ExprKind::Net(_) => {}
            }
        }
    }
}
