//! Random clocked designs, and a plain simulator that says what they do.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use super::random::{Expressions, Random};
use super::*;
use pyhw_c::{FieldType, Interface};
use pyhw_ir::eval::{Code as Compiled, Environment, Fault, NetShape, is_small};
use pyhw_ir::{EnumId, EnumType, Int, Range};
use std::fmt::Write;

/// Nets with their values, one clock, and nothing else.
struct Machine<'a> {
    design: &'a Design,
    current: Vec<Value>,
    next: Vec<Value>,
    codes: Vec<Compiled>,
}

struct Nets<'s> {
    types: &'s [Type],
    current: &'s [Value],
    next: &'s mut [Value],
}

fn to_small(value: &Value) -> i64 {
    match value {
        Value::Bool(value) => i64::from(*value),
        Value::Int(value) => value.to_i64().unwrap(),
        Value::Enum(member) => i64::from(*member),
        value => panic!("{value:?} is not small"),
    }
}

fn from_small(ty: &Type, value: i64) -> Value {
    match ty {
        Type::Bool => Value::Bool(value != 0),
        Type::Enum(_) => Value::Enum(value as u32),
        _ => Value::int(value),
    }
}

impl Environment for Nets<'_> {
    fn small(&self, net: NetId) -> i64 {
        to_small(&self.current[net.index()])
    }

    fn next_small(&self, net: NetId) -> i64 {
        to_small(&self.next[net.index()])
    }

    fn store_small(&mut self, net: NetId, value: i64) {
        assert!(is_small(&self.types[net.index()]));
        self.next[net.index()] = from_small(&self.types[net.index()], value);
    }

    fn value(&self, net: NetId) -> &Value {
        &self.current[net.index()]
    }

    fn store(&mut self, net: NetId, value: Value) {
        self.next[net.index()] = value;
    }

    fn next_mut(&mut self, net: NetId, _element: Option<usize>) -> &mut Value {
        &mut self.next[net.index()]
    }

    fn now(&self) -> u64 {
        0
    }

    fn print(&mut self, _text: &str) {}
}

impl<'a> Machine<'a> {
    fn new(design: &'a Design) -> Machine<'a> {
        let module = design.top_module().unwrap();
        let shapes: Vec<NetShape> = module.nets.iter().map(NetShape::of).collect();
        let codes = module
            .processes
            .iter()
            .map(|process| match &process.body {
                ProcessBody::Ir(body) => Compiled::compile(body, &shapes, &design.types).unwrap(),
                ProcessBody::Host(_) => panic!("a process of the host"),
            })
            .collect();
        let init: Vec<Value> = module.nets.iter().map(|net| net.init.clone()).collect();
        Machine { design, current: init.clone(), next: init, codes }
    }

    fn module(&self) -> &'a Module {
        self.design.top_module().unwrap()
    }

    fn run(&mut self, process: usize) -> Result<(), Fault> {
        let types: Vec<Type> = self.module().nets.iter().map(|net| net.ty.clone()).collect();
        let mut nets = Nets { types: &types, current: &self.current, next: &mut self.next };
        let mut frame = self.codes[process].frame();
        self.codes[process].run(&mut frame, &mut nets, &self.design.types)?;
        Ok(())
    }

    fn reset_of(&self, process: usize) -> Option<Reset> {
        match &self.module().processes[process].kind {
            ProcessKind::Clocked { reset, .. } => reset.clone(),
            _ => None,
        }
    }

    fn is_reset(&self, reset: &Reset) -> bool {
        self.current[reset.net.index()].is_truthy() == reset.active_high
    }

    fn reset(&mut self, process: usize) {
        for net in pyhw_passes::restored_nets(&self.module().processes[process]) {
            self.next[net.index()] = self.module().net(net).init.clone();
        }
    }

    /// Runs what is combinational until nothing changes.
    fn settle(&mut self) -> Result<(), Fault> {
        for _ in 0..100 {
            for process in 0..self.codes.len() {
                match self.module().processes[process].kind {
                    ProcessKind::Comb { .. } => self.run(process)?,
                    _ => {
                        if self.reset_of(process).is_some_and(|reset| reset.is_async && self.is_reset(&reset))
                        {
                            self.reset(process);
                        }
                    }
                }
            }
            if self.current == self.next {
                return Ok(());
            }
            self.current.clone_from(&self.next);
        }
        panic!("it does not settle");
    }

    fn clock(&mut self) -> Result<(), Fault> {
        for process in 0..self.codes.len() {
            if matches!(self.module().processes[process].kind, ProcessKind::Clocked { .. }) {
                match self.reset_of(process) {
                    Some(reset) if self.is_reset(&reset) => self.reset(process),
                    _ => self.run(process)?,
                }
            }
        }
        self.current.clone_from(&self.next);
        self.settle()
    }
}

/// Random statements of one process.
struct Statements<'r> {
    exprs: Expressions<'r>,
    /// Nets that the process drives.
    own: Vec<(NetId, Type)>,
    vars: Vec<(VarId, Type)>,
    loops: Vec<LabelId>,
    blocks: Vec<LabelId>,
    is_comb: bool,
}

impl Statements<'_> {
    fn below(&mut self, limit: usize) -> usize {
        self.exprs.random.below(limit as u64) as usize
    }

    fn code(&mut self) -> &mut Code {
        &mut self.exprs.code
    }

    /// An index below a power of two.
    fn index(&mut self, length: u32) -> ExprId {
        let value = self.exprs.int(1);
        let width = length.ilog2().max(1);
        let index = self.code().op(Op::Slice { low: 0, width }, &[value]);
        if length == 1 { self.code().int(0) } else { index }
    }

    fn store(&mut self) -> Stmt {
        let at = self.below(self.own.len());
        let (net, mut ty) = self.own[at].clone();
        let mut path = Vec::new();
        if let Type::Array(element, length) = ty.clone() {
            path.push(Projection::Index(self.index(length)));
            ty = *element;
        }
        self.store_at(net, path, &ty)
    }

    fn store_at(&mut self, net: NetId, mut path: Vec<Projection>, ty: &Type) -> Stmt {
        let value = match ty {
            Type::Bool => self.exprs.bool(2),
            Type::Enum(_) => {
                let member = self.below(3) as u32;
                self.code().constant(Value::Enum(member), ty.clone())
            }
            _ => self.exprs.int(2),
        };
        let width = ty.range().and_then(Range::width_bits).unwrap_or(1);
        let is_full = ty
            .range()
            .is_some_and(|range| *range == Range::unsigned(width) || *range == Range::signed(width));
        if is_full && width > 2 && self.exprs.random.chance(3) {
            let low = self.below(width as usize - 1) as u32;
            // A position that varies stays within the width.
            let bits = (width - 1).ilog2().max(1);
            let varies = self.exprs.random.chance(3) && width.is_power_of_two();
            if self.exprs.random.chance(2) {
                let bit = self.exprs.bool(1);
                let at = if varies { self.position(bits) } else { self.code().int(i64::from(low)) };
                path.push(Projection::Bit(at));
                return next_at(net, path, bit);
            }
            let size = 1 + self.below((width - low) as usize) as u32;
            let part = self.exprs.int(1);
            let part = self.code().op(Op::Slice { low: 0, width: size }, &[part]);
            let low = self.code().int(i64::from(low));
            path.push(Projection::Slice { low, width: size });
            return next_at(net, path, part);
        }
        next_at(net, path, value)
    }

    fn position(&mut self, bits: u32) -> ExprId {
        let value = self.exprs.int(1);
        self.code().op(Op::Slice { low: 0, width: bits }, &[value])
    }

    fn list(&mut self, depth: u32) -> Vec<Stmt> {
        let count = 1 + self.below(3);
        let mut list = Vec::new();
        for _ in 0..count {
            let stmt = self.stmt(depth);
            let leaves = matches!(stmt.kind, StmtKind::Break(_) | StmtKind::Continue(_) | StmtKind::Return);
            list.push(stmt);
            if leaves {
                break;
            }
        }
        list
    }

    fn stmt(&mut self, depth: u32) -> Stmt {
        let mut stmt = match self.below(if depth == 0 { 8 } else { 14 }) {
            0..=4 => self.store(),
            5 | 6 => {
                let at = self.below(self.vars.len());
                let (var, ty) = self.vars[at].clone();
                let value = if ty == Type::Bool { self.exprs.bool(2) } else { self.exprs.int(2) };
                assign(var, value)
            }
            7 => match (self.loops.last().copied(), self.blocks.last().copied(), self.below(6)) {
                (Some(label), _, 0) => stmt(StmtKind::Continue(label)),
                (Some(_), _, 1) => {
                    let at = self.below(self.loops.len());
                    stmt(StmtKind::Break(self.loops[at]))
                }
                (_, Some(label), 2) => stmt(StmtKind::Break(label)),
                (_, _, 3) if !self.is_comb && depth < 2 => stmt(StmtKind::Return),
                _ => self.store(),
            },
            8..=10 => {
                let count = 1 + self.below(2);
                let arms = (0..count).map(|_| (self.exprs.bool(2), self.list(depth - 1))).collect();
                let orelse = if self.exprs.random.chance(2) { self.list(depth - 1) } else { vec![] };
                when(arms, orelse)
            }
            11 => {
                let subject = self.exprs.int(1);
                let subject = self.code().op(Op::Slice { low: 0, width: 2 }, &[subject]);
                let arms = vec![
                    (vec![Value::int(0i64)], self.list(depth - 1)),
                    (vec![Value::int(1i64), Value::int(2i64)], self.list(depth - 1)),
                ];
                let rest = self.list(depth - 1);
                if self.exprs.random.chance(2) {
                    let mut arms = arms;
                    arms.push((vec![Value::int(3i64)], rest));
                    switch(subject, arms, None)
                } else {
                    switch(subject, arms, Some(rest))
                }
            }
            12 => {
                let label = self.code().label("turns");
                let bounds = [[0, 3, 1], [3, -1, -1], [1, 8, 3], [-2, 2, 2]][self.below(4)];
                let last = [2, 0, 7, 0][[0, 3, 1, -2].iter().position(|start| *start == bounds[0]).unwrap()];
                let ty = Type::int(bounds[0].min(last), bounds[0].max(last));
                let var = self.code().var("i", ty);
                let counter = self.code().read(var);
                let before = self.exprs.ints.len();
                self.exprs.ints.push(counter);
                self.loops.push(label);
                let body = self.list(depth - 1);
                self.loops.pop();
                // After the loop it keeps its last value, and may be read where the loop has certainly run.
                if depth < 3 || self.exprs.random.chance(2) {
                    self.exprs.ints.truncate(before);
                }
                count(label, var, bounds, body)
            }
            _ => {
                let label = self.code().label("block");
                self.blocks.push(label);
                let body = self.list(depth - 1);
                self.blocks.pop();
                super::stmt(StmtKind::Block { label, body })
            }
        };
        if self.exprs.random.chance(8) {
            stmt.comments.trailing = Some("a comment".into());
        }
        stmt
    }
}

/// A random design with one clock.
pub fn machine(seed: u64) -> Design {
    let mut random = Random::new(seed ^ 0x5EED);
    let mut build = Build::new(&format!("machine_{seed}"), "machine.py", 1);
    let member = |name: &str, code: i64| (name.to_owned(), Int::from(code));
    build.design.types.enums.push(EnumType {
        name: "Mode".into(),
        members: vec![member("A", 1), member("B", 2), member("C", 4)],
        width_bits: 3,
        span: at(1),
    });
    let clk = build.bit("clk");
    let rst = build.bit("rst");
    let mut readable: Vec<(NetId, Type)> = Vec::new();
    for index in 0..3 {
        let ty = Type::Int(random.range(70));
        let init = Value::Int(random.value(ty.range().unwrap()));
        readable.push((build.input(&format!("x{index}"), ty.clone(), init), ty));
    }
    readable.push((build.bit("b0"), Type::Bool));
    let drive = |build: &mut Build, random: &mut Random, name: String| {
        let ty = match random.below(8) {
            0 => Type::Bool,
            1 => Type::Enum(EnumId::new(0)),
            2 | 3 => Type::Array(Box::new(Type::Int(random.range(70))), 1 << (1 + random.below(3))),
            _ => Type::Int(random.range(100)),
        };
        let init = match &ty {
            Type::Bool => Value::Bool(random.chance(2)),
            Type::Enum(_) => Value::Enum(random.below(3) as u32),
            Type::Array(element, length) => {
                let range = element.range().unwrap();
                Value::Array((0..*length).map(|_| Value::Int(random.value(range))).collect::<Vec<_>>().into())
            }
            ty => Value::Int(random.value(ty.range().unwrap())),
        };
        let net = build.output(&name, ty.clone(), init);
        build.module.nets[net.index()].wraps = true;
        (net, ty)
    };
    let clocked: Vec<Vec<(NetId, Type)>> = (0..3)
        .map(|process| {
            (0..1 + random.below(3))
                .map(|index| drive(&mut build, &mut random, format!("r{process}{index}")))
                .collect()
        })
        .collect();
    let comb: Vec<Vec<(NetId, Type)>> = (0..2)
        .map(|process| {
            (0..1 + random.below(2))
                .map(|index| drive(&mut build, &mut random, format!("c{process}{index}")))
                .collect()
        })
        .collect();
    readable.extend(clocked.iter().flatten().cloned());
    for (index, own) in comb.iter().enumerate() {
        process(&mut build, &mut random, &readable, own, format!("settle{index}"), ProcessKind::Timed);
        readable.extend(own.iter().cloned());
    }
    for (index, own) in clocked.iter().enumerate() {
        let kind = match random.below(4) {
            0 => with_reset(clk, rst, false),
            1 => with_reset(clk, rst, true),
            _ => rising(clk),
        };
        process(&mut build, &mut random, &readable, own, format!("step{index}"), kind);
    }
    build.finish()
}

fn process(
    build: &mut Build,
    random: &mut Random,
    readable: &[(NetId, Type)],
    own: &[(NetId, Type)],
    name: String,
    kind: ProcessKind,
) {
    let is_comb = kind == ProcessKind::Timed;
    let mut code = build.code();
    let (mut ints, mut bools) = (Vec::new(), Vec::new());
    for (net, ty) in readable {
        let value = code.get(*net);
        match ty {
            Type::Int(_) => ints.push(value),
            Type::Bool => bools.push(value),
            Type::Array(_, length) => {
                for index in [0, i64::from(*length) - 1] {
                    let index = code.int(index);
                    ints.push(code.op(Op::Index, &[value, index]));
                }
                let varies = code.op(Op::Slice { low: 0, width: length.ilog2() }, &[ints[0]]);
                ints.push(code.op(Op::Index, &[value, varies]));
            }
            Type::Enum(_) => {
                let member = code.constant(Value::Enum(1), ty.clone());
                bools.push(code.op(Op::Eq, &[value, member]));
                ints.push(code.op(Op::Encode, &[value]));
            }
            _ => {}
        }
    }
    let mut exprs = Expressions { random, code, ints, bools, is_safe: true };
    let mut vars = Vec::new();
    let mut start = Vec::new();
    for index in 0..3 {
        let ty = if index == 2 { Type::Bool } else { Type::Int(exprs.random.range(70)) };
        let var = exprs.code.var(&format!("v{index}"), ty.clone());
        exprs.code.body.vars[var.index()].wraps = true;
        let value = match &ty {
            Type::Int(range) => {
                let value = exprs.random.value(range);
                exprs.code.body.exprs.int(value, at(1))
            }
            _ => exprs.code.bool(true),
        };
        start.push(assign(var, value));
        let read = exprs.code.read(var);
        if ty == Type::Bool {
            exprs.bools.push(read)
        } else {
            exprs.ints.push(read)
        }
        vars.push((var, ty));
    }
    let mut statements =
        Statements { exprs, own: own.to_vec(), vars, loops: vec![], blocks: vec![], is_comb };
    if is_comb {
        // Everything has a value on every path, so that nothing is remembered.
        for (net, ty) in own {
            let init = build.module.net(*net).init.clone();
            let value = statements.code().constant(init, ty.clone());
            start.push(next(*net, value));
        }
    }
    for _ in 0..4 {
        let stmt = statements.stmt(3);
        let leaves = matches!(stmt.kind, StmtKind::Return);
        start.push(stmt);
        if leaves {
            break;
        }
    }
    let mut code = statements.exprs.code;
    code.body.stmts = start;
    if is_comb {
        build.comb(&name, code, 1);
    } else {
        build.process(&name, kind, code, 1);
    }
}

fn literals(design: &Design, ty: &FieldType, of: &Type, value: &Value) -> Vec<(String, String)> {
    match (ty, of, value) {
        (FieldType::Array(inner, _), Type::Array(element, _), Value::Array(values)) => values
            .iter()
            .enumerate()
            .flat_map(|(at, value)| {
                literals(design, inner, element, value)
                    .into_iter()
                    .map(move |(part, text)| (format!("[{at}]{part}"), text))
            })
            .collect(),
        (_, Type::Enum(id), Value::Enum(member)) => {
            let code = &design.types.enums[id.index()].members[*member as usize].1;
            vec![(String::new(), format!("{code}U"))]
        }
        _ => super::random::literal(ty, value),
    }
}

/// A function `name` that drives the design and tells each output that is not what the simulator says.
pub fn driver(design: &Design, name: &str, steps: u32) -> String {
    let interface: Interface = pyhw_c::interface(design).unwrap();
    let module = design.top_module().unwrap();
    let mut machine = Machine::new(design);
    let mut random = Random::new(99);
    let mut text = format!("#include \"{}\"\n", interface.header);
    let mut calls = String::new();
    let field = |name: &str| interface.fields.iter().find(|field| field.port == name).unwrap();
    let checks = |machine: &Machine, step: u32, text: &mut String| {
        for port in module.ports.iter().filter(|port| port.direction == Direction::Out) {
            let net = module.net(port.net);
            let field = field(&net.name);
            for (part, literal) in literals(design, &field.ty, &net.ty, &machine.current[port.net.index()]) {
                let _ = writeln!(
                    text,
                    "    expect(self->{}{part} == {literal}, {step}U, {}U);",
                    field.name,
                    port.net.index()
                );
            }
        }
    };
    if machine.settle().is_err() {
        return text + &format!("void {name}(void);\nvoid {name}(void)\n{{\n}}\n");
    }
    for step in 0..steps {
        let _ = writeln!(text, "static void {name}_{step}({} *self)\n{{", interface.type_name);
        if step == 0 {
            checks(&machine, 1000, &mut text);
        }
        for port in module.ports.iter().filter(|port| port.direction == Direction::In) {
            let net = module.net(port.net);
            let value = match (&net.name[..], &net.ty) {
                ("clk", _) => continue,
                ("rst", _) => Value::Bool(random.chance(5)),
                (_, Type::Int(range)) => Value::Int(random.value(range)),
                _ => Value::Bool(random.chance(2)),
            };
            let field = field(&net.name);
            for (part, literal) in literals(design, &field.ty, &net.ty, &value) {
                let _ = writeln!(text, "    self->{}{part} = {literal};", field.name);
            }
            machine.current[port.net.index()] = value.clone();
            machine.next[port.net.index()] = value;
        }
        let mut result = machine.settle();
        if let (Some(settle), true, true) = (&interface.settle, step % 2 == 0, result.is_ok()) {
            let _ = writeln!(text, "    {settle}(self);");
            checks(&machine, step + 2000, &mut text);
        }
        if result.is_ok() {
            result = machine.clock();
        }
        if result.is_ok() {
            let _ = writeln!(text, "    {}(self);", interface.steps[0].function);
            checks(&machine, step, &mut text);
        }
        text += "    (void)self;\n}\n\n";
        let _ = writeln!(calls, "    {name}_{step}(&state);");
        if result.is_err() {
            break;
        }
    }
    let _ = writeln!(
        text,
        "static {} state;\nvoid {name}(void);\nvoid {name}(void)\n{{\n    {}(&state);\n{calls}}}",
        interface.type_name, interface.init
    );
    text
}
