//! Who reads a net: processes, instances, the world around the module; and which of its bits.

use crate::context::ModuleCx;
use crate::foreign;
use pyhw_ir::{Design, Direction, Module, NetId, NetKind, ProcessBody, ProcessId, ProcessKind, awaited_nets};
use pyhw_passes::ModuleFacts;
use std::collections::BTreeSet;

/// Which bits of a net something reads.
#[derive(Clone, Debug, Default)]
pub struct Reads {
    all: bool,
    bits: BTreeSet<u32>,
}

impl Reads {
    /// Every bit is read.
    pub fn mark_all(&mut self) {
        self.all = true;
    }

    /// So many bits from bit `low` up are read.
    pub fn mark(&mut self, low: u32, width: u32) {
        if !self.all {
            self.bits.extend(low..low.saturating_add(width));
        }
    }

    /// Whether nothing is read.
    pub fn is_empty(&self) -> bool {
        !self.all && self.bits.is_empty()
    }

    /// Whether each of the low `width` bits is read.
    pub fn covers(&self, width: u32) -> bool {
        self.all || (0..width).all(|bit| self.bits.contains(&bit))
    }
}

/// Who uses each net, and which way each port goes.
pub struct Uses {
    /// Whether a process of the module reads the net, or waits for it.
    pub read: Vec<bool>,
    /// Whether it is connected to an instance.
    pub connected: Vec<bool>,
    /// Which way it goes, if it is a port.
    pub direction: Vec<Option<Direction>>,
}

impl Uses {
    /// How the nets of a module are used.
    pub fn new(design: &Design, module: &Module, facts: &ModuleFacts) -> Uses {
        let none = vec![false; module.nets.len()];
        let mut uses = Uses { read: none.clone(), connected: none, direction: vec![None; module.nets.len()] };
        for id in (0..module.processes.len()).map(ProcessId::new) {
            for net in facts.reads(id).iter().copied().chain(events(module, id)) {
                uses.read[net.index()] = true;
            }
        }
        // What fills a memory stands where the memory is.
        let instances = module.instances.iter().filter(|one| foreign::filling(design, one.module).is_none());
        for net in instances.flat_map(|instance| &instance.connections) {
            uses.connected[net.index()] = true;
        }
        for port in &module.ports {
            uses.direction[port.net.index()] = Some(port.direction);
        }
        uses
    }
}

/// The nets whose events the process waits for, and its reset.
pub fn events(module: &Module, id: ProcessId) -> Vec<NetId> {
    let process = &module.processes[id.index()];
    let mut nets = Vec::new();
    if let ProcessKind::Clocked { events, reset } = &process.kind {
        nets.extend(events.iter().map(|event| event.net));
        nets.extend(reset.as_ref().map(|reset| reset.net));
    }
    if let ProcessBody::Ir(body) = &process.body {
        nets.extend(awaited_nets(&body.stmts));
    }
    nets
}

impl ModuleCx<'_> {
    /// Marks what is read without an expression: ports that go out, connections of instances, events, resets.
    pub fn mark_structural_reads(&mut self) {
        let module = self.module;
        for port in &module.ports {
            if port.direction != Direction::In {
                self.reads[port.net.index()].mark_all();
            }
        }
        for instance in &module.instances {
            let inner = self.design.module(instance.module);
            for (port, net) in inner.ports.iter().zip(&instance.connections) {
                if port.direction != Direction::Out {
                    self.reads[net.index()].mark_all();
                }
            }
        }
        for index in 0..module.processes.len() {
            for net in events(module, ProcessId::new(index)) {
                self.reads[net.index()].mark_all();
            }
        }
        for (index, net) in module.nets.iter().enumerate() {
            if matches!(net.kind, NetKind::Driver(_)) {
                // The tri-state net is assigned from it.
                self.reads[index].mark_all();
            }
        }
    }
}
