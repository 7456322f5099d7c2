//! The dataflow of a module as plain data, read off its straight-line processes.

use super::{Kept, shared};
use crate::facts::written_nets;
use pyhw_ir::rewrite::{Rewrite, rewrite_stmt};
use pyhw_ir::{
    Body, Design, Event, ExprId, ExprKind, Exprs, Module, ModuleId, NetId, NetKind, Op, Place, Process,
    ProcessBody, ProcessId, ProcessKind, Projection, Reset, Root, Stmt, StmtKind, Type, Var, VarId,
    walk_stmts,
};

/// What drives the nets of one module, instances left aside; for a whole design flatten it first.
///
/// All expressions are of one arena, so that what processes share is one expression. Entries are in the order of the processes, and
/// within one in the order in which it stores.
#[derive(Clone, Debug, Default)]
pub struct Dataflow {
    /// Every expression. But for those of [`Dataflow::checks`] they read no variable, and do not fault once the checks of their
    /// process have passed.
    pub exprs: Exprs,
    /// The variables of checks.
    pub vars: Vec<Var>,
    /// Nets that are functions of other nets.
    pub wires: Vec<Wire>,
    /// Nets that take a value at an edge.
    pub registers: Vec<Register>,
    /// Nets whose parts are stored into, that have other drivers as well, or that take their values later.
    pub memories: Vec<Memory>,
    /// What may be a fault.
    pub checks: Vec<Check>,
    /// Processes that are not straight-line; what they drive is not in the lists.
    pub kept: Vec<ProcessId>,
}

/// A net that a combinational process drives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wire {
    /// The net.
    pub net: NetId,
    /// Its process.
    pub process: ProcessId,
    /// When it takes the value; a latch keeps its own otherwise. `None` for always.
    pub guard: Option<ExprId>,
    /// The value.
    pub value: ExprId,
}

/// A net that a clocked process drives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Register {
    /// The net.
    pub net: NetId,
    /// Its process.
    pub process: ProcessId,
    /// The edges at which it takes its next value.
    pub events: Vec<Event>,
    /// What sets it to its initial value instead.
    pub reset: Option<Reset>,
    /// Its next value; where nothing is stored that is the net itself.
    pub next: ExprId,
}

/// A net that a process stores into through ports.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Memory {
    /// The net.
    pub net: NetId,
    /// Its process.
    pub process: ProcessId,
    /// The edges at which it is stored into; none for a combinational process.
    pub events: Vec<Event>,
    /// What sets it to its initial value instead.
    pub reset: Option<Reset>,
    /// Its ports; where several store into the same place the last one wins.
    pub ports: Vec<WritePort>,
}

/// A store that happens under a condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WritePort {
    /// When it stores; `None` for always.
    pub guard: Option<ExprId>,
    /// The way to the part that it stores into.
    pub path: Vec<Projection>,
    /// What it stores.
    pub value: ExprId,
}

/// What may be a fault of a process, or end the run: it comes before any store of the process.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// The process.
    pub process: ProcessId,
    /// The condition under which it is looked at; `None` for always.
    pub guard: Option<ExprId>,
    /// What is done, in order: assignments to variables of [`Dataflow::vars`], assertions, a `raise` or a `finish`.
    pub stmts: Vec<Stmt>,
}

impl Dataflow {
    /// Reads the processes of a module after [`dataflow`](super::dataflow), which gave `kept`.
    pub fn of(design: &Design, module: ModuleId, kept: &[Kept]) -> Dataflow {
        let mut found = Dataflow::default();
        let shared = shared::nets(design);
        let around = (design.module(module), &shared[module.index()][..]);
        for (index, process) in design.module(module).processes.iter().enumerate() {
            let id = ProcessId::new(index);
            let is_kept = kept.iter().any(|kept| kept.module == module && kept.process == id);
            let straight = match &process.body {
                ProcessBody::Ir(body) if !is_kept => parts(body).map(|parts| (body, parts)),
                ProcessBody::Ir(_) | ProcessBody::Host(_) => None,
            };
            match straight {
                Some((body, parts)) => found.add(around, id, process, body, &parts),
                None => found.kept.push(id),
            }
        }
        found
    }

    fn add(
        &mut self,
        (module, shared): (&Module, &[bool]),
        id: ProcessId,
        process: &Process,
        body: &Body,
        parts: &Parts<'_>,
    ) {
        let mut copy = Copy {
            from: &body.exprs,
            known: vec![None; body.exprs.len()],
            first_var: self.vars.len(),
            exprs: &mut self.exprs,
        };
        self.vars.extend(body.vars.iter().cloned());
        for &(guard, stmts) in &parts.checks {
            let guard = guard.map(|guard| copy.expr(guard));
            let stmts = stmts.iter().map(|stmt| rewrite_stmt(stmt, &mut copy)).collect();
            self.checks.push(Check { process: id, guard, stmts });
        }
        let (events, reset) = match &process.kind {
            ProcessKind::Clocked { events, reset } => (events.clone(), reset.clone()),
            ProcessKind::Comb { .. } | ProcessKind::Timed => (Vec::new(), None),
        };
        let is_clocked = matches!(process.kind, ProcessKind::Clocked { .. });
        for net in written_nets(process) {
            let reset = reset.clone().filter(|reset| reset.restores(net));
            let stores = parts.stores.iter().filter(|store| store.place.root == Root::Net(net));
            let mut ports: Vec<WritePort> = stores
                .map(|store| WritePort {
                    guard: store.guard.map(|guard| copy.expr(guard)),
                    path: store.place.path.iter().map(|step| copy.step(step)).collect(),
                    value: copy.expr(store.value),
                })
                .collect();
            let is_own = !shared[net.index()];
            let keeps = module.net(net).kind == NetKind::Signal;
            match &ports[..] {
                [WritePort { guard, path, value }]
                    if is_own && path.is_empty() && !is_clocked && (keeps || guard.is_none()) =>
                {
                    self.wires.push(Wire { net, process: id, guard: *guard, value: *value });
                }
                [WritePort { guard: None, path, value }] if is_own && path.is_empty() => {
                    let next = *value;
                    self.registers.push(Register { net, process: id, events: events.clone(), reset, next });
                }
                _ => {
                    let ports = std::mem::take(&mut ports);
                    self.memories.push(Memory { net, process: id, events: events.clone(), reset, ports });
                }
            }
        }
    }
}

/// Copies expressions of a body into an arena that several share.
struct Copy<'a> {
    from: &'a Exprs,
    known: Vec<Option<ExprId>>,
    first_var: usize,
    exprs: &'a mut Exprs,
}

impl Copy<'_> {
    fn step(&mut self, step: &Projection) -> Projection {
        match step {
            Projection::Index(at) => Projection::Index(self.expr(*at)),
            Projection::Field(number) => Projection::Field(*number),
            Projection::Bit(at) => Projection::Bit(self.expr(*at)),
            Projection::Slice { low, width } => Projection::Slice { low: self.expr(*low), width: *width },
        }
    }
}

impl Rewrite for Copy<'_> {
    fn expr(&mut self, root: ExprId) -> ExprId {
        let mut stack = vec![root];
        while let Some(&id) = stack.last() {
            if self.known[id.index()].is_some() {
                stack.pop();
                continue;
            }
            let before = stack.len();
            stack.extend(self.from.operands(id).iter().filter(|arg| self.known[arg.index()].is_none()));
            if stack.len() > before {
                continue;
            }
            stack.pop();
            let kind = match self.from.kind(id) {
                ExprKind::Op(op, args) => {
                    let new = |arg: &ExprId| self.known[arg.index()].expect("invariant: operands come first");
                    ExprKind::Op(op.clone(), args.iter().map(new).collect())
                }
                ExprKind::Var(var) => ExprKind::Var(self.var(*var)),
                kind @ (ExprKind::Const(_) | ExprKind::Net(_)) => kind.clone(),
            };
            let new = self.exprs.intern(kind, self.from.ty(id).clone(), self.from.span(id));
            self.known[id.index()] = Some(new);
        }
        self.known[root.index()].expect("invariant: the loop above ends with its root")
    }

    fn var(&mut self, id: VarId) -> VarId {
        VarId::new(self.first_var + id.index())
    }
}

/// A store of a straight-line body.
struct Store<'a> {
    guard: Option<ExprId>,
    place: &'a Place,
    value: ExprId,
}

/// A straight-line body taken apart.
struct Parts<'a> {
    checks: Vec<(Option<ExprId>, &'a [Stmt])>,
    stores: Vec<Store<'a>>,
}

/// The checks and stores of a body; `None` if it has another form.
fn parts(body: &Body) -> Option<Parts<'_>> {
    let mut found = Parts { checks: Vec::new(), stores: Vec::new() };
    for stmt in &body.stmts {
        let (guard, stmts) = match &stmt.kind {
            StmtKind::If { arms, orelse } if orelse.is_empty() => match &arms[..] {
                [(guard, stmts)] => (Some(*guard), &stmts[..]),
                _ => return None,
            },
            _ => (None, std::slice::from_ref(stmt)),
        };
        if let [Stmt { kind: StmtKind::Next { place, value }, .. }] = stmts {
            found.stores.push(Store { guard, place, value: *value });
        } else if found.stores.is_empty() && stmts.iter().all(is_check) {
            found.checks.push((guard, stmts));
        } else {
            return None;
        }
    }
    Some(found)
}

fn is_check(stmt: &Stmt) -> bool {
    match &stmt.kind {
        StmtKind::Assign { .. }
        | StmtKind::Assert { .. }
        | StmtKind::Raise { .. }
        | StmtKind::Finish { .. } => true,
        StmtKind::Unset(_)
        | StmtKind::Next { .. }
        | StmtKind::If { .. }
        | StmtKind::Switch { .. }
        | StmtKind::For { .. }
        | StmtKind::While { .. }
        | StmtKind::Block { .. }
        | StmtKind::Break(_)
        | StmtKind::Continue(_)
        | StmtKind::Wait(_)
        | StmtKind::Print { .. }
        | StmtKind::Return => false,
    }
}

/// Whether a body is straight-line as it stands and nothing in it can fault: plain stores into whole nets, each net once.
pub(super) fn is_simple(module: &Module, body: &Body) -> bool {
    let mut stored: Vec<NetId> = Vec::new();
    let mut is_simple = body.vars.is_empty();
    for stmt in &body.stmts {
        let StmtKind::Next { place: Place { root: Root::Net(net), path }, value } = &stmt.kind else {
            return false;
        };
        let declared = module.net(*net);
        let fits = match (&declared.ty, body.exprs.ty(*value)) {
            (Type::Int(range), Type::Int(own)) => declared.wraps || range.contains_range(own),
            (Type::Bool, _) | (Type::Enum(_), _) => true,
            (Type::Int(_) | Type::Array(..) | Type::Struct(_) | Type::Text | Type::Opaque, _) => false,
        };
        let is_plain = declared.kind == NetKind::Signal && path.is_empty() && !stored.contains(net);
        is_simple &= fits && is_plain;
        stored.push(*net);
    }
    walk_stmts(&body.stmts, &mut |stmt| {
        for root in stmt.kind.exprs() {
            body.exprs.walk(root, &mut |id| {
                is_simple &= match body.exprs.kind(id) {
                    ExprKind::Const(_) => true,
                    ExprKind::Net(net) => module.net(*net).kind == NetKind::Signal,
                    ExprKind::Var(_) => false,
                    ExprKind::Op(op, _) => !op.info().can_fault || matches!(op, Op::Refine { .. }),
                };
            });
        }
    });
    is_simple
}
