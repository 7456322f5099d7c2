//! The static order of a flat module: what to run so that every combinational net settles, and what each clock edge runs.
//!
//! Each combinational process stands after those that write what it reads. Processes that feed each other through different
//! nets (a handshake, say) or through different bits of one (a carry) form no true loop: there the order is that of the parts, and a
//! process may stand in it more than once. Asynchronous resets belong to the order, because they change registers without a clock.

mod forward;
mod parts;
mod place;

use crate::facts::{ModuleFacts, read_nets, restored_nets, written_nets};
pub use forward::reads_behind_its_stores;
use parts::dependencies;
use petgraph::algo::{kosaraju_scc, toposort};
use petgraph::graph::{DiGraph, NodeIndex};
use place::Part;
use pyhw_diagnostics::{Code, Diagnostic, Span};
use pyhw_ir::{Edge, Event, Item, Module, NetId, Process, ProcessBody, ProcessId, ProcessKind};
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
    if let Some(reset) = reset.as_ref().filter(|reset| reset.is_async) {
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
                    // The source may test its reset itself: then any net may be stored into there.
                    let writes = if reset.is_declared { restored_nets } else { written_nets };
                    let (reads, writes) = (vec![reset.net], writes(process));
                    tasks.push(Task { what: Settle::Reset(id), reads, writes });
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

/// The nets that depend on themselves where parts are not told apart, within one module. In a design without combinational loops, some
/// bits of each follow from others of it.
pub fn nets_in_loops(module: &Module, facts: &ModuleFacts) -> BTreeSet<NetId> {
    let mut graph: DiGraph<Option<NetId>, ()> = DiGraph::new();
    let nets: Vec<NodeIndex> =
        (0..module.nets.len()).map(|index| graph.add_node(Some(NetId::new(index)))).collect();
    for (index, process) in module.processes.iter().enumerate() {
        if let ProcessKind::Comb { .. } = process.kind {
            let id = ProcessId::new(index);
            let node = graph.add_node(None);
            facts.reads(id).iter().for_each(|net| _ = graph.add_edge(nets[net.index()], node, ()));
            facts.writes(id).iter().for_each(|net| _ = graph.add_edge(node, nets[net.index()], ()));
        }
    }
    let loops = kosaraju_scc(&graph).into_iter().filter(|nodes| nodes.len() > 1);
    loops.flatten().filter_map(|node| graph[node]).collect()
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
        match order_by_part(module, tasks, members) {
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

/// One part of a net that one task computes, within a group of tasks that feed each other.
struct Piece {
    task: usize,
    part: Part,
    depends_on: BTreeSet<Part>,
    span: Span,
}

/// The order of a group whose tasks feed each other: by parts of nets instead of by tasks.
fn order_by_part(module: &Module, tasks: &[Task], members: &[usize]) -> Result<Vec<Settle>, CombLoop> {
    let mut pieces: Vec<Piece> = Vec::new();
    for &task in members {
        let process = &module.processes[tasks[task].what.process().index()];
        match (tasks[task].what, &process.body) {
            (Settle::Process(_), ProcessBody::Ir(body)) => {
                for (part, (depends_on, span)) in dependencies(module, body) {
                    pieces.push(Piece { task, part, depends_on, span });
                }
            }
            (Settle::Reset(_), _) | (_, ProcessBody::Host(_)) => {
                for &net in &tasks[task].writes {
                    let depends_on = tasks[task].reads.iter().copied().map(Part::whole).collect();
                    pieces.push(Piece { task, part: Part::whole(net), depends_on, span: process.span });
                }
            }
        }
    }
    let mut graph: DiGraph<usize, ()> = DiGraph::new();
    let nodes: Vec<NodeIndex> = (0..pieces.len()).map(|piece| graph.add_node(piece)).collect();
    let mut writers: BTreeMap<NetId, Vec<usize>> = BTreeMap::new();
    for (index, piece) in pieces.iter().enumerate() {
        writers.entry(piece.part.net).or_default().push(index);
    }
    for (index, piece) in pieces.iter().enumerate() {
        for &wanted in &piece.depends_on {
            for &from in writers.get(&wanted.net).into_iter().flatten() {
                if pieces[from].part.meets(wanted) {
                    graph.update_edge(nodes[from], nodes[index], ());
                }
            }
        }
    }
    if let Err(cycle) = toposort(&graph, None) {
        return Err(shortest_loop(tasks, &pieces, &graph, cycle.node_id()));
    }
    Ok(runs(tasks, &pieces, &graph))
}

/// The order of the parts, as runs of whole tasks: as many parts of a task as can be in one run of it.
fn runs(tasks: &[Task], pieces: &[Piece], graph: &DiGraph<usize, ()>) -> Vec<Settle> {
    let mut missing: Vec<usize> =
        graph.node_indices().map(|node| graph.neighbors_directed(node, petgraph::Incoming).count()).collect();
    let mut ready: BTreeSet<(usize, usize)> =
        (0..pieces.len()).filter(|&part| missing[part] == 0).map(|part| (pieces[part].task, part)).collect();
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
                    ready.insert((pieces[next.index()].task, next.index()));
                }
            }
        }
    }
    order
}

/// The shortest way from a part of a loop back to itself.
fn shortest_loop(tasks: &[Task], pieces: &[Piece], graph: &DiGraph<usize, ()>, start: NodeIndex) -> CombLoop {
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
        let piece = &pieces[graph[node]];
        steps.push(LoopStep {
            net: piece.part.net,
            from: pieces[graph[previous]].part.net,
            process: tasks[piece.task].what.process(),
            span: piece.span,
        });
        node = previous;
        if node == start {
            break;
        }
    }
    steps.reverse();
    CombLoop { steps }
}

#[cfg(test)]
mod tests;
