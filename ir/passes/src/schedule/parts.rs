//! What a combinational body computes from what, part by part: of an integer each run of bits, of an array each run of elements. A copy of
//! an integer, or one that is put together of others, has a part for each run of bits that come from the same.

use super::place::{Part, Places};
use pyhw_diagnostics::Span;
use pyhw_ir::{
    Body, ExprId, ExprKind, Int, Module, NetId, Op, Place, Projection, Root, Stmt, StmtKind, VarId,
    walk_stmts,
};
use std::collections::{BTreeMap, BTreeSet};

/// For each part that is stored by itself: the parts that its value depends on (as an operand, an index or a condition), and the first
/// store.
pub(super) type Dependencies = BTreeMap<Part, (BTreeSet<Part>, Span)>;

/// How many statements are looked at in all, where loops are followed turn by turn; then they are looked at as a whole.
const MAX_STATEMENTS: usize = 20_000;

/// Integers of more bits are stored as a whole.
const MAX_BITS: u32 = 256;

/// What the body computes from what. Conditions of a `break`, `continue` or `return` count for every store.
pub(super) fn dependencies(module: &Module, body: &Body) -> Dependencies {
    let mut walk = Walk {
        places: Places::new(module, body),
        body,
        vars: vec![BTreeSet::new(); body.vars.len()],
        left: vec![BTreeSet::new(); body.vars.len()],
        jumps: BTreeSet::new(),
        own: stored_nets(body),
        parts: BTreeMap::new(),
        budget: MAX_STATEMENTS,
    };
    walk.stmts(&body.stmts, &BTreeSet::new());
    let jumps = std::mem::take(&mut walk.jumps);
    for (depends_on, _) in walk.parts.values_mut() {
        depends_on.extend(jumps.iter().copied());
    }
    walk.parts
}

fn stored_nets(body: &Body) -> BTreeSet<NetId> {
    let mut nets = BTreeSet::new();
    walk_stmts(&body.stmts, &mut |stmt| {
        if let StmtKind::Next { place, .. } = &stmt.kind
            && let Root::Net(net) = place.root
        {
            nets.insert(net);
        }
    });
    nets
}

struct Walk<'a> {
    places: Places<'a>,
    body: &'a Body,
    /// What the present value of each local depends on.
    vars: Vec<BTreeSet<Part>>,
    /// The same where something jumped: it counts behind every loop and block.
    left: Vec<BTreeSet<Part>>,
    jumps: BTreeSet<Part>,
    /// The nets that the body stores into.
    own: BTreeSet<NetId>,
    parts: Dependencies,
    budget: usize,
}

impl Walk<'_> {
    fn of_expr(&self, root: ExprId, into: &mut BTreeSet<Part>) {
        let mut seen = BTreeSet::new();
        let mut stack = vec![root];
        while let Some(id) = stack.pop() {
            if !seen.insert(id) {
                continue;
            }
            match self.body.exprs.kind(id) {
                ExprKind::Net(net) => {
                    into.insert(Part::whole(*net));
                }
                ExprKind::Var(var) => into.extend(self.vars[var.index()].iter().copied()),
                ExprKind::Const(_) => {}
                ExprKind::Op(op, args) => {
                    match (self.places.part_of(op, args), self.places.bits_of(op, args)) {
                        (Some(part), _) => {
                            into.insert(part);
                            stack.extend(&args[1..]);
                        }
                        (None, Some((low, end))) => {
                            self.of_bits(args[0], low, end, into);
                            stack.extend(&args[1..]);
                        }
                        (None, None) => stack.extend(args),
                    }
                }
            }
        }
    }

    /// What the bits from `low` up to `end`, exclusive, of an integer depend on. They are followed through what is nothing but wires; what
    /// a gate computes depends on all its operands, as synthesis tools see it before they make gates of single bits.
    fn of_bits(&self, root: ExprId, low: u32, end: u32, into: &mut BTreeSet<Part>) {
        let mut stack = vec![(root, low, end)];
        while let Some((id, low, end)) = stack.pop() {
            if low >= end {
                continue;
            }
            match self.body.exprs.kind(id) {
                ExprKind::Net(net) => {
                    let part = self.places.bits(*net, (low, low), end - low);
                    into.insert(part.unwrap_or(Part::whole(*net)));
                }
                ExprKind::Op(Op::Refine { .. } | Op::Check { .. }, args) => stack.push((args[0], low, end)),
                ExprKind::Op(Op::Slice { low: from, width }, args) => {
                    stack.push((args[0], from.saturating_add(low), from.saturating_add(end.min(*width))));
                }
                // The bits above are the sign.
                ExprKind::Op(Op::Signed { width }, args) => {
                    stack.push((args[0], low.min(width.saturating_sub(1)), end.min(*width)));
                }
                ExprKind::Op(Op::Concat { widths }, args) => {
                    let mut at = 0;
                    for (arg, width) in args.iter().zip(widths).rev() {
                        let above = at + width;
                        stack.push((*arg, low.clamp(at, above) - at, end.clamp(at, above) - at));
                        at = above;
                    }
                }
                ExprKind::Op(..) | ExprKind::Var(_) | ExprKind::Const(_) => self.of_expr(id, into),
            }
        }
    }

    /// The bits that a store sets, each run of those that depend on the same with what that is; `None` where they are one run.
    fn runs_of_bits(&self, part: Part, place: &Place, value: ExprId) -> Option<Vec<(Part, BTreeSet<Part>)>> {
        let bits = self.places.stored_bits(part.net, place)?;
        if bits.len() < 2 || bits.len() as u32 > MAX_BITS {
            return None;
        }
        let mut runs: Vec<(Part, BTreeSet<Part>)> = Vec::new();
        for (at, bit) in bits.clone().enumerate() {
            let mut depends_on = BTreeSet::new();
            self.of_bits(value, at as u32, at as u32 + 1, &mut depends_on);
            match runs.last_mut() {
                Some((run, known)) if *known == depends_on => run.end = bit + 1,
                _ => runs.push((Part { low: bit, end: bit + 1, ..part }, depends_on)),
            }
        }
        // One who reads what he stores himself is not woken by it in every language: there the order within the store counts.
        if runs.iter().flat_map(|(_, depends_on)| depends_on).any(|part| self.own.contains(&part.net)) {
            return None;
        }
        // What is above the value is its sign.
        if let Some((last, _)) = runs.last_mut() {
            last.end = part.end;
        }
        (runs.len() > 1).then_some(runs)
    }

    fn with(&self, control: &BTreeSet<Part>, expr: ExprId) -> BTreeSet<Part> {
        let mut all = control.clone();
        self.of_expr(expr, &mut all);
        all
    }

    fn stmts(&mut self, stmts: &[Stmt], control: &BTreeSet<Part>) {
        for stmt in stmts {
            self.stmt(stmt, control);
        }
    }

    fn stmt(&mut self, stmt: &Stmt, control: &BTreeSet<Part>) {
        self.budget = self.budget.saturating_sub(1);
        match &stmt.kind {
            StmtKind::Assign { place, value } | StmtKind::Next { place, value } => {
                let mut all = control.clone();
                for step in &place.path {
                    match step {
                        Projection::Index(at) | Projection::Bit(at) | Projection::Slice { low: at, .. } => {
                            self.of_expr(*at, &mut all);
                        }
                        Projection::Field(_) => {}
                    }
                }
                match place.root {
                    Root::Net(net) => {
                        let part = self.places.target(net, place);
                        let runs = self.runs_of_bits(part, place, *value).unwrap_or_else(|| {
                            let mut depends_on = BTreeSet::new();
                            self.of_expr(*value, &mut depends_on);
                            vec![(part, depends_on)]
                        });
                        for (part, depends_on) in runs {
                            let (known, _) =
                                self.parts.entry(part).or_insert_with(|| (BTreeSet::new(), stmt.span));
                            known.extend(depends_on);
                            known.extend(all.iter().copied());
                        }
                    }
                    Root::Var(var) => {
                        self.of_expr(*value, &mut all);
                        self.assign(var, all, place.path.is_empty());
                    }
                }
            }
            StmtKind::If { arms, orelse } => {
                let mut control = control.clone();
                let mut bodies: Vec<(BTreeSet<Part>, &[Stmt])> = Vec::new();
                for (cond, body) in arms {
                    self.of_expr(*cond, &mut control);
                    bodies.push((control.clone(), body));
                }
                bodies.push((control, orelse));
                self.branches(&bodies);
            }
            StmtKind::Switch { subject, arms, default } => {
                let control = self.with(control, *subject);
                let default = default.as_deref().unwrap_or_default();
                let bodies: Vec<(BTreeSet<Part>, &[Stmt])> = arms
                    .iter()
                    .map(|arm| &arm.body[..])
                    .chain([default])
                    .map(|body| (control.clone(), body))
                    .collect();
                self.branches(&bodies);
            }
            StmtKind::For { var, start, stop, step, body, .. } => {
                self.counting(*var, [start, stop, step], body, control);
                self.land();
            }
            StmtKind::While { cond, body, .. } => {
                self.turns(body, |walk| walk.with(control, *cond));
                self.land();
            }
            StmtKind::Block { body, .. } => {
                self.stmts(body, control);
                self.land();
            }
            StmtKind::Break(_)
            | StmtKind::Continue(_)
            | StmtKind::Return
            | StmtKind::Raise { .. }
            | StmtKind::Finish { .. } => {
                self.jumps.extend(control.iter().copied());
                let vars = self.vars.clone();
                join(&mut self.left, &vars);
            }
            StmtKind::Unset(var) => self.assign(*var, control.clone(), true),
            StmtKind::Wait(_) | StmtKind::Assert { .. } | StmtKind::Print { .. } => {}
        }
    }

    fn assign(&mut self, var: VarId, depends_on: BTreeSet<Part>, is_whole: bool) {
        self.places.counters.remove(&var);
        let known = &mut self.vars[var.index()];
        if is_whole {
            *known = depends_on;
        } else {
            known.extend(depends_on);
        }
    }

    /// Bodies of which one is taken.
    fn branches(&mut self, bodies: &[(BTreeSet<Part>, &[Stmt])]) {
        let (vars, counters) = (self.vars.clone(), self.places.counters.clone());
        let mut after: Vec<BTreeSet<Part>> = vec![BTreeSet::new(); vars.len()];
        let mut known = counters.clone();
        for (control, body) in bodies {
            self.vars.clone_from(&vars);
            self.places.counters.clone_from(&counters);
            self.stmts(body, control);
            join(&mut after, &self.vars);
            known.retain(|var, _| self.places.counters.contains_key(var));
        }
        (self.vars, self.places.counters) = (after, known);
    }

    /// A loop with known turns, one by one as long as that is not too much.
    fn counting(
        &mut self,
        var: VarId,
        [start, stop, step]: [&Int; 3],
        body: &[Stmt],
        control: &BTreeSet<Part>,
    ) {
        let mut size = 0;
        walk_stmts(body, &mut |_| size += 1);
        let goes_on = |at: &Int| if step.is_negative() { at > stop } else { at < stop };
        let mut turns = Vec::new();
        let mut at = start.clone();
        while goes_on(&at) && (turns.len() + 1) * size <= self.budget && !step.is_zero() {
            turns.push(at.clone());
            at = at.add(step);
        }
        if goes_on(&at) {
            self.places.counters.remove(&var);
            self.turns(body, |walk| {
                walk.assign(var, control.clone(), true);
                control.clone()
            });
            return;
        }
        for turn in turns {
            self.assign(var, control.clone(), true);
            self.places.counters.insert(var, turn);
            self.stmts(body, control);
            self.land();
        }
        self.places.counters.remove(&var);
    }

    /// A loop as a whole: what any turn leaves, each may find.
    fn turns(&mut self, body: &[Stmt], begin: impl Fn(&mut Self) -> BTreeSet<Part>) {
        walk_stmts(body, &mut |stmt| {
            if let Some(var) = stmt.kind.stored_var() {
                self.places.counters.remove(&var);
            }
        });
        loop {
            let before = self.vars.clone();
            let control = begin(self);
            self.stmts(body, &control);
            self.land();
            join(&mut self.vars, &before);
            if self.vars == before {
                break;
            }
        }
    }

    /// Behind a loop or block, or at the end of a turn: something may have jumped there.
    fn land(&mut self) {
        let left = std::mem::take(&mut self.left);
        join(&mut self.vars, &left);
        self.left = left;
    }
}

fn join(into: &mut [BTreeSet<Part>], from: &[BTreeSet<Part>]) {
    for (into, from) in into.iter_mut().zip(from) {
        into.extend(from.iter().copied());
    }
}
