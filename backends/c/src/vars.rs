//! Where local variables are declared: as late and as deep as their uses allow.

use crate::bounds::Turns;
use pyhw_ir::{Body, ExprId, ExprKind, Root, Stmt, StmtKind, VarId, walk_stmts};
use std::collections::{BTreeSet, HashMap};

/// How a variable is declared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Declare {
    /// By the assignment that follows; it is the only one.
    Constant,
    /// By the assignment that follows.
    WithValue,
    /// Without a value: each use comes after an assignment.
    Plain,
    /// As zero, since not every use certainly comes after an assignment.
    Zero,
}

/// Where the variables of a body are declared.
#[derive(Clone, Debug, Default)]
pub struct Declarations {
    /// Before which statement, told by its address.
    before: HashMap<*const Stmt, Vec<(VarId, Declare)>>,
    /// Variables whose values nobody needs.
    dead: BTreeSet<VarId>,
    /// Counters that their loops declare.
    counters: BTreeSet<VarId>,
}

impl Declarations {
    /// Looks at every use of every variable.
    pub fn new(body: &Body) -> Declarations {
        let mut result =
            Declarations { dead: dead(body), counters: counters(body), ..Declarations::default() };
        let mut uses = Uses { body, of: HashMap::new(), assignments: HashMap::new() };
        let all = uses.list(&body.stmts);
        walk_stmts(&body.stmts, &mut |stmt| {
            if let StmtKind::Assign { place, .. } = &stmt.kind
                && let Root::Var(var) = place.root
            {
                *uses.assignments.entry(var).or_default() += 1;
            }
        });
        for var in all {
            if !result.dead.contains(&var) && !result.counters.contains(&var) {
                result.place(&uses, &body.stmts, var);
            }
        }
        result
    }

    /// What is declared before the statement.
    pub fn before(&self, stmt: &Stmt) -> &[(VarId, Declare)] {
        self.before.get(&std::ptr::from_ref(stmt)).map_or(&[], Vec::as_slice)
    }

    /// Whether nobody needs the variable's value.
    pub fn is_dead(&self, var: VarId) -> bool {
        self.dead.contains(&var)
    }

    /// Whether the variable is declared by the loops that count it.
    pub fn is_counter(&self, var: VarId) -> bool {
        self.counters.contains(&var)
    }

    /// Treats a variable as dead: every use of its value was folded away.
    pub fn drop_var(&mut self, var: VarId) {
        self.dead.insert(var);
        for declared in self.before.values_mut() {
            declared.retain(|(other, _)| *other != var);
        }
    }

    fn place(&mut self, uses: &Uses<'_>, list: &[Stmt], var: VarId) {
        let mut list = list;
        loop {
            let mut mentions = list.iter().enumerate().filter(|(_, stmt)| uses.mentions(stmt, var));
            let Some((first, stmt)) = mentions.next() else { return };
            if mentions.next().is_none()
                && !uses.in_header(stmt, var)
                && let Some(inner) = only_block(uses, stmt, var)
            {
                let is_loop = matches!(stmt.kind, StmtKind::For { .. } | StmtKind::While { .. });
                if !is_loop || uses.flow(inner, var, false).is_ok {
                    list = inner;
                    continue;
                }
            }
            let how = match &stmt.kind {
                StmtKind::Assign { place, value }
                    if place.root == Root::Var(var)
                        && place.path.is_empty()
                        && !uses.reads(&[*value], var) =>
                {
                    if uses.assignments.get(&var) == Some(&1) {
                        Declare::Constant
                    } else {
                        Declare::WithValue
                    }
                }
                _ if uses.flow(&list[first..], var, false).is_ok => Declare::Plain,
                _ => Declare::Zero,
            };
            self.before.entry(std::ptr::from_ref(stmt)).or_default().push((var, how));
            return;
        }
    }
}

/// The one block of the statement that uses the variable.
fn only_block<'s>(uses: &Uses<'_>, stmt: &'s Stmt, var: VarId) -> Option<&'s [Stmt]> {
    let mut blocks =
        stmt.kind.blocks().into_iter().filter(|block| block.iter().any(|stmt| uses.mentions(stmt, var)));
    let block = blocks.next()?;
    if blocks.next().is_some() { None } else { Some(block) }
}

/// Which variables each statement uses, those inside it included.
struct Uses<'a> {
    body: &'a Body,
    of: HashMap<*const Stmt, BTreeSet<VarId>>,
    assignments: HashMap<VarId, u32>,
}

/// What comes of a list of statements for one variable.
#[derive(Clone, Copy)]
struct Flow {
    /// Whether no use comes before an assignment.
    is_ok: bool,
    /// Whether it is certainly assigned afterwards (or nothing comes afterwards).
    is_assigned: bool,
}

impl Uses<'_> {
    fn list(&mut self, stmts: &[Stmt]) -> BTreeSet<VarId> {
        let mut all = BTreeSet::new();
        for stmt in stmts {
            let mut own = BTreeSet::new();
            for root in stmt.kind.exprs() {
                self.body.exprs.walk(root, &mut |id| {
                    if let ExprKind::Var(var) = self.body.exprs.kind(id) {
                        own.insert(*var);
                    }
                });
            }
            own.extend(stmt.kind.stored_var());
            for block in stmt.kind.blocks() {
                own.extend(self.list(block));
            }
            all.extend(own.iter().copied());
            self.of.insert(std::ptr::from_ref(stmt), own);
        }
        all
    }

    fn mentions(&self, stmt: &Stmt, var: VarId) -> bool {
        self.of.get(&std::ptr::from_ref(stmt)).is_some_and(|vars| vars.contains(&var))
    }

    fn reads(&self, roots: &[ExprId], var: VarId) -> bool {
        let mut found = false;
        for root in roots {
            self.body.exprs.walk(*root, &mut |id| {
                found |= matches!(self.body.exprs.kind(id), ExprKind::Var(of) if *of == var);
            });
        }
        found
    }

    /// Whether the statement itself, not one inside it, uses the variable.
    fn in_header(&self, stmt: &Stmt, var: VarId) -> bool {
        let counts = matches!(stmt.kind, StmtKind::For { .. }) && stmt.kind.stored_var() == Some(var);
        counts || self.reads(&stmt.kind.exprs(), var)
    }

    fn flow(&self, stmts: &[Stmt], var: VarId, is_assigned: bool) -> Flow {
        let mut flow = Flow { is_ok: true, is_assigned };
        for stmt in stmts {
            if !self.mentions(stmt, var) && stmt.kind.blocks().is_empty() {
                if stmt.kind.leaves() {
                    return Flow { is_assigned: true, ..flow };
                }
                continue;
            }
            self.step(stmt, var, &mut flow);
            if !flow.is_ok {
                return flow;
            }
        }
        flow
    }

    fn step(&self, stmt: &Stmt, var: VarId, flow: &mut Flow) {
        if !flow.is_assigned && self.reads(&stmt.kind.exprs(), var) {
            flow.is_ok = false;
            return;
        }
        let before = flow.is_assigned;
        let branches = |blocks: &[&[Stmt]]| {
            blocks.iter().fold(Flow { is_ok: true, is_assigned: true }, |all, block| {
                let one = self.flow(block, var, before);
                Flow { is_ok: all.is_ok && one.is_ok, is_assigned: all.is_assigned && one.is_assigned }
            })
        };
        match &stmt.kind {
            StmtKind::Assign { place, .. } if place.root == Root::Var(var) => {
                // A part of what has no value yet.
                flow.is_ok &= before || place.path.is_empty();
                flow.is_assigned = true;
            }
            StmtKind::If { .. } | StmtKind::Switch { .. } => *flow = branches(&stmt.kind.blocks()),
            StmtKind::For { var: counter, start, stop, step, body, .. } => {
                if Turns::new(start, stop, step).is_none() {
                    return;
                }
                let inner = self.flow(body, var, before || *counter == var);
                flow.is_ok = inner.is_ok;
                flow.is_assigned = before || *counter == var || (inner.is_assigned && !jumps(body));
            }
            StmtKind::While { body, .. } => {
                flow.is_ok = self.flow(body, var, before).is_ok;
            }
            StmtKind::Block { body, .. } => {
                let inner = self.flow(body, var, before);
                flow.is_ok = inner.is_ok;
                flow.is_assigned = before || (inner.is_assigned && !jumps(body));
            }
            StmtKind::Break(_)
            | StmtKind::Continue(_)
            | StmtKind::Return
            | StmtKind::Raise { .. }
            | StmtKind::Finish { .. } => flow.is_assigned = true,
            // Text has no state for a variable that holds nothing.
            StmtKind::Unset(_) => {}
            StmtKind::Assign { .. }
            | StmtKind::Next { .. }
            | StmtKind::Wait(_)
            | StmtKind::Assert { .. }
            | StmtKind::Print { .. } => {}
        }
    }
}

/// Whether anything in the list leaves a loop or block early.
pub fn jumps(stmts: &[Stmt]) -> bool {
    let mut found = false;
    walk_stmts(stmts, &mut |stmt| {
        found |= matches!(stmt.kind, StmtKind::Break(_) | StmtKind::Continue(_));
    });
    found
}

/// Variables that are read only to compute other such variables, or not at all. Assertions and prints are not emitted.
fn dead(body: &Body) -> BTreeSet<VarId> {
    let mut live: BTreeSet<VarId> = BTreeSet::new();
    loop {
        let before = live.len();
        let mut wanted: Vec<ExprId> = Vec::new();
        walk_stmts(&body.stmts, &mut |stmt| {
            let counts = match &stmt.kind {
                StmtKind::Assign { place, .. } => matches!(place.root, Root::Var(var) if live.contains(&var)),
                other => !other.is_heard(),
            };
            if counts {
                wanted.extend(stmt.kind.exprs());
            }
        });
        let mut seen = vec![false; body.exprs.len()];
        for root in wanted {
            if std::mem::replace(&mut seen[root.index()], true) {
                continue;
            }
            body.exprs.walk(root, &mut |id| {
                seen[id.index()] = true;
                if let ExprKind::Var(var) = body.exprs.kind(id) {
                    live.insert(*var);
                }
            });
        }
        if live.len() == before {
            break;
        }
    }
    (0..body.vars.len()).map(VarId::new).filter(|var| !live.contains(var)).collect()
}

/// Counters of loops that are never assigned and never read outside a loop that counts them.
fn counters(body: &Body) -> BTreeSet<VarId> {
    let mut counted = BTreeSet::new();
    let mut other = BTreeSet::new();
    walk_stmts(&body.stmts, &mut |stmt| {
        if let Some(var) = stmt.kind.stored_var() {
            let counts = matches!(stmt.kind, StmtKind::For { .. });
            if counts {
                counted.insert(var)
            } else {
                other.insert(var)
            };
        }
    });
    outside(body, &body.stmts, &mut Vec::new(), &mut other);
    counted.retain(|var| !other.contains(var));
    counted
}

fn outside(body: &Body, stmts: &[Stmt], inside: &mut Vec<VarId>, found: &mut BTreeSet<VarId>) {
    for stmt in stmts {
        for root in stmt.kind.exprs() {
            body.exprs.walk(root, &mut |id| {
                if let ExprKind::Var(var) = body.exprs.kind(id)
                    && !inside.contains(var)
                {
                    found.insert(*var);
                }
            });
        }
        let counter = if let StmtKind::For { .. } = stmt.kind { stmt.kind.stored_var() } else { None };
        // Counted by a loop within its own loop: the outer one would lose its count.
        found.extend(counter.filter(|var| inside.contains(var)));
        inside.extend(counter);
        for block in stmt.kind.blocks() {
            outside(body, block, inside, found);
        }
        if counter.is_some() {
            inside.pop();
        }
    }
}
