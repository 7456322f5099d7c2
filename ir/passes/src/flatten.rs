//! One module instead of a hierarchy: for targets without instances, and for output on request.
//!
//! An instance's port is the net that it is connected to, so ports of instances vanish. Every other net, every process and every
//! instance that stays takes the instance's name in front of its own, joined with `_`; a number makes it distinct where that
//! name is taken. Items keep the order in which they start.

use pyhw_diagnostics::{Code, Diagnostic};
use pyhw_ir::{
    Design, Event, Instance, InstanceId, Item, Module, ModuleId, Net, NetId, NetKind, Process, ProcessBody,
    ProcessKind,
};
use std::collections::HashSet;

/// The most nets, processes and instances together that a flattened design may have.
pub const MAX_FLAT_ENTITIES: u64 = 1 << 24;

/// The same design with one module in place of its hierarchy. Instances of modules for which `keep` says so stay instances
/// (code of the user's own cannot be merged); these modules and what they instantiate are kept whole.
///
/// # Errors
/// PH0501 if the result would have more than [`MAX_FLAT_ENTITIES`] nets, processes and instances; PH9999 if the design has no top.
pub fn flatten(design: &Design, keep: &dyn Fn(&Module) -> bool) -> Result<Design, Box<Diagnostic>> {
    let Some(top) = design.top else {
        let span = design.modules.first().map_or(pyhw_diagnostics::Span::NONE, |module| module.span);
        return Err(Box::new(Diagnostic::bug(span, "a design without a top reached the flattening")));
    };
    let size = flat_size(design, top, keep);
    if size > MAX_FLAT_ENTITIES {
        let module = design.module(top);
        let message = format!("`{}` is too large to be written as one module", module.name);
        return Err(Box::new(
            Diagnostic::new(Code::PH0501, module.span, message)
                .note(format!("it would have {size} nets, processes and instances")),
        ));
    }
    let mut flat = Flattening::new(design, Keep::Modules(keep));
    let module = flat.run(top);
    flat.modules.push(module);
    let top = ModuleId::new(flat.modules.len() - 1);
    Ok(Design {
        sources: design.sources.clone(),
        types: design.types.clone(),
        modules: flat.modules,
        top: Some(top),
    })
}

/// The module with what these of its instances are made of in their places; the modules that this makes smaller stay as they are.
pub fn merge(design: &Design, module: ModuleId, instances: &[InstanceId]) -> Module {
    Flattening::new(design, Keep::AllBut(instances)).run(module)
}

/// How many entities the top would have; modules stand after what they instantiate, so that one pass suffices.
fn flat_size(design: &Design, top: ModuleId, keep: &dyn Fn(&Module) -> bool) -> u64 {
    let mut sizes: Vec<u64> = Vec::with_capacity(top.index() + 1);
    for (index, module) in design.modules.iter().enumerate().take(top.index() + 1) {
        if index != top.index() && keep(module) {
            sizes.push(1);
            continue;
        }
        let own = (module.nets.len() + module.processes.len() + module.instances.len()) as u64;
        let inner = module.instances.iter().map(|instance| sizes[instance.module.index()]);
        sizes.push(inner.fold(own, u64::saturating_add));
    }
    sizes[top.index()]
}

/// Which instances stay.
#[derive(Clone, Copy)]
enum Keep<'a> {
    /// Those of modules for which this holds.
    Modules(&'a dyn Fn(&Module) -> bool),
    /// All but these of the module that is looked at, with all that is inside.
    AllBut(&'a [InstanceId]),
}

struct Flattening<'a> {
    design: &'a Design,
    keep: Keep<'a>,
    /// Where a kept module stands in the new design.
    kept: Vec<Option<ModuleId>>,
    modules: Vec<Module>,
    net_names: HashSet<String>,
    process_names: HashSet<String>,
    instance_names: HashSet<String>,
}

/// A module whose items are being taken over.
struct Frame {
    module: ModuleId,
    /// Its name in front of those of its nets, with the `_`; empty for the top.
    prefix: String,
    /// The net of the new module for each of its nets.
    nets: Vec<NetId>,
    next_item: usize,
}

impl<'a> Flattening<'a> {
    fn new(design: &'a Design, keep: Keep<'a>) -> Flattening<'a> {
        Flattening {
            design,
            keep,
            kept: vec![None; design.modules.len()],
            modules: Vec::new(),
            net_names: HashSet::new(),
            process_names: HashSet::new(),
            instance_names: HashSet::new(),
        }
    }

    /// Where an instance that stays finds its module in the new design; `None` if it is to be merged.
    fn stays(&mut self, outer: &Frame, id: InstanceId, module: ModuleId) -> Option<ModuleId> {
        match self.keep {
            Keep::Modules(keep) => keep(self.design.module(module)).then(|| self.keep_module(module)),
            Keep::AllBut(merged) => {
                let is_merged = outer.prefix.is_empty() && merged.contains(&id);
                (!is_merged).then_some(module)
            }
        }
    }

    /// Goes through the hierarchy with a stack of its own: its depth is the user's.
    fn run(&mut self, top: ModuleId) -> Module {
        let source = self.design.module(top);
        let mut flat = Module {
            ports: source.ports.clone(),
            nets: Vec::new(),
            processes: Vec::new(),
            instances: Vec::new(),
            items: Vec::new(),
            ..source.clone()
        };
        let nets = self.take_nets(&mut flat, top, "", None);
        let mut stack = vec![Frame { module: top, prefix: String::new(), nets, next_item: 0 }];
        while let Some(frame) = stack.last_mut() {
            let source = self.design.module(frame.module);
            let Some(&item) = source.items.get(frame.next_item) else {
                stack.pop();
                continue;
            };
            frame.next_item += 1;
            match item {
                Item::Process(id) => {
                    let process = &source.processes[id.index()];
                    let name = distinct(&mut self.process_names, format!("{}{}", frame.prefix, process.name));
                    flat.add_process(Process { name, ..map_process(process, &frame.nets) });
                }
                Item::Instance(id) => {
                    let inner = self.enter(&mut flat, frame, id);
                    stack.extend(inner);
                }
            }
        }
        flat
    }

    /// Takes over an instance that stays, or gives the frame of one that is to be merged.
    fn enter(&mut self, flat: &mut Module, outer: &Frame, id: InstanceId) -> Option<Frame> {
        let instance = &self.design.module(outer.module).instances[id.index()];
        let connections: Vec<NetId> =
            instance.connections.iter().map(|net| outer.nets[net.index()]).collect();
        let path = format!("{}{}", outer.prefix, instance.name);
        if let Some(module) = self.stays(outer, id, instance.module) {
            let name = distinct(&mut self.instance_names, path);
            flat.add_instance(Instance { name, module, connections, span: instance.span });
            return None;
        }
        let prefix = format!("{path}_");
        let nets = self.take_nets(flat, instance.module, &prefix, Some(&connections));
        Some(Frame { module: instance.module, prefix, nets, next_item: 0 })
    }

    /// Adds the nets of a module; those of an instance's ports are the connected ones instead.
    fn take_nets(
        &mut self,
        flat: &mut Module,
        module: ModuleId,
        prefix: &str,
        connections: Option<&[NetId]>,
    ) -> Vec<NetId> {
        let source = self.design.module(module);
        let mut outside = vec![None; source.nets.len()];
        for (port, net) in source.ports.iter().zip(connections.unwrap_or_default()) {
            outside[port.net.index()] = Some(*net);
        }
        let first = flat.nets.len();
        let mut nets = Vec::with_capacity(source.nets.len());
        for (net, outside) in source.nets.iter().zip(&outside) {
            nets.push(outside.unwrap_or_else(|| {
                let name = distinct(&mut self.net_names, format!("{prefix}{}", net.name));
                flat.add_net(Net { name, ..net.clone() })
            }));
        }
        for net in &mut flat.nets[first..] {
            if let NetKind::Driver(of) = net.kind {
                net.kind = NetKind::Driver(nets[of.index()]);
            }
        }
        nets
    }

    /// Takes over a module that stays, and before it what it instantiates.
    fn keep_module(&mut self, module: ModuleId) -> ModuleId {
        let mut wanted = vec![module];
        let mut reached = HashSet::from([module]);
        while let Some(id) = wanted.pop() {
            for instance in &self.design.module(id).instances {
                if reached.insert(instance.module) {
                    wanted.push(instance.module);
                }
            }
        }
        let mut order: Vec<ModuleId> = reached.into_iter().collect();
        order.sort_unstable();
        for id in order {
            if self.kept[id.index()].is_some() {
                continue;
            }
            let mut copy = self.design.module(id).clone();
            for instance in &mut copy.instances {
                instance.module = self.kept[instance.module.index()]
                    .expect("invariant: a module stands after those that it instantiates");
            }
            self.modules.push(copy);
            self.kept[id.index()] = Some(ModuleId::new(self.modules.len() - 1));
        }
        self.kept[module.index()].expect("invariant: it was kept in the loop above")
    }
}

/// The name itself, or with the first number that makes it distinct.
fn distinct(taken: &mut HashSet<String>, wanted: String) -> String {
    let mut name = wanted.clone();
    let mut number = 1u32;
    while taken.contains(&name) {
        number += 1;
        name = format!("{wanted}_{number}");
    }
    taken.insert(name.clone());
    name
}

/// The process with every net replaced.
fn map_process(process: &Process, nets: &[NetId]) -> Process {
    let net = |id: NetId| nets[id.index()];
    let event = |event: &Event| Event { net: net(event.net), edge: event.edge };
    let kind = match &process.kind {
        ProcessKind::Comb { sensitivity } => {
            let mut mapped: Vec<NetId> = Vec::with_capacity(sensitivity.len());
            for id in sensitivity.iter().map(|id| net(*id)) {
                if !mapped.contains(&id) {
                    mapped.push(id);
                }
            }
            ProcessKind::Comb { sensitivity: mapped }
        }
        ProcessKind::Clocked { events, reset } => ProcessKind::Clocked {
            events: events.iter().map(event).collect(),
            reset: reset.as_ref().map(|reset| reset.with_nets(net)),
        },
        ProcessKind::Timed => ProcessKind::Timed,
    };
    let body = match &process.body {
        ProcessBody::Ir(body) => ProcessBody::Ir(body.map_nets(net)),
        ProcessBody::Host(host) => ProcessBody::Host(host.clone()),
    };
    Process { name: process.name.clone(), kind, body, doc: process.doc.clone(), span: process.span }
}

#[cfg(test)]
mod tests {
    use super::*;
    use pyhw_diagnostics::Span;
    use pyhw_ir::{Body, Direction, Edge, Foreign, Language, Op, Place, Stmt, StmtKind, Type, Types, Value};

    fn byte(name: &str) -> Net {
        Net::new(name, Type::unsigned(8), Value::int(0i64), Span::NONE)
    }

    /// `q.next = d + 1` on each rising edge, with an inner net that nobody drives.
    fn stage() -> Module {
        let mut module = Module::new("stage", Span::NONE);
        let clk = module.add_port(Net::new("clk", Type::Bool, Value::Bool(false), Span::NONE), Direction::In);
        let d = module.add_port(byte("d"), Direction::In);
        let q = module.add_port(byte("q"), Direction::Out);
        module.add_net(byte("spare"));
        let mut body = Body::default();
        let read = body.exprs.net(d, &Type::unsigned(8), Span::NONE);
        let one = body.exprs.int(1i64, Span::NONE);
        let sum = body.exprs.op(Op::Add, &[read, one], &Types::default(), Span::NONE).unwrap();
        body.stmts.push(Stmt::new(StmtKind::Next { place: Place::net(q), value: sum }, Span::NONE));
        module.add_process(Process {
            name: "run".into(),
            kind: ProcessKind::Clocked { events: vec![Event { net: clk, edge: Edge::Rising }], reset: None },
            body: ProcessBody::Ir(body),
            doc: None,
            span: Span::NONE,
        });
        module
    }

    /// Two stages in a row, and a net whose name one of theirs would take.
    fn pipeline() -> Design {
        let mut top = Module::new("pipeline", Span::NONE);
        let clk = top.add_port(Net::new("clk", Type::Bool, Value::Bool(false), Span::NONE), Direction::In);
        let d = top.add_port(byte("d"), Direction::In);
        let q = top.add_port(byte("q"), Direction::Out);
        let middle = top.add_net(byte("middle"));
        top.add_net(byte("a_spare"));
        for (name, from, to) in [("a", d, middle), ("b", middle, q)] {
            top.add_instance(Instance {
                name: name.into(),
                module: ModuleId::new(0),
                connections: vec![clk, from, to],
                span: Span::NONE,
            });
        }
        Design { modules: vec![stage(), top], top: Some(ModuleId::new(1)), ..Design::default() }
    }

    fn names(module: &Module) -> (Vec<&str>, Vec<&str>) {
        let nets = module.nets.iter().map(|net| &net.name[..]).collect();
        (nets, module.processes.iter().map(|process| &process.name[..]).collect())
    }

    #[test]
    fn ports_of_instances_vanish_and_names_tell_the_instance() {
        let flat = flatten(&pipeline(), &|_| false).unwrap();
        assert_eq!(flat.modules.len(), 1);
        let module = flat.top_module().unwrap();
        let (nets, processes) = names(module);
        assert_eq!(nets, ["clk", "d", "q", "middle", "a_spare", "a_spare_2", "b_spare"]);
        assert_eq!(processes, ["a_run", "b_run"]);
        assert_eq!(crate::written_nets(&module.processes[0]), [NetId::new(3)]);
        assert_eq!(crate::read_nets(&module.processes[1]), [NetId::new(3)]);
    }

    #[test]
    fn a_kept_module_stays_an_instance() {
        let mut design = pipeline();
        design.modules[0].foreign.push(Foreign {
            language: Language::Verilog,
            text: "assign q = d;".into(),
            lists: Vec::new(),
            drives: Vec::new(),
            span: Span::NONE,
        });
        let flat = flatten(&design, &|module| !module.foreign.is_empty()).unwrap();
        assert_eq!(flat.modules.len(), 2);
        let module = flat.top_module().unwrap();
        assert_eq!(module.instances.len(), 2);
        assert_eq!(module.instances[1].connections, [NetId::new(0), NetId::new(3), NetId::new(2)]);
    }

    #[test]
    fn a_driver_follows_its_tri_state_net_outwards() {
        let mut pad = Module::new("pad", Span::NONE);
        let line = Net { kind: NetKind::TriState, ..byte("line") };
        let line = pad.add_port(line, Direction::InOut);
        pad.add_net(Net { kind: NetKind::Driver(line), ..byte("drive") });
        let mut top = Module::new("top", Span::NONE);
        top.add_net(byte("other"));
        let bus = top.add_net(Net { kind: NetKind::TriState, ..byte("bus") });
        top.add_instance(Instance {
            name: "p".into(),
            module: ModuleId::new(0),
            connections: vec![bus],
            span: Span::NONE,
        });
        let design = Design { modules: vec![pad, top], top: Some(ModuleId::new(1)), ..Design::default() };
        let flat = flatten(&design, &|_| false).unwrap();
        assert_eq!(flat.top_module().unwrap().nets[2].kind, NetKind::Driver(bus));
    }

    #[test]
    fn a_design_that_doubles_at_each_level_is_refused() {
        let mut design = Design { modules: vec![stage()], ..Design::default() };
        for level in 0..40 {
            let mut module = Module::new(format!("level{level}"), Span::NONE);
            let clk =
                module.add_port(Net::new("clk", Type::Bool, Value::Bool(false), Span::NONE), Direction::In);
            let d = module.add_port(byte("d"), Direction::In);
            let q = module.add_port(byte("q"), Direction::Out);
            for name in ["a", "b"] {
                module.add_instance(Instance {
                    name: name.into(),
                    module: ModuleId::new(level),
                    connections: vec![clk, d, q],
                    span: Span::NONE,
                });
            }
            design.modules.push(module);
        }
        design.top = Some(ModuleId::new(40));
        assert_eq!(flatten(&design, &|_| false).unwrap_err().code, Code::PH0501);
    }
}
