//! What stands in the state, and what each function of the file does, before any of it is written.

use pyhw_diagnostics::{Code, Diagnostic, Severity};
use pyhw_ir::{
    Direction, Edge, ExprKind, Language, Module, NetId, NetKind, Process, ProcessBody, ProcessId,
    ProcessKind, Projection, Root, Stmt, StmtKind, Type, walk_stmts,
};
use pyhw_passes::{
    AsyncReset, Clocking, Driver, ModuleFacts, Settle, clocking, drive_apart, has_write_ports, schedule,
    tested_level,
};
use std::collections::{BTreeMap, BTreeSet};

/// The part that a net plays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Set by the user before a step.
    Input,
    /// A clock: it has no field, its edges are functions.
    Clock,
    /// Seen by the user after a step.
    Output,
    /// Changed by a clock edge.
    Register,
    /// Computed from others.
    Net,
    /// Never driven: a constant without a field.
    Fixed,
}

/// A process of a clock edge, in its place.
#[derive(Clone, Debug)]
pub struct Turn {
    /// The process.
    pub process: ProcessId,
    /// Nets whose old values it is given, because processes before it have stored into them.
    pub given: BTreeSet<NetId>,
}

/// What one edge of one clock does.
#[derive(Clone, Debug)]
pub struct EdgePlan {
    /// The clock.
    pub clock: NetId,
    /// Whether it is the rising edge.
    pub rising: bool,
    /// The processes in order.
    pub turns: Vec<Turn>,
}

/// The whole plan.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The part of each net.
    pub roles: Vec<Role>,
    /// What settles the nets, in order.
    pub settle: Vec<Settle>,
    /// What must settle before a clock edge, because it depends on inputs and registers depend on it.
    pub before_edge: Vec<Settle>,
    /// The clock edges.
    pub edges: Vec<EdgePlan>,
    /// Clock and reset of each clocked process.
    pub clockings: Vec<Option<Clocking>>,
    /// Whether inputs reach outputs, or registers, without a clock edge.
    pub inputs_settle: bool,
    /// Inputs that are read while nets settle.
    pub settling_inputs: Vec<NetId>,
    /// Nets that settling does not always set, or reads before it sets them, so that they need their initial values.
    pub remembered: Vec<NetId>,
}

impl Plan {
    /// Plans a module without instances.
    ///
    /// # Errors
    /// What C cannot say: PH0201 for processes of the host, PH0401 for several drivers of one part, PH0403 for combinational
    /// loops, PH0501 for the rest.
    pub fn new(design: &pyhw_ir::Design, module: &Module) -> Result<Plan, Vec<Diagnostic>> {
        let mut errors = Vec::new();
        for process in &module.processes {
            refuse_process(process, &mut errors);
        }
        for foreign in module.foreign.iter().filter(|foreign| foreign.language == Language::C) {
            errors.push(unsaid(foreign.span, "C of your own in a block is not supported yet".into()));
        }
        if !errors.is_empty() {
            return Err(errors);
        }
        let facts = ModuleFacts::new(design, module);
        refuse_nets(module, &facts, &mut errors);
        let order = match schedule(module) {
            Ok(order) => order,
            Err(loops) => {
                errors.extend(loops.iter().map(|found| found.diagnostic(module).severity(Severity::Error)));
                return Err(errors);
            }
        };
        let clockings: Vec<Option<Clocking>> = module.processes.iter().map(clocking).collect();
        let edges: Vec<EdgePlan> = order
            .domains
            .iter()
            .map(|domain| EdgePlan {
                clock: domain.clock,
                rising: domain.edge == Edge::Rising,
                turns: turns(module, &facts, &domain.processes),
            })
            .collect();
        refuse_clocks(module, &facts, &edges, &clockings, &mut errors);
        if !errors.is_empty() {
            return Err(errors);
        }
        let roles = roles(module, &facts, &edges);
        let io = |step: &Settle| reads_and_writes(module, &facts, &clockings, *step);
        let mut dirty: BTreeSet<NetId> =
            (0..module.nets.len()).map(NetId::new).filter(|net| roles[net.index()] == Role::Input).collect();
        let inputs = dirty.clone();
        let mut settling_inputs = BTreeSet::new();
        let mut depends = vec![false; order.settle.len()];
        for (at, step) in order.settle.iter().enumerate() {
            let (reads, writes) = io(step);
            settling_inputs.extend(reads.iter().filter(|net| inputs.contains(net)));
            depends[at] = reads.iter().any(|net| dirty.contains(net));
            if depends[at] {
                dirty.extend(writes);
            }
        }
        let mut wanted: BTreeSet<NetId> = edges
            .iter()
            .flat_map(|edge| &edge.turns)
            .flat_map(|turn| all_reads(module, &facts, turn.process))
            .collect();
        let mut before_edge = Vec::new();
        for (at, step) in order.settle.iter().enumerate().rev() {
            let (reads, writes) = io(step);
            // An asynchronous reset changes registers that a clock edge would otherwise read unreset.
            let is_wanted = writes.iter().any(|net| wanted.contains(net));
            if depends[at] && is_wanted {
                wanted.extend(reads);
                before_edge.push(*step);
            }
        }
        before_edge.reverse();
        let remembered = remembered(module, &facts, &order.settle);
        Ok(Plan {
            roles,
            settle: order.settle,
            before_edge,
            edges,
            clockings,
            inputs_settle: depends.contains(&true),
            settling_inputs: settling_inputs.into_iter().collect(),
            remembered,
        })
    }
}

/// See [`Plan::remembered`].
fn remembered(module: &Module, facts: &ModuleFacts, settle: &[Settle]) -> Vec<NetId> {
    let driven: BTreeSet<NetId> =
        settle.iter().flat_map(|step| facts.writes(step.process())).copied().collect();
    let mut set: BTreeSet<NetId> = BTreeSet::new();
    let mut remembered = Vec::new();
    for step in settle {
        let Settle::Process(id) = *step else { continue };
        let ProcessBody::Ir(body) = &module.processes[id.index()].body else { continue };
        // One that serves several nets may run twice, and read the first time what the second needs.
        let early = facts.reads(id).iter().filter(|net| driven.contains(net) && !set.contains(net));
        let kept = facts.writes(id).iter().filter(|net| !always_sets(&body.stmts, **net));
        for &net in early.chain(kept) {
            if !remembered.contains(&net) {
                remembered.push(net);
            }
        }
        set.extend(facts.writes(id));
    }
    remembered
}

fn unsaid(span: pyhw_diagnostics::Span, message: String) -> Diagnostic {
    Diagnostic::new(Code::PH0501, span, message)
}

fn refuse_process(process: &Process, errors: &mut Vec<Diagnostic>) {
    if let ProcessBody::Host(_) = &process.body {
        errors.extend(process.refusals());
        return;
    }
    match &process.kind {
        ProcessKind::Timed => errors.push(
            unsaid(process.span, format!("`{}` waits, which a function in C cannot", process.name))
                .help("emit the design without its test bench"),
        ),
        ProcessKind::Clocked { .. } if clocking(process).is_none() => errors.push(
            unsaid(process.span, format!("`{}` has no clock that C could step", process.name))
                .help("let it wait for one edge of one signal, and for an asynchronous reset at most"),
        ),
        ProcessKind::Clocked { .. } => {
            let tested = clocking(process).and_then(|found| found.reset).filter(|reset| !reset.is_declared);
            if let Some(reset) = tested
                && !tests_reset_first(process, reset)
            {
                errors.push(
                    unsaid(
                        process.span,
                        format!("`{}` does not begin with a test of its asynchronous reset", process.name),
                    )
                    .help("write `if` reset `: …` with constants only, then `else: …`; or declare the reset with `always_seq`"),
                );
            }
        }
        ProcessKind::Comb { .. } => {}
    }
}

/// Whether the body is one `if` whose first condition tests that the reset is active and whose first arm reads no net at all: then it
/// can run as often as the reset is seen to be active.
fn tests_reset_first(process: &Process, reset: AsyncReset) -> bool {
    let ProcessBody::Ir(body) = &process.body else { return false };
    let [Stmt { kind: StmtKind::If { arms, .. }, .. }] = body.stmts.as_slice() else { return false };
    let Some((cond, arm)) = arms.first() else { return false };
    let mut reads_any = false;
    walk_stmts(arm, &mut |stmt| {
        for root in stmt.kind.exprs() {
            body.exprs.walk(root, &mut |id| reads_any |= matches!(body.exprs.kind(id), ExprKind::Net(_)));
        }
    });
    tested_level(body, *cond) == Some((reset.net, reset.active_high)) && !reads_any
}

fn refuse_nets(module: &Module, facts: &ModuleFacts, errors: &mut Vec<Diagnostic>) {
    let mut used = vec![false; module.nets.len()];
    for port in &module.ports {
        used[port.net.index()] = true;
        if port.direction == Direction::InOut {
            let net = module.net(port.net);
            errors
                .push(unsaid(net.span, format!("`{}` goes both ways, which a field in C cannot", net.name)));
        }
    }
    for index in 0..module.processes.len() {
        let id = ProcessId::new(index);
        for net in facts.reads(id).iter().chain(facts.writes(id)) {
            used[net.index()] = true;
        }
    }
    for (index, net) in module.nets.iter().enumerate() {
        let id = NetId::new(index);
        if !used[index] {
            continue;
        }
        match net.kind {
            NetKind::Signal => {}
            NetKind::Delayed(_) => {
                errors.push(unsaid(
                    net.span,
                    format!("`{}` is delayed, and C has no simulation time", net.name),
                ));
            }
            // The error at the port says it.
            NetKind::TriState if module.direction(id) == Some(Direction::InOut) => {}
            NetKind::Driver(of) if module.direction(of) == Some(Direction::InOut) => {}
            NetKind::TriState | NetKind::Driver(_) => {
                errors.push(unsaid(
                    net.span,
                    format!("`{}` is a tri-state signal that C cannot resolve", net.name),
                ));
            }
        }
        if !net.ty.is_hardware() {
            errors.push(
                unsaid(net.span, format!("C cannot hold the values of `{}`", net.name))
                    .help("give it a type with bounds"),
            );
        }
        let drivers = facts.drivers(id);
        if drivers.len() > 1 && !drive_apart(module, facts, id) && !has_write_ports(module, facts, id) {
            let mut error = Diagnostic::new(
                Code::PH0401,
                net.span,
                format!("`{}` is driven from {} places", net.name, drivers.len()),
            )
            .severity(Severity::Error);
            for driver in drivers {
                if let Driver::Process(process) = driver {
                    let process = &module.processes[process.index()];
                    error = error.label(process.span, format!("by `{}`", process.name));
                }
            }
            errors.push(error);
        }
    }
}

fn refuse_clocks(
    module: &Module,
    facts: &ModuleFacts,
    edges: &[EdgePlan],
    clockings: &[Option<Clocking>],
    errors: &mut Vec<Diagnostic>,
) {
    let clocks: BTreeSet<NetId> = edges.iter().map(|edge| edge.clock).collect();
    for &clock in &clocks {
        let net = module.net(clock);
        if module.direction(clock) != Some(Direction::In) {
            errors.push(
                unsaid(net.span, format!("the clock `{}` is made within the design", net.name))
                    .note("C steps one clock at a time, and only clocks that come from outside")
                    .help("use the outer clock with an enable"),
            );
        }
        for (index, process) in module.processes.iter().enumerate() {
            let is_reset = clockings[index].and_then(|found| found.reset).is_some_and(|of| of.net == clock);
            if facts.reads(ProcessId::new(index)).contains(&clock) || is_reset {
                errors.push(
                    unsaid(
                        process.span,
                        format!("`{}` reads the clock `{}` as a value", process.name, net.name),
                    )
                    .note("in C a clock edge is the call of a function; the clock has no value"),
                );
            }
        }
    }
}

fn roles(module: &Module, facts: &ModuleFacts, edges: &[EdgePlan]) -> Vec<Role> {
    (0..module.nets.len())
        .map(NetId::new)
        .map(|net| match module.direction(net) {
            _ if edges.iter().any(|edge| edge.clock == net) => Role::Clock,
            Some(Direction::In | Direction::InOut) => Role::Input,
            Some(Direction::Out) => Role::Output,
            None if facts.drivers(net).is_empty() => Role::Fixed,
            None if facts.is_register(module, net) => Role::Register,
            None => Role::Net,
        })
        .collect()
}

/// What a step of settling reads and writes.
fn reads_and_writes(
    module: &Module,
    facts: &ModuleFacts,
    clockings: &[Option<Clocking>],
    step: Settle,
) -> (Vec<NetId>, Vec<NetId>) {
    let id = step.process();
    let reset = clockings[id.index()].and_then(|found| found.reset);
    match (step, reset) {
        (Settle::Process(_), _) | (Settle::Reset(_), None) => {
            (facts.reads(id).to_vec(), facts.writes(id).to_vec())
        }
        (Settle::Reset(_), Some(reset)) if reset.is_declared => {
            (vec![reset.net], pyhw_passes::restored_nets(&module.processes[id.index()]))
        }
        (Settle::Reset(_), Some(reset)) => (vec![reset.net], facts.writes(id).to_vec()),
    }
}

/// What a clocked process reads, its reset included.
fn all_reads(module: &Module, facts: &ModuleFacts, process: ProcessId) -> Vec<NetId> {
    let mut reads = facts.reads(process).to_vec();
    if let ProcessKind::Clocked { reset: Some(reset), .. } = &module.processes[process.index()].kind
        && !reads.contains(&reset.net)
    {
        reads.push(reset.net);
    }
    reads
}

/// How much it costs to keep a net's old value for other processes.
fn cost(ty: &Type) -> u64 {
    match ty {
        Type::Bool | Type::Enum(_) => 1,
        Type::Int(range) => u64::from(range.width_bits().unwrap_or(64).div_ceil(8)),
        Type::Array(element, count) => 100 + cost(element) * u64::from(*count),
        Type::Struct(_) | Type::Text | Type::Opaque => 16,
    }
}

/// The order of the processes of one clock edge: each before those that overwrite what it reads. Where they overwrite each other's
/// operands, the one whose stores are cheapest to keep goes first, and the others are given the old values.
fn turns(module: &Module, facts: &ModuleFacts, processes: &[ProcessId]) -> Vec<Turn> {
    let reads: BTreeMap<ProcessId, BTreeSet<NetId>> =
        processes.iter().map(|id| (*id, all_reads(module, facts, *id).into_iter().collect())).collect();
    let mut readers: BTreeMap<NetId, BTreeSet<ProcessId>> = BTreeMap::new();
    for (id, nets) in &reads {
        for net in nets {
            readers.entry(*net).or_default().insert(*id);
        }
    }
    // How many others must go before each: those that read what it writes.
    let others = |id: ProcessId| -> BTreeSet<ProcessId> {
        let mut found: BTreeSet<ProcessId> =
            facts.writes(id).iter().filter_map(|net| readers.get(net)).flatten().copied().collect();
        found.remove(&id);
        found
    };
    let mut waits_for: BTreeMap<ProcessId, BTreeSet<ProcessId>> =
        processes.iter().map(|id| (*id, others(*id))).collect();
    let mut releases: BTreeMap<ProcessId, Vec<ProcessId>> = BTreeMap::new();
    for (id, before) in &waits_for {
        for other in before {
            releases.entry(*other).or_default().push(*id);
        }
    }
    let rank: BTreeMap<ProcessId, usize> =
        processes.iter().enumerate().map(|(rank, id)| (*id, rank)).collect();
    let mut ready: BTreeSet<(usize, ProcessId)> =
        waits_for.iter().filter(|(_, before)| before.is_empty()).map(|(id, _)| (rank[id], *id)).collect();
    let mut kept: BTreeSet<NetId> = BTreeSet::new();
    let mut result = Vec::new();
    while !waits_for.is_empty() {
        let next = match ready.pop_first() {
            Some((_, id)) => id,
            None => {
                let price = |id: &ProcessId| -> u64 {
                    facts
                        .writes(*id)
                        .iter()
                        .filter(|net| {
                            readers.get(net).is_some_and(|readers| {
                                readers.iter().any(|reader| reader != id && waits_for.contains_key(reader))
                            })
                        })
                        .map(|net| cost(&module.net(*net).ty))
                        .sum()
                };
                let cheapest = waits_for.keys().min_by_key(|id| (price(id), rank[id]));
                *cheapest.expect("invariant: processes are left")
            }
        };
        waits_for.remove(&next);
        let given = reads[&next].intersection(&kept).copied().collect();
        result.push(Turn { process: next, given });
        for net in facts.writes(next) {
            let is_read_later = readers
                .get(net)
                .is_some_and(|readers| readers.iter().any(|reader| waits_for.contains_key(reader)));
            if is_read_later {
                kept.insert(*net);
            }
        }
        for released in releases.get(&next).into_iter().flatten() {
            if let Some(before) = waits_for.get_mut(released) {
                before.remove(&next);
                if before.is_empty() {
                    ready.insert((rank[released], *released));
                }
            }
        }
    }
    result
}

/// Whether the statements store into the whole net on every path.
fn always_sets(stmts: &[Stmt], net: NetId) -> bool {
    let mut leaves = false;
    walk_stmts(stmts, &mut |stmt| leaves |= stmt.kind.leaves());
    !leaves && sets(stmts, net)
}

fn sets(stmts: &[Stmt], net: NetId) -> bool {
    stmts.iter().any(|stmt| match &stmt.kind {
        StmtKind::Next { place, .. } => place.root == Root::Net(net) && place.path.is_empty(),
        StmtKind::If { .. } => stmt.kind.blocks().iter().all(|block| sets(block, net)),
        StmtKind::Switch { arms, default, .. } => {
            !arms.is_empty()
                && arms.iter().all(|arm| sets(&arm.body, net))
                && default.as_ref().is_none_or(|body| sets(body, net))
        }
        StmtKind::Block { body, .. } => sets(body, net),
        // A loop may have no turns; what it sets is set before it as a rule.
        StmtKind::For { .. }
        | StmtKind::While { .. }
        | StmtKind::Assign { .. }
        | StmtKind::Unset(_)
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

/// The memories into which every store of the process can wait for the function's end: whole elements, outside loops.
pub fn deferrable(stmts: &[Stmt], net: NetId) -> bool {
    let mut is_possible = true;
    walk_stmts(stmts, &mut |stmt| {
        if let StmtKind::Next { place, .. } = &stmt.kind
            && place.root == Root::Net(net)
        {
            is_possible &= matches!(place.path.as_slice(), [Projection::Index(_)]);
        }
        if matches!(stmt.kind, StmtKind::For { .. } | StmtKind::While { .. }) {
            let inside: BTreeSet<NetId> =
                stmt.kind.blocks().into_iter().flat_map(crate::stmt::stored_nets).collect();
            is_possible &= !inside.contains(&net);
        }
    });
    is_possible
}
