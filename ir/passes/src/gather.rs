//! Memories into which several instances store: the module that holds one takes over what stores into it.
//!
//! ```text
//! module port { … process p clocked(rising %clk) { %mem[%at] <= %d } }
//! module ram { net %mem: …                       ─►  module ram { net %mem: …
//!   instance a of port(clk = %c, mem = %mem)           process a_p clocked(rising %c) { %mem[…] <= … }
//!   instance b of port(clk = %k, mem = %mem)           process b_p clocked(rising %k) { %mem[…] <= … }
//! ```
//!
//! In a simulation a memory that blocks are given is one object. An instance of emitted text has nets of its own, and two that drive one
//! are tied together.

use crate::facts::{Driver, ModuleFacts};
use crate::flatten::merge;
use pyhw_ir::{Design, InstanceId, Module, ModuleId, NetId, NetKind, ProcessBody, ProcessKind, Type};

/// Merges such instances, in every module.
pub fn gather(design: &mut Design) {
    // A module stands after those that it instantiates.
    for index in 0..design.modules.len() {
        loop {
            let writers = writers(design, &design.modules[index]);
            if writers.is_empty() {
                break;
            }
            design.modules[index] = merge(design, ModuleId::new(index), &writers);
        }
    }
}

/// The instances that share with another driver a memory into which all drivers store at clock edges.
fn writers(design: &Design, module: &Module) -> Vec<InstanceId> {
    let is_memory = |index: usize| {
        let net = &module.nets[index];
        matches!(net.ty, Type::Array(..))
            && net.kind == NetKind::Signal
            && module.direction(NetId::new(index)).is_none()
    };
    if module.instances.is_empty() || !module.foreign.is_empty() || !(0..module.nets.len()).any(is_memory) {
        return Vec::new();
    }
    let facts = ModuleFacts::new(design, module);
    let mut found: Vec<InstanceId> = Vec::new();
    for net in (0..module.nets.len()).filter(|index| is_memory(*index)).map(NetId::new) {
        let drivers = facts.drivers(net);
        if drivers.len() > 1 && drivers.iter().all(|driver| is_clocked(design, module, *driver)) {
            found.extend(drivers.iter().filter_map(|driver| match driver {
                Driver::Instance(id, _) => Some(*id),
                Driver::Process(_) | Driver::Input => None,
            }));
        }
    }
    found.sort_unstable();
    found.dedup();
    found
}

/// Whether the driver is a clocked process, or an instance in which clocked processes drive and nothing else does.
fn is_clocked(design: &Design, module: &Module, driver: Driver) -> bool {
    match driver {
        Driver::Input => false,
        Driver::Process(id) => {
            let process = &module.processes[id.index()];
            matches!((&process.kind, &process.body), (ProcessKind::Clocked { .. }, ProcessBody::Ir(_)))
        }
        Driver::Instance(id, place) => {
            let inner = design.module(module.instances[id.index()].module);
            let facts = ModuleFacts::new(design, inner);
            let drivers = facts.drivers(inner.ports[place].net);
            inner.foreign.is_empty()
                && drivers.iter().any(|driver| *driver != Driver::Input)
                && drivers
                    .iter()
                    .filter(|driver| **driver != Driver::Input)
                    .all(|driver| is_clocked(design, inner, *driver))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gathered(modules: &str) -> String {
        let mut design = pyhw_ir::parse::parse(&format!("hwir 1\n{modules}\ntop top\n")).unwrap();
        assert_eq!(pyhw_ir::verify::verify(&design), []);
        gather(&mut design);
        assert_eq!(pyhw_ir::verify::verify(&design), []);
        pyhw_ir::print::print(&Design { modules: vec![design.modules.pop().unwrap()], top: None, ..design })
    }

    const PORT: &str = "module port { in %clk: bool = false in %at: u2 = 0 out %m: array[u4, 4] = [0 x 4]
        net %n: u4 = 0
        process p clocked(rising %clk) { %m[%at] <= %n %n <= index(%m, %at) } }\n";

    fn ram(inside: &str) -> String {
        format!(
            "module top {{ in %c: bool = false in %k: bool = false in %x: u2 = 0 net %m: array[u4, 4] = [0 x 4] {inside} }}"
        )
    }

    #[test]
    fn what_stores_into_a_memory_stands_beside_it() {
        let two =
            "instance a of port(clk = %c, at = %x, m = %m) instance b of port(clk = %k, at = %x, m = %m)";
        let text = gathered(&format!("{PORT}{}", ram(two)));
        assert!(!text.contains("instance"), "{text}");
        assert!(
            text.contains("process a_p clocked(rising %c)")
                && text.contains("process b_p clocked(rising %k)"),
            "{text}"
        );
        assert!(text.contains("%m[%x] <= %b_n"), "{text}");
        // One instance and a process of the module itself.
        let mixed =
            "instance a of port(clk = %c, at = %x, m = %m) process q clocked(rising %k) { %m[0] <= 1 }";
        assert!(!gathered(&format!("{PORT}{}", ram(mixed))).contains("instance"));
    }

    #[test]
    fn what_an_inner_instance_stores_is_followed() {
        let outer = "module outer { in %clk: bool = false in %at: u2 = 0 out %m: array[u4, 4] = [0 x 4]
            instance inner of port(clk = %clk, at = %at, m = %m) }\n";
        let two =
            "instance a of outer(clk = %c, at = %x, m = %m) instance b of port(clk = %k, at = %x, m = %m)";
        let text = gathered(&format!("{PORT}{outer}{}", ram(two)));
        assert!(
            !text.contains("instance") && text.contains("process a_inner_p clocked(rising %c)"),
            "{text}"
        );
    }

    #[test]
    fn other_instances_stay() {
        let one = "net %other: array[u4, 4] = [0 x 4] instance a of port(clk = %c, at = %x, m = %m) instance b of port(clk = %k, at = %x, m = %other)";
        assert_eq!(gathered(&format!("{PORT}{}", ram(one))).matches("instance").count(), 2);
        let settles = PORT.replace("clocked(rising %clk)", "comb(%at, %n, %m)");
        let two =
            "instance a of port(clk = %c, at = %x, m = %m) instance b of port(clk = %k, at = %x, m = %m)";
        assert_eq!(gathered(&format!("{settles}{}", ram(two))).matches("instance").count(), 2);
    }
}
