//! One process made straight-line: what its statements come to, and the statements that say it.

use super::graph::Graph;
use super::part::MOST_ELEMENTS;
use super::state::{Path, Slot, State};
use super::{Limits, Reason};
use crate::facts::written_nets;
use pyhw_diagnostics::Span;
use pyhw_ir::{
    Body, ExprId, ExprKind, LabelId, Module, Net, NetId, NetKind, Op, Place, Process, ProcessKind,
    Projection, Stmt, StmtKind, Type, Types, Var, VarId,
};
use std::collections::{BTreeMap, BTreeSet};

/// Why a process is not written in this way.
pub(super) enum Stop {
    /// It stays as it is.
    Kept(Reason),
    /// An element of the net is stored at an index that is computed: its stores are to stay stores.
    Memory(NetId),
}

impl From<Reason> for Stop {
    fn from(reason: Reason) -> Stop {
        Stop::Kept(reason)
    }
}

/// What is known of the design around a process.
#[derive(Clone, Copy)]
pub(super) struct Around<'a> {
    pub types: &'a Types,
    pub module: &'a Module,
    /// For each net of the module, whether something else might drive it as well.
    pub shared: &'a [bool],
    /// Whether it can be seen in which order a process stores into nets.
    pub order_matters: bool,
    pub limits: Limits,
}

/// Where a path goes that leaves the statements around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Target {
    Break(LabelId),
    Continue(LabelId),
    Return,
}

/// A store into a part of a net whose next value is not followed.
#[derive(Clone, Debug)]
pub(super) struct PartStore {
    pub net: NetId,
    pub guard: ExprId,
    pub path: Vec<Projection>,
    pub value: ExprId,
    pub span: Span,
}

pub(super) struct Writer<'a> {
    pub around: Around<'a>,
    pub body: &'a Body,
    pub graph: Graph<'a>,
    /// Variables of the new body: only what is evaluated for its faults stands in them.
    pub vars: Vec<Var>,
    /// The copies of variables that may be unset or stand in messages.
    pub copies: BTreeMap<VarId, VarId>,
    /// What must happen before the stores, each with the condition under which it does.
    pub checks: Vec<(ExprId, Stmt)>,
    /// Expressions whose faults were looked for on every path to here.
    pub checked: Vec<ExprId>,
    pub stores: Vec<PartStore>,
    /// For each net its place in [`State::nets`], if its next value is followed.
    pub followed: Vec<Option<usize>>,
    /// Where each net was first stored into.
    pub spans: BTreeMap<NetId, Span>,
    /// Paths that left, in order.
    pub exits: Vec<(Target, State)>,
    pub orders_differ: bool,
    pub turns: usize,
    pub never: ExprId,
    pub always: ExprId,
    /// Expressions of the old body in the new graph: those that read no variable, and for the statement at hand the others.
    fixed: Vec<Option<ExprId>>,
    of_stmt: Vec<(u32, Option<ExprId>)>,
    stmt: u32,
    reads_vars: Vec<bool>,
    /// Variables that expressions of the statement at hand read and that may be unset.
    pub unset: BTreeSet<VarId>,
}

/// The process as a straight-line body.
///
/// # Errors
/// Why it stays as it is.
pub(super) fn straight(around: Around<'_>, process: &Process, body: &Body) -> Result<Body, Reason> {
    let mut memories = BTreeSet::new();
    loop {
        match write(around, process, body, &memories) {
            Ok(body) => return Ok(body),
            Err(Stop::Kept(reason)) => return Err(reason),
            Err(Stop::Memory(net)) => {
                if !memories.insert(net) {
                    return Err(Reason::Part);
                }
            }
        }
    }
}

fn write(
    around: Around<'_>,
    process: &Process,
    body: &Body,
    memories: &BTreeSet<NetId>,
) -> Result<Body, Stop> {
    let mut graph = Graph::new(around.types, around.module, around.limits.expressions);
    let (never, always) = (graph.bool(false)?, graph.bool(true)?);
    let driven = written_nets(process);
    let mut followed = vec![None; around.module.nets.len()];
    let mut nets = Vec::new();
    for &net in &driven {
        if may_be_followed(around, net) && !memories.contains(&net) {
            followed[net.index()] = Some(nets.len());
            nets.push(Slot { value: Some(graph.net(net, Span::NONE)?), set: never });
        }
    }
    let mut reads_vars = vec![false; body.exprs.len()];
    for id in body.exprs.ids() {
        reads_vars[id.index()] = match body.exprs.kind(id) {
            ExprKind::Var(_) => true,
            ExprKind::Const(_) | ExprKind::Net(_) => false,
            ExprKind::Op(_, args) => args.iter().any(|arg| reads_vars[arg.index()]),
        };
    }
    let mut writer = Writer {
        around,
        body,
        graph,
        vars: Vec::new(),
        copies: BTreeMap::new(),
        checks: Vec::new(),
        checked: Vec::new(),
        stores: Vec::new(),
        followed,
        spans: BTreeMap::new(),
        exits: Vec::new(),
        orders_differ: false,
        turns: 0,
        never,
        always,
        fixed: vec![None; body.exprs.len()],
        of_stmt: vec![(0, None); body.exprs.len()],
        stmt: 0,
        reads_vars,
        unset: BTreeSet::new(),
    };
    let start = State {
        vars: vec![Slot { value: None, set: never }; body.vars.len()],
        nets,
        path: Path::new(always),
        order: Vec::new(),
    };
    let end = writer.process(start)?;
    if writer.orders_differ && around.order_matters {
        return Err(Reason::Order.into());
    }
    Ok(writer.finish(process, &driven, end)?)
}

/// Whether the next value of the net is known to be its current one until the process stores into it, so that its driver can be
/// one expression.
fn may_be_followed(around: Around<'_>, net: NetId) -> bool {
    let Net { kind, ty, .. } = around.module.net(net);
    let kind_fits = match kind {
        NetKind::Signal => true,
        // A store of the same value takes back one that is on its way.
        NetKind::Delayed(_) => false,
        NetKind::TriState | NetKind::Driver(_) => false,
    };
    let is_small = match ty {
        Type::Array(_, length) => *length <= MOST_ELEMENTS / 4,
        Type::Bool | Type::Int(_) | Type::Enum(_) | Type::Struct(_) | Type::Text | Type::Opaque => true,
    };
    kind_fits && is_small && !around.shared[net.index()]
}

impl<'a> Writer<'a> {
    /// Forgets what expressions of the statement before were.
    pub fn begin(&mut self) {
        self.stmt += 1;
        self.unset.clear();
    }

    /// The old expression in the new graph, every variable replaced by its value.
    pub fn value(&mut self, state: &State, root: ExprId) -> Result<ExprId, Reason> {
        let body = self.body;
        let mut stack = vec![root];
        while let Some(&id) = stack.last() {
            if self.known(id).is_some() {
                stack.pop();
                continue;
            }
            let before = stack.len();
            stack.extend(body.exprs.operands(id).iter().rev().filter(|&&arg| self.known(arg).is_none()));
            if stack.len() > before {
                continue;
            }
            stack.pop();
            let span = body.exprs.span(id);
            let new = match body.exprs.kind(id) {
                ExprKind::Const(value) => {
                    self.graph.constant(value.clone(), body.exprs.ty(id).clone(), span)?
                }
                ExprKind::Net(net) => self.graph.net(*net, span)?,
                ExprKind::Var(var) => {
                    let slot = state.vars[var.index()];
                    if !state.path.implies(slot.set) {
                        self.unset.insert(*var);
                    }
                    match slot.value {
                        Some(value) => value,
                        None => self.graph.any_value(&body.var(*var).ty)?,
                    }
                }
                ExprKind::Op(op, args) => {
                    let args = self.operands(args);
                    self.graph.op(op.clone(), &args, span)?
                }
            };
            match self.reads_vars[id.index()] {
                true => self.of_stmt[id.index()] = (self.stmt, Some(new)),
                false => self.fixed[id.index()] = Some(new),
            }
        }
        self.graph.within_limit()?;
        Ok(self.known(root).unwrap_or(self.never))
    }

    fn known(&self, id: ExprId) -> Option<ExprId> {
        match self.of_stmt[id.index()] {
            (stmt, known) if self.reads_vars[id.index()] && stmt == self.stmt => known,
            _ => self.fixed[id.index()],
        }
    }

    fn operands(&self, args: &[ExprId]) -> Vec<ExprId> {
        args.iter().map(|&arg| self.known(arg).expect("invariant: operands come first")).collect()
    }

    /// The old expression in the new graph with some variables replaced by their copies, the others by their values.
    pub fn with_copies(
        &mut self,
        state: &State,
        root: ExprId,
        copied: &BTreeSet<VarId>,
    ) -> Result<ExprId, Reason> {
        self.value(state, root)?;
        let body = self.body;
        let mut made: BTreeMap<ExprId, ExprId> = BTreeMap::new();
        let mut order = Vec::new();
        body.exprs.walk(root, &mut |id| order.push(id));
        for id in order {
            let span = body.exprs.span(id);
            let new = match body.exprs.kind(id) {
                ExprKind::Var(var) if copied.contains(var) => {
                    let copy = self.copy_of(*var);
                    self.graph.var(copy, &body.var(*var).ty, span)?
                }
                ExprKind::Op(op, args) if args.iter().any(|arg| made.contains_key(arg)) => {
                    let new = |arg: &ExprId| made.get(arg).copied().or_else(|| self.known(*arg));
                    let args: Vec<ExprId> = args.iter().filter_map(new).collect();
                    self.graph.op(op.clone(), &args, span)?
                }
                ExprKind::Const(_) | ExprKind::Net(_) | ExprKind::Var(_) | ExprKind::Op(..) => continue,
            };
            made.insert(id, new);
        }
        Ok(match made.get(&root) {
            Some(&new) => new,
            None => self.value(state, root)?,
        })
    }

    /// The variable of the new body that stands for one of the old body where that must be read.
    pub fn copy_of(&mut self, var: VarId) -> VarId {
        if let Some(&copy) = self.copies.get(&var) {
            return copy;
        }
        let copy = self.add_var(self.body.var(var).clone());
        self.copies.insert(var, copy);
        copy
    }

    pub fn add_var(&mut self, var: Var) -> VarId {
        self.vars.push(var);
        VarId::new(self.vars.len() - 1)
    }

    /// The new body: checks, then one store for each net.
    fn finish(mut self, process: &Process, driven: &[NetId], end: Option<State>) -> Result<Body, Reason> {
        let mut stmts = grouped(std::mem::take(&mut self.checks), self.always);
        let is_comb = matches!(process.kind, ProcessKind::Comb { .. });
        let mut order = end.as_ref().map_or_else(Vec::new, |end| end.order.clone());
        // A path that ends in a fault may be the only one that stores into a net.
        order.extend(driven.iter().filter(|net| !order.contains(net)).copied().collect::<Vec<NetId>>());
        for net in order {
            let span = self.spans.get(&net).copied().unwrap_or(process.span);
            let before = stmts.len();
            if let Some(at) = self.followed[net.index()] {
                if let Some(slot) = end.as_ref().map(|end| end.nets[at])
                    && let Some(value) = slot.value
                    && slot.set != self.never
                {
                    let (guard, value) = self.driver(net, slot, value, is_comb)?;
                    stmts.push(self.guarded(guard, next(Place::net(net), value, span)));
                }
            } else {
                for store in self.ports(net) {
                    let place = Place { path: store.path, ..Place::net(net) };
                    stmts.push(self.guarded(store.guard, next(place, store.value, store.span)));
                }
            }
            if stmts.len() == before {
                // No path stores into it, and it is the process's all the same: a reset sets it.
                let value = self.graph.net(net, span)?;
                stmts.push(self.guarded(self.never, next(Place::net(net), value, span)));
            }
        }
        let body = Body { vars: self.vars, exprs: self.graph.exprs, labels: Vec::new(), stmts };
        Ok(body.compact())
    }

    /// The stores into a net, those left out that a later one surely overwrites.
    fn ports(&mut self, net: NetId) -> Vec<PartStore> {
        let (own, others) = std::mem::take(&mut self.stores).into_iter().partition(|store| store.net == net);
        self.stores = others;
        let own: Vec<PartStore> = own;
        let mut kept: Vec<PartStore> = Vec::new();
        let mut places: BTreeSet<(ExprId, Vec<(u32, u32)>)> = BTreeSet::new();
        for store in own.into_iter().rev() {
            let steps = store.path.iter().map(|step| match step {
                Projection::Index(at) | Projection::Bit(at) => (at.index() as u32, 0),
                Projection::Field(number) => (*number, 0),
                Projection::Slice { low, width } => (low.index() as u32, *width),
            });
            // What wraps may change in other bits as well.
            let is_alone = !self.around.module.net(net).wraps
                || !matches!(store.path.last(), Some(Projection::Bit(_) | Projection::Slice { .. }));
            // The steps of one net are of one kind at each place, or of different widths.
            if is_alone && !places.insert((store.guard, steps.collect())) {
                continue;
            }
            let is_whole = store.path.is_empty() && store.guard == self.always;
            kept.push(store);
            if is_whole {
                break;
            }
        }
        kept.reverse();
        kept
    }

    fn guarded(&self, guard: ExprId, stmt: Stmt) -> Stmt {
        if guard == self.always {
            return stmt;
        }
        let span = stmt.span;
        Stmt::new(StmtKind::If { arms: vec![(guard, vec![stmt])], orelse: Vec::new() }, span)
    }

    /// When a followed net is stored into, and what.
    fn driver(
        &mut self,
        net: NetId,
        slot: Slot,
        value: ExprId,
        is_comb: bool,
    ) -> Result<(ExprId, ExprId), Reason> {
        let declared = self.around.module.net(net);
        let (mut guard, mut value) = (self.always, value);
        let own = self.graph.net(net, Span::NONE)?;
        if is_comb && self.mentions(value, own) {
            // A latch: it is said when it is stored into, so that what it holds need not be read.
            guard = slot.set;
            value = self.without_hold(value, own);
        }
        if declared.wraps
            && let Some((Op::Wrap { range }, args)) = self.graph.as_op(value)
            && Some(range) == declared.ty.range()
        {
            // The store does that.
            value = args[0];
        }
        Ok((guard, value))
    }

    fn mentions(&self, root: ExprId, own: ExprId) -> bool {
        let mut found = false;
        self.graph.exprs.walk(root, &mut |id| found |= id == own);
        found
    }

    /// The value on the paths where it is not just what the net held.
    fn without_hold(&mut self, value: ExprId, own: ExprId) -> ExprId {
        let mut value = value;
        while let Some((Op::Mux, args)) = self.graph.as_op(value) {
            if args[1] == own {
                value = args[2];
            } else if args[2] == own {
                value = args[1];
            } else {
                break;
            }
        }
        value
    }
}

fn next(place: Place, value: ExprId, span: Span) -> Stmt {
    Stmt::new(StmtKind::Next { place, value }, span)
}

/// Statements under their conditions; neighbours with the same one together.
fn grouped(checks: Vec<(ExprId, Stmt)>, always: ExprId) -> Vec<Stmt> {
    let mut stmts: Vec<Stmt> = Vec::new();
    let mut last = None;
    for (guard, stmt) in checks {
        if guard == always {
            stmts.push(stmt);
        } else if let (true, Some(Stmt { kind: StmtKind::If { arms, .. }, .. })) =
            (last == Some(guard), stmts.last_mut())
        {
            arms[0].1.push(stmt);
        } else {
            let span = stmt.span;
            let kind = StmtKind::If { arms: vec![(guard, vec![stmt])], orelse: Vec::new() };
            stmts.push(Stmt::new(kind, span));
        }
        last = Some(guard);
    }
    stmts
}
