//! What happens at time zero: simulation runs every combinational process once, `always @*` waits for a change.
//!
//! An initial value in a declaration (IEEE 1800-2017, 6.8: before any process starts) is no change; one that an `initial` gives
//! is. So registers that an `always @*` sees, through wires and ports too, take theirs from an `initial`, except where an edge
//! of theirs counts as well: that would come at time zero. What no change of an input can wake is woken by a signal of its own.

use crate::assigns;
use pyhw_ir::{Design, Direction, Language, Module, ModuleId, NetId, NetKind, ProcessId, ProcessKind};
use pyhw_passes::{Driver, ModuleFacts};

/// The nets of a module at time zero.
#[derive(Clone, Debug)]
pub struct Wakes {
    /// Nets whose change can wake an `always @*`, here or in another module.
    feeds_comb: Vec<bool>,
    /// Nets of which some process or text waits for events.
    feeds_event: Vec<bool>,
    /// Nets that do not change at time zero, after the processes started.
    silent: Vec<bool>,
}

impl Wakes {
    /// Whether the initial value of a register is given at time zero, so that it wakes what reads it.
    pub fn is_announced(&self, net: NetId) -> bool {
        self.feeds_comb[net.index()] && !self.is_awaited(net)
    }

    /// Whether a change at time zero could be taken for an event.
    pub fn is_awaited(&self, net: NetId) -> bool {
        self.feeds_event[net.index()]
    }

    /// Whether the net may be at its first value before the processes start.
    pub fn is_silent(&self, net: NetId) -> bool {
        self.silent[net.index()]
    }
}

/// The time zero of each of the modules; of the others nothing.
pub fn wakes(design: &Design, order: &[ModuleId], facts: &[Option<ModuleFacts>]) -> Vec<Option<Wakes>> {
    let mut flow = Flow { design, modules: vec![None; design.modules.len()] };
    for id in order {
        let Some(facts) = &facts[id.index()] else { continue };
        let none = vec![false; design.module(*id).nets.len()];
        let wakes = Wakes { feeds_comb: none.clone(), feeds_event: none.clone(), silent: none };
        flow.modules[id.index()] = Some((wakes, facts, assigns::processes(design.module(*id), facts)));
    }
    for id in order {
        flow.begin(*id);
    }
    while order.iter().rev().filter(|id| flow.backwards(**id)).count() > 0 {}
    for id in order {
        flow.begin_silence(*id, design.top == Some(*id));
    }
    while order.iter().filter(|id| flow.forwards(**id)).count() > 0 {}
    flow.modules.into_iter().map(|known| known.map(|(wakes, ..)| wakes)).collect()
}

struct Flow<'a> {
    design: &'a Design,
    /// What is known of each module, its facts, and which of its processes are continuous assignments.
    modules: Vec<Option<(Wakes, &'a ModuleFacts, Vec<bool>)>>,
}

/// Sets a mark; whether it was not set before.
fn mark(marks: &mut [bool], net: NetId) -> bool {
    !std::mem::replace(&mut marks[net.index()], true)
}

fn is_foreign(module: &Module) -> bool {
    module.foreign.iter().any(|foreign| foreign.language == Language::Verilog)
}

fn process_ids(module: &Module) -> impl Iterator<Item = ProcessId> {
    (0..module.processes.len()).map(ProcessId::new)
}

impl Flow<'_> {
    /// What the processes of a module wait for.
    fn begin(&mut self, id: ModuleId) {
        let module = self.design.module(id);
        let Some((wakes, facts, assigned)) = &mut self.modules[id.index()] else { return };
        if is_foreign(module) {
            // The text may wait for edges of whatever it sees.
            wakes.feeds_event.fill(true);
            return;
        }
        for process in process_ids(module) {
            for net in crate::reads::events(module, process) {
                mark(&mut wakes.feeds_event, net);
            }
            let is_comb = matches!(module.processes[process.index()].kind, ProcessKind::Comb { .. });
            if is_comb && !assigned[process.index()] {
                facts.reads(process).iter().for_each(|net| wakes.feeds_comb[net.index()] = true);
            }
        }
    }

    /// From what waits to what it sees, one step; whether anything is new.
    fn backwards(&mut self, id: ModuleId) -> bool {
        let module = self.design.module(id);
        let Some((mut wakes, facts, assigned)) = self.modules[id.index()].take() else { return false };
        let mut changed = false;
        for process in process_ids(module).filter(|process| assigned[process.index()]) {
            let writes = facts.writes(process);
            for marks in [&mut wakes.feeds_comb, &mut wakes.feeds_event] {
                if writes.iter().any(|net| marks[net.index()]) {
                    facts.reads(process).iter().for_each(|net| changed |= mark(marks, *net));
                }
            }
        }
        for (index, net) in module.nets.iter().enumerate() {
            if let NetKind::Driver(tri) = net.kind {
                for marks in [&mut wakes.feeds_comb, &mut wakes.feeds_event] {
                    changed |= marks[tri.index()] && mark(marks, NetId::new(index));
                }
            }
        }
        for instance in &module.instances {
            let Some((inside, ..)) = &mut self.modules[instance.module.index()] else { continue };
            let ports = &self.design.module(instance.module).ports;
            for (port, net) in ports.iter().zip(&instance.connections) {
                let pairs = [
                    (&mut wakes.feeds_comb, &mut inside.feeds_comb),
                    (&mut wakes.feeds_event, &mut inside.feeds_event),
                ];
                for (outer, inner) in pairs {
                    if port.direction != Direction::Out && inner[port.net.index()] {
                        changed |= mark(outer, *net);
                    }
                    if port.direction != Direction::In && outer[net.index()] {
                        changed |= mark(inner, port.net);
                    }
                }
            }
        }
        self.modules[id.index()] = Some((wakes, facts, assigned));
        changed
    }

    /// The nets that have their first value before the processes start, by themselves.
    fn begin_silence(&mut self, id: ModuleId, is_top: bool) {
        let module = self.design.module(id);
        let Some((wakes, facts, _)) = &mut self.modules[id.index()] else { return };
        for index in 0..module.nets.len() {
            let net = NetId::new(index);
            wakes.silent[index] = match facts.drivers(net) {
                [] => module.net(net).kind != NetKind::TriState && !is_foreign(module),
                // A test bench gives a clock its first value in the declaration.
                [Driver::Input, ..] => is_top && wakes.feeds_event[index],
                drivers => {
                    wakes.feeds_event[index]
                        && drivers.iter().all(|driver| match driver {
                            Driver::Process(process) => {
                                !matches!(module.processes[process.index()].kind, ProcessKind::Comb { .. })
                            }
                            Driver::Instance(..) | Driver::Input => false,
                        })
                }
            };
        }
    }

    /// From silent nets to what they alone give a value, one step; whether anything is new.
    fn forwards(&mut self, id: ModuleId) -> bool {
        let module = self.design.module(id);
        let Some((mut wakes, facts, assigned)) = self.modules[id.index()].take() else { return false };
        let mut changed = false;
        for process in process_ids(module).filter(|process| assigned[process.index()]) {
            if facts.reads(process).iter().all(|net| wakes.silent[net.index()]) {
                for net in facts.writes(process) {
                    changed |= mark(&mut wakes.silent, *net);
                }
            }
        }
        for (index, net) in module.nets.iter().enumerate() {
            if let NetKind::Driver(tri) = net.kind
                && wakes.silent[index]
            {
                changed |= mark(&mut wakes.silent, tri);
            }
        }
        for instance in &module.instances {
            let Some((inside, ..)) = &mut self.modules[instance.module.index()] else { continue };
            let ports = &self.design.module(instance.module).ports;
            for (port, net) in ports.iter().zip(&instance.connections) {
                if port.direction == Direction::In && wakes.silent[net.index()] {
                    changed |= mark(&mut inside.silent, port.net);
                }
                if port.direction == Direction::Out && inside.silent[port.net.index()] {
                    changed |= mark(&mut wakes.silent, *net);
                }
            }
        }
        self.modules[id.index()] = Some((wakes, facts, assigned));
        changed
    }
}
