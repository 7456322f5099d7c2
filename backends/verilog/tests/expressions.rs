//! Random expressions over all operators, computed by Icarus from the emitted text and by the evaluator.

mod support;

use pyhw_diagnostics::Span;
use pyhw_ir::{
    Body, Design, Direction, Edge, Event, ExprId, ExprKind, Int, Module, ModuleId, Net, NetId, Place,
    Process, ProcessBody, ProcessKind, Range, Stmt, StmtKind, Type, Types, Value, eval,
};
use support::{Generator, Random, has, icarus, net, scratch, verilator, yosys};

/// What a design's output must show.
struct Output {
    net: NetId,
    root: ExprId,
    body: usize,
}

struct Case {
    design: Design,
    inputs: Vec<(NetId, Type)>,
    outputs: Vec<Output>,
}

fn process(name: String, kind: ProcessKind, body: Body) -> Process {
    Process { name, kind, body: ProcessBody::Ir(body), doc: None, span: Span::NONE }
}

/// A module with random inputs, and an output of its own for each of `count` random expressions.
fn case(random: &mut Random, count: usize, depth: u32) -> Case {
    let types = Types::default();
    let mut module = Module::new("dut", Span::NONE);
    let mut inputs = Vec::new();
    for index in 0..14 {
        let ty = if index < 3 { Type::Bool } else { Type::Int(random.range()) };
        let id = module.add_port(net(&format!("i{index}"), ty.clone()), Direction::In);
        inputs.push((id, ty));
    }
    let clock = module.add_port(net("clk", Type::Bool), Direction::In);
    let mut outputs = Vec::new();
    for index in 0..count {
        let mut body = Body::default();
        let leaves: Vec<(ExprKind, Type)> =
            inputs.iter().map(|(net, ty)| (ExprKind::Net(*net), ty.clone())).collect();
        let mut generator =
            Generator { random, exprs: &mut body.exprs, types: &types, leaves: &leaves, safe: false };
        let root = if index % 4 == 0 { generator.bool(depth) } else { generator.int(depth) };
        let cond = generator.bool(1);
        let own = body.exprs.ty(root).clone();
        // Stores of each kind: what fits exactly, what is cut, what is extended, what wraps.
        let (ty, wraps) = match (&own, random.below(5)) {
            (Type::Int(_), 0) => (Type::Int(random.range()), true),
            (Type::Int(_), 1) => (Type::unsigned(1 + random.below(20)), false),
            (Type::Int(_), 2) => (Type::signed(1 + random.below(160)), false),
            (own, _) => (own.clone(), false),
        };
        let out = Net { wraps, ..net(&format!("o{index}"), ty) };
        let id = module.add_port(out, Direction::Out);
        let store = Stmt::new(StmtKind::Next { place: Place::net(id), value: root }, Span::NONE);
        let sensitivity: Vec<NetId> = inputs.iter().map(|(net, _)| *net).collect();
        let mut reads = false;
        for part in [root, cond] {
            body.exprs.walk(part, &mut |part| reads |= matches!(body.exprs.kind(part), ExprKind::Net(_)));
        }
        let (kind, stmts) = match random.below(3) {
            0 if !reads => (ProcessKind::Comb { sensitivity }, vec![store]),
            0 => {
                let branches = StmtKind::If { arms: vec![(cond, vec![store.clone()])], orelse: vec![store] };
                (ProcessKind::Comb { sensitivity }, vec![Stmt::new(branches, Span::NONE)])
            }
            1 => {
                let events = vec![Event { net: clock, edge: Edge::Rising }];
                (ProcessKind::Clocked { events, reset: None }, vec![store])
            }
            _ => (ProcessKind::Comb { sensitivity }, vec![store]),
        };
        body.stmts = stmts;
        outputs.push(Output { net: id, root, body: module.processes.len() });
        module.add_process(process(format!("p{index}"), kind, body));
    }
    let design = Design { types, modules: vec![module], top: Some(ModuleId::new(0)), ..Design::default() };
    Case { design, inputs, outputs }
}

/// What the output holds, as bits in hexadecimal; `None` where evaluating it is a fault.
fn expected(case: &Case, output: &Output, values: &[Value]) -> Option<Int> {
    let module = case.design.top_module()?;
    let ProcessBody::Ir(body) = &module.processes[output.body].body else { return None };
    let mut read = |kind: &ExprKind| match kind {
        ExprKind::Net(net) => Ok(values[net.index()].clone()),
        _ => Err(eval::Fault::internal("no such leaf")),
    };
    let value = eval::expression(&body.exprs, output.root, &case.design.types, &mut read).ok()?;
    let net = module.net(output.net);
    match (value, &net.ty) {
        (Value::Bool(value), _) => Some(Int::from(value)),
        (Value::Int(value), Type::Int(range)) => {
            let value = if net.wraps { range.wrap(&value) } else { value };
            Some(value.low_bits(range.width_bits()?))
        }
        _ => None,
    }
}

fn width(ty: &Type) -> u32 {
    ty.range().and_then(Range::width_bits).unwrap_or(1)
}

fn bits(value: &Value) -> Int {
    match value {
        Value::Bool(value) => Int::from(*value),
        Value::Int(value) => value.clone(),
        _ => Int::ZERO,
    }
}

fn bench(case: &Case, vectors: &[Vec<Value>]) -> String {
    let module = case.design.top_module().expect("a top");
    let mut text = String::from("module bench;\n    reg clk = 1'b0;\n");
    let mut ports = vec![".clk(clk)".to_owned()];
    for (index, (_, ty)) in case.inputs.iter().enumerate() {
        text.push_str(&format!("    reg [{}:0] i{index};\n", width(ty) - 1));
        ports.push(format!(".i{index}(i{index})"));
    }
    for (index, output) in case.outputs.iter().enumerate() {
        text.push_str(&format!("    wire [{}:0] o{index};\n", width(&module.net(output.net).ty) - 1));
        ports.push(format!(".o{index}(o{index})"));
    }
    text.push_str(&format!("    dut dut ({});\n    initial begin\n", ports.join(", ")));
    for values in vectors {
        for (index, (value, (_, ty))) in values.iter().zip(&case.inputs).enumerate() {
            let width = width(ty);
            let digits = bits(value).low_bits(width).to_radix(16);
            text.push_str(&format!("        i{index} = {width}'h{digits};\n"));
        }
        text.push_str("        #1 clk = 1'b1; #1 clk = 1'b0;\n");
        for index in 0..case.outputs.len() {
            text.push_str(&format!("        $display(\"%h\", o{index});\n"));
        }
    }
    text.push_str("    end\nendmodule\n");
    text
}

fn check(seed: u64, count: usize, depth: u32, vectors: usize, lint: bool) {
    if !has("iverilog", "-V") {
        return;
    }
    let mut random = Random(seed);
    let case = case(&mut random, count, depth);
    let faults = pyhw_ir::verify::verify(&case.design);
    assert!(faults.is_empty(), "{faults:?}");
    let files = pyhw_verilog::emit(&case.design, &pyhw_verilog::Options::default()).expect("it is emitted");
    let vectors: Vec<Vec<Value>> = (0..vectors)
        .map(|_| {
            case.inputs
                .iter()
                .map(|(_, ty)| match ty {
                    Type::Int(range) => Value::Int(random.member(range)),
                    _ => Value::Bool(random.below(2) == 1),
                })
                .collect()
        })
        .collect();
    let dir = scratch(&format!("expressions-{seed}-{depth}"));
    let (dut, tb) = (dir.join("dut.v"), dir.join("bench.v"));
    std::fs::write(&dut, &files[0].text).expect("written");
    std::fs::write(&tb, bench(&case, &vectors)).expect("written");
    let printed = icarus(&dir, &[dut.clone(), tb], "bench");
    let mut lines = printed.lines();
    let mut compared = 0;
    let mut wrong = Vec::new();
    for values in &vectors {
        for output in &case.outputs {
            let line = lines.next().expect("a line for each output");
            let Some(expected) = expected(&case, output, values) else { continue };
            compared += 1;
            let got = Int::from_radix(line.trim(), 16);
            if got.as_ref() != Some(&expected) {
                let name = &case.design.modules[0].net(output.net).name;
                wrong.push(format!(
                    "{name}: Icarus {line}, evaluator {}, inputs {values:?}",
                    expected.to_radix(16)
                ));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {compared} differ ({}): {}",
        wrong.len(),
        dut.display(),
        wrong[..wrong.len().min(5)].join("\n")
    );
    assert!(compared > count * vectors.len() / 3, "only {compared} values could be compared");
    if lint {
        // Random expressions compare things whose bits are bound to be zero.
        verilator(std::slice::from_ref(&dut), "dut", &["-Wno-UNSIGNED", "-Wno-CMPCONST"]);
        yosys(std::slice::from_ref(&dut), "dut", false);
    }
}

#[test]
fn shallow_expressions_compute_what_the_evaluator_does() {
    check(1, 400, 2, 24, true);
}

#[test]
fn deep_expressions_compute_what_the_evaluator_does() {
    check(2, 300, 4, 16, true);
}

#[test]
fn narrow_and_wide_operands_mix() {
    check(3, 300, 3, 24, true);
}

/// More of them: `cargo test -p pyhw-verilog --test expressions -- --ignored`.
#[test]
#[ignore = "takes minutes"]
fn many_more_expressions_compute_what_the_evaluator_does() {
    for seed in 100..160 {
        check(seed, 300, 2 + (seed % 3) as u32, 12, seed % 6 == 0);
    }
}
