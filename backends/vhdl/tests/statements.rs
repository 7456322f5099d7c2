//! Random clocked processes with every kind of statement, compared with the IR's evaluator cycle by cycle.

#![allow(clippy::unwrap_used)]

mod support;

use pyhw_diagnostics::Span;
use pyhw_ir::eval::{Code, Environment, Exit, NetShape, from_small, to_small};
use pyhw_ir::*;
use std::sync::Arc;
use support::Rng;
use support::bench::{Step, Trial, compare};
use support::exprs::{Builder, any_value, types, zero};

/// The nets of a module as the evaluator sees them.
struct Nets {
    types: Vec<Type>,
    now: Vec<Value>,
    next: Vec<Value>,
}

impl Environment for Nets {
    fn small(&self, net: NetId) -> i64 {
        to_small(&self.now[net.index()]).unwrap()
    }

    fn next_small(&self, net: NetId) -> i64 {
        to_small(&self.next[net.index()]).unwrap()
    }

    fn store_small(&mut self, net: NetId, value: i64) {
        self.next[net.index()] = from_small(value, &self.types[net.index()]);
    }

    fn value(&self, net: NetId) -> &Value {
        &self.now[net.index()]
    }

    fn store(&mut self, net: NetId, value: Value) {
        self.next[net.index()] = value;
    }

    fn next_mut(&mut self, net: NetId, _: Option<usize>) -> &mut Value {
        &mut self.next[net.index()]
    }

    fn now(&self) -> u64 {
        0
    }

    fn print(&mut self, _: &str) {}
}

/// Writes the statements of one process.
struct Writer<'a> {
    exprs: Builder<'a>,
    body: Body,
    /// The nets that this process stores into.
    registers: Vec<(NetId, Type)>,
    memory: NetId,
    /// The loops and blocks around the present statement, and whether each is a loop.
    around: Vec<(LabelId, bool)>,
}

impl Writer<'_> {
    fn stmt(&mut self, kind: StmtKind) -> Stmt {
        Stmt::new(kind, Span::NONE)
    }

    fn list(&mut self, depth: usize) -> Vec<Stmt> {
        let count = 1 + self.exprs.rng.below(3);
        (0..count).map(|_| self.any(depth)).collect()
    }

    fn any(&mut self, depth: usize) -> Stmt {
        let choice = self.exprs.rng.below(if depth == 0 { 8 } else { 17 });
        let kind = match choice {
            0..=2 => self.store_net(),
            3 | 4 => self.store_var(),
            5 => self.store_memory(),
            6 | 7 => self.leave(),
            8..=10 => {
                let count = 1 + self.exprs.rng.below(3);
                let arms = (0..count)
                    .map(|_| {
                        let cond = self.exprs.boolean(2);
                        (cond, self.list(depth - 1))
                    })
                    .collect();
                let orelse = if self.exprs.rng.chance(2) { self.list(depth - 1) } else { Vec::new() };
                StmtKind::If { arms, orelse }
            }
            11 | 12 => self.switch(depth),
            13 | 14 => self.count(depth),
            15 => self.repeat(depth),
            _ => {
                let label = self.body.add_label("part");
                self.around.push((label, false));
                let body = self.list(depth - 1);
                self.around.pop();
                StmtKind::Block { label, body }
            }
        };
        self.stmt(kind)
    }

    /// A store into a whole or a part of an integer, a boolean or a member of an enumeration.
    fn store(&mut self, mut place: Place, ty: &Type) -> (Place, ExprId) {
        // Parts of what wraps into an odd interval, and parts that reach past the end, are stored as well, less often.
        let is_part = ty.range().is_some_and(|range| range.is_full() || self.exprs.rng.chance(3));
        let Some(width) = ty.range().filter(|_| is_part).and_then(Range::width_bits) else {
            let value = match ty {
                Type::Bool => self.exprs.boolean(2),
                Type::Enum(_) => self.member(ty),
                _ => self.exprs.int(2),
            };
            return (place, value);
        };
        match self.exprs.rng.below(4) {
            0 if width >= 4 => {
                let (index, value) = (self.position(width), self.exprs.boolean(2));
                place.path.push(Projection::Bit(index));
                (place, value)
            }
            1 if width >= 8 => {
                let low = self.position(width - 4);
                place.path.push(Projection::Slice { low, width: 4 });
                let value = self.exprs.natural(4, 2);
                (place, value)
            }
            _ => (place, self.exprs.int(3)),
        }
    }

    /// A bit position below the limit, fixed or not; now and then anywhere.
    fn position(&mut self, limit: u32) -> ExprId {
        if self.exprs.rng.chance(12) {
            return self.exprs.natural(4, 1);
        }
        if self.exprs.rng.chance(2) {
            let position = self.exprs.rng.below(limit as usize) as i64;
            return self.exprs.exprs.int(position, Span::NONE);
        }
        let bits = if limit.is_power_of_two() { limit.trailing_zeros() } else { limit.ilog2() };
        self.exprs.natural(bits.max(1).min(limit.ilog2()).max(1), 1)
    }

    fn member(&mut self, ty: &Type) -> ExprId {
        for _ in 0..20 {
            let value = self.exprs.enumeration(1);
            if self.exprs.exprs.ty(value) == ty {
                return value;
            }
        }
        self.exprs.exprs.constant(Value::Enum(1), ty.clone(), Span::NONE)
    }

    fn store_net(&mut self) -> StmtKind {
        let (net, ty) = self.registers[self.exprs.rng.below(self.registers.len())].clone();
        let (place, value) = self.store(Place::net(net), &ty);
        StmtKind::Next { place, value }
    }

    fn store_memory(&mut self) -> StmtKind {
        let index = self.exprs.natural(3, 1);
        let mut place = Place::net(self.memory);
        place.path.push(Projection::Index(index));
        let (place, value) = self.store(place, &Type::unsigned(12));
        StmtKind::Next { place, value }
    }

    fn store_var(&mut self) -> StmtKind {
        let vars: Vec<VarId> = (0..4).map(VarId::new).collect();
        let var = vars[self.exprs.rng.below(vars.len())];
        let ty = self.body.var(var).ty.clone();
        let (place, value) = self.store(Place::var(var), &ty);
        StmtKind::Assign { place, value }
    }

    /// A way out, where there is one.
    fn leave(&mut self) -> StmtKind {
        let leave = match self.around.len() {
            0 => StmtKind::Return,
            count => {
                let (label, is_loop) = self.around[self.exprs.rng.below(count)];
                match self.exprs.rng.below(5) {
                    0 => StmtKind::Return,
                    1 | 2 if is_loop => StmtKind::Continue(label),
                    _ => StmtKind::Break(label),
                }
            }
        };
        if self.exprs.rng.chance(8) {
            return leave;
        }
        let cond = self.exprs.boolean(2);
        let mut body = vec![self.stmt(leave)];
        if self.exprs.rng.chance(2) {
            let first = self.store_net();
            body.insert(0, Stmt::new(first, Span::NONE));
        }
        StmtKind::If { arms: vec![(cond, body)], orelse: Vec::new() }
    }

    fn switch(&mut self, depth: usize) -> StmtKind {
        let (subject, mut values): (ExprId, Vec<Value>) = match self.exprs.rng.below(3) {
            0 => (self.exprs.boolean(2), vec![Value::Bool(true), Value::Bool(false)]),
            1 => (self.exprs.enumeration(1), (0..3).map(Value::Enum).collect()),
            _ => (self.exprs.natural(2, 2), (0..4i64).map(Value::int).collect()),
        };
        let mut arms = Vec::new();
        let is_whole = self.exprs.rng.chance(2);
        if !is_whole {
            values.pop();
        }
        while !values.is_empty() {
            let count = 1 + self.exprs.rng.below(values.len());
            let values: Vec<Value> = values.drain(..count).collect();
            arms.push(SwitchArm { values, body: self.list(depth - 1) });
        }
        let default = if is_whole { None } else { Some(self.list(depth - 1)) };
        StmtKind::Switch { subject, arms, default }
    }

    fn count(&mut self, depth: usize) -> StmtKind {
        let (start, stop, step) =
            *self.exprs.rng.pick(&[(0, 8, 1), (5, -1, -1), (1, 8, 3), (6, 0, -2), (0, 1, 1)]);
        let (least, most) = if step > 0 { (start, stop - 1) } else { (stop + 1, start) };
        let ty = Type::int(least, most);
        let var = self.body.add_var(Var { name: "i".into(), ty: ty.clone(), wraps: false, span: Span::NONE });
        let label = self.body.add_label("count");
        self.around.push((label, true));
        self.exprs.vars.push((var, ty));
        let body = self.list(depth - 1);
        self.exprs.vars.pop();
        self.around.pop();
        StmtKind::For { label, var, start: start.into(), stop: stop.into(), step: step.into(), body }
    }

    /// A loop that ends because its variable counts down.
    fn repeat(&mut self, depth: usize) -> StmtKind {
        let ty = Type::unsigned(3);
        let var =
            self.body.add_var(Var { name: "left".into(), ty: ty.clone(), wraps: true, span: Span::NONE });
        let label = self.body.add_label("repeat");
        let start = self.exprs.natural(3, 1);
        let (zero, one) = (self.exprs.exprs.int(0i64, Span::NONE), self.exprs.exprs.int(1i64, Span::NONE));
        let read = self.exprs.exprs.var(var, &ty, Span::NONE);
        let cond = self.exprs.op(Op::Ne, &[read, zero]).unwrap();
        let less = self.exprs.op(Op::Sub, &[read, one]).unwrap();
        self.around.push((label, true));
        self.exprs.vars.push((var, ty));
        let mut body = vec![Stmt::new(StmtKind::Assign { place: Place::var(var), value: less }, Span::NONE)];
        body.extend(self.list(depth - 1));
        self.exprs.vars.pop();
        self.around.pop();
        let outer = self.body.add_label("whole");
        let first = Stmt::new(StmtKind::Assign { place: Place::var(var), value: start }, Span::NONE);
        let inner = Stmt::new(StmtKind::While { label, cond, body }, Span::NONE);
        StmtKind::Block { label: outer, body: vec![first, inner] }
    }
}

fn register_types() -> Vec<Type> {
    vec![
        Type::Bool,
        Type::unsigned(8),
        Type::signed(8),
        Type::unsigned(13),
        Type::int(0i64, 867i64),
        Type::int(-3i64, 9i64),
        Type::Enum(EnumId::new(0)),
        Type::unsigned(1),
        Type::unsigned(70),
    ]
}

/// A module of one clocked process.
fn module(name: &str, rng: &mut Rng, types: &Types) -> Module {
    let mut module = Module::new(name, Span::NONE);
    let mut nets = Vec::new();
    module.add_port(Net::new("clk", Type::Bool, Value::Bool(false), Span::NONE), Direction::In);
    let inputs = [
        Type::Bool,
        Type::Bool,
        Type::unsigned(4),
        Type::signed(6),
        Type::unsigned(17),
        Type::Enum(EnumId::new(0)),
    ];
    for (index, ty) in inputs.into_iter().enumerate() {
        let net = Net::new(format!("x{index}"), ty.clone(), zero(&ty), Span::NONE);
        nets.push((module.add_port(net, Direction::In), ty));
    }
    let mut registers = Vec::new();
    for (index, ty) in register_types().into_iter().enumerate() {
        let mut net = Net::new(format!("y{index}"), ty.clone(), zero(&ty), Span::NONE);
        net.wraps = ty.range().is_some();
        registers.push((module.add_port(net, Direction::Out), ty));
    }
    nets.extend(registers.iter().cloned());
    let element = Type::unsigned(12);
    let init = Value::Array(Arc::new(vec![Value::int(5i64); 8]));
    let mut memory = Net::new("memory", Type::Array(Box::new(element.clone()), 8), init, Span::NONE);
    memory.wraps = true;
    let memory = module.add_net(memory);
    let read = module.add_port(Net::new("q", element, Value::int(0i64), Span::NONE), Direction::Out);

    let builder = Builder { rng, types, exprs: Exprs::new(), inputs: &nets, vars: Vec::new() };
    let mut writer = Writer { exprs: builder, body: Body::default(), registers, memory, around: Vec::new() };
    let mut stmts = Vec::new();
    for (name, ty) in [
        ("n", Type::unsigned(9)),
        ("s", Type::signed(8)),
        ("ok", Type::Bool),
        ("odd", Type::int(0i64, 20i64)),
    ] {
        let wraps = ty.range().is_some();
        let var = writer.body.add_var(Var { name: name.into(), ty: ty.clone(), wraps, span: Span::NONE });
        let value = if ty == Type::Bool { writer.exprs.boolean(2) } else { writer.exprs.int(2) };
        stmts.push(Stmt::new(StmtKind::Assign { place: Place::var(var), value }, Span::NONE));
        writer.exprs.vars.push((var, ty));
    }
    // The memory is read first, so that every activation shows something of it.
    let ty = module.net(memory).ty.clone();
    let whole = writer.exprs.exprs.net(memory, &ty, Span::NONE);
    let index = writer.exprs.natural(3, 1);
    let value = writer.exprs.op(Op::Index, &[whole, index]).unwrap();
    stmts.push(Stmt::new(StmtKind::Next { place: Place::net(read), value }, Span::NONE));
    for _ in 0..4 {
        stmts.extend(writer.list(3));
    }
    let Writer { exprs: Builder { exprs, .. }, mut body, .. } = writer;
    body.exprs = exprs;
    body.stmts = stmts;
    module.add_process(Process {
        name: "step".into(),
        kind: ProcessKind::Clocked {
            events: vec![Event { net: NetId::new(0), edge: Edge::Rising }],
            reset: None,
        },
        body: ProcessBody::Ir(body),
        doc: None,
        span: Span::NONE,
    });
    module
}

/// Random inputs for each cycle, and what the evaluator makes of them; as many cycles as pass without a fault.
fn cycles(design: &Design, rng: &mut Rng, count: usize) -> Vec<Step> {
    let module = design.top_module().unwrap();
    let ProcessBody::Ir(body) = &module.processes[0].body else { unreachable!() };
    let shapes: Vec<NetShape> = module.nets.iter().map(NetShape::of).collect();
    let code = Code::compile(body, &shapes, &design.types).unwrap();
    let init: Vec<Value> = module.nets.iter().map(|net| net.init.clone()).collect();
    let mut nets =
        Nets { types: module.nets.iter().map(|net| net.ty.clone()).collect(), now: init.clone(), next: init };
    let mut steps = Vec::new();
    for _ in 0..count {
        let mut set = Vec::new();
        for port in module.ports.iter().skip(1).filter(|port| port.direction == Direction::In) {
            let value = any_value(&module.net(port.net).ty, rng);
            nets.now[port.net.index()] = value.clone();
            nets.next[port.net.index()] = value.clone();
            set.push((port.net, value));
        }
        let mut frame = code.frame();
        match code.run(&mut frame, &mut nets, &design.types) {
            Ok(Exit::Done) => {}
            other => panic!("{}: {other:?}", module.name),
        }
        nets.now = nets.next.clone();
        let outs = module.ports.iter().filter(|port| port.direction == Direction::Out);
        let get = outs.map(|port| (port.net, nets.now[port.net.index()].clone())).collect();
        steps.push(Step { set, clock: Some(NetId::new(0)), get });
    }
    steps
}

fn run(seed: u64, modules: usize, count: usize) {
    let mut rng = Rng::new(seed);
    let types = types();
    let mut trials = Vec::new();
    for index in 0..modules {
        let mut design = Design { types: types.clone(), ..Design::default() };
        design.modules.push(module(&format!("dut{index}"), &mut rng, &types));
        design.top = Some(ModuleId::new(0));
        let steps = cycles(&design, &mut rng, count);
        trials.push(Trial { design, steps });
    }
    compare(&format!("statements-{seed}"), &trials);
}

#[test]
fn random_processes_give_the_values_of_the_evaluator() {
    if !support::has_ghdl() {
        return;
    }
    run(1, 12, 20);
}

#[test]
#[ignore = "takes minutes"]
fn many_random_processes_give_the_values_of_the_evaluator() {
    if !support::has_ghdl() {
        return;
    }
    for seed in 100..140 {
        run(seed, 16, 30);
    }
}
