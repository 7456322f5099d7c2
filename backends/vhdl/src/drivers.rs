//! What drives the nets of a module, and whether VHDL means the same by it.

use crate::phrase::Kind;
use crate::types::inexpressible;
use pyhw_diagnostics::{Code, Diagnostic, Severity};
use pyhw_ir::{
    Direction, Item, Module, NetId, NetKind, ProcessBody, ProcessId, ProcessKind, Projection, Root, StmtKind,
    Type, Value, walk_stmts,
};
use pyhw_passes::{Driver, ModuleFacts};

/// A net has one driver, or several that set different bits; only tri-state nets have more.
pub(crate) fn check_drivers(module: &Module, facts: &ModuleFacts) -> Vec<Diagnostic> {
    let mut errors = Vec::new();
    for (index, net) in module.nets.iter().enumerate() {
        let id = NetId::new(index);
        let drivers = facts.drivers(id);
        if drivers.len() < 2
            || net.kind == NetKind::TriState
            || module.direction(id) == Some(Direction::InOut)
            || pyhw_passes::has_write_ports(module, facts, id)
        {
            continue;
        }
        let parts: Vec<Vec<Part>> = drivers
            .iter()
            .map(|driver| match driver {
                Driver::Process(process) => parts(module, *process, id),
                Driver::Instance(..) | Driver::Input => vec![None],
            })
            .collect();
        let meet = parts.iter().enumerate().any(|(at, mine)| {
            parts[..at].iter().flatten().any(|other| mine.iter().any(|part| overlap(*part, *other)))
        });
        if meet {
            let mut error = Diagnostic::new(
                Code::PH0401,
                net.span,
                format!("`{}` has several drivers, which VHDL would resolve to unknown values", net.name),
            )
            .severity(Severity::Error);
            for driver in drivers {
                if let Driver::Process(process) = driver {
                    let process = &module.processes[process.index()];
                    error = error.label(process.span, format!("`{}` drives it", process.name));
                }
            }
            errors.push(error);
        }
    }
    errors
}

/// Bits of a net that a driver sets; `None` for all of it.
type Part = Option<(u32, u32)>;

fn overlap(a: Part, b: Part) -> bool {
    match (a, b) {
        (Some((a_low, a_high)), Some((b_low, b_high))) => a_low < b_high && b_low < a_high,
        (None, _) | (_, None) => true,
    }
}

fn parts(module: &Module, process: ProcessId, net: NetId) -> Vec<Part> {
    // Where a part decides on the whole, the process sets all of it.
    let of = &module.net(net).ty;
    if module.net(net).wraps && of.range().is_some_and(|range| Kind::of(range).range() != *range) {
        return vec![None];
    }
    let width = of.range().map_or(u32::MAX, |range| Kind::of(range).width);
    let process = &module.processes[process.index()];
    let ProcessBody::Ir(body) = &process.body else { return vec![None] };
    // A reset sets the whole net.
    let mut found: Vec<Part> = match &process.kind {
        ProcessKind::Clocked { reset: Some(reset), .. } if reset.restores(net) => vec![None],
        ProcessKind::Clocked { .. } | ProcessKind::Comb { .. } | ProcessKind::Timed => Vec::new(),
    };
    walk_stmts(&body.stmts, &mut |stmt| {
        if let StmtKind::Next { place, .. } = &stmt.kind
            && place.root == Root::Net(net)
        {
            let constant = |id| match body.exprs.as_const(id) {
                Some(Value::Int(value)) => value.to_u32(),
                _ => None,
            };
            found.push(match &place.path[..] {
                [Projection::Bit(at)] | [Projection::Index(at)] => {
                    constant(*at).map(|at| (at, at.saturating_add(1))).filter(|(_, high)| *high <= width)
                }
                [Projection::Slice { low, width: taken }] => constant(*low)
                    .map(|low| (low, low.saturating_add(*taken)))
                    .filter(|(_, high)| *high <= width),
                _ => None,
            });
        }
    });
    found
}

/// What a delayed net takes must be one transaction of VHDL's: `after` drops what was stored before and is not due yet, as a delayed
/// boolean does. A delayed integer takes the last value whenever any store is due, and of an array or a record it is the whole that
/// is stored, while VHDL delays each element for itself.
pub(crate) fn check_delays(module: &Module, facts: &ModuleFacts) -> Vec<Diagnostic> {
    let has_form = |ty: &Type| match ty {
        Type::Bool | Type::Enum(_) => true,
        Type::Int(_) => !ty.is_buffered(),
        Type::Array(..) | Type::Struct(_) | Type::Text | Type::Opaque => false,
    };
    let stored = |id| facts.drivers(id).iter().any(|driver| matches!(driver, Driver::Process(_)));
    let nets = module.nets.iter().enumerate().filter(|(index, net)| {
        matches!(net.kind, NetKind::Delayed(_)) && !has_form(&net.ty) && stored(NetId::new(*index))
    });
    nets.map(|(_, net)| {
        let message = format!(
            "`{}` is a delayed signal of more than a bit, whose stores under way all take the last value; \
             those of VHDL are dropped",
            net.name
        );
        let error = *inexpressible(net.span, message);
        error.help("delay a boolean signal, or wait in the process: `yield delay(…)`")
    })
    .collect()
}

/// The clocked processes that store into memories together, directly or by way of others, each group in the order of the module.
pub(crate) fn memory_ports(module: &Module, facts: &ModuleFacts) -> Vec<Vec<ProcessId>> {
    let mut groups: Vec<Vec<ProcessId>> = Vec::new();
    for net in (0..module.nets.len()).map(NetId::new) {
        if !pyhw_passes::has_write_ports(module, facts, net) {
            continue;
        }
        let mut group: Vec<ProcessId> = facts
            .drivers(net)
            .iter()
            .filter_map(|driver| match driver {
                Driver::Process(id) => Some(*id),
                Driver::Instance(..) | Driver::Input => None,
            })
            .collect();
        let (meeting, apart) =
            groups.into_iter().partition(|other| other.iter().any(|process| group.contains(process)));
        groups = apart;
        group.extend::<Vec<ProcessId>>(meeting.concat());
        let place = |id: &ProcessId| module.items.iter().position(|item| *item == Item::Process(*id));
        group.sort_by_key(place);
        group.dedup();
        groups.push(group);
    }
    groups
}
