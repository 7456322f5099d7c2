//! Random modules: ports, nets, processes and instances, without a combinational loop and with one driver for each net.

use super::body::{Around, BodyGen};
use super::expr::random_value;
use super::names::Names;
use super::rng::Rng;
use super::weights::Menu;
use pyhw_diagnostics::Span;
use pyhw_ir::{
    Body, Design, Direction, Edge, EnumId, EnumType, Event, Instance, Int, Module, ModuleId, Net, NetId,
    Process, ProcessBody, ProcessKind, Reset, StructId, StructType, Type, Types, Value,
};
use pyhw_passes::read_nets;

/// What the clocks and resets of a design are; every module that has one has it under the same name and meaning.
#[derive(Clone, Debug)]
pub struct Timing {
    /// Name and idle level of each clock.
    pub clocks: Vec<(String, bool)>,
    /// Name and polarity of each reset: true where it is active when high.
    pub resets: Vec<(String, bool)>,
}

impl Timing {
    /// One or two clocks, none to two resets.
    pub fn random(rng: &mut Rng) -> Timing {
        let mut clocks = vec![("clk".to_owned(), rng.once_in(8))];
        if rng.once_in(3) {
            clocks.push(("clk_b".to_owned(), rng.once_in(4)));
        }
        let mut resets = Vec::new();
        for name in ["rst", "clear"] {
            if rng.once_in(2) {
                let active_high = rng.once_in(2);
                resets.push((if active_high { name.to_owned() } else { format!("{name}_n") }, active_high));
            }
        }
        Timing { clocks, resets }
    }
}

/// Which clocks and resets of the design a module has, and where its ports begin that carry data.
#[derive(Clone, Debug)]
pub struct Made {
    clocks: Vec<usize>,
    resets: Vec<usize>,
}

/// An enumeration of the design, or `bool` if there is none.
pub fn enum_type(types: &Types, rng: &mut Rng) -> Type {
    match types.enums.len() {
        0 => Type::Bool,
        count => Type::Enum(EnumId::new(rng.below(count))),
    }
}

/// A struct of the design, or `bool` if there is none.
pub fn struct_type(types: &Types, rng: &mut Rng) -> Type {
    match types.structs.len() {
        0 => Type::Bool,
        count => Type::Struct(StructId::new(rng.below(count))),
    }
}

fn scalar_type(types: &Types, rng: &mut Rng) -> Type {
    match rng.below(10) {
        0 | 1 => Type::Bool,
        2 => enum_type(types, rng),
        _ => Type::Int(rng.range(130)),
    }
}

fn any_type(types: &Types, rng: &mut Rng) -> Type {
    match rng.below(10) {
        0 | 1 => {
            let element = match rng.below(8) {
                0 => Type::Bool,
                1 => enum_type(types, rng),
                2 => struct_type(types, rng),
                _ => Type::Int(rng.range(40)),
            };
            Type::Array(Box::new(element), *rng.pick(&[1, 2, 3, 4, 4, 5, 8, 8, 11, 16]))
        }
        2 => struct_type(types, rng),
        _ => scalar_type(types, rng),
    }
}

/// The named types of a design.
pub fn random_types(rng: &mut Rng) -> Types {
    let mut types = Types::default();
    for index in 0..*rng.pick(&[0, 1, 1, 2, 3]) {
        types.enums.push(random_enum(index, rng));
    }
    for index in 0..*rng.pick(&[0, 0, 0, 1, 2]) {
        let count = rng.between(1, 4);
        let fields = (0..count)
            .map(|field| {
                let ty = match rng.below(8) {
                    0 => Type::Array(Box::new(Type::Int(rng.range(12))), rng.between(1, 4) as u32),
                    1 if index > 0 => struct_type(&types, rng),
                    2 | 3 => scalar_type(&types, rng),
                    _ => Type::Int(rng.range(24)),
                };
                let name = *rng.pick(&["x", "valid", "tag", "end", "level"]);
                (format!("{name}{field}"), ty)
            })
            .collect();
        types.structs.push(StructType { name: format!("Packet{index}"), fields, span: Span::NONE });
    }
    types
}

fn random_enum(index: usize, rng: &mut Rng) -> EnumType {
    let count = rng.between(1, 6);
    let binary = (usize::BITS - (count - 1).leading_zeros()).max(1);
    let (codes, width_bits): (Vec<Int>, u32) = match rng.below(6) {
        // One hot, one cold, Gray, and codes that a designer chose.
        0 => ((0..count).map(|at| Int::power_of_two(at as u32)).collect(), count as u32),
        1 => {
            let ones = Int::power_of_two(count as u32).sub(&Int::ONE);
            ((0..count).map(|at| ones.sub(&Int::power_of_two(at as u32))).collect(), count as u32)
        }
        2 => ((0..count).map(|at| Int::from(at ^ (at >> 1))).collect(), binary),
        3 => {
            let width = binary + rng.below(6) as u32;
            let mut codes: Vec<Int> = Vec::new();
            while codes.len() < count {
                let code = rng.bits(width);
                if !codes.contains(&code) {
                    codes.push(code);
                }
            }
            (codes, width)
        }
        _ => ((0..count).map(Int::from).collect(), binary),
    };
    let words = ["IDLE", "Run", "DONE", "wait", "END", "error"];
    let members = words.iter().zip(codes).map(|(name, code)| ((*name).to_owned(), code)).collect();
    let name = if index == 0 { "State".to_owned() } else { format!("Mode{index}") };
    EnumType { name, members, width_bits, span: Span::NONE }
}

/// Makes one module.
pub struct ModuleGen<'a> {
    design: &'a Design,
    made: &'a [Made],
    timing: &'a Timing,
    menu: &'a Menu,
    rng: Rng,
    names: Names,
    module: Module,
    is_top: bool,
    clocks: Vec<(usize, NetId)>,
    resets: Vec<(usize, NetId)>,
    /// What carries data, in the order in which it may depend on each other.
    pool: Vec<NetId>,
    registers: Vec<NetId>,
    outputs: usize,
}

impl<'a> ModuleGen<'a> {
    /// A module after those that the design has; `made` says what they are.
    pub fn new(
        design: &'a Design,
        made: &'a [Made],
        timing: &'a Timing,
        menu: &'a Menu,
        mut rng: Rng,
        name: String,
        is_top: bool,
    ) -> ModuleGen<'a> {
        ModuleGen {
            design,
            made,
            timing,
            menu,
            names: Names::new(&mut rng),
            rng,
            module: Module::new(name, Span::NONE),
            is_top,
            clocks: Vec::new(),
            resets: Vec::new(),
            pool: Vec::new(),
            registers: Vec::new(),
            outputs: 0,
        }
    }

    /// The module.
    pub fn run(mut self) -> (Module, Made) {
        let instances = self.choose_instances();
        self.ports(&instances);
        for _ in 0..self.rng.between(1, 3) {
            self.register();
        }
        if self.rng.once_in(5) {
            self.table();
        }
        let mut left = instances;
        let mut combs = self.rng.between(1, 4);
        while combs > 0 || !left.is_empty() {
            if !left.is_empty() && (combs == 0 || self.rng.once_in(2)) {
                let inner = left.remove(0);
                self.instance(inner);
            } else {
                combs -= 1;
                let targets: Vec<NetId> = (0..self.rng.between(1, 2)).map(|_| self.wire()).collect();
                self.comb(&targets);
                self.pool.extend(targets);
            }
        }
        self.clocked();
        let count = self.module.items.len();
        for index in (1..count).rev() {
            let other = self.rng.below(index + 1);
            self.module.items.swap(index, other);
        }
        let made = Made {
            clocks: self.clocks.iter().map(|(index, _)| *index).collect(),
            resets: self.resets.iter().map(|(index, _)| *index).collect(),
        };
        (self.module, made)
    }

    /// The modules of the instances; the top has one of each that nothing else has, so that every module counts.
    fn choose_instances(&mut self) -> Vec<ModuleId> {
        let mut chosen = Vec::new();
        for index in 0..self.design.modules.len() {
            let is_used = self
                .design
                .modules
                .iter()
                .any(|module| module.instances.iter().any(|of| of.module.index() == index));
            let count = match self.is_top && !is_used {
                true => self.rng.between(1, 2),
                false => usize::from(self.rng.once_in(3)),
            };
            chosen.extend((0..count).map(|_| ModuleId::new(index)));
        }
        chosen
    }

    fn ports(&mut self, instances: &[ModuleId]) {
        let inner = |of: fn(&Made) -> &Vec<usize>, index: usize| {
            instances.iter().any(|id| of(&self.made[id.index()]).contains(&index))
        };
        let has_clock: Vec<bool> =
            (0..self.timing.clocks.len()).map(|index| inner(|made| &made.clocks, index)).collect();
        let has_reset: Vec<bool> =
            (0..self.timing.resets.len()).map(|index| inner(|made| &made.resets, index)).collect();
        for (index, needed) in has_clock.into_iter().enumerate() {
            let (name, idle) = self.timing.clocks[index].clone();
            if needed || self.is_top || self.rng.percent(60) {
                let net = self.input(&name, Type::Bool, Value::Bool(idle));
                self.clocks.push((index, net));
            }
        }
        for (index, needed) in has_reset.into_iter().enumerate() {
            let (name, active_high) = self.timing.resets[index].clone();
            if needed || self.is_top || self.rng.percent(50) {
                let net = self.input(&name, Type::Bool, Value::Bool(!active_high));
                self.resets.push((index, net));
            }
        }
        let least = if self.is_top { 2 } else { 1 };
        for index in 0..self.rng.between(least, 5) {
            let ty = if self.is_top || !self.rng.once_in(8) {
                scalar_type(&self.design.types, &mut self.rng)
            } else {
                any_type(&self.design.types, &mut self.rng)
            };
            let init = random_value(&ty, &self.design.types, &mut self.rng);
            let net = self.input(&format!("i{index}"), ty, init);
            self.pool.push(net);
        }
    }

    fn input(&mut self, name: &str, ty: Type, init: Value) -> NetId {
        self.names.reserve(name);
        self.module.add_port(Net::new(name, ty, init, Span::NONE), Direction::In)
    }

    /// A net of the module, or an output of it.
    fn net(&mut self, ty: Type, init: Value, wraps: bool) -> NetId {
        let is_scalar = matches!(ty, Type::Bool | Type::Int(_) | Type::Enum(_));
        let may_leave = is_scalar || (!self.is_top && self.rng.once_in(6));
        let leaves = may_leave && (self.outputs == 0 || self.rng.percent(if self.is_top { 75 } else { 45 }));
        let name = match leaves {
            true => format!("o{}", self.outputs),
            false => self.names.distinct(&mut self.rng),
        };
        let mut net = Net { wraps, ..Net::new(name, ty, init, Span::NONE) };
        if self.rng.once_in(16) {
            net.comment = Some("100 % of `it` */ -- // \"x\"".to_owned());
        }
        if leaves {
            self.outputs += 1;
            return self.module.add_port(net, Direction::Out);
        }
        self.module.add_net(net)
    }

    fn wraps(&mut self, ty: &Type) -> bool {
        match ty {
            Type::Int(_) => self.rng.once_in(3),
            Type::Array(element, _) => matches!(**element, Type::Int(_)) && self.rng.once_in(4),
            Type::Bool | Type::Enum(_) | Type::Struct(_) | Type::Text | Type::Opaque => false,
        }
    }

    fn fresh(&mut self, ty: Type) -> NetId {
        let init = random_value(&ty, &self.design.types, &mut self.rng);
        let wraps = self.wraps(&ty);
        self.net(ty, init, wraps)
    }

    fn register(&mut self) {
        if self.clocks.is_empty() {
            return;
        }
        let ty = any_type(&self.design.types, &mut self.rng);
        let net = self.fresh(ty);
        self.registers.push(net);
        self.pool.push(net);
    }

    /// A net that nothing drives: a table of constants.
    fn table(&mut self) {
        let element = Type::Int(self.rng.range(20));
        let ty = Type::Array(Box::new(element), *self.rng.pick(&[2, 3, 4, 8, 16]));
        let init = random_value(&ty, &self.design.types, &mut self.rng);
        let name = self.names.distinct(&mut self.rng);
        let net = self.module.add_net(Net::new(name, ty, init, Span::NONE));
        self.pool.push(net);
    }

    fn wire(&mut self) -> NetId {
        let ty = match self.rng.once_in(6) {
            true => any_type(&self.design.types, &mut self.rng),
            false => scalar_type(&self.design.types, &mut self.rng),
        };
        self.fresh(ty)
    }

    fn body_gen(&mut self, targets: &[NetId]) -> BodyGen<'_> {
        // Not everything is read everywhere, so that there are small processes too.
        let mut readable = self.pool.clone();
        while readable.len() > 3 && self.rng.once_in(2) {
            let at = self.rng.below(readable.len());
            readable.remove(at);
        }
        let around = Around { types: &self.design.types, nets: &self.module.nets, menu: self.menu };
        BodyGen::new(around, self.rng.fork(), &readable, targets)
    }

    fn comb(&mut self, targets: &[NetId]) {
        let body = self.body_gen(targets).comb();
        let name = format!("p{}_{}", self.module.processes.len(), self.module.net(targets[0]).name);
        let mut process = self.process(name, ProcessKind::Comb { sensitivity: Vec::new() }, body);
        process.kind = ProcessKind::Comb { sensitivity: read_nets(&process) };
        self.module.add_process(process);
    }

    fn process(&self, name: String, kind: ProcessKind, body: Body) -> Process {
        Process { name, kind, body: ProcessBody::Ir(body), doc: None, span: Span::NONE }
    }

    fn instance(&mut self, id: ModuleId) {
        let inner = self.design.module(id).clone();
        let made = self.made[id.index()].clone();
        let control = made.clocks.len() + made.resets.len();
        let mut connections = Vec::new();
        let mut results = Vec::new();
        for (place, port) in inner.ports.iter().enumerate() {
            let net = inner.net(port.net);
            if place < control {
                let own = match made.clocks.get(place) {
                    Some(clock) => self.clocks.iter().find(|(index, _)| index == clock),
                    None => {
                        let reset = made.resets[place - made.clocks.len()];
                        self.resets.iter().find(|(index, _)| *index == reset)
                    }
                };
                connections.push(own.expect("invariant: a module has what its instances need").1);
                continue;
            }
            if port.direction == Direction::Out {
                let own = self.net(net.ty.clone(), net.init.clone(), net.wraps);
                results.push(own);
                connections.push(own);
                continue;
            }
            let fits = |id: &&NetId| {
                let own = self.module.net(**id);
                own.ty == net.ty && own.init == net.init
            };
            let known = self.pool.iter().find(fits).copied();
            connections.push(match known {
                Some(own) if !self.rng.once_in(3) => own,
                _ => {
                    let own = self.net(net.ty.clone(), net.init.clone(), net.wraps);
                    self.comb(&[own]);
                    self.pool.push(own);
                    own
                }
            });
        }
        self.pool.extend(results);
        let name =
            format!("u{}_{}", self.module.instances.len(), if self.rng.once_in(4) { "reg" } else { "part" });
        self.module.add_instance(Instance { name, module: id, connections, span: Span::NONE });
    }

    fn clocked(&mut self) {
        let mut left = self.registers.clone();
        while !left.is_empty() {
            let count = self.rng.between(1, left.len().min(3));
            let targets: Vec<NetId> = left.drain(..count).collect();
            let body = self.body_gen(&targets).clocked();
            let clock = self.rng.pick(&self.clocks).1;
            let edge = if self.rng.once_in(4) { Edge::Falling } else { Edge::Rising };
            let mut events = vec![Event { net: clock, edge }];
            let reset = match self.resets.is_empty() || self.rng.once_in(4) {
                true => None,
                false => {
                    let (index, net) = *self.rng.pick(&self.resets);
                    let active_high = self.timing.resets[index].1;
                    let mut reset = Reset::new(net, active_high, self.rng.once_in(2));
                    if self.rng.once_in(4) {
                        reset.spares = targets.iter().copied().filter(|_| self.rng.once_in(2)).collect();
                    }
                    Some(reset)
                }
            };
            if let Some(reset) = reset.as_ref().filter(|reset| reset.is_async)
                && self.rng.once_in(2)
            {
                let edge = if reset.active_high { Edge::Rising } else { Edge::Falling };
                events.push(Event { net: reset.net, edge });
            }
            let name = format!("p{}_{}", self.module.processes.len(), self.module.net(targets[0]).name);
            let process = self.process(name, ProcessKind::Clocked { events, reset }, body);
            self.module.add_process(process);
        }
    }
}

/// The interval of an enum's codes; what stands in [`EnumType::code_range`], for tests.
#[cfg(test)]
fn codes_fit(of: &EnumType) -> bool {
    let range: pyhw_ir::Range = of.code_range();
    of.members.iter().all(|(_, code)| range.contains(code))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn enums_of_every_encoding_are_valid() {
        let mut rng = Rng::new(3);
        for index in 0..200 {
            let of = random_enum(index % 3, &mut rng);
            assert!(codes_fit(&of), "{of:?}");
            for (at, (_, code)) in of.members.iter().enumerate() {
                assert!(of.members[..at].iter().all(|(_, other)| other != code), "{of:?}");
            }
        }
    }
}
