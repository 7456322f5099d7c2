//! The order of statements: which of them move, which become one, and what nothing reaches.

use super::Stmts;
use crate::func::Func;
use crate::layout::{Storage, storage};
use pyhw_ir::{Int, NetId, Projection, Root, Stmt, StmtKind, Type, VarId, walk_stmts};
use std::collections::BTreeSet;

impl Stmts<'_, '_, '_> {
    /// The net that a statement sets to zero before the next one stores into a constant place in it: both are one store.
    pub(super) fn zeroed_before(&self, stmt: &Stmt, next: &Stmt) -> Option<NetId> {
        let (StmtKind::Next { place: whole, value }, StmtKind::Next { place: part, .. }) =
            (&stmt.kind, &next.kind)
        else {
            return None;
        };
        let (Root::Net(net), [], [step]) = (whole.root, &whole.path[..], &part.path[..]) else { return None };
        let (Projection::Bit(at) | Projection::Slice { low: at, .. }) = step else { return None };
        let layout = &self.func.unit.layout;
        let is_scalar =
            matches!(storage(&layout.design.types, &layout.module.net(net).ty), Some(Storage::Scalar { .. }));
        let is_zero = self.func.single(*value) == Some(Int::ZERO);
        let is_one_place = part.root == whole.root && self.func.single(*at).is_some();
        let is_plain = !self.deferred.contains(&net)
            && self.declarations.before(stmt).is_empty()
            && self.declarations.before(next).is_empty();
        (is_scalar && is_zero && is_one_place && is_plain).then_some(net)
    }

    /// The order in which statements are written. Stores take effect after the process, so a store into a memory may move
    /// behind the reads of that memory that follow it.
    pub(super) fn in_order<'b>(&self, stmts: &'b [Stmt]) -> Vec<&'b Stmt> {
        let mut order: Vec<&Stmt> = stmts.iter().collect();
        for at in (0..order.len()).rev() {
            let mine = Effects::new(self.func, order[at]);
            let memories: Vec<NetId> = mine
                .stores
                .iter()
                .copied()
                .filter(|net| matches!(self.func.unit.layout.module.net(*net).ty, Type::Array(..)))
                .collect();
            if memories.is_empty() || !mine.is_movable {
                continue;
            }
            let following: Vec<Effects> =
                order[at + 1..].iter().map(|stmt| Effects::new(self.func, stmt)).collect();
            let Some(last) =
                following.iter().rposition(|effects| memories.iter().any(|net| effects.reads.contains(net)))
            else {
                continue;
            };
            let is_free = following[..=last].iter().all(|other| {
                !other.jumps
                    && other.stores.is_disjoint(&mine.stores)
                    && other.assigns.is_disjoint(&mine.uses)
            });
            if is_free {
                let stmt = order.remove(at);
                order.insert(at + last + 1, stmt);
            }
        }
        order
    }
}

/// What a statement does, those inside it included.
struct Effects {
    reads: BTreeSet<NetId>,
    stores: BTreeSet<NetId>,
    /// Variables that it reads.
    uses: BTreeSet<VarId>,
    /// Variables that it assigns.
    assigns: BTreeSet<VarId>,
    /// Whether it may leave what is around it.
    jumps: bool,
    /// Whether it only chooses and stores into nets.
    is_movable: bool,
}

impl Effects {
    fn new(func: &Func<'_, '_>, stmt: &Stmt) -> Effects {
        let mut effects = Effects {
            reads: BTreeSet::new(),
            stores: BTreeSet::new(),
            uses: BTreeSet::new(),
            assigns: BTreeSet::new(),
            jumps: false,
            is_movable: true,
        };
        let exprs = &func.body.exprs;
        walk_stmts(std::slice::from_ref(stmt), &mut |stmt| {
            for root in stmt.kind.exprs() {
                exprs.walk(root, &mut |id| match exprs.kind(id) {
                    pyhw_ir::ExprKind::Net(net) => {
                        effects.reads.insert(*net);
                    }
                    pyhw_ir::ExprKind::Var(var) => {
                        effects.uses.insert(*var);
                    }
                    pyhw_ir::ExprKind::Const(_) | pyhw_ir::ExprKind::Op(..) => {}
                });
            }
            effects.assigns.extend(stmt.kind.stored_var());
            match &stmt.kind {
                StmtKind::Next { place, .. } => {
                    if let Root::Net(net) = place.root {
                        effects.stores.insert(net);
                    }
                }
                StmtKind::If { .. } | StmtKind::Switch { .. } | StmtKind::Assert { .. } => {}
                StmtKind::Assign { .. }
                | StmtKind::Unset(_)
                | StmtKind::For { .. }
                | StmtKind::While { .. }
                | StmtKind::Block { .. }
                | StmtKind::Print { .. } => effects.is_movable = false,
                StmtKind::Break(_)
                | StmtKind::Continue(_)
                | StmtKind::Return
                | StmtKind::Raise { .. }
                | StmtKind::Finish { .. }
                | StmtKind::Wait(_) => {
                    effects.is_movable = false;
                    effects.jumps = true;
                }
            }
        });
        effects
    }
}

/// Whether nothing after the statement in its list is reached.
pub(super) fn diverges(stmt: &Stmt) -> bool {
    let all = |blocks: &[&[Stmt]]| blocks.iter().all(|block| block.last().is_some_and(diverges));
    let branches = matches!(stmt.kind, StmtKind::If { .. } | StmtKind::Switch { .. });
    stmt.kind.leaves() || (branches && all(&stmt.kind.blocks()))
}
