//! What is stored into whatever path control takes: nets of a combinational process, of which the others must remember, and the
//! variables that every turn of a loop changes. [`pyhw_ir::paths`] is the analysis.

use pyhw_ir::paths::{Counts, Roots, follow};
use pyhw_ir::{Body, LabelId, NetId, Stmt, VarId};
use std::collections::BTreeSet;

/// The nets that are stored into as a whole on every path through the process.
pub fn on_every_path(body: &Body) -> BTreeSet<NetId> {
    stored(body, Counts::Wholes)
}

/// The nets that are stored into, as a whole or in part, on every path through the process.
pub fn touched_on_every_path(body: &Body) -> BTreeSet<NetId> {
    stored(body, Counts::Parts)
}

fn stored(body: &Body, counts: Counts) -> BTreeSet<NetId> {
    let ends = follow(&body.exprs, &body.stmts, Roots::default(), counts, &mut |_, _| {});
    ends.of_process().unwrap_or_default().nets().collect()
}

/// The variables that are stored into as a whole in every turn after which another may come; `None` if none may.
pub(crate) fn in_every_turn(body: &Body, label: LabelId, turn: &[Stmt]) -> Option<BTreeSet<VarId>> {
    let ends = follow(&body.exprs, turn, Roots::default(), Counts::Wholes, &mut |_, _| {});
    Some(ends.next_turn(label)?.vars().collect())
}
