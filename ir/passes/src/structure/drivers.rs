//! PH0401, PH0402 and PH0410: nets with several drivers, nets with none, and memories with several ports to write.

use super::{first_store, is_test_bench};
use crate::facts::{Driver, ModuleFacts, first_read};
use pyhw_diagnostics::{Code, Diagnostic, Span};
use pyhw_ir::{
    Body, Design, Direction, ExprId, Module, NetId, NetKind, Process, ProcessBody, ProcessId, ProcessKind,
    Projection, Root, StmtKind, Type, awaited_nets, walk_stmts,
};

/// Nets that several processes or instances drive, unless they drive parts that have nothing in common.
///
/// Several timed processes may share a net: a test bench that sets a signal from two places means the same everywhere.
pub(super) fn several(module: &Module, facts: &ModuleFacts) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for (index, net) in module.nets.iter().enumerate() {
        let id = NetId::new(index);
        let drivers = facts.drivers(id);
        if drivers.len() < 2 || net.kind != NetKind::Signal || module.direction(id) == Some(Direction::InOut)
        {
            continue;
        }
        if drivers.iter().all(|driver| is_timed(module, *driver)) {
            continue;
        }
        if drive_apart(module, facts, id) {
            continue;
        }
        found.push(match has_write_ports(module, facts, id) {
            true => may_collide(module, id, drivers),
            false => told(module, id, drivers),
        });
    }
    found
}

/// Whether the net is a memory of which several clocked processes each store single elements: one with several ports to write, as a true
/// dual-port RAM.
pub fn has_write_ports(module: &Module, facts: &ModuleFacts, net: NetId) -> bool {
    let drivers = facts.drivers(net);
    let is_port = |driver: &Driver| {
        let Driver::Process(id) = driver else { return false };
        let process = &module.processes[id.index()];
        let (ProcessKind::Clocked { reset, .. }, ProcessBody::Ir(body)) = (&process.kind, &process.body)
        else {
            return false;
        };
        let mut by_element = reset.as_ref().is_none_or(|reset| !reset.restores(net));
        walk_stmts(&body.stmts, &mut |stmt| {
            if let StmtKind::Next { place, .. } = &stmt.kind {
                by_element &=
                    place.root != Root::Net(net) || matches!(place.path.first(), Some(Projection::Index(_)));
            }
        });
        by_element
    };
    let declared = module.net(net);
    drivers.len() > 1
        && declared.kind == NetKind::Signal
        && module.direction(net).is_none()
        && matches!(declared.ty, Type::Array(..))
        && drivers.iter().all(is_port)
}

fn may_collide(module: &Module, id: NetId, drivers: &[Driver]) -> Diagnostic {
    let net = module.net(id);
    let message = format!("{} processes store into the memory `{}`", drivers.len(), net.name);
    let mut finding = Diagnostic::new(Code::PH0410, net.span, message);
    for driver in drivers {
        if let Driver::Process(process) = driver {
            let process = &module.processes[process.index()];
            finding = finding.label(first_store(process, id), format!("`{}` does", process.name));
        }
    }
    finding
        .note(
            "where two of them store into one element at the same moment, hardware keeps either, or neither",
        )
        .help("see to it that their addresses differ then, and silence this there: `# pyhw: ignore[PH0410]`")
}

/// Whether no two of the net's drivers drive the same part of it.
pub fn drive_apart(module: &Module, facts: &ModuleFacts, net: NetId) -> bool {
    let parts: Vec<Vec<Part>> = facts.drivers(net).iter().map(|driver| parts(module, *driver, net)).collect();
    !parts.iter().enumerate().any(|(at, mine)| {
        parts[..at].iter().flatten().any(|other| mine.iter().any(|part| may_meet(part, other)))
    })
}

fn is_timed(module: &Module, driver: Driver) -> bool {
    match driver {
        Driver::Process(id) => matches!(module.processes[id.index()].kind, ProcessKind::Timed),
        Driver::Instance(..) | Driver::Input => false,
    }
}

fn told(module: &Module, id: NetId, drivers: &[Driver]) -> Diagnostic {
    let net = module.net(id);
    let message = match drivers.iter().filter(|driver| **driver != Driver::Input).count() {
        1 => format!("`{}` is an input, and is driven from inside as well", net.name),
        count => format!("`{}` is driven from {count} places", net.name),
    };
    let mut finding = Diagnostic::new(Code::PH0401, net.span, message);
    let mut only_processes = true;
    for driver in drivers {
        finding = match driver {
            Driver::Process(process) => {
                let process = &module.processes[process.index()];
                finding.label(first_store(process, id), format!("`{}` drives it", process.name))
            }
            Driver::Instance(instance, _) => {
                only_processes = false;
                let instance = &module.instances[instance.index()];
                finding.label(instance.span, format!("`{}` drives it", instance.name))
            }
            Driver::Input => finding.at("an input"),
        };
    }
    if matches!(net.ty, Type::Array(..)) && !only_processes && !drivers.contains(&Driver::Input) {
        finding.help(format!(
            "let one block hold `{}` and the clocked processes that store into it, element by element",
            net.name
        ))
    } else if only_processes && !drivers.contains(&Driver::Input) {
        finding.help(format!("let one process decide what `{}` is, or give each its own signal", net.name))
    } else {
        finding.help("give each driver a signal of its own")
    }
}

/// A step from a whole to a part of it, as far as it is known; one that is not is left out and ends the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    /// The elements from the first number up to the second, exclusive.
    Elements(i64, i64),
    Field(u32),
    /// The bits from the first number up to the second, exclusive.
    Bits(i64, i64),
}

type Part = Vec<Step>;

fn may_meet(a: &Part, b: &Part) -> bool {
    for (a, b) in a.iter().zip(b) {
        let apart = match (a, b) {
            (Step::Elements(a, a_end), Step::Elements(b, b_end))
            | (Step::Bits(a, a_end), Step::Bits(b, b_end)) => a_end <= b || b_end <= a,
            (Step::Field(a), Step::Field(b)) => a != b,
            (Step::Elements(..) | Step::Field(_) | Step::Bits(..), _) => false,
        };
        if apart {
            return false;
        }
    }
    true
}

/// What a driver drives of a net.
fn parts(module: &Module, driver: Driver, net: NetId) -> Vec<Part> {
    let Driver::Process(id) = driver else { return vec![Part::new()] };
    let process = &module.processes[id.index()];
    let ProcessBody::Ir(body) = &process.body else { return vec![Part::new()] };
    // A reset sets the whole net.
    if matches!(&process.kind, ProcessKind::Clocked { reset: Some(reset), .. } if reset.restores(net)) {
        return vec![Part::new()];
    }
    let mut found = Vec::new();
    walk_stmts(&body.stmts, &mut |stmt| {
        if let StmtKind::Next { place, .. } = &stmt.kind
            && place.root == Root::Net(net)
        {
            found.push(part(body, &place.path));
        }
    });
    found
}

fn part(body: &Body, path: &[Projection]) -> Part {
    let mut part = Part::new();
    for step in path {
        let step = match step {
            Projection::Index(at) => bounds(body, *at).map(|(low, high)| Step::Elements(low, high + 1)),
            Projection::Field(field) => Some(Step::Field(*field)),
            Projection::Bit(at) => bounds(body, *at).map(|(low, high)| Step::Bits(low, high + 1)),
            Projection::Slice { low, width } => {
                bounds(body, *low).map(|(low, high)| Step::Bits(low, high + i64::from(*width)))
            }
        };
        match step {
            Some(step) => part.push(step),
            None => break,
        }
    }
    part
}

/// The least and the greatest value of an index, where both are of a size that an index can have.
fn bounds(body: &Body, index: ExprId) -> Option<(i64, i64)> {
    let (min, max) = body.exprs.range(index)?.bounds()?;
    let (min, max) = (min.to_i64()?, max.to_i64()?);
    (max <= i64::from(u32::MAX)).then_some((min, max))
}

/// Nets that are used and that nothing drives, so that they never change.
///
/// Two kinds are left out, because they hold one value on purpose: signals of a test bench, and signals that stand in the argument of a
/// block, which the source gives no name.
pub(super) fn none(
    design: &Design,
    module: &Module,
    facts: &ModuleFacts,
    used: &[Vec<bool>],
) -> Vec<Diagnostic> {
    if is_test_bench(module) {
        return Vec::new();
    }
    let uses = uses(design, module, facts, used);
    let has_source = !design.sources.files().is_empty();
    let mut found = Vec::new();
    for (index, net) in module.nets.iter().enumerate() {
        let id = NetId::new(index);
        let is_signal = matches!(net.kind, NetKind::Signal | NetKind::Delayed(_));
        if !is_signal || !facts.drivers(id).is_empty() || (has_source && !net.span.is_known()) {
            continue;
        }
        let is_output = module.direction(id) == Some(Direction::Out);
        let finding = match (&uses[index], is_output) {
            (None, false) => continue,
            (None, true) => {
                Diagnostic::new(Code::PH0402, net.span, format!("nothing drives the output `{}`", net.name))
            }
            (Some(place), _) => {
                let message = format!("`{}` is used, and nothing drives it", net.name);
                Diagnostic::new(Code::PH0402, net.span, message).label(place.span, &place.what)
            }
        };
        found.push(finding.note("it keeps its initial value").help(format!(
            "drive it, as with `{}.next = …`; if it is constant, a plain value says so",
            net.name
        )));
    }
    found
}

/// Where a net is used.
#[derive(Clone, Debug)]
struct Use {
    span: Span,
    what: String,
}

/// For each net of each module whether something in it, or in the modules that it is made of, asks for its value. The user's own text
/// and what the host runs may ask for any.
pub(super) fn used(design: &Design, facts: &[ModuleFacts]) -> Vec<Vec<bool>> {
    let mut used: Vec<Vec<bool>> = Vec::new();
    for (module, facts) in design.modules.iter().zip(facts) {
        let is_open = !module.foreign.is_empty()
            || module.processes.iter().any(|process| matches!(process.body, ProcessBody::Host(_)));
        let mut own = vec![is_open; module.nets.len()];
        let mut note = |net: NetId| own[net.index()] = true;
        for (index, process) in module.processes.iter().enumerate() {
            facts.reads(ProcessId::new(index)).iter().copied().for_each(&mut note);
            match &process.kind {
                ProcessKind::Clocked { events, reset } => {
                    events.iter().map(|event| event.net).for_each(&mut note);
                    reset.iter().map(|reset| reset.net).for_each(&mut note);
                }
                ProcessKind::Comb { .. } => {}
                ProcessKind::Timed => waited_for(process).into_iter().for_each(&mut note),
            }
        }
        for instance in &module.instances {
            let inner = design.module(instance.module);
            // An instance's module stands before the module that instantiates it.
            let within = used.get(instance.module.index());
            for (port, net) in inner.ports.iter().zip(&instance.connections) {
                if port.direction == Direction::InOut || within.is_none_or(|within| within[port.net.index()])
                {
                    note(*net);
                }
            }
        }
        used.push(own);
    }
    used
}

/// The nets whose changes a timed process waits for.
fn waited_for(process: &Process) -> Vec<NetId> {
    match &process.body {
        ProcessBody::Ir(body) => awaited_nets(&body.stmts),
        ProcessBody::Host(_) => Vec::new(),
    }
}

/// For each net of the module where it is first used, except as a port.
fn uses(design: &Design, module: &Module, facts: &ModuleFacts, used: &[Vec<bool>]) -> Vec<Option<Use>> {
    let mut uses: Vec<Option<Use>> = vec![None; module.nets.len()];
    let mut note = |net: NetId, span: &dyn Fn() -> Span, what: &dyn Fn() -> String| {
        let place = &mut uses[net.index()];
        if place.is_none() {
            *place = Some(Use { span: span(), what: what() });
        }
    };
    for (index, process) in module.processes.iter().enumerate() {
        for net in facts.reads(ProcessId::new(index)) {
            let place = || first_read(&design.sources, process, *net, &module.net(*net).name);
            note(*net, &place, &|| "used here".to_owned());
        }
        let name = || design.sources.name_of(process.span, &process.name);
        match &process.kind {
            ProcessKind::Clocked { events, reset } => {
                for event in events {
                    note(event.net, &name, &|| format!("`{}` waits for it", process.name));
                }
                if let Some(reset) = reset {
                    note(reset.net, &name, &|| format!("it resets `{}`", process.name));
                }
            }
            ProcessKind::Comb { .. } | ProcessKind::Timed => {}
        }
    }
    for instance in &module.instances {
        let inner = design.module(instance.module);
        for (port, net) in inner.ports.iter().zip(&instance.connections) {
            if port.direction != Direction::Out && used[instance.module.index()][port.net.index()] {
                let name = &inner.net(port.net).name;
                note(*net, &|| instance.span, &|| format!("`{}` takes it as `{name}`", inner.name));
            }
        }
    }
    uses
}
