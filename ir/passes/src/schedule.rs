//! The static order of a flat module: what to run so that every combinational net settles, and what each clock edge runs.
//!
//! Each combinational process stands after those that write what it reads. Processes that feed each other through different
//! nets (a handshake, say) form no true loop: there the order is that of the nets, and a process may stand in it more than
//! once. Asynchronous resets belong to the order, because they change registers without a clock.

use crate::facts::{read_nets, written_nets};
use petgraph::algo::{kosaraju_scc, toposort};
use petgraph::graph::{DiGraph, NodeIndex};
use pyhw_diagnostics::{Code, Diagnostic, Span};
use pyhw_ir::{
    Body, Edge, Event, ExprId, ExprKind, Item, Module, NetId, Process, ProcessBody, ProcessId, ProcessKind,
    Projection, Root, Stmt, StmtKind,
};
use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};

/// Something that runs while nets settle.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Settle {
    /// A combinational process.
    Process(ProcessId),
    /// The asynchronous reset of a clocked process, where it is active.
    Reset(ProcessId),
}

impl Settle {
    /// The process that it belongs to.
    pub fn process(self) -> ProcessId {
        match self {
            Settle::Process(id) | Settle::Reset(id) => id,
        }
    }
}

/// The processes that one edge of one clock runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Domain {
    /// The clock.
    pub clock: NetId,
    /// Rising or falling.
    pub edge: Edge,
    /// The processes in the order of the source.
    pub processes: Vec<ProcessId>,
}

/// The static order of a module without instances.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Schedule {
    /// What settles the combinational nets, in order.
    pub settle: Vec<Settle>,
    /// The clock domains in the order in which their first processes stand.
    pub domains: Vec<Domain>,
}

/// An asynchronous reset as the order needs it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AsyncReset {
    /// The boolean net.
    pub net: NetId,
    /// Whether it is active when true.
    pub active_high: bool,
    /// Whether the process declares it; otherwise the body tests it, as in `@always(clk.posedge, rst.negedge)`.
    pub is_declared: bool,
}

/// What wakes a clocked process, once clock and asynchronous reset are told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Clocking {
    /// The clock edge.
    pub clock: Event,
    /// The asynchronous reset.
    pub reset: Option<AsyncReset>,
}

/// One step of a combinational loop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoopStep {
    /// The net that is computed.
    pub net: NetId,
    /// The net of the loop that it is computed from.
    pub from: NetId,
    /// The process that does it.
    pub process: ProcessId,
    /// The store.
    pub span: Span,
}

/// Nets that depend on themselves without a register between.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CombLoop {
    /// Each step computes what the next one reads, the last one what the first reads.
    pub steps: Vec<LoopStep>,
}

impl CombLoop {
    /// PH0403 with the whole path.
    pub fn diagnostic(&self, module: &Module) -> Diagnostic {
        let name = |net: NetId| &module.net(net).name;
        let text = |step: &LoopStep| format!("`{}` is computed from `{}`", name(step.net), name(step.from));
        let Some(last) = self.steps.last() else {
            return Diagnostic::bug(module.span, "a combinational loop without steps");
        };
        let message = format!("`{}` depends on itself without a register between", name(last.net));
        let mut diagnostic = Diagnostic::new(Code::PH0403, last.span, message).at(text(last));
        for step in &self.steps[..self.steps.len() - 1] {
            diagnostic = diagnostic.label(step.span, text(step));
        }
        let path: Vec<String> = std::iter::once(last.net)
            .chain(self.steps.iter().map(|step| step.net))
            .map(|net| format!("`{}`", name(net)))
            .collect();
        diagnostic.note(format!("the path: {}", path.join(" → ")))
    }
}

/// Clock and asynchronous reset of a clocked process; `None` if it is not clocked, or if they cannot be told apart.
///
/// A reset that the process declares is known. Of two edges without one, the clock is the net that the body does not read, as
/// synthesisers have it.
pub fn clocking(process: &Process) -> Option<Clocking> {
    let ProcessKind::Clocked { events, reset } = &process.kind else { return None };
    if let Some(reset) = reset.filter(|reset| reset.is_async) {
        let mut clocks = events.iter().filter(|event| event.net != reset.net);
        let clock = *clocks.next()?;
        let is_clear = clocks.next().is_none() && clock.edge != Edge::Any;
        let reset = AsyncReset { net: reset.net, active_high: reset.active_high, is_declared: true };
        return is_clear.then_some(Clocking { clock, reset: Some(reset) });
    }
    match events[..] {
        [clock] if clock.edge != Edge::Any => Some(Clocking { clock, reset: None }),
        [a, b] if reset.is_none() && a.edge != Edge::Any && b.edge != Edge::Any && a.net != b.net => {
            let reads = read_nets(process);
            let (clock, reset) = match (reads.contains(&a.net), reads.contains(&b.net)) {
                (false, true) => (a, b),
                (true, false) => (b, a),
                (true, true) | (false, false) => return None,
            };
            let active_high = reset.edge == Edge::Rising;
            let reset = AsyncReset { net: reset.net, active_high, is_declared: false };
            Some(Clocking { clock, reset: Some(reset) })
        }
        _ => None,
    }
}

/// Orders a module without instances (instances that are there are passed over). Clocked processes whose clock is not clear
/// (see [`clocking`]) and timed processes take no part.
///
/// # Errors
/// The combinational loops, at least one for each group of nets that depend on themselves.
pub fn schedule(module: &Module) -> Result<Schedule, Vec<CombLoop>> {
    let mut domains: Vec<Domain> = Vec::new();
    let mut tasks: Vec<Task> = Vec::new();
    for item in &module.items {
        let &Item::Process(id) = item else { continue };
        let process = &module.processes[id.index()];
        match &process.kind {
            ProcessKind::Comb { .. } => tasks.push(Task {
                what: Settle::Process(id),
                reads: read_nets(process),
                writes: written_nets(process),
            }),
            ProcessKind::Clocked { .. } => {
                let Some(clocking) = clocking(process) else { continue };
                if let Some(reset) = clocking.reset {
                    tasks.push(Task {
                        what: Settle::Reset(id),
                        reads: vec![reset.net],
                        writes: written_nets(process),
                    });
                }
                let Event { net: clock, edge } = clocking.clock;
                match domains.iter_mut().find(|domain| (domain.clock, domain.edge) == (clock, edge)) {
                    Some(domain) => domain.processes.push(id),
                    None => domains.push(Domain { clock, edge, processes: vec![id] }),
                }
            }
            ProcessKind::Timed => {}
        }
    }
    order(module, &tasks).map(|settle| Schedule { settle, domains })
}

/// Something that settles nets, with the nets that it reads and writes.
struct Task {
    what: Settle,
    reads: Vec<NetId>,
    writes: Vec<NetId>,
}

fn order(module: &Module, tasks: &[Task]) -> Result<Vec<Settle>, Vec<CombLoop>> {
    let mut writers: HashMap<NetId, Vec<usize>> = HashMap::new();
    for (index, task) in tasks.iter().enumerate() {
        for net in &task.writes {
            writers.entry(*net).or_default().push(index);
        }
    }
    let mut graph: DiGraph<usize, ()> = DiGraph::with_capacity(tasks.len(), tasks.len());
    let nodes: Vec<NodeIndex> = (0..tasks.len()).map(|index| graph.add_node(index)).collect();
    for (index, task) in tasks.iter().enumerate() {
        for from in task.reads.iter().filter_map(|net| writers.get(net)).flatten() {
            graph.update_edge(nodes[*from], nodes[index], ());
        }
    }
    // A component is a task alone, or tasks that feed each other.
    let mut component_of = vec![0; tasks.len()];
    let components: Vec<Vec<usize>> = kosaraju_scc(&graph)
        .into_iter()
        .enumerate()
        .map(|(number, nodes)| {
            let mut members: Vec<usize> = nodes.into_iter().map(|node| graph[node]).collect();
            members.sort_unstable();
            for &member in &members {
                component_of[member] = number;
            }
            members
        })
        .collect();
    let follows = graph.edge_indices().filter_map(|edge| {
        let (from, to) = graph.edge_endpoints(edge)?;
        let (from, to) = (component_of[graph[from]], component_of[graph[to]]);
        (from != to).then_some((from, to))
    });
    // Of those that could come next, the one that stands first in the source.
    let first_member = |component: usize| components[component][0];
    let by_source = in_order(components.len(), follows, first_member)
        .expect("invariant: strongly connected components form no loop");
    let mut settle = Vec::with_capacity(tasks.len());
    let mut loops = Vec::new();
    for component in by_source {
        let members = &components[component];
        let alone = members[0];
        if members.len() == 1 && graph.find_edge(nodes[alone], nodes[alone]).is_none() {
            settle.push(tasks[alone].what);
            continue;
        }
        match order_by_net(module, tasks, members) {
            Ok(part) => settle.extend(part),
            Err(found) => loops.push(found),
        }
    }
    if loops.is_empty() { Ok(settle) } else { Err(loops) }
}

/// A topological order in which, of those that could come next, the one with the least rank does; `None` if there is a loop.
fn in_order(
    count: usize,
    edges: impl Iterator<Item = (usize, usize)>,
    rank: impl Fn(usize) -> usize,
) -> Option<Vec<usize>> {
    let mut following = vec![Vec::new(); count];
    let mut missing = vec![0usize; count];
    for (from, to) in edges {
        following[from].push(to);
        missing[to] += 1;
    }
    let mut ready: BTreeSet<(usize, usize)> =
        (0..count).filter(|&node| missing[node] == 0).map(|node| (rank(node), node)).collect();
    let mut order = Vec::with_capacity(count);
    while let Some((_, node)) = ready.pop_first() {
        order.push(node);
        for &next in &following[node] {
            missing[next] -= 1;
            if missing[next] == 0 {
                ready.insert((rank(next), next));
            }
        }
    }
    (order.len() == count).then_some(order)
}

/// One net that one task computes, within a group of tasks that feed each other.
struct Part {
    task: usize,
    net: NetId,
    depends_on: BTreeSet<NetId>,
    span: Span,
}

/// The order of a group whose tasks feed each other: by nets instead of by tasks.
fn order_by_net(module: &Module, tasks: &[Task], members: &[usize]) -> Result<Vec<Settle>, CombLoop> {
    let mut parts: Vec<Part> = Vec::new();
    for &task in members {
        let process = &module.processes[tasks[task].what.process().index()];
        match (tasks[task].what, &process.body) {
            (Settle::Process(_), ProcessBody::Ir(body)) => {
                for (net, (depends_on, span)) in dependencies(body) {
                    parts.push(Part { task, net, depends_on, span });
                }
            }
            (Settle::Reset(_), _) | (_, ProcessBody::Host(_)) => {
                for &net in &tasks[task].writes {
                    let depends_on = tasks[task].reads.iter().copied().collect();
                    parts.push(Part { task, net, depends_on, span: process.span });
                }
            }
        }
    }
    let mut graph: DiGraph<usize, ()> = DiGraph::new();
    let nodes: Vec<NodeIndex> = (0..parts.len()).map(|part| graph.add_node(part)).collect();
    let mut writers: BTreeMap<NetId, Vec<usize>> = BTreeMap::new();
    for (index, part) in parts.iter().enumerate() {
        writers.entry(part.net).or_default().push(index);
    }
    for (index, part) in parts.iter().enumerate() {
        for &from in part.depends_on.iter().filter_map(|net| writers.get(net)).flatten() {
            graph.update_edge(nodes[from], nodes[index], ());
        }
    }
    if let Err(cycle) = toposort(&graph, None) {
        return Err(shortest_loop(tasks, &parts, &graph, cycle.node_id()));
    }
    Ok(runs(tasks, &parts, &graph))
}

/// The order of the parts, as runs of whole tasks: as many parts of a task as can be in one run of it.
fn runs(tasks: &[Task], parts: &[Part], graph: &DiGraph<usize, ()>) -> Vec<Settle> {
    let mut missing: Vec<usize> =
        graph.node_indices().map(|node| graph.neighbors_directed(node, petgraph::Incoming).count()).collect();
    let mut ready: BTreeSet<(usize, usize)> =
        (0..parts.len()).filter(|&part| missing[part] == 0).map(|part| (parts[part].task, part)).collect();
    let mut order = Vec::new();
    while let Some(&(task, _)) = ready.first() {
        // The task whose run settles the most of what is left: the one with the most parts ready, the first of these.
        let mut counts: BTreeMap<usize, usize> = BTreeMap::new();
        for &(task, _) in &ready {
            *counts.entry(task).or_default() += 1;
        }
        let most = counts.values().copied().max().unwrap_or(0);
        let task = counts.iter().find(|(_, count)| **count == most).map_or(task, |(task, _)| *task);
        let run: Vec<usize> = ready.range((task, 0)..(task + 1, 0)).map(|(_, part)| *part).collect();
        order.push(tasks[task].what);
        for part in run {
            ready.remove(&(task, part));
            for next in graph.neighbors(NodeIndex::new(part)) {
                missing[next.index()] -= 1;
                if missing[next.index()] == 0 {
                    ready.insert((parts[next.index()].task, next.index()));
                }
            }
        }
    }
    order
}

/// The shortest way from a part of a loop back to itself.
fn shortest_loop(tasks: &[Task], parts: &[Part], graph: &DiGraph<usize, ()>, start: NodeIndex) -> CombLoop {
    let mut before: HashMap<NodeIndex, NodeIndex> = HashMap::new();
    let mut queue = VecDeque::from([start]);
    'search: while let Some(node) = queue.pop_front() {
        let mut next: Vec<NodeIndex> = graph.neighbors(node).collect();
        next.sort_unstable();
        for next in next {
            if before.contains_key(&next) {
                continue;
            }
            before.insert(next, node);
            if next == start {
                break 'search;
            }
            queue.push_back(next);
        }
    }
    let mut steps = Vec::new();
    let mut node = start;
    while let Some(&previous) = before.get(&node) {
        let part = &parts[graph[node]];
        steps.push(LoopStep {
            net: part.net,
            from: parts[graph[previous]].net,
            process: tasks[part.task].what.process(),
            span: part.span,
        });
        node = previous;
        if node == start {
            break;
        }
    }
    steps.reverse();
    CombLoop { steps }
}

/// For each net that the body stores into: the nets that its value depends on (as an operand, an index or a condition), and the
/// first store. Conditions of a `break`, `continue` or `return` count for every store.
pub fn dependencies(body: &Body) -> BTreeMap<NetId, (BTreeSet<NetId>, Span)> {
    let mut walk = Dependencies {
        body,
        vars: vec![BTreeSet::new(); body.vars.len()],
        jumps: BTreeSet::new(),
        nets: BTreeMap::new(),
        changed: true,
    };
    // Loops carry dependencies backwards, so that one pass may not find them all; sets only grow, so that this ends.
    while walk.changed {
        walk.changed = false;
        walk.stmts(&body.stmts, &BTreeSet::new());
    }
    let jumps = std::mem::take(&mut walk.jumps);
    for (depends_on, _) in walk.nets.values_mut() {
        depends_on.extend(jumps.iter().copied());
    }
    walk.nets
}

struct Dependencies<'a> {
    body: &'a Body,
    vars: Vec<BTreeSet<NetId>>,
    jumps: BTreeSet<NetId>,
    nets: BTreeMap<NetId, (BTreeSet<NetId>, Span)>,
    changed: bool,
}

impl Dependencies<'_> {
    fn of_expr(&self, root: ExprId, into: &mut BTreeSet<NetId>) {
        self.body.exprs.walk(root, &mut |id| match self.body.exprs.kind(id) {
            ExprKind::Net(net) => {
                into.insert(*net);
            }
            ExprKind::Var(var) => into.extend(self.vars[var.index()].iter().copied()),
            ExprKind::Const(_) | ExprKind::Op(..) => {}
        });
    }

    fn with(&self, control: &BTreeSet<NetId>, expr: ExprId) -> BTreeSet<NetId> {
        let mut all = control.clone();
        self.of_expr(expr, &mut all);
        all
    }

    fn stmts(&mut self, stmts: &[Stmt], control: &BTreeSet<NetId>) {
        for stmt in stmts {
            self.stmt(stmt, control);
        }
    }

    fn stmt(&mut self, stmt: &Stmt, control: &BTreeSet<NetId>) {
        match &stmt.kind {
            StmtKind::Assign { place, value } | StmtKind::Next { place, value } => {
                let mut all = self.with(control, *value);
                for step in &place.path {
                    match step {
                        Projection::Index(at) | Projection::Bit(at) | Projection::Slice { low: at, .. } => {
                            self.of_expr(*at, &mut all);
                        }
                        Projection::Field(_) => {}
                    }
                }
                self.store(place.root, all, stmt.span);
            }
            StmtKind::If { arms, orelse } => {
                let mut control = control.clone();
                for (cond, body) in arms {
                    self.of_expr(*cond, &mut control);
                    self.stmts(body, &control);
                }
                self.stmts(orelse, &control);
            }
            StmtKind::Switch { subject, arms, default } => {
                let control = self.with(control, *subject);
                for arm in arms {
                    self.stmts(&arm.body, &control);
                }
                self.stmts(default.as_deref().unwrap_or_default(), &control);
            }
            StmtKind::For { var, body, .. } => {
                self.store(Root::Var(*var), control.clone(), stmt.span);
                self.stmts(body, control);
            }
            StmtKind::While { cond, body, .. } => {
                let control = self.with(control, *cond);
                self.stmts(body, &control);
            }
            StmtKind::Block { body, .. } => self.stmts(body, control),
            StmtKind::Break(_)
            | StmtKind::Continue(_)
            | StmtKind::Return
            | StmtKind::Raise { .. }
            | StmtKind::Finish { .. } => self.jumps.extend(control.iter().copied()),
            StmtKind::Wait(_) | StmtKind::Assert { .. } | StmtKind::Print { .. } => {}
        }
    }

    fn store(&mut self, root: Root, depends_on: BTreeSet<NetId>, span: Span) {
        let known = match root {
            Root::Net(net) => &mut self.nets.entry(net).or_insert_with(|| (BTreeSet::new(), span)).0,
            Root::Var(var) => &mut self.vars[var.index()],
        };
        let before = known.len();
        known.extend(depends_on);
        self.changed |= known.len() != before;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use pyhw_ir::{Direction, Net, Op, Place, Reset, Type, Types, Value};

    fn bit(module: &mut Module, name: &str) -> NetId {
        module.add_net(Net::new(name, Type::Bool, Value::Bool(false), Span::NONE))
    }

    /// A process that stores into each first net the second one inverted.
    fn inverters(name: &str, kind: ProcessKind, stores: &[(NetId, NetId)]) -> Process {
        let mut body = Body::default();
        for (line, &(to, from)) in stores.iter().enumerate() {
            let read = body.exprs.net(from, &Type::Bool, Span::NONE);
            let value = body.exprs.op(Op::Not, &[read], &Types::default(), Span::NONE).unwrap();
            let line = line as u32 + 1;
            let span = Span::new(pyhw_diagnostics::FileId(0), (line, 0), (line, 1));
            body.stmts.push(Stmt::new(StmtKind::Next { place: Place::net(to), value }, span));
        }
        Process { name: name.into(), kind, body: ProcessBody::Ir(body), doc: None, span: Span::NONE }
    }

    fn comb(name: &str, stores: &[(NetId, NetId)]) -> Process {
        let sensitivity = stores.iter().map(|(_, from)| *from).collect();
        inverters(name, ProcessKind::Comb { sensitivity }, stores)
    }

    fn names(module: &Module, settle: &[Settle]) -> Vec<String> {
        settle.iter().map(|step| module.processes[step.process().index()].name.clone()).collect()
    }

    #[test]
    fn a_process_comes_after_those_that_feed_it_and_else_where_it_stood() {
        let mut module = Module::new("m", Span::NONE);
        let [a, b, c, d, e] = ["a", "b", "c", "d", "e"].map(|name| bit(&mut module, name));
        module.add_process(comb("last", &[(d, c)]));
        module.add_process(comb("free", &[(e, a)]));
        module.add_process(comb("first", &[(b, a)]));
        module.add_process(comb("middle", &[(c, b)]));
        let order = schedule(&module).unwrap();
        assert_eq!(names(&module, &order.settle), ["free", "first", "middle", "last"]);
    }

    #[test]
    fn processes_that_feed_each_other_through_different_nets_run_until_settled() {
        let mut module = Module::new("m", Span::NONE);
        let [a, x, y, z] = ["a", "x", "y", "z"].map(|name| bit(&mut module, name));
        module.add_process(comb("outer", &[(z, y), (x, a)]));
        module.add_process(comb("inner", &[(y, x)]));
        let order = schedule(&module).unwrap();
        assert_eq!(names(&module, &order.settle), ["outer", "inner", "outer"]);
    }

    #[test]
    fn a_process_that_reads_what_it_writes_runs_again() {
        let mut module = Module::new("m", Span::NONE);
        let [a, x, y] = ["a", "x", "y"].map(|name| bit(&mut module, name));
        module.add_process(comb("chain", &[(y, x), (x, a)]));
        let order = schedule(&module).unwrap();
        assert_eq!(names(&module, &order.settle), ["chain", "chain"]);
    }

    #[test]
    fn a_loop_is_told_with_its_whole_path() {
        let mut module = Module::new("m", Span::NONE);
        let [a, b, c, d] = ["a", "b", "c", "d"].map(|name| bit(&mut module, name));
        module.add_process(comb("p", &[(d, a), (b, a)]));
        module.add_process(comb("q", &[(c, b)]));
        module.add_process(comb("r", &[(a, c)]));
        let loops = schedule(&module).unwrap_err();
        assert_eq!(loops.len(), 1);
        let path: Vec<(NetId, NetId)> = loops[0].steps.iter().map(|step| (step.from, step.net)).collect();
        assert_eq!(path.len(), 3);
        for (step, next) in path.iter().zip(path.iter().cycle().skip(1)) {
            assert_eq!(step.1, next.0);
        }
        let diagnostic = loops[0].diagnostic(&module);
        assert_eq!(diagnostic.code, Code::PH0403);
        assert_eq!(diagnostic.labels.len(), 2);
        assert!(diagnostic.notes[0].matches('→').count() == 3, "{diagnostic:?}");
        // The store into `b` is the second one of its process.
        assert!(loops[0].steps.iter().any(|step| step.net == b && step.span.start.line == 2));
    }

    #[test]
    fn clocks_and_asynchronous_resets_are_told_apart() {
        let mut module = Module::new("m", Span::NONE);
        let port = |module: &mut Module, name: &str| {
            module.add_port(Net::new(name, Type::Bool, Value::Bool(false), Span::NONE), Direction::In)
        };
        let clk = port(&mut module, "clk");
        let rst = port(&mut module, "rst");
        let [a, b, c] = ["a", "b", "c"].map(|name| bit(&mut module, name));
        let rise = Event { net: clk, edge: Edge::Rising };
        let fall = Event { net: rst, edge: Edge::Falling };
        let declared = ProcessKind::Clocked {
            events: vec![rise, fall],
            reset: Some(Reset { net: rst, active_high: false, is_async: true }),
        };
        module.add_process(inverters("declared", declared, &[(a, b)]));
        let tested = ProcessKind::Clocked { events: vec![fall, rise], reset: None };
        module.add_process(inverters("tested", tested, &[(b, rst)]));
        let unclear = ProcessKind::Clocked { events: vec![fall, rise], reset: None };
        module.add_process(inverters("unclear", unclear, &[(c, a)]));
        let order = schedule(&module).unwrap();
        assert_eq!(order.settle, [Settle::Reset(ProcessId::new(0)), Settle::Reset(ProcessId::new(1))]);
        assert_eq!(order.domains.len(), 1);
        assert_eq!(order.domains[0].processes, [ProcessId::new(0), ProcessId::new(1)]);
        let found = clocking(&module.processes[1]).unwrap();
        assert_eq!(found.clock, rise);
        assert_eq!(found.reset, Some(AsyncReset { net: rst, active_high: false, is_declared: false }));
        assert_eq!(clocking(&module.processes[2]), None);
    }

    #[test]
    fn a_register_breaks_a_loop_and_a_combinational_reset_of_it_does_not() {
        let mut module = Module::new("m", Span::NONE);
        let [clk, a, rst] = ["clk", "a", "rst"].map(|name| bit(&mut module, name));
        let rise = Event { net: clk, edge: Edge::Rising };
        let plain = ProcessKind::Clocked { events: vec![rise], reset: None };
        let reset = Reset { net: rst, active_high: true, is_async: true };
        let events = vec![rise, Event { net: rst, edge: Edge::Rising }];
        let with_reset = ProcessKind::Clocked { events, reset: Some(reset) };
        for (kind, is_loop) in [(plain, false), (with_reset, true)] {
            let mut module = module.clone();
            module.add_process(inverters("register", kind, &[(a, a)]));
            module.add_process(comb("back", &[(rst, a)]));
            assert_eq!(schedule(&module).is_err(), is_loop);
        }
    }
}
