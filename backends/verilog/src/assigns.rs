//! Which processes are continuous assignments, and which bits of nets processes store into.

use crate::fold::fold;
use crate::layout;
use pyhw_ir::{
    Body, Design, ExprId, ExprKind, Int, Module, NetId, Place, ProcessBody, ProcessId, ProcessKind,
    Projection, Root, Stmt, StmtKind, Type, walk_stmts,
};
use pyhw_passes::{Driver, ModuleFacts};
use std::collections::BTreeSet;

/// For each process whether it is written as continuous assignments. A net is either assigned or stored into by procedures, so
/// that all processes which drive it take one form.
pub fn processes(module: &Module, facts: &ModuleFacts) -> Vec<bool> {
    let mut assigned: Vec<bool> =
        (0..module.processes.len()).map(|index| is_assigns(module, ProcessId::new(index))).collect();
    let mut changed = true;
    while std::mem::take(&mut changed) {
        for net in (0..module.nets.len()).map(NetId::new) {
            let drivers = facts.drivers(net);
            let one_form = drivers.iter().all(|driver| match driver {
                Driver::Process(process) => assigned[process.index()],
                Driver::Instance(..) | Driver::Input => true,
            });
            for driver in drivers.iter().filter(|_| !one_form) {
                if let Driver::Process(process) = driver {
                    changed |= std::mem::take(&mut assigned[process.index()]);
                }
            }
        }
    }
    assigned
}

/// The values of the integer nets that nothing drives, or a combinational process that does nothing but store a constant.
pub fn constants(design: &Design, module: &Module, facts: &ModuleFacts) -> Vec<Option<Int>> {
    let value = |net: NetId| match facts.drivers(net) {
        [] if module.foreign.is_empty() => module.net(net).init.as_int().cloned(),
        [Driver::Process(process)] => {
            let process = &module.processes[process.index()];
            let (ProcessKind::Comb { .. }, ProcessBody::Ir(body)) = (&process.kind, &process.body) else {
                return None;
            };
            let [Stmt { kind: StmtKind::Next { place, value }, .. }] = &body.stmts[..] else { return None };
            let range = module.net(net).ty.range()?;
            let known = fold(&body.exprs, &design.types, &[]);
            let value = known[value.index()].as_ref()?.as_int()?;
            (place.path.is_empty() && range.contains(value)).then(|| value.clone())
        }
        _ => None,
    };
    (0..module.nets.len()).map(|index| value(NetId::new(index))).collect()
}

/// Whether the process is written as continuous assignments: a combinational one whose statements store each into a net, or
/// into constant bits, of its own.
fn is_assigns(module: &Module, id: ProcessId) -> bool {
    let process = &module.processes[id.index()];
    let (ProcessKind::Comb { .. }, ProcessBody::Ir(body)) = (&process.kind, &process.body) else {
        return false;
    };
    let mut stored: Vec<(NetId, Option<(u32, u32)>)> = Vec::new();
    !body.stmts.is_empty()
        && body.stmts.iter().all(|stmt| {
            let StmtKind::Next { place, value } = &stmt.kind else { return false };
            let Root::Net(net) = place.root else { return false };
            let bits = match &place.path[..] {
                [] => None,
                [step] => match constant_bits(body, step) {
                    Some(bits) => Some(bits),
                    None => return false,
                },
                _ => return false,
            };
            let apart = stored.iter().all(|(other, theirs)| {
                *other != net
                    || matches!((bits, theirs), (Some(a), Some(b)) if a.0 + a.1 <= b.0 || b.0 + b.1 <= a.0)
            });
            stored.push((net, bits));
            let mut uses_locals = false;
            body.exprs.walk(*value, &mut |expr| {
                uses_locals |= matches!(body.exprs.kind(expr), ExprKind::Var(_));
            });
            apart && !uses_locals
        })
}

fn constant_bits(body: &Body, step: &Projection) -> Option<(u32, u32)> {
    let constant = |expr: &ExprId| body.exprs.as_const(*expr)?.as_int()?.to_u32();
    match step {
        Projection::Bit(bit) => constant(bit).map(|bit| (bit, 1)),
        Projection::Slice { low, width } => constant(low).map(|low| (low, *width)),
        Projection::Index(_) | Projection::Field(_) => None,
    }
}

/// The bits of a net that a process stores into; `None` where they are not known.
pub fn stored_bits(design: &Design, module: &Module, id: ProcessId, net: NetId) -> Option<BTreeSet<u64>> {
    let ProcessBody::Ir(body) = &module.processes[id.index()].body else { return None };
    let mut bits = BTreeSet::new();
    let mut known = true;
    walk_stmts(&body.stmts, &mut |stmt| {
        if let StmtKind::Next { place, .. } = &stmt.kind
            && place.root == Root::Net(net)
        {
            match place_bits(design, body, place, &module.net(net).ty) {
                Some((low, width)) if width <= layout::MAX_VECTOR_BITS => bits.extend(low..low + width),
                _ => known = false,
            }
        }
    });
    known.then_some(bits)
}

/// The lowest bit and the width of a place; `None` where a variable chooses it.
fn place_bits(design: &Design, body: &Body, place: &Place, root: &Type) -> Option<(u64, u64)> {
    let types = &design.types;
    let constant = |expr: &ExprId| Some(u64::from(body.exprs.as_const(*expr)?.as_int()?.to_u32()?));
    let mut ty = root;
    let mut low = 0u64;
    let mut width = layout::wide_bits(ty, types)?;
    for step in &place.path {
        match step {
            Projection::Index(index) => {
                let Type::Array(element, _) = ty else { return None };
                width = layout::wide_bits(element, types)?;
                low = low.checked_add(constant(index)?.checked_mul(width)?)?;
                ty = element;
            }
            Projection::Field(index) => {
                let Type::Struct(id) = ty else { return None };
                let (at, field) = layout::field(*id, *index, types)?;
                low += u64::from(at);
                width = layout::wide_bits(field, types)?;
                ty = field;
            }
            Projection::Bit(bit) => {
                low += constant(bit)?;
                width = 1;
            }
            Projection::Slice { low: at, width: bits } => {
                low += constant(at)?;
                width = u64::from(*bits);
            }
        }
    }
    Some((low, width))
}
