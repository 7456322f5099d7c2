//! Facts about a module that every back-end asks for: what drives each net, and what each process reads and writes.

use pyhw_diagnostics::{Sources, Span};
use pyhw_ir::{
    Body, Design, Direction, ExprId, ExprKind, InstanceId, Int, Module, NetId, Op, Process, ProcessBody,
    ProcessId, ProcessKind, Root, StmtKind, Value, walk_stmts,
};

/// Something that gives a net its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Driver {
    /// A process of the module stores into it.
    Process(ProcessId),
    /// It is connected to an output of an instance; the second number is the place among the instance's connections.
    Instance(InstanceId, usize),
    /// It is an input of the module.
    Input,
}

/// What drives the nets of a module, and which nets its processes use.
#[derive(Clone, Debug)]
pub struct ModuleFacts {
    drivers: Vec<Vec<Driver>>,
    reads: Vec<Vec<NetId>>,
    writes: Vec<Vec<NetId>>,
}

impl ModuleFacts {
    /// Gathers the facts of a module of the design.
    pub fn new(design: &Design, module: &Module) -> ModuleFacts {
        let mut drivers = vec![Vec::new(); module.nets.len()];
        for port in &module.ports {
            if port.direction != Direction::Out {
                drivers[port.net.index()].push(Driver::Input);
            }
        }
        let mut reads = Vec::new();
        let mut writes = Vec::new();
        for (index, process) in module.processes.iter().enumerate() {
            let written = written_nets(process);
            for net in &written {
                drivers[net.index()].push(Driver::Process(ProcessId::new(index)));
            }
            reads.push(read_nets(process));
            writes.push(written);
        }
        for (index, instance) in module.instances.iter().enumerate() {
            let inner = design.module(instance.module);
            for (place, (port, net)) in inner.ports.iter().zip(&instance.connections).enumerate() {
                if port.direction != Direction::In {
                    drivers[net.index()].push(Driver::Instance(InstanceId::new(index), place));
                }
            }
        }
        ModuleFacts { drivers, reads, writes }
    }

    /// What drives the net, in the order: port, processes, instances.
    pub fn drivers(&self, net: NetId) -> &[Driver] {
        &self.drivers[net.index()]
    }

    /// The nets that the process reads in expressions, in the order of their ids; waits and triggers do not count.
    pub fn reads(&self, process: ProcessId) -> &[NetId] {
        &self.reads[process.index()]
    }

    /// The nets that the process stores into, in the order of their ids.
    pub fn writes(&self, process: ProcessId) -> &[NetId] {
        &self.writes[process.index()]
    }

    /// Whether a clocked process stores into the net.
    pub fn is_register(&self, module: &Module, net: NetId) -> bool {
        self.drivers(net).iter().any(|driver| match driver {
            Driver::Process(id) => matches!(module.processes[id.index()].kind, ProcessKind::Clocked { .. }),
            Driver::Instance(..) | Driver::Input => false,
        })
    }
}

fn body(process: &Process) -> Option<&Body> {
    match &process.body {
        ProcessBody::Ir(body) => Some(body),
        ProcessBody::Host(_) => None,
    }
}

/// The nets that the process stores into, in the order of their ids. What a host process stores into is not known here.
pub fn written_nets(process: &Process) -> Vec<NetId> {
    let mut nets = Vec::new();
    if let Some(body) = body(process) {
        walk_stmts(&body.stmts, &mut |stmt| {
            if let StmtKind::Next { place, .. } = &stmt.kind
                && let Root::Net(net) = place.root
            {
                nets.push(net);
            }
        });
    }
    nets.sort_unstable();
    nets.dedup();
    nets
}

/// The nets that the reset of a process gives their initial values, in the order of their ids; none without a reset.
pub fn restored_nets(process: &Process) -> Vec<NetId> {
    let ProcessKind::Clocked { reset: Some(reset), .. } = &process.kind else { return Vec::new() };
    written_nets(process).into_iter().filter(|net| reset.restores(*net)).collect()
}

/// The boolean net that a condition tests and nothing else, and the level that it tests for.
pub fn tested_level(body: &Body, cond: ExprId) -> Option<(NetId, bool)> {
    match body.exprs.kind(cond) {
        ExprKind::Net(net) => Some((*net, true)),
        ExprKind::Op(Op::Not, args) => tested_level(body, args[0]).map(|(net, level)| (net, !level)),
        ExprKind::Op(Op::ToInt | Op::ToBool | Op::Refine { .. } | Op::Check { .. }, args) => {
            tested_level(body, args[0])
        }
        ExprKind::Op(op @ (Op::Eq | Op::Ne), args) => {
            let (net, level) = tested_level(body, args[0])?;
            let value = match body.exprs.as_const(args[1])? {
                Value::Bool(value) => *value,
                Value::Int(value) if *value == Int::ONE => true,
                Value::Int(value) if value.is_zero() => false,
                _ => return None,
            };
            Some((net, level == (value == (*op == Op::Eq))))
        }
        ExprKind::Const(_) | ExprKind::Var(_) | ExprKind::Op(..) => None,
    }
}

/// Where a process first reads the net: its name, as far as that is found in the text, or the expression, the statement, or the process.
pub fn first_read(sources: &Sources, process: &Process, net: NetId, name: &str) -> Span {
    let mut first = Span::NONE;
    if let Some(body) = body(process) {
        walk_stmts(&body.stmts, &mut |stmt| {
            for root in stmt.kind.exprs() {
                if first.is_known() {
                    return;
                }
                body.exprs.walk(root, &mut |id| {
                    if *body.exprs.kind(id) == ExprKind::Net(net) && !first.is_known() {
                        // An expression that stands in several places has the span of one; its statement is where we are.
                        let own = body.exprs.span(id);
                        first = if stmt.span.contains(own) { own } else { stmt.span };
                    }
                });
            }
        });
    }
    let place = if first.is_known() { first } else { process.span };
    sources.word_in(first, name).unwrap_or(place)
}

/// The nets that the process reads in the expressions of its statements, in the order of their ids.
pub fn read_nets(process: &Process) -> Vec<NetId> {
    let mut nets = Vec::new();
    if let Some(body) = body(process) {
        let mut seen = vec![false; body.exprs.len()];
        walk_stmts(&body.stmts, &mut |stmt| {
            for root in stmt.kind.exprs() {
                if std::mem::replace(&mut seen[root.index()], true) {
                    continue;
                }
                body.exprs.walk(root, &mut |id| {
                    if let ExprKind::Net(net) = body.exprs.kind(id) {
                        nets.push(*net);
                    }
                });
            }
        });
    }
    nets.sort_unstable();
    nets.dedup();
    nets
}
