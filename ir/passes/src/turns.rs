//! How often a loop with a condition turns at most.

use crate::structure::in_every_turn;
use pyhw_ir::{Body, ExprId, ExprKind, Int, LabelId, Op, Range, Stmt, StmtKind, VarId, walk_stmts};

/// Whether the loop ends whatever happens in it: a part of the condition fails once a variable that counts up or down, or is
/// shifted right, has come to a limit, and the variable can hold what lies beyond the limit.
pub fn is_bounded(body: &Body, label: LabelId, cond: ExprId, turn: &[Stmt]) -> bool {
    let Some(changes) = changes(body, label, turn) else { return true };
    limits(body, cond, &changes)
        .any(|(limit, change)| limit.turns(body, change).is_some_and(|turns| turns.is_sure))
}

/// The most turns that the loop takes in a run without a fault, if something tells: a limit in the condition, or a variable that
/// takes another value of its interval in every turn.
pub fn most_turns(body: &Body, label: LabelId, cond: ExprId, turn: &[Stmt]) -> Option<Int> {
    let Some(changes) = changes(body, label, turn) else { return Some(Int::ONE) };
    let by_limits =
        limits(body, cond, &changes).filter_map(|(limit, change)| Some(limit.turns(body, change)?.most));
    by_limits.chain(changes.iter().filter_map(|(var, change)| values(body, *var, change))).min()
}

/// How the variables that every turn changes are changed; `None` if no turn is followed by another.
fn changes(body: &Body, label: LabelId, turn: &[Stmt]) -> Option<Vec<(VarId, Change)>> {
    let stored = in_every_turn(body, label, turn)?;
    Some(stored.into_iter().filter_map(|var| Some((var, change(body, turn, var)?))).collect())
}

/// The limits in the condition of variables that every turn changes.
fn limits<'c>(
    body: &Body,
    cond: ExprId,
    changes: &'c [(VarId, Change)],
) -> impl Iterator<Item = (Limit, &'c Change)> {
    parts(body, cond).into_iter().flat_map(|part| Limit::of(body, part)).filter_map(move |limit| {
        let (_, change) = changes.iter().find(|(var, _)| *var == limit.var)?;
        Some((limit, change))
    })
}

/// How many turns have another value of the variable each: the last may be left before it changes.
fn values(body: &Body, var: VarId, change: &Change) -> Option<Int> {
    let declared = body.var(var);
    let (least, most) = declared.ty.range()?.bounds()?;
    match change {
        Change::By(step, _) if !declared.wraps => {
            Some(most.sub(least).floor_div(&step.abs())?.add(&Int::ONE))
        }
        // Zero stays zero.
        Change::By(..) | Change::ShiftedRight(_) => None,
    }
}

/// The conditions that must all hold.
fn parts(body: &Body, cond: ExprId) -> Vec<ExprId> {
    let mut found = Vec::new();
    let mut left = vec![cond];
    while let Some(id) = left.pop() {
        match body.exprs.kind(id) {
            ExprKind::Op(Op::And | Op::AndThen, args) => left.extend(args.iter().copied()),
            _ => found.push(id),
        }
    }
    found
}

/// How many turns bring a variable past its limit.
struct Turns {
    most: Int,
    /// Whether the variable can hold what comes after the last turn, so that no fault or wrap lets it start again.
    is_sure: bool,
}

/// A comparison of a variable with something that has a limit of its own.
struct Limit {
    var: VarId,
    op: Op,
    value: Int,
}

impl Limit {
    /// What a comparison says of the variable on either side.
    fn of(body: &Body, id: ExprId) -> Vec<Limit> {
        let ExprKind::Op(op, args) = body.exprs.kind(id) else { return Vec::new() };
        let turned = match op {
            Op::Lt => Op::Gt,
            Op::Le => Op::Ge,
            Op::Gt => Op::Lt,
            Op::Ge => Op::Le,
            Op::Ne => Op::Ne,
            _ => return Vec::new(),
        };
        let left = variable(body, args[0]).and_then(|var| Limit::at(body, var, op.clone(), args[1]));
        let right = variable(body, args[1]).and_then(|var| Limit::at(body, var, turned, args[0]));
        left.into_iter().chain(right).collect()
    }

    /// The limit that is passed whatever the other side is.
    fn at(body: &Body, var: VarId, op: Op, other: ExprId) -> Option<Limit> {
        let range = body.exprs.range(other)?;
        let value = match op {
            Op::Lt | Op::Le => range.max.as_ref(),
            Op::Gt | Op::Ge => range.min.as_ref(),
            _ => range.single(),
        };
        Some(Limit { var, op, value: value?.clone() })
    }

    /// How many turns bring the variable past the limit; `None` if it may miss it.
    fn turns(&self, body: &Body, change: &Change) -> Option<Turns> {
        let declared = body.var(self.var);
        let range = declared.ty.range()?;
        let (full, zero) = (range.full(), Int::ZERO);
        let (least, most) = full.bounds()?;
        match change {
            Change::By(step, far) => {
                let up = *step > zero;
                // The first that it can be, and the last with which the condition holds.
                let (first, last) = match (up, &self.op) {
                    (true, Op::Lt) => (range.min.as_ref()?, self.value.sub(&Int::ONE)),
                    (true, Op::Le) => (range.min.as_ref()?, self.value.clone()),
                    (false, Op::Gt) => (range.max.as_ref()?, self.value.add(&Int::ONE)),
                    (false, Op::Ge) => (range.max.as_ref()?, self.value.clone()),
                    // One by one it cannot be missed, if it starts on the right side.
                    (true, Op::Ne) if *far == Some(Int::ONE) && range.max.as_ref() == Some(&self.value) => {
                        (range.min.as_ref()?, self.value.sub(&Int::ONE))
                    }
                    (false, Op::Ne)
                        if *far == Some(Int::MINUS_ONE) && range.min.as_ref() == Some(&self.value) =>
                    {
                        (range.max.as_ref()?, self.value.add(&Int::ONE))
                    }
                    _ => return None,
                };
                let beyond = far.as_ref().map(|far| last.add(far));
                let is_sure = beyond.is_some_and(|beyond| *least <= beyond && beyond <= *most);
                if declared.wraps && !is_sure {
                    return None;
                }
                let way = if up { last.sub(first) } else { first.sub(&last) };
                let most = if way.is_negative() { zero } else { way.floor_div(&step.abs())?.add(&Int::ONE) };
                Some(Turns { most, is_sure })
            }
            Change::ShiftedRight(by) => {
                let ends = match self.op {
                    Op::Ne | Op::Gt => self.value.is_zero(),
                    Op::Ge => self.value >= Int::ONE,
                    _ => false,
                };
                let bits = range.max.as_ref()?.bit_length();
                let most = Int::from(u64::from(bits.div_ceil(*by)));
                (ends && !full.is_signed()).then_some(Turns { most, is_sure: true })
            }
        }
    }
}

/// How a turn changes a variable.
#[derive(Clone, Debug)]
enum Change {
    /// Up or down, by the first at least and by the second at most, where one store alone does it.
    By(Int, Option<Int>),
    /// By this many bits at least.
    ShiftedRight(u32),
}

impl Change {
    /// What both do, if they go the same way.
    fn join(self, other: Change) -> Option<Change> {
        match (self, other) {
            (Change::By(a, _), Change::By(b, _)) if a.is_negative() == b.is_negative() => {
                Some(Change::By(if a.is_negative() { a.max(b) } else { a.min(b) }, None))
            }
            (Change::ShiftedRight(a), Change::ShiftedRight(b)) => Some(Change::ShiftedRight(a.min(b))),
            (Change::By(..), _) | (Change::ShiftedRight(_), _) => None,
        }
    }
}

/// How every store of the turn changes the variable, where all of them go the same way.
fn change(body: &Body, turn: &[Stmt], var: VarId) -> Option<Change> {
    let mut found = Some(Vec::new());
    walk_stmts(turn, &mut |stmt| {
        if stmt.kind.stored_var() != Some(var) {
            return;
        }
        let this = match &stmt.kind {
            StmtKind::Assign { place, value } if place.path.is_empty() => changed(body, *value, var),
            // A part of it, or a loop that counts with it, may set it to anything.
            StmtKind::Assign { .. } | StmtKind::For { .. } => None,
            StmtKind::Unset(_)
            | StmtKind::Next { .. }
            | StmtKind::If { .. }
            | StmtKind::Switch { .. }
            | StmtKind::While { .. }
            | StmtKind::Block { .. }
            | StmtKind::Break(_)
            | StmtKind::Continue(_)
            | StmtKind::Wait(_)
            | StmtKind::Assert { .. }
            | StmtKind::Print { .. }
            | StmtKind::Raise { .. }
            | StmtKind::Finish { .. }
            | StmtKind::Return => return,
        };
        found = found.take().zip(this).map(|(mut found, this)| {
            found.push(this);
            found
        });
    });
    let found = found?;
    let again = found.len() > 1 || stores_in_a_loop(turn, var);
    match found.into_iter().map(Some).reduce(|a, b| a?.join(b?))?? {
        Change::By(..) if again && body.var(var).wraps => None,
        Change::By(step, _) if again => Some(Change::By(step, None)),
        change => Some(change),
    }
}

/// Whether a loop within the turn may store more than once.
fn stores_in_a_loop(turn: &[Stmt], var: VarId) -> bool {
    turn.iter().any(|stmt| match &stmt.kind {
        StmtKind::For { body, .. } | StmtKind::While { body, .. } => stores(body, var),
        StmtKind::If { .. } | StmtKind::Switch { .. } | StmtKind::Block { .. } => {
            stmt.kind.blocks().into_iter().any(|block| stores_in_a_loop(block, var))
        }
        StmtKind::Assign { .. }
        | StmtKind::Unset(_)
        | StmtKind::Next { .. }
        | StmtKind::Break(_)
        | StmtKind::Continue(_)
        | StmtKind::Wait(_)
        | StmtKind::Assert { .. }
        | StmtKind::Print { .. }
        | StmtKind::Raise { .. }
        | StmtKind::Finish { .. }
        | StmtKind::Return => false,
    })
}

/// Whether the statements, or some inside them, store into the variable.
fn stores(stmts: &[Stmt], var: VarId) -> bool {
    let mut found = false;
    walk_stmts(stmts, &mut |stmt| found |= stmt.kind.stored_var() == Some(var));
    found
}

fn changed(body: &Body, value: ExprId, var: VarId) -> Option<Change> {
    let ExprKind::Op(op, args) = body.exprs.kind(inner(body, value)) else { return None };
    let least = |id: ExprId| body.exprs.range(id)?.min.as_ref();
    let by = |id: ExprId, down: bool| {
        let (least, most) = body.exprs.range(id)?.bounds()?;
        let (least, most) = if down { (most.neg(), least.neg()) } else { (least.clone(), most.clone()) };
        if least >= Int::ONE {
            Some(Change::By(least, Some(most)))
        } else {
            most.is_negative().then_some(Change::By(most, Some(least)))
        }
    };
    let is_var = |id: ExprId| variable(body, id) == Some(var);
    match op {
        Op::Add if is_var(args[0]) => by(args[1], false),
        Op::Add if is_var(args[1]) => by(args[0], false),
        Op::Sub if is_var(args[0]) => by(args[1], true),
        Op::Shr if is_var(args[0]) => {
            least(args[1]).and_then(Int::to_u32).filter(|by| *by > 0).map(Change::ShiftedRight)
        }
        Op::FloorDiv if is_var(args[0]) => {
            least(args[1]).filter(|by| **by > Int::ONE).map(|by| Change::ShiftedRight(by.bit_length() - 1))
        }
        Op::Slice { low, width } if *low > 0 && is_var(args[0]) => {
            let all = body.var(var).ty.range().and_then(Range::width_bits);
            (all <= Some(low + width)).then_some(Change::ShiftedRight(*low))
        }
        _ => None,
    }
}

/// The expression without what changes no value that gets there.
fn inner(body: &Body, mut id: ExprId) -> ExprId {
    loop {
        id = match body.exprs.kind(id) {
            ExprKind::Op(Op::Refine { .. } | Op::Check { .. }, args) => args[0],
            ExprKind::Op(Op::Wrap { range }, args)
                if body.exprs.range(args[0]).is_some_and(|value| range.contains_range(value)) =>
            {
                args[0]
            }
            _ => return id,
        }
    }
}

fn variable(body: &Body, mut id: ExprId) -> Option<VarId> {
    while let ExprKind::Op(Op::Refine { .. } | Op::Check { .. }, args) = body.exprs.kind(id) {
        id = args[0];
    }
    match body.exprs.kind(id) {
        ExprKind::Var(var) => Some(*var),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the analysis says of the one loop of the process `a`, with `$n` of the interval and these statements in each turn.
    fn told(interval: &str, cond: &str, turn: &str) -> (bool, Option<Int>) {
        let text = format!(
            "hwir 1 module m {{ in %at: u3 = 0 in %x: bool = false out %q: bool = false\n\
             process a comb(%at, %x) {{ var $n: {interval} $n = 0\n\
             while 'l {cond} {{ {turn} }} %q <= %x }} }} top m"
        );
        let design = pyhw_ir::parse::parse(&text).unwrap_or_else(|found| panic!("{text}: {found:?}"));
        let pyhw_ir::ProcessBody::Ir(body) = &design.modules[0].processes[0].body else { panic!("{text}") };
        let mut found = None;
        walk_stmts(&body.stmts, &mut |stmt| {
            if let StmtKind::While { label, cond, body: turn } = &stmt.kind {
                found = Some((is_bounded(body, *label, *cond, turn), most_turns(body, *label, *cond, turn)));
            }
        });
        found.unwrap()
    }

    fn turns(most: u32) -> Option<Int> {
        Some(Int::from(u64::from(most)))
    }

    #[test]
    fn a_limit_in_the_condition_ends_a_loop() {
        assert_eq!(told("int[0, 8]", "lt($n, 8)", "$n = add(refine[0, 7]($n), 1)"), (true, turns(8)));
        assert_eq!(told("int[0, 8]", "lt($n, %at)", "$n = add(refine[0, 6]($n), 1)"), (true, turns(7)));
        assert_eq!(told("int[0, 9]", "le($n, 7)", "$n = add(refine[0, 7]($n), 2)"), (true, turns(4)));
        // One that another variable keeps.
        let up = "$n = add(refine[0, 5]($n), 1)";
        assert_eq!(told("int[0, 6]  var $m: int[2, 5]  $m = 2", "lt($n, $m)", up), (true, turns(5)));
        assert_eq!(told("int[0, 6]  var $m: int[2, 5]  $m = 2", "gt($m, $n)", up), (true, turns(5)));
        assert_eq!(
            told("u3  var $m: u3  $m = 2", "le($n, $m)", "$n = check[0, 7](add($n, 1))"),
            (false, turns(8))
        );
    }

    #[test]
    fn a_turn_that_leaves_the_loop_need_not_count() {
        let found = "if %x { break 'l } else { $n = add(refine[0, 7]($n), 1) }";
        assert_eq!(told("int[0, 8]", "lt($n, 8)", found), (true, turns(8)));
        let skips = "if %x { continue 'l } $n = add(refine[0, 7]($n), 1)";
        assert_eq!(told("int[0, 8]", "lt($n, 8)", skips), (false, None));
        assert_eq!(told("int[0, 8]", "lt($n, 8)", "break 'l"), (true, turns(1)));
    }

    #[test]
    fn a_variable_that_cannot_hold_what_comes_behind_its_limit_bounds_runs_without_a_fault_only() {
        let counts = "$n = check[0, 7](add($n, 1))";
        assert_eq!(told("u3", "le($n, 7)", counts), (false, turns(8)));
        // The ninth turn would need a ninth value.
        assert_eq!(told("u3", "true", &format!("if %x {{ break 'l }} {counts}")), (false, turns(8)));
    }

    #[test]
    fn what_wraps_or_misses_its_limit_bounds_nothing() {
        assert_eq!(told("u3 wraps", "le($n, 7)", "$n = add($n, 1)"), (false, None));
        let by_two = "$n = add(refine[0, 6]($n), 1) $n = add(refine[0, 6]($n), 1)";
        assert_eq!(told("int[0, 8]", "ne($n, 8)", by_two), (false, turns(9)));
        assert_eq!(told("int[0, 8]", "ne($n, 8)", "$n = add(refine[0, 7]($n), 1)"), (true, turns(8)));
    }

    #[test]
    fn a_wrap_that_may_change_the_value_keeps_it_from_growing() {
        assert_eq!(told("u3", "ne($n, %at)", "$n = wrap[0, 7](add($n, 3))"), (false, None));
        assert_eq!(told("u8", "lt($n, 100)", "$n = wrap[0, 7](add(refine[0, 99]($n), 1))"), (false, None));
        assert_eq!(
            told("u8", "lt($n, 100)", "$n = wrap[0, 255](add(refine[0, 99]($n), 1))"),
            (true, turns(100))
        );
    }

    #[test]
    fn shifts_end_at_zero() {
        assert_eq!(told("u8", "ne($n, 0)", "$n = shr($n, 1)"), (true, turns(8)));
        assert_eq!(told("u8", "ne($n, 0)", "$n = shr($n, 3)"), (true, turns(3)));
        assert_eq!(told("u8", "ne($n, 0)", "$n = shr($n, %at)"), (false, None));
    }
}
