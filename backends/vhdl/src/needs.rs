//! What a module needs in VHDL: the nets that are in use, types, packages, names.

use crate::foreign::list_type;
use crate::frame::{Frame, reads_inside};
use crate::types::{Shape, TypeNames};
use pyhw_ir::{
    Body, ExprId, ExprKind, Instance, Language, Module, NetId, NetKind, Op, ProcessBody, ProcessKind, Type,
    walk_stmts,
};
use pyhw_passes::ModuleFacts;
use pyhw_text::Namer;

/// Whether a type of the package stands in the module.
pub(crate) fn uses_package(frame: &Frame<'_>, module: &Module) -> bool {
    let types = &frame.design.types;
    let names = |ty: &Type| frame.types.names(ty, types);
    let lists =
        module.foreign.iter().filter(|code| code.language == Language::Vhdl).flat_map(|code| &code.lists);
    module.nets.iter().any(|net| names(&net.ty))
        || lists.into_iter().any(|list| names(&list_type(module, list)))
        || module.processes.iter().any(|process| match &process.body {
            ProcessBody::Ir(body) => {
                body.vars.iter().any(|var| names(&var.ty))
                    || body.exprs.ids().any(|id| names(body.exprs.ty(id)))
            }
            ProcessBody::Host(_) => false,
        })
}

/// Names for initial values that take more than a line and are stored by a reset as well.
pub(crate) fn init_names(module: &Module, types: &TypeNames, names: &mut Namer) -> Vec<Option<String>> {
    let mut found = vec![None; module.nets.len()];
    for process in &module.processes {
        for id in pyhw_passes::restored_nets(process) {
            let net = module.net(id);
            let text = Shape::of(&net.ty).and_then(|shape| types.constant(&net.init, &shape));
            if text.is_some_and(|text| text.contains('\n')) && found[id.index()].is_none() {
                found[id.index()] = Some(names.fresh(&format!("{}_init", net.name)));
            }
        }
    }
    found
}

/// The arrays that only have an element taken out of them where they are made: a choice stands for each, and no type.
pub(crate) fn made_in_place(body: &Body) -> Vec<bool> {
    let mut in_place: Vec<bool> =
        body.exprs.ids().map(|id| matches!(body.exprs.kind(id), ExprKind::Op(Op::Array, _))).collect();
    let mut keep = |id: ExprId| in_place[id.index()] = false;
    for id in body.exprs.ids() {
        if let ExprKind::Op(op, args) = body.exprs.kind(id) {
            let used = if *op == Op::Index { &args[1..] } else { &args[..] };
            used.iter().copied().for_each(&mut keep);
        }
    }
    walk_stmts(&body.stmts, &mut |stmt| stmt.kind.exprs().into_iter().for_each(&mut keep));
    in_place
}

/// The nets that something drives or reads, and the ports.
pub(crate) fn used_nets(frame: &Frame<'_>, module: &Module, facts: &ModuleFacts) -> Vec<bool> {
    let mut used = reads_inside(frame.design, module, facts);
    for (index, used) in used.iter_mut().enumerate() {
        *used |= !facts.drivers(NetId::new(index)).is_empty();
    }
    for port in &module.ports {
        used[port.net.index()] = true;
    }
    let inner: Vec<&Instance> = module.instances.iter().collect();
    for instance in inner {
        for net in &instance.connections {
            used[net.index()] = true;
        }
    }
    for index in 0..module.nets.len() {
        if let NetKind::Driver(bus) = module.nets[index].kind
            && used[index]
        {
            used[bus.index()] = true;
        }
    }
    if !module.foreign.is_empty() {
        for (index, used) in used.iter_mut().enumerate() {
            let name = format!("${{{}}}", module.nets[index].name);
            *used |= module.foreign.iter().any(|code| code.text.contains(&name));
        }
    }
    used
}

pub(crate) fn needs_time_or_text(module: &Module) -> bool {
    module.nets.iter().any(|net| matches!(net.kind, NetKind::Delayed(_)))
        || module.processes.iter().any(|process| {
            let ProcessBody::Ir(body) = &process.body else { return false };
            process.kind == ProcessKind::Timed || body.exprs.ids().any(|id| *body.exprs.ty(id) == Type::Text)
        })
}
