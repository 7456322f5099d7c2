//! PH0404: combinational processes that must remember.

use super::{first_store, touched_on_every_path};
use crate::facts::ModuleFacts;
use pyhw_diagnostics::{Code, Diagnostic};
use pyhw_ir::{
    Edge, Module, NetId, ProcessBody, ProcessId, ProcessKind, Projection, Root, StmtKind, walk_stmts,
};
use std::collections::BTreeSet;

/// Nets that a combinational process stores into on some paths only.
///
/// Of a net that is stored into in parts it is asked whether some path stores into none of them. Parts that a loop goes through are
/// taken for all of the net.
pub(super) fn latches(module: &Module, facts: &ModuleFacts) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for (index, process) in module.processes.iter().enumerate() {
        let ProcessBody::Ir(body) = &process.body else { continue };
        if !is_level_sensitive(&process.kind) {
            continue;
        }
        let always = touched_on_every_path(body);
        let mut computed = BTreeSet::new();
        walk_stmts(&body.stmts, &mut |stmt| {
            if let StmtKind::Next { place, .. } = &stmt.kind
                && let Root::Net(net) = place.root
            {
                let is_computed = place.path.iter().any(|step| match step {
                    Projection::Index(at) | Projection::Bit(at) | Projection::Slice { low: at, .. } => {
                        body.exprs.as_const(*at).is_none()
                    }
                    Projection::Field(_) => false,
                });
                if is_computed {
                    computed.insert(net);
                }
            }
        });
        let id = ProcessId::new(index);
        for net in facts.writes(id).iter().filter(|net| !always.contains(net) && !computed.contains(net)) {
            found.push(told(module, id, *net));
        }
    }
    found
}

/// Whether no edge of a clock decides when it runs: synthesis takes it for combinational logic.
fn is_level_sensitive(kind: &ProcessKind) -> bool {
    match kind {
        ProcessKind::Comb { .. } => true,
        ProcessKind::Clocked { events, reset } => {
            reset.is_none() && events.iter().all(|event| event.edge == Edge::Any)
        }
        ProcessKind::Timed => false,
    }
}

fn told(module: &Module, id: ProcessId, net: NetId) -> Diagnostic {
    let process = &module.processes[id.index()];
    let name = &module.net(net).name;
    let message = format!(
        "`{}` gives `{name}` no value on some paths, so that it must remember the old one",
        process.name
    );
    Diagnostic::new(Code::PH0404, first_store(process, net), message)
        .at("not on every path")
        .help(format!("begin with a value for all paths: `{name}.next = …`"))
}
