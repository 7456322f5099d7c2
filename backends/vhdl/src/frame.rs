//! What the modules of a design share: names of entities, types at ports, modes of ports.

use crate::types::TypeNames;
use pyhw_ir::{
    Design, Direction, EnumId, Module, ModuleId, NetId, ProcessBody, ProcessKind, StructId, Type,
    awaited_nets,
};
use pyhw_passes::ModuleFacts;
use pyhw_text::Namer;

/// What is known of a whole design before a module is written.
pub(crate) struct Frame<'a> {
    pub design: &'a Design,
    /// The modules to write, inner ones first.
    pub modules: Vec<ModuleId>,
    /// The name of each module; empty for those that the top does not contain.
    pub names: Vec<String>,
    pub facts: Vec<Option<ModuleFacts>>,
    /// For each module and net, whether the net is an output that must be readable.
    pub buffers: Vec<Vec<bool>>,
    /// For each module and net, the polarity and the style of the reset that it is.
    pub resets: Vec<Vec<Option<ResetUse>>>,
    /// The package of the types that stand at ports: its name and declarations.
    pub package: Option<(String, Vec<String>)>,
    /// The types of the package.
    pub types: TypeNames,
    /// Enumerations at the ports of the top.
    pub encoded: Vec<EnumId>,
    /// With the names of the package's types, which no architecture may give to other things.
    pub namer: Namer,
    /// For each module, the names of its ports.
    pub ports: Vec<Vec<String>>,
}

/// How a net is used as a reset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ResetUse {
    pub active_high: bool,
    pub is_async: bool,
}

impl<'a> Frame<'a> {
    /// Gathers it.
    pub fn new(design: &'a Design, top: ModuleId) -> Frame<'a> {
        let modules = reachable(design, top);
        let count = design.modules.len();
        // Design units are named by the library, so that an architecture may use their names for other things.
        let mut units = Namer::hdl();
        let mut names = vec![String::new(); count];
        // The top keeps its name.
        names[top.index()] = units.fresh(&design.module(top).name);
        let mut facts = vec![None; count];
        let mut resets = vec![Vec::new(); count];
        for &id in &modules {
            let module = design.module(id);
            if id != top {
                names[id.index()] = units.fresh(&module.name);
            }
            facts[id.index()] = Some(ModuleFacts::new(design, module));
            resets[id.index()] = reset_uses(design, module, &resets);
        }
        let mut frame = Frame {
            design,
            buffers: Vec::new(),
            resets,
            package: None,
            types: TypeNames::default(),
            encoded: Vec::new(),
            namer: Namer::hdl(),
            ports: Vec::new(),
            modules,
            names,
            facts,
        };
        frame.buffers = frame.find_buffers();
        for port in &design.module(top).ports {
            enums_in(&design.module(top).net(port.net).ty, design, &mut frame.encoded);
        }
        frame.declare_package(top, &mut units);
        frame.ports = design
            .modules
            .iter()
            .map(|module| {
                let mut scope = frame.namer.scope();
                module.ports.iter().map(|port| scope.fresh(&module.net(port.net).name)).collect()
            })
            .collect();
        frame
    }

    /// The facts of a module that is written.
    pub fn facts(&self, id: ModuleId) -> &ModuleFacts {
        self.facts[id.index()]
            .as_ref()
            .expect("invariant: facts are gathered for every module that is written")
    }

    fn declare_package(&mut self, top: ModuleId, units: &mut Namer) {
        let mut lines = Vec::new();
        let wanted = format!("{}_types", self.names[top.index()]);
        let name = units.fresh(&wanted);
        for &id in &self.modules {
            let module = self.design.module(id);
            for port in &module.ports {
                let net = module.net(port.net);
                lines.extend(self.types.declare(
                    &net.ty,
                    &net.name,
                    &self.design.types,
                    &self.encoded,
                    &mut self.namer,
                ));
            }
        }
        if !lines.is_empty() {
            self.package = Some((name, lines));
        }
    }

    /// Outputs that are read inside are `buffer`s. VHDL-93 connects a `buffer` port to a port of the outside only if that is one
    /// too, and an `out` port not to a `buffer`, so that the mode spreads in both ways.
    fn find_buffers(&self) -> Vec<Vec<bool>> {
        let mut buffers: Vec<Vec<bool>> =
            self.design.modules.iter().map(|module| vec![false; module.nets.len()]).collect();
        for &id in &self.modules {
            let module = self.design.module(id);
            let read = reads_inside(self.design, module, self.facts(id));
            for port in &module.ports {
                buffers[id.index()][port.net.index()] =
                    port.direction == Direction::Out && read[port.net.index()];
            }
        }
        let mut changed = true;
        while changed {
            changed = false;
            for &id in &self.modules {
                let module = self.design.module(id);
                for instance in &module.instances {
                    let inner = self.design.module(instance.module);
                    for (port, &outer) in inner.ports.iter().zip(&instance.connections) {
                        let is_out = module.direction(outer) == Some(Direction::Out);
                        if port.direction != Direction::Out || !is_out {
                            continue;
                        }
                        let here = buffers[id.index()][outer.index()];
                        let there = buffers[instance.module.index()][port.net.index()];
                        if here != there {
                            buffers[id.index()][outer.index()] = true;
                            buffers[instance.module.index()][port.net.index()] = true;
                            changed = true;
                        }
                    }
                }
            }
        }
        buffers
    }
}

/// The modules that the top contains, inner ones first, the top last.
fn reachable(design: &Design, top: ModuleId) -> Vec<ModuleId> {
    let mut wanted = vec![false; design.modules.len()];
    wanted[top.index()] = true;
    // Inner modules stand before outer ones, so that one pass from the end finds all.
    for index in (0..design.modules.len()).rev() {
        if wanted[index] {
            for instance in &design.modules[index].instances {
                wanted[instance.module.index()] = true;
            }
        }
    }
    (0..design.modules.len()).filter(|&index| wanted[index]).map(ModuleId::new).collect()
}

fn reset_uses(design: &Design, module: &Module, known: &[Vec<Option<ResetUse>>]) -> Vec<Option<ResetUse>> {
    let mut uses: Vec<Option<ResetUse>> = vec![None; module.nets.len()];
    for instance in &module.instances {
        let inner = design.module(instance.module);
        for (port, net) in inner.ports.iter().zip(&instance.connections) {
            if let Some(reset) = known[instance.module.index()][port.net.index()] {
                uses[net.index()].get_or_insert(reset);
            }
        }
    }
    for process in &module.processes {
        if let ProcessKind::Clocked { reset: Some(reset), .. } = &process.kind {
            let of = ResetUse { active_high: reset.active_high, is_async: reset.is_async };
            uses[reset.net.index()] = Some(of);
        }
    }
    uses
}

/// The nets whose values a module reads: in expressions, as clocks and resets, in waits, through inputs of instances.
pub(crate) fn reads_inside(design: &Design, module: &Module, facts: &ModuleFacts) -> Vec<bool> {
    let mut read = vec![false; module.nets.len()];
    let mut mark = |net: NetId| read[net.index()] = true;
    for (index, process) in module.processes.iter().enumerate() {
        facts.reads(pyhw_ir::ProcessId::new(index)).iter().copied().for_each(&mut mark);
        match &process.kind {
            ProcessKind::Comb { sensitivity } => sensitivity.iter().copied().for_each(&mut mark),
            ProcessKind::Clocked { events, reset } => {
                events.iter().map(|event| event.net).for_each(&mut mark);
                reset.iter().map(|reset| reset.net).for_each(&mut mark);
            }
            ProcessKind::Timed => {}
        }
        if let ProcessBody::Ir(body) = &process.body {
            for net in awaited_nets(&body.stmts) {
                mark(net);
            }
        }
    }
    for instance in &module.instances {
        let inner = design.module(instance.module);
        for (port, &net) in inner.ports.iter().zip(&instance.connections) {
            if port.direction != Direction::Out {
                mark(net);
            }
        }
    }
    read
}

fn enums_in(ty: &Type, design: &Design, into: &mut Vec<EnumId>) {
    match ty {
        Type::Enum(id) => {
            if !into.contains(id) {
                into.push(*id);
            }
        }
        Type::Array(element, _) => enums_in(element, design, into),
        Type::Struct(id) => {
            let of: &StructId = id;
            for (_, field) in &design.types.structs[of.index()].fields {
                enums_in(field, design, into);
            }
        }
        Type::Bool | Type::Int(_) | Type::Text | Type::Opaque => {}
    }
}
