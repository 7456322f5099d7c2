//! Random expressions over every operator, emitted, simulated by GHDL, and compared with the IR's evaluator.

#![allow(clippy::unwrap_used)]

mod support;

use pyhw_diagnostics::Span;
use pyhw_ir::eval::expression;
use pyhw_ir::*;
use support::Rng;
use support::bench::{Step, Trial, compare};
use support::exprs::{Builder, any_value, types, zero};

/// How many modules, outputs of each and sets of input values are compared.
struct Size {
    modules: usize,
    outputs: usize,
    vectors: usize,
}

/// A module of expressions, its inputs, and the expression of each output in the process that stores it.
struct Sample {
    module: Module,
    inputs: Vec<NetId>,
    outputs: Vec<(NetId, ProcessId, ExprId)>,
}

fn sample(name: &str, rng: &mut Rng, types: &Types, size: &Size) -> Sample {
    let mut module = Module::new(name, Span::NONE);
    let mut inputs = Vec::new();
    for index in 0..4 {
        inputs.push((format!("b{index}"), Type::Bool));
    }
    for index in 0..12 {
        let width = match index {
            0..=5 => 1 + rng.below(12) as u32,
            6..=9 => 1 + rng.below(40) as u32,
            _ => 1 + rng.below(130) as u32,
        };
        let ty = match rng.below(3) {
            0 => Type::signed(width),
            1 if width > 3 => Type::int(-(rng.below(5) as i64), 6 + rng.below(5) as i64),
            _ => Type::unsigned(width),
        };
        inputs.push((format!("i{index}"), ty));
    }
    inputs.push(("e0".to_owned(), Type::Enum(EnumId::new(0))));
    let mut nets = Vec::new();
    for (name, ty) in inputs {
        let net = Net::new(name, ty.clone(), zero(&ty), Span::NONE);
        nets.push((module.add_port(net, Direction::In), ty));
    }
    let mut outputs: Vec<(NetId, ProcessId, ExprId)> = Vec::new();
    while outputs.len() < size.outputs {
        // One store makes a concurrent assignment, several make a process.
        let count = if rng.chance(2) { 1 } else { 3 };
        let mut builder = Builder { rng, types, exprs: Exprs::new(), inputs: &nets, vars: Vec::new() };
        let mut stored = Vec::new();
        for _ in 0..count {
            let depth = 1 + builder.rng.below(4);
            let value = if builder.rng.chance(4) { builder.boolean(depth) } else { builder.int(depth) };
            let mut ty = builder.exprs.ty(value).clone();
            let mut wraps = false;
            if let Type::Int(_) = ty
                && builder.rng.chance(3)
            {
                wraps = true;
                ty = match builder.rng.below(3) {
                    0 => Type::unsigned(1 + builder.rng.below(40) as u32),
                    1 => Type::signed(1 + builder.rng.below(40) as u32),
                    _ => Type::int(0i64, 1 + builder.rng.below(100) as i64),
                };
            }
            stored.push((value, ty, wraps));
        }
        let exprs = builder.exprs;
        let mut sensitivity: Vec<NetId> = Vec::new();
        let mut stmts = Vec::new();
        let id = ProcessId::new(module.processes.len());
        for (value, ty, wraps) in stored {
            exprs.walk(value, &mut |id| {
                if let ExprKind::Net(net) = exprs.kind(id)
                    && !sensitivity.contains(net)
                {
                    sensitivity.push(*net);
                }
            });
            let mut net = Net::new(format!("y{}", outputs.len()), ty.clone(), zero(&ty), Span::NONE);
            net.wraps = wraps;
            let net = module.add_port(net, Direction::Out);
            outputs.push((net, id, value));
            stmts.push(Stmt::new(StmtKind::Next { place: Place::net(net), value }, Span::NONE));
        }
        module.add_process(Process {
            name: format!("p{}", id.index()),
            kind: ProcessKind::Comb { sensitivity },
            body: ProcessBody::Ir(Body { exprs, stmts, ..Body::default() }),
            doc: None,
            span: Span::NONE,
        });
    }
    let inputs = nets.into_iter().map(|(net, _)| net).collect();
    Sample { module, inputs, outputs }
}

/// Random inputs, and what the evaluator makes of them.
fn steps(sample: &Sample, types: &Types, rng: &mut Rng, count: usize) -> Vec<Step> {
    let module = &sample.module;
    let mut steps = Vec::new();
    for _ in 0..count {
        let values: Vec<Value> =
            sample.inputs.iter().map(|&net| any_value(&module.net(net).ty, rng)).collect();
        let mut get = Vec::new();
        for &(output, process, value) in &sample.outputs {
            let ProcessBody::Ir(inner) = &module.processes[process.index()].body else { unreachable!() };
            let mut read = |kind: &ExprKind| match kind {
                ExprKind::Net(net) => Ok(values[net.index()].clone()),
                _ => Err(eval::Fault::internal("neither net nor operator")),
            };
            let result = expression(&inner.exprs, value, types, &mut read);
            let result = result.unwrap_or_else(|fault| panic!("{}.{output}: {fault:?}", module.name));
            let net = module.net(output);
            get.push((
                output,
                match (&result, &net.ty) {
                    (Value::Int(value), Type::Int(range)) if net.wraps => Value::Int(range.wrap(value)),
                    _ => result,
                },
            ));
        }
        let set = sample.inputs.iter().copied().zip(values).collect();
        steps.push(Step { set, clock: None, get });
    }
    steps
}

fn run(seed: u64, size: &Size) {
    let mut rng = Rng::new(seed);
    let types = types();
    let mut trials = Vec::new();
    for index in 0..size.modules {
        let sample = sample(&format!("dut{index}"), &mut rng, &types, size);
        let steps = steps(&sample, &types, &mut rng, size.vectors);
        let mut design = Design { types: types.clone(), ..Design::default() };
        design.modules.push(sample.module);
        design.top = Some(ModuleId::new(0));
        trials.push(Trial { design, steps });
    }
    compare(&format!("expressions-{seed}"), &trials);
}

#[test]
fn random_expressions_give_the_values_of_the_evaluator() {
    if !support::has_ghdl() {
        return;
    }
    run(1, &Size { modules: 4, outputs: 60, vectors: 12 });
}

#[test]
#[ignore = "takes minutes"]
fn many_random_expressions_give_the_values_of_the_evaluator() {
    if !support::has_ghdl() {
        return;
    }
    for seed in 100..140 {
        run(seed, &Size { modules: 4, outputs: 100, vectors: 16 });
    }
}
