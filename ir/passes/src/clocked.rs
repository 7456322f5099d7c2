//! Processes that wait for edges in an endless loop, and for nothing else, are clocked processes.
//!
//! ```text
//! process p timed {                       process p clocked(rising %clk) {
//!   while 'turn true {
//!     wait rising %clk              ─►
//!     %q <= %d                              %q <= %d
//!   }
//! }                                       }
//! ```
//!
//! Where constants are stored into variables before the loop, [`registers`] gives each of these that keeps something from turn to
//! turn a net of its own: it is read into the variable at the beginning of a turn, and stored from it at the end. Under an asynchronous
//! reset the net takes the constant itself.
//!
//! The one wait stands at the head of the loop, and nothing leaves the loop; what ends a turn (`continue`) becomes the `break` of a block
//! that holds the turn. A loop within has a bound, by its count or as [`is_bounded`] sees from its condition. A clocked process forgets its variables after each
//! activation, so that each has to be set before it is read. What is before the wait at time zero is nothing, and what is due at an
//! edge runs in the same delta in both forms: the design is equivalent, and a synthesiser takes it for what it is.

use crate::memories::memories;
use crate::turns::is_bounded;
use pyhw_diagnostics::Span;
use pyhw_ir::eval::sets_before_it_reads;
use pyhw_ir::paths::{Counts, Roots, follow};
use pyhw_ir::{
    Body, Design, Edge, Event, ExprId, LabelId, Module, Net, NetId, Place, Process, ProcessBody, ProcessKind,
    Root, Stmt, StmtKind, Type, Value, VarId, Wait, walk_stmts,
};
use std::collections::{BTreeMap, BTreeSet};

/// Makes such processes of the design clocked.
pub fn clocked(design: &mut Design) {
    for process in design.modules.iter_mut().flat_map(|module| &mut module.processes) {
        let ProcessBody::Ir(body) = &process.body else { continue };
        if process.kind != ProcessKind::Timed {
            continue;
        }
        if let Some((events, stmts)) = form(body) {
            let body = Body { stmts, ..body.clone() };
            let kind = ProcessKind::Clocked { events, reset: None };
            *process = Process { kind, body: ProcessBody::Ir(body.compact()), ..process.clone() };
        }
    }
}

/// Makes clocked processes of those of the design that are one but for variables that keep something: each becomes a register.
/// An array becomes a memory.
/// For variables of a known interval: it is run after [`narrow`](crate::narrow()).
pub fn registers(design: &mut Design) {
    for module in &mut design.modules {
        for index in 0..module.processes.len() {
            let process = &module.processes[index];
            if let (ProcessKind::Timed, ProcessBody::Ir(body)) = (&process.kind, &process.body)
                && let Some(keeping) = Keeping::of(body)
            {
                let (body, name) = (body.clone(), process.name.clone());
                let kind = ProcessKind::Clocked { events: keeping.events.clone(), reset: None };
                let body = keeping.with_nets(body, module, &name).compact();
                let process = &mut module.processes[index];
                process.kind = kind;
                process.body = ProcessBody::Ir(body);
            }
        }
        memories(module, &design.types);
    }
}

/// An endless loop with one wait for edges at its head, and variables that are given constants before it.
struct Keeping {
    events: Vec<Event>,
    turn: Vec<Stmt>,
    /// The variables that a turn may change and the next one may read, with what they are at first.
    kept: BTreeMap<VarId, (Value, Span)>,
    /// Those that no turn changes.
    fixed: BTreeMap<VarId, (Value, Span)>,
}

impl Keeping {
    fn of(body: &Body) -> Option<Keeping> {
        let (_, before) = body.stmts.split_last()?;
        let (events, turn) = endless(&body.stmts[before.len()..], body)?;
        let turn = &turn;
        let mut first: BTreeMap<VarId, (Value, Span)> = BTreeMap::new();
        for stmt in before {
            let StmtKind::Assign { place: Place { root: Root::Var(var), path }, value } = &stmt.kind else {
                return None;
            };
            let value = body.exprs.as_const(*value)?;
            if !path.is_empty() || !is_register(&body.var(*var).ty, value) {
                return None;
            }
            first.insert(*var, (value.clone(), stmt.span));
        }
        let all: BTreeSet<VarId> = first.keys().copied().collect();
        // What every turn sets before it reads it keeps nothing.
        let mut needed = all.clone();
        for var in &all {
            let without: BTreeSet<VarId> = needed.iter().filter(|other| *other != var).copied().collect();
            if sets_before_it_reads(body, turn, roots(&without)) {
                needed = without;
            }
        }
        if !sets_before_it_reads(body, turn, roots(&needed)) {
            return None;
        }
        first.retain(|var, _| needed.contains(var));
        let mut stored = BTreeSet::new();
        walk_stmts(turn, &mut |stmt| stored.extend(stmt.kind.stored_var()));
        // What a turn may leave unset is no register.
        let ends = follow(&body.exprs, turn, roots(&needed), Counts::Parts, &mut |_, _| {});
        if ends.end.is_some_and(|end| needed.iter().any(|var| !end.contains(Root::Var(*var)))) {
            return None;
        }
        let (kept, fixed) = first.into_iter().partition(|(var, _)| stored.contains(var));
        Some(Keeping { events, turn: turn.to_vec(), kept, fixed })
    }

    /// The body of the clocked process, with its registers in the module.
    fn with_nets(self, mut body: Body, module: &mut Module, process: &str) -> Body {
        let mut around = Around::default();
        for (var, (value, span)) in self.fixed {
            let ty = body.var(var).ty.clone();
            let value = body.exprs.constant(value, ty, span);
            around.before.push(Stmt::new(StmtKind::Assign { place: Place::var(var), value }, span));
        }
        for (var, (init, span)) in self.kept {
            let (name, ty) = (body.var(var).name.clone(), body.var(var).ty.clone());
            let name = module.free_net_name(format!("{process}_{name}"));
            let net = module.add_net(Net::new(name, ty.clone(), init, body.var(var).span));
            let kept = body.exprs.net(net, &ty, span);
            around.before.push(Stmt::new(StmtKind::Assign { place: Place::var(var), value: kept }, span));
            let value = body.exprs.var(var, &ty, span);
            around.after.push(Stmt::new(StmtKind::Next { place: Place::net(net), value }, span));
            around.nets.insert(var, net);
        }
        body.stmts = match FlipFlop::of(&body, &self.events, &self.turn) {
            Some(FlipFlop { stmt, resets, orelse }) => {
                let arms = resets.iter().map(|(cond, arm)| (*cond, around.constants(&body, arm))).collect();
                let kind = StmtKind::If { arms, orelse: around.stmts(orelse) };
                vec![Stmt { kind, ..stmt.clone() }]
            }
            None => around.stmts(&self.turn),
        };
        body
    }
}

/// What stands around a turn: nets are read into variables before, and stored from them after it.
#[derive(Default)]
struct Around {
    before: Vec<Stmt>,
    after: Vec<Stmt>,
    nets: BTreeMap<VarId, NetId>,
}

impl Around {
    fn stmts(&self, turn: &[Stmt]) -> Vec<Stmt> {
        [&self.before, turn, &self.after].into_iter().flatten().cloned().collect()
    }

    /// The same of stores of constants: they go into the nets themselves.
    fn constants(&self, body: &Body, stores: &[Stmt]) -> Vec<Stmt> {
        let into_net = |stmt: &Stmt| {
            let kind = match constant_store(body, stmt)? {
                (Root::Var(var), value) => StmtKind::Next { place: Place::net(*self.nets.get(&var)?), value },
                (Root::Net(_), _) => stmt.kind.clone(),
            };
            Some(Stmt { kind, ..stmt.clone() })
        };
        stores.iter().filter_map(into_net).collect()
    }
}

/// One `if` on all resets of several edges, whose arms store constants, with all else in its last: a flip-flop with asynchronous resets,
/// which stays one.
struct FlipFlop<'a> {
    stmt: &'a Stmt,
    resets: &'a [(ExprId, Vec<Stmt>)],
    orelse: &'a [Stmt],
}

impl FlipFlop<'_> {
    fn of<'a>(body: &Body, events: &[Event], turn: &'a [Stmt]) -> Option<FlipFlop<'a>> {
        let [stmt @ Stmt { kind: StmtKind::If { arms: resets, orelse }, .. }] = turn else { return None };
        let is_reset = |(cond, stores): &(ExprId, Vec<Stmt>)| {
            let leads_to = |(net, level)| {
                events.iter().any(|event| event.net == net && (event.edge == Edge::Rising) == level)
            };
            crate::tested_level(body, *cond).is_some_and(leads_to)
                && stores.iter().all(|stmt| constant_store(body, stmt).is_some())
        };
        let is_one = events.len() > 1 && resets.len() + 1 == events.len() && resets.iter().all(is_reset);
        is_one.then_some(FlipFlop { stmt, resets, orelse })
    }
}

/// What a store of a constant into a whole place stores, and where.
fn constant_store(body: &Body, stmt: &Stmt) -> Option<(Root, ExprId)> {
    let (StmtKind::Assign { place, value } | StmtKind::Next { place, value }) = &stmt.kind else {
        return None;
    };
    let known = body.exprs.as_const(*value).filter(|_| place.path.is_empty())?;
    let fits = match place.root {
        Root::Var(var) => is_register(&body.var(var).ty, known),
        Root::Net(_) => true,
    };
    fits.then_some((place.root, *value))
}

fn roots(vars: &BTreeSet<VarId>) -> Roots {
    vars.iter().copied().map(Root::Var).collect()
}

/// Whether a net can hold what the variable does, and begins with the value.
fn is_register(ty: &Type, value: &Value) -> bool {
    match (ty, value) {
        (Type::Bool, Value::Bool(_)) | (Type::Enum(_), Value::Enum(_)) => true,
        (Type::Int(range), Value::Int(value)) => range.is_bounded() && range.contains(value),
        (Type::Bool | Type::Enum(_) | Type::Int(_), _) | (Type::Struct(_) | Type::Text | Type::Opaque, _) => {
            false
        }
        (Type::Array(element, _), Value::Array(values)) => {
            values.iter().all(|value| is_register(element, value))
        }
        (Type::Array(..), _) => false,
    }
}

/// What it waits for, and what it does then.
fn form(body: &Body) -> Option<(Vec<Event>, Vec<Stmt>)> {
    let (events, turn) = endless(&body.stmts, body)?;
    sets_before_it_reads(body, &turn, Roots::default()).then_some((events, turn))
}

/// Of statements that are nothing but an endless loop with one wait for edges at its head: these edges, and what is done then. What ends
/// a turn leaves a block that holds the turn.
fn endless(stmts: &[Stmt], body: &Body) -> Option<(Vec<Event>, Vec<Stmt>)> {
    let [Stmt { kind: StmtKind::While { label, cond, body: turn }, span, .. }] = stmts else {
        return None;
    };
    let (Stmt { kind: StmtKind::Wait(waits), .. }, rest) = turn.split_first()? else { return None };
    if !body.exprs.as_const(*cond).is_some_and(Value::is_truthy) || waits.is_empty() {
        return None;
    }
    let events: Vec<Event> = waits.iter().map(edge).collect::<Option<_>>()?;
    if !only_runs(body, rest, *label) {
        return None;
    }
    let mut is_ended = false;
    walk_stmts(rest, &mut |stmt| is_ended |= stmt.kind == StmtKind::Continue(*label));
    let turn = match is_ended {
        true => {
            vec![Stmt::new(StmtKind::Block { label: *label, body: leaving(rest.to_vec(), *label) }, *span)]
        }
        false => rest.to_vec(),
    };
    Some((events, turn))
}

/// The statements with `break` in place of `continue`.
fn leaving(stmts: Vec<Stmt>, label: LabelId) -> Vec<Stmt> {
    let left = stmts.into_iter().map(|stmt| {
        let kind = match stmt.kind {
            StmtKind::Continue(other) if other == label => StmtKind::Break(label),
            kind => kind.map_blocks(&mut |block| leaving(block, label)),
        };
        Stmt { kind, ..stmt }
    });
    left.collect()
}

fn edge(wait: &Wait) -> Option<Event> {
    match wait {
        Wait::Event(event) if event.edge != Edge::Any => Some(*event),
        Wait::Event(_) | Wait::Delay(_) | Wait::Join(_) => None,
    }
}

/// Whether the statements neither wait, nor leave the loop, nor turn without a count.
fn only_runs(body: &Body, stmts: &[Stmt], outer: LabelId) -> bool {
    let mut only = true;
    walk_stmts(stmts, &mut |stmt| {
        only &= match &stmt.kind {
            StmtKind::Wait(_) | StmtKind::Return => false,
            StmtKind::While { label, cond, body: turn } => is_bounded(body, *label, *cond, turn),
            StmtKind::Break(label) => *label != outer,
            StmtKind::Assign { .. }
            | StmtKind::Unset(_)
            | StmtKind::Next { .. }
            | StmtKind::If { .. }
            | StmtKind::Switch { .. }
            | StmtKind::For { .. }
            | StmtKind::Continue(_)
            | StmtKind::Block { .. }
            | StmtKind::Assert { .. }
            | StmtKind::Print { .. }
            | StmtKind::Raise { .. }
            | StmtKind::Finish { .. } => true,
        };
    });
    only
}
