//! Random processes: statements of every kind, run cycle by cycle by Icarus from the emitted text and by the evaluator.

mod support;

use pyhw_diagnostics::Span;
use pyhw_ir::eval::{Code, Environment, Exit, NetShape};
use pyhw_ir::{
    Body, Design, Direction, Edge, Event, ExprKind, Int, LabelId, Module, ModuleId, Net, NetId, Place,
    Process, ProcessBody, ProcessKind, Projection, Range, Reset, Root, Stmt, StmtKind, SwitchArm, Type,
    Types, Value, Var, VarId, eval,
};
use std::sync::Arc;
use support::{Generator, Random, has, icarus, net, scratch, verilator, yosys};

fn stmt(kind: StmtKind) -> Stmt {
    Stmt::new(kind, Span::NONE)
}

/// Writes random statements.
struct Writer<'a> {
    random: &'a mut Random,
    body: &'a mut Body,
    types: &'a Types,
    leaves: Vec<(ExprKind, Type)>,
    /// Places that are stored into, with what they hold.
    targets: &'a [(Root, Type)],
    memory: NetId,
    /// The memory's last index.
    last: u32,
    /// Loops (true) and blocks (false) around.
    around: Vec<(LabelId, bool)>,
    outermost: u32,
}

impl Writer<'_> {
    fn exprs(&mut self) -> Generator<'_> {
        Generator {
            random: self.random,
            exprs: &mut self.body.exprs,
            types: self.types,
            leaves: &self.leaves,
            safe: true,
        }
    }

    fn list(&mut self, depth: u32) -> Vec<Stmt> {
        let count = 1 + self.random.below(4);
        (0..count).map(|_| self.one(depth)).collect()
    }

    fn store(&mut self) -> Stmt {
        let (root, ty) = self.targets[self.random.below(self.targets.len() as u32) as usize].clone();
        let kind = |place, value| match root {
            Root::Net(_) => StmtKind::Next { place, value },
            Root::Var(_) => StmtKind::Assign { place, value },
        };
        match &ty {
            Type::Array(_, length) => {
                let index = self.exprs().index(length - 1);
                let value = self.exprs().int(2);
                let value =
                    self.body.exprs.op(eval_slice(8), &[value], self.types, Span::NONE).expect("it is typed");
                stmt(kind(Place { root, path: vec![Projection::Index(index)] }, value))
            }
            Type::Int(range) => {
                let width = range.width_bits().expect("it is typed");
                let whole = *range == Range::unsigned(width) || *range == Range::signed(width);
                if whole && width >= 8 && self.random.below(3) == 0 {
                    return self.partial(root, width);
                }
                let value = self.exprs().int(3);
                stmt(kind(Place { root, path: vec![] }, value))
            }
            _ => {
                let value = self.exprs().bool(3);
                stmt(kind(Place { root, path: vec![] }, value))
            }
        }
    }

    fn partial(&mut self, root: Root, width: u32) -> Stmt {
        let (step, value) = if self.random.below(2) == 0 {
            let bit = self.exprs().index(7);
            (Projection::Bit(bit), self.exprs().bool(2))
        } else {
            let most = if width >= 12 { 7 } else { 3 };
            let slice = 1 + self.random.below(width - most);
            let low = self.exprs().index(most);
            let value = self.exprs().int(2);
            let value =
                self.body.exprs.op(eval_slice(slice), &[value], self.types, Span::NONE).expect("it is typed");
            (Projection::Slice { low, width: slice }, value)
        };
        let place = Place { root, path: vec![step] };
        stmt(match root {
            Root::Net(_) => StmtKind::Next { place, value },
            Root::Var(_) => StmtKind::Assign { place, value },
        })
    }

    fn one(&mut self, depth: u32) -> Stmt {
        if depth == 0 {
            return self.store();
        }
        match self.random.below(12) {
            0..=2 => {
                let arms = 1 + self.random.below(2);
                let arms = (0..arms).map(|_| (self.exprs().bool(2), self.list(depth - 1))).collect();
                let orelse = if self.random.below(2) == 0 { self.list(depth - 1) } else { vec![] };
                stmt(StmtKind::If { arms, orelse })
            }
            3 => {
                let subject = self.exprs().int(1);
                let subject = self
                    .body
                    .exprs
                    .op(eval_slice(2), &[subject], self.types, Span::NONE)
                    .expect("it is typed");
                let count = 1 + self.random.below(4);
                let arms = (0..count)
                    .map(|value| SwitchArm { values: vec![Value::int(value)], body: self.list(depth - 1) })
                    .collect();
                let default = if count == 4 { None } else { Some(self.list(depth - 1)) };
                stmt(StmtKind::Switch { subject, arms, default })
            }
            4 | 5 => {
                let (start, step) = (self.random.below(4), 1 + self.random.below(2));
                let (start, stop, step) = if self.random.below(3) == 0 {
                    (i64::from(start) + 3, -1, -i64::from(step))
                } else {
                    (i64::from(start), i64::from(start) + 4, i64::from(step))
                };
                let range = Range::new(start.min(stop + 1), start.max(stop - 1).max(stop + 1));
                let ty = Type::Int(range);
                let name = format!("i{}", self.body.vars.len());
                let var = self.body.add_var(Var { name, ty: ty.clone(), wraps: false, span: Span::NONE });
                let label = self.body.add_label("loop");
                self.leaves.push((ExprKind::Var(var), ty));
                self.around.push((label, true));
                let body = self.list(depth - 1);
                self.around.pop();
                // Some counters are read behind their loops.
                if depth < self.outermost || self.random.below(3) > 0 {
                    self.leaves.retain(|(kind, _)| *kind != ExprKind::Var(var));
                }
                let (start, stop, step) = (Int::from(start), Int::from(stop), Int::from(step));
                stmt(StmtKind::For { label, var, start, stop, step, body })
            }
            6 => {
                let label = self.body.add_label("part");
                self.around.push((label, false));
                let body = self.list(depth - 1);
                self.around.pop();
                stmt(StmtKind::Block { label, body })
            }
            7 | 8 if !self.around.is_empty() => {
                let (label, is_loop) = self.around[self.random.below(self.around.len() as u32) as usize];
                let exit = if is_loop && self.random.below(2) == 0 {
                    StmtKind::Continue(label)
                } else {
                    StmtKind::Break(label)
                };
                let cond = self.exprs().bool(2);
                let mut body = if self.random.below(2) == 0 { vec![self.store()] } else { vec![] };
                body.push(stmt(exit));
                stmt(StmtKind::If { arms: vec![(cond, body)], orelse: vec![] })
            }
            9 if self.random.below(3) == 0 => {
                let cond = self.exprs().bool(2);
                stmt(StmtKind::If { arms: vec![(cond, vec![stmt(StmtKind::Return)])], orelse: vec![] })
            }
            10 => {
                let last = self.last;
                let (value, index) = (self.exprs().int(2), self.exprs().index(last));
                let value =
                    self.body.exprs.op(eval_slice(8), &[value], self.types, Span::NONE).expect("it is typed");
                let place = Place { root: Root::Net(self.memory), path: vec![Projection::Index(index)] };
                stmt(StmtKind::Next { place, value })
            }
            _ => self.store(),
        }
    }
}

fn eval_slice(width: u32) -> pyhw_ir::Op {
    pyhw_ir::Op::Slice { low: 0, width }
}

struct Case {
    design: Design,
    inputs: Vec<(NetId, Type)>,
    outputs: Vec<NetId>,
}

/// A module with one random process.
fn case(random: &mut Random, name: &str, depth: u32, is_comb: bool) -> Case {
    let types = Types::default();
    let mut module = Module::new(name, Span::NONE);
    let mut inputs = Vec::new();
    for index in 0..8 {
        let ty = match index {
            0 | 1 => Type::Bool,
            2 => Type::unsigned(8),
            3 => Type::signed(8),
            _ => Type::Int(random.range()),
        };
        inputs.push((module.add_port(net(&format!("i{index}"), ty.clone()), Direction::In), ty));
    }
    let clock = module.add_port(net("clk", Type::Bool), Direction::In);
    let reset = module.add_port(net("rst", Type::Bool), Direction::In);
    let mut outputs = Vec::new();
    let mut targets = Vec::new();
    let bytes = Type::Array(Box::new(Type::unsigned(8)), 4);
    for index in 0..7 {
        let ty = match index {
            0 => Type::Bool,
            1 => Type::unsigned(8),
            2 => Type::signed(16),
            3 => Type::int(0i64, 9i64),
            4 => bytes.clone(),
            _ => Type::Int(random.range()),
        };
        let mut out = net(&format!("o{index}"), ty.clone());
        if index == 4 {
            out.init = Value::Array(Arc::new((1..5).map(|value| Value::int(i64::from(value))).collect()));
        }
        let out = Net { wraps: matches!(ty, Type::Int(_)), ..out };
        let id = module.add_port(out, Direction::Out);
        outputs.push(id);
        targets.push((Root::Net(id), ty));
    }
    let zeros = Value::Array(Arc::new(vec![Value::int(0i64); 8]));
    let ram = Type::Array(Box::new(Type::unsigned(8)), 8);
    let memory = module.add_net(Net::new("ram", ram.clone(), zeros, Span::NONE));
    let mut body = Body::default();
    let mut stmts = Vec::new();
    let mut leaves: Vec<(ExprKind, Type)> =
        inputs.iter().map(|(net, ty)| (ExprKind::Net(*net), ty.clone())).collect();
    if !is_comb {
        let readable = targets.iter().filter(|(_, ty)| !matches!(ty, Type::Array(..)));
        leaves.extend(readable.map(|(root, ty)| match root {
            Root::Net(net) => (ExprKind::Net(*net), ty.clone()),
            Root::Var(var) => (ExprKind::Var(*var), ty.clone()),
        }));
    }
    let mut start = Vec::new();
    for index in 0..4 {
        let ty = match index {
            0 => Type::Bool,
            1 => Type::unsigned(12),
            _ => Type::Int(random.range()),
        };
        let var = Var { name: format!("v{index}"), ty: ty.clone(), wraps: index > 0, span: Span::NONE };
        let var = body.add_var(var);
        start.push((var, ty));
    }
    for (var, ty) in start {
        let mut generator =
            Generator { random, exprs: &mut body.exprs, types: &types, leaves: &leaves, safe: true };
        let value = if ty == Type::Bool { generator.bool(2) } else { generator.int(2) };
        stmts.push(stmt(StmtKind::Assign { place: Place::var(var), value }));
        leaves.push((ExprKind::Var(var), ty.clone()));
        targets.push((Root::Var(var), ty));
    }
    if is_comb {
        // Every path gives every output a value.
        for (root, ty) in &targets {
            let Root::Net(id) = root else { continue };
            let value = body.exprs.constant(module.net(*id).init.clone(), ty.clone(), Span::NONE);
            stmts.push(stmt(StmtKind::Next { place: Place::net(*id), value }));
        }
    }
    // A combinational process has no memory: it stores into the array that is a port, which has four elements.
    let memory_out = if is_comb { targets[4].0 } else { Root::Net(memory) };
    let Root::Net(memory) = memory_out else { panic!("a net") };
    if !is_comb {
        let index = body.exprs.net(inputs[2].0, &inputs[2].1, Span::NONE);
        let index = body.exprs.op(eval_slice(3), &[index], &types, Span::NONE).expect("it is typed");
        let array = body.exprs.net(memory, &ram, Span::NONE);
        let word =
            body.exprs.op(pyhw_ir::Op::Index, &[array, index], &types, Span::NONE).expect("it is typed");
        stmts.push(stmt(StmtKind::Assign { place: Place::var(VarId::new(1)), value: word }));
    }
    let mut writer = Writer {
        random,
        body: &mut body,
        types: &types,
        leaves,
        targets: &targets,
        memory,
        last: if is_comb { 3 } else { 7 },
        around: vec![],
        outermost: depth,
    };
    for _ in 0..4 {
        stmts.push(writer.one(depth));
    }
    body.stmts = stmts;
    let kind = if is_comb {
        let sensitivity = inputs.iter().map(|(net, _)| *net).collect();
        ProcessKind::Comb { sensitivity }
    } else {
        let events = vec![Event { net: clock, edge: Edge::Rising }];
        let reset = match random.below(3) {
            0 => None,
            1 => Some(Reset::new(reset, true, false)),
            _ => Some(Reset::new(reset, false, true)),
        };
        ProcessKind::Clocked { events, reset }
    };
    let body = ProcessBody::Ir(body);
    module.add_process(Process { name: "p".into(), kind, body, doc: None, span: Span::NONE });
    let design = Design { types, modules: vec![module], top: Some(ModuleId::new(0)), ..Design::default() };
    Case { design, inputs, outputs }
}

/// The nets of a run of the evaluator.
struct Nets {
    current: Vec<Value>,
    next: Vec<Value>,
    types: Vec<Type>,
}

impl Environment for Nets {
    fn small(&self, net: NetId) -> i64 {
        eval::to_small(&self.current[net.index()]).expect("small")
    }

    fn next_small(&self, net: NetId) -> i64 {
        eval::to_small(&self.next[net.index()]).expect("small")
    }

    fn store_small(&mut self, net: NetId, value: i64) {
        self.next[net.index()] = eval::from_small(value, &self.types[net.index()]);
    }

    fn value(&self, net: NetId) -> &Value {
        &self.current[net.index()]
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

fn width(ty: &Type) -> u32 {
    match ty {
        Type::Array(element, length) => width(element) * length,
        ty => ty.range().and_then(Range::width_bits).unwrap_or(1),
    }
}

fn bits(value: &Value, ty: &Type) -> Int {
    match (value, ty) {
        (Value::Bool(value), _) => Int::from(*value),
        (Value::Int(value), ty) => value.low_bits(width(ty)),
        (Value::Array(values), Type::Array(element, _)) => values
            .iter()
            .rev()
            .fold(Int::ZERO, |sum, value| sum.shl(width(element)).or(&bits(value, element))),
        _ => panic!("no bits"),
    }
}

/// The outputs after each cycle, as the evaluator says; shorter where it meets a fault.
fn expected(case: &Case, stimuli: &[(bool, Vec<Value>)]) -> Vec<Vec<Int>> {
    let module = case.design.top_module().expect("a top");
    let process = &module.processes[0];
    let ProcessBody::Ir(body) = &process.body else { panic!("a body") };
    let shapes: Vec<NetShape> = module.nets.iter().map(NetShape::of).collect();
    let code = Code::compile(body, &shapes, &case.design.types).expect("it compiles");
    let init: Vec<Value> = module.nets.iter().map(|net| net.init.clone()).collect();
    let types = module.nets.iter().map(|net| net.ty.clone()).collect();
    let mut nets = Nets { current: init.clone(), next: init, types };
    let mut result = Vec::new();
    let mut frame = code.frame();
    for (active, values) in stimuli {
        for ((net, _), value) in case.inputs.iter().zip(values) {
            nets.current[net.index()] = value.clone();
            nets.next[net.index()] = value.clone();
        }
        let resets = match &process.kind {
            ProcessKind::Clocked { reset: Some(_), .. } => *active,
            _ => false,
        };
        if resets {
            for net in code.driven() {
                nets.next[net.index()] = module.net(*net).init.clone();
            }
        } else {
            frame.restart();
            match code.run(&mut frame, &mut nets, &case.design.types) {
                Ok(Exit::Done) => {}
                other => panic!("a safe process ends: {other:?}"),
            }
        }
        nets.current = nets.next.clone();
        result.push(
            case.outputs.iter().map(|net| bits(&nets.current[net.index()], &module.net(*net).ty)).collect(),
        );
    }
    result
}

fn check(seed: u64, count: usize, depth: u32, is_comb: bool, lint: bool) {
    if !has("iverilog", "-V") {
        return;
    }
    let mut random = Random(seed);
    let dir = scratch(&format!("statements-{seed}-{is_comb}"));
    let mut files = Vec::new();
    let mut bench = String::from("module bench;\n");
    let mut body = String::new();
    let mut wanted = Vec::new();
    for index in 0..count {
        let case = case(&mut random, &format!("dut{index}"), depth, is_comb);
        let faults = pyhw_ir::verify::verify(&case.design);
        assert!(faults.is_empty(), "{faults:?}");
        let options = pyhw_verilog::Options { source_map: false, ..Default::default() };
        let emitted = pyhw_verilog::emit(&case.design, &options).expect("it is emitted");
        let path = dir.join(&emitted[0].name);
        std::fs::write(&path, &emitted[0].text).expect("written");
        files.push(path);
        let module = case.design.top_module().expect("a top");
        let active_high = match &module.processes[0].kind {
            ProcessKind::Clocked { reset: Some(reset), .. } => reset.active_high,
            _ => true,
        };
        let stimuli: Vec<(bool, Vec<Value>)> = (0..12)
            .map(|_| {
                let values = case.inputs.iter().map(|(_, ty)| match ty {
                    Type::Int(range) => Value::Int(random.member(range)),
                    _ => Value::Bool(random.below(2) == 1),
                });
                let values = values.collect();
                (random.below(8) == 0, values)
            })
            .collect();
        let mut ports = vec![format!(".clk(clk{index})"), format!(".rst(rst{index})")];
        bench.push_str(&format!(
            "    reg clk{index} = 1'b0;\n    reg rst{index} = 1'b{};\n",
            u8::from(!active_high)
        ));
        for (at, (_, ty)) in case.inputs.iter().enumerate() {
            bench.push_str(&format!("    reg [{}:0] i{index}_{at};\n", width(ty) - 1));
            ports.push(format!(".i{at}(i{index}_{at})"));
        }
        for (at, net) in case.outputs.iter().enumerate() {
            bench.push_str(&format!("    wire [{}:0] o{index}_{at};\n", width(&module.net(*net).ty) - 1));
            ports.push(format!(".o{at}(o{index}_{at})"));
        }
        bench.push_str(&format!("    dut{index} dut{index} ({});\n", ports.join(", ")));
        for (active, values) in &stimuli {
            for (at, (value, (_, ty))) in values.iter().zip(&case.inputs).enumerate() {
                let digits = bits(value, ty).to_radix(16);
                body.push_str(&format!("        i{index}_{at} = {}'h{digits};\n", width(ty)));
            }
            let level = u8::from(*active == active_high);
            body.push_str(&format!("        rst{index} = 1'b{level};\n"));
            body.push_str(&format!("        #1 clk{index} = 1'b1; #1 clk{index} = 1'b0;\n"));
            for at in 0..case.outputs.len() {
                body.push_str(&format!("        $display(\"%h\", o{index}_{at});\n"));
            }
        }
        wanted.push(expected(&case, &stimuli));
    }
    bench.push_str(&format!("    initial begin\n{body}    end\nendmodule\n"));
    let tb = dir.join("bench.v");
    std::fs::write(&tb, bench).expect("written");
    let all: Vec<_> = files.iter().cloned().chain([tb]).collect();
    let printed = icarus(&dir, &all, "bench");
    let mut lines = printed.lines();
    for (index, cycles) in wanted.iter().enumerate() {
        for (cycle, outputs) in cycles.iter().enumerate() {
            for (at, value) in outputs.iter().enumerate() {
                let line = lines.next().expect("a line for each output");
                let got = Int::from_radix(line.trim(), 16);
                assert_eq!(
                    got.as_ref(),
                    Some(value),
                    "{}: output {at} in cycle {cycle}: Icarus {line}, evaluator {}",
                    files[index].display(),
                    value.to_radix(16)
                );
            }
        }
    }
    if lint {
        for (index, file) in files.iter().enumerate().take(2) {
            let allowed = ["-Wno-UNSIGNED", "-Wno-CMPCONST", "-Wno-UNUSED"];
            verilator(std::slice::from_ref(file), &format!("dut{index}"), &allowed);
            yosys(std::slice::from_ref(file), &format!("dut{index}"), false);
        }
    }
}

#[test]
fn clocked_processes_do_what_the_evaluator_does() {
    check(11, 40, 3, false, false);
    check(13, 8, 2, false, true);
}

#[test]
fn combinational_processes_do_what_the_evaluator_does() {
    check(12, 40, 3, true, false);
    check(14, 8, 2, true, true);
}

/// More of them: `cargo test -p pyhw-verilog --test statements -- --ignored`.
#[test]
#[ignore = "takes minutes"]
fn many_more_processes_do_what_the_evaluator_does() {
    for seed in 200..220 {
        check(seed, 40, 2 + (seed % 3) as u32, seed % 2 == 0, false);
    }
}
