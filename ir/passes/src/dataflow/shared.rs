//! What of a design can be seen by more than one process.

use crate::facts::{Driver, ModuleFacts};
use pyhw_ir::{Design, ModuleId, NetId, ProcessBody, ProcessKind, StmtKind, walk_stmts};

/// For each net of each module, whether more than one process, instance or port might drive it, here or in a module around.
/// Where the host runs a process, that may drive anything.
pub(super) fn nets(design: &Design) -> Vec<Vec<bool>> {
    let has_host = processes(design).any(|process| matches!(process.body, ProcessBody::Host(_)));
    let mut shared: Vec<Vec<bool>> =
        design.modules.iter().map(|module| vec![has_host; module.nets.len()]).collect();
    // Instances stand after what they are instances of: seen from the top, what is around comes first.
    for index in (0..design.modules.len()).rev() {
        let module = &design.modules[index];
        let facts = ModuleFacts::new(design, module);
        for (net, shared) in shared[index].iter_mut().enumerate() {
            let drivers = facts.drivers(NetId::new(net));
            let from_outside = drivers.contains(&Driver::Input);
            *shared |= drivers.len() > 1 || from_outside;
        }
        for instance in &module.instances {
            let inner = design.module(instance.module);
            for (place, (port, net)) in inner.ports.iter().zip(&instance.connections).enumerate() {
                // Two ports of one instance on the same net are two names for it.
                let is_met =
                    instance.connections.iter().enumerate().any(|(other, its)| other != place && its == net);
                if shared[index][net.index()] || is_met {
                    shared[instance.module.index()][port.net.index()] = true;
                }
            }
        }
    }
    shared
}

fn processes(design: &Design) -> impl Iterator<Item = &pyhw_ir::Process> {
    design.modules.iter().flat_map(|module| &module.processes)
}

/// Whether the order in which a process stores into nets can be seen, because it is the order in which what waits for them runs:
/// where a net has several drivers the last one wins, and where several processes have effects of their own the first one is
/// first.
pub(super) fn order_matters(design: &Design, shared: &[Vec<bool>]) -> bool {
    let is_written = |module: usize, net: NetId| shared[module][net.index()];
    let mut several = false;
    let mut with_effects = 0;
    for (index, module) in design.modules.iter().enumerate() {
        for process in &module.processes {
            several |= crate::facts::written_nets(process).into_iter().any(|net| is_written(index, net));
            let mut has_effects = process.kind == ProcessKind::Timed;
            match &process.body {
                ProcessBody::Host(_) => has_effects = true,
                ProcessBody::Ir(body) => {
                    walk_stmts(&body.stmts, &mut |stmt| {
                        has_effects |= matches!(stmt.kind, StmtKind::Print { .. } | StmtKind::Finish { .. });
                    });
                }
            }
            // A module may stand in the design more than once.
            with_effects +=
                if design.top == Some(ModuleId::new(index)) { 1 } else { 2 } * usize::from(has_effects);
        }
    }
    several || with_effects > 1
}
