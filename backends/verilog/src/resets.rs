//! Nets that act at their edges in one place and are data at a clock's edge in another, which Verilator asks about.

use pyhw_ir::{Design, ModuleId, NetId, ProcessId, ProcessKind};
use pyhw_passes::{ModuleFacts, restored_nets};

/// How the registers of a module, and of what it instantiates, use a net.
#[derive(Clone, Copy, Debug, Default)]
struct Use {
    by_edge: bool,
    as_data: bool,
}

/// For each of the modules the nets that are used both ways. Users stand in `order` before what they instantiate.
pub fn used_both_ways(design: &Design, order: &[ModuleId], facts: &[Option<ModuleFacts>]) -> Vec<Vec<bool>> {
    let mut uses: Vec<Vec<Use>> = vec![Vec::new(); design.modules.len()];
    for id in order.iter().rev() {
        let module = design.module(*id);
        let Some(facts) = &facts[id.index()] else { continue };
        let mut found = vec![Use::default(); module.nets.len()];
        for (index, process) in module.processes.iter().enumerate() {
            let ProcessKind::Clocked { events, reset } = &process.kind else { continue };
            let id = ProcessId::new(index);
            // A reset that restores nothing is a condition, however it is declared.
            let restores = !restored_nets(process).is_empty();
            let is_edge = |net: NetId| match reset {
                Some(reset) if reset.net == net && !restores => false,
                Some(reset) if reset.net == net && reset.is_async => true,
                _ => events.iter().any(|event| event.net == net),
            };
            let reads = facts.reads(id).iter().copied();
            for net in reads.chain(reset.as_ref().map(|reset| reset.net)) {
                let slot = &mut found[net.index()];
                if is_edge(net) { slot.by_edge = true } else { slot.as_data = true }
            }
        }
        for instance in &module.instances {
            let inside = &uses[instance.module.index()];
            for (port, net) in design.module(instance.module).ports.iter().zip(&instance.connections) {
                if let Some(inner) = inside.get(port.net.index()) {
                    found[net.index()].by_edge |= inner.by_edge;
                    found[net.index()].as_data |= inner.as_data;
                }
            }
        }
        uses[id.index()] = found;
    }
    let both = |of: Vec<Use>| of.into_iter().map(|net| net.by_edge && net.as_data).collect();
    uses.into_iter().map(both).collect()
}
