//! Random graphs of expressions: compiled code must give what plain evaluation gives, faults included.

use super::*;
use crate::design::{Net, NetKind, Var};
use crate::expr::{ExprId, ExprKind};
use crate::op::Op;
use crate::stmt::{Place, Stmt, StmtKind};
use crate::types::{Range, Type};
use pyhw_diagnostics::Span;
use std::sync::Arc;

/// Nets of every class: small, wide, boolean, memory, tri-state.
fn world(random: &mut Random) -> World {
    let memory = Type::Array(Box::new(Type::signed(5)), 4);
    let rows = Type::Array(Box::new(Type::Array(Box::new(Type::unsigned(70)), 3)), 2);
    let nets = [
        Type::unsigned(8),
        Type::signed(8),
        Type::unsigned(100),
        Type::signed(64),
        Type::Bool,
        Type::Bool,
        memory,
        rows,
        Type::unsigned(3),
    ];
    let mut shapes: Vec<NetShape> = Vec::new();
    for (index, ty) in nets.into_iter().enumerate() {
        shapes.push(NetShape::of(&Net::new(format!("n{index}"), ty, Value::Z, Span::NONE)));
    }
    shapes[8].tristate = true;
    let init = shapes.iter().map(|shape| value_of(&shape.ty, random)).collect();
    let mut world = World::new(shapes, init);
    if random.below(3) == 0 {
        world.now[8] = Value::Z;
    }
    world
}

fn value_of(ty: &Type, random: &mut Random) -> Value {
    match ty {
        Type::Bool => Value::Bool(random.below(2) == 1),
        Type::Int(range) => {
            let (min, max) = range.bounds().unwrap();
            Value::Int(match random.below(5) {
                0 => min.clone(),
                1 => max.clone(),
                _ => range.wrap(&crate::Int::from((random.below(1 << 31) as i64) - (1 << 30))),
            })
        }
        Type::Array(element, length) => {
            Value::Array(Arc::new((0..*length).map(|_| value_of(element, random)).collect()))
        }
        _ => Value::Bool(false),
    }
}

/// Adds random operators until there are enough nodes; ill-typed ones are skipped.
fn grow(body: &mut Body, world: &World, types: &Types, random: &mut Random) {
    let exprs = &mut body.exprs;
    for (index, shape) in world.shapes.iter().enumerate() {
        exprs.net(NetId::new(index), &shape.ty, Span::NONE);
    }
    for value in [0i64, 1, 2, 3, -1, 7, 200] {
        exprs.int(value, Span::NONE);
    }
    exprs.bool(true, Span::NONE);
    while exprs.len() < 60 {
        let range = Range::new(-(random.below(9) as i64), random.below(300) as i64);
        let width = 1 + random.below(70) as u32;
        let op = match random.below(34) {
            0 => Op::Neg,
            1 => Op::Add,
            2 => Op::Sub,
            3 => Op::Mul,
            4 | 5 => Op::FloorDiv,
            6 | 7 => Op::Mod,
            8 => Op::Inv,
            9 => Op::And,
            10 => Op::Or,
            11 => Op::Xor,
            12 => Op::Shl,
            13 => Op::Shr,
            14 => Op::Eq,
            15 => Op::Lt,
            16 => Op::Ge,
            17 => Op::Not,
            18 => Op::AndThen,
            19 => Op::OrElse,
            20..=25 => Op::Mux,
            26 => Op::Bit,
            27 => Op::Slice { low: random.below(80) as u32, width },
            28 => Op::Concat { widths: [width, 5].into() },
            29 => Op::Signed { width },
            30 => Op::Wrap { range },
            31 => Op::Check { range },
            32 => Op::ToBool,
            _ => Op::Index,
        };
        let count = match op.info().arity {
            crate::Arity::Exactly(count) => count,
            crate::Arity::AtLeast(_) => 2,
        };
        let args: Vec<ExprId> =
            (0..count).map(|_| ExprId::new(random.below(exprs.len() as u64) as usize)).collect();
        // Too wide is no matter; the point is in the graph.
        let _ = exprs.op(op, &args, types, Span::NONE);
    }
}

#[test]
fn compiled_code_computes_what_plain_evaluation_computes() {
    let types = Types::default();
    let (mut values, mut faults) = (0, 0);
    for seed in 0..3000 {
        let mut random = Random(seed);
        let mut world = world(&mut random);
        let mut body = Body::default();
        grow(&mut body, &world, &types, &mut random);
        let root = ExprId::new(body.exprs.len() - 1);
        let ty = body.exprs.ty(root).clone();
        let now = world.now.clone();
        let expected = expression(&body.exprs, root, &types, &mut |kind| match kind {
            ExprKind::Net(net) => Ok(now[net.index()].clone()),
            _ => panic!("there are only nets"),
        });
        let target =
            NetShape::of(&Net { kind: NetKind::TriState, ..Net::new("target", ty, Value::Z, Span::NONE) });
        world.shapes.push(target);
        world.now.push(Value::Z);
        world.next.push(Value::Z);
        let target = NetId::new(world.shapes.len() - 1);
        body.stmts.push(Stmt::new(StmtKind::Next { place: Place::net(target), value: root }, Span::NONE));
        let outcome = run(&body, &mut world, &types);
        match expected {
            Ok(value) => {
                values += 1;
                assert_eq!(outcome, Ok(Exit::Done), "seed {seed}");
                assert_eq!(world.next[target.index()], value, "seed {seed}");
            }
            Err(_) => {
                faults += 1;
                assert!(outcome.is_err(), "seed {seed}: {:?}", world.next[target.index()]);
            }
        }
    }
    assert!(values > 500 && faults > 100, "{values} values and {faults} faults are no good mixture");
}

#[test]
fn a_node_that_both_arms_use_is_no_fault_unless_an_arm_is_taken() {
    // mux(c, mux(d, q, 1), mux(e, q, 2)) with q = 1 // n: q is needed in neither of the inner arms that are taken.
    let types = Types::default();
    let bit = NetShape::of(&Net::new("b", Type::Bool, Value::Z, Span::NONE));
    let byte = NetShape::of(&Net::new("n", Type::unsigned(8), Value::Z, Span::NONE));
    let shapes = vec![bit.clone(), bit.clone(), bit, byte.clone(), byte];
    for chosen in 0..8i64 {
        let [c, d, e] = [0, 1, 2].map(|at| chosen >> at & 1 == 1);
        let zero = Value::int(0i64);
        let init = vec![Value::Bool(c), Value::Bool(d), Value::Bool(e), zero.clone(), zero];
        let mut world = World::new(shapes.clone(), init);
        let mut body = Body::default();
        let exprs = &mut body.exprs;
        let [c_id, d_id, e_id] = [0, 1, 2].map(|at| exprs.net(NetId::new(at), &Type::Bool, Span::NONE));
        let n = exprs.net(NetId::new(3), &Type::unsigned(8), Span::NONE);
        let [one, two] = [1i64, 2].map(|value| exprs.int(value, Span::NONE));
        let mut op = |op: Op, args: &[ExprId]| exprs.op(op, args, &types, Span::NONE).unwrap();
        let q = op(Op::FloorDiv, &[one, n]);
        let left = op(Op::Mux, &[d_id, q, one]);
        let right = op(Op::Mux, &[e_id, q, two]);
        let root = op(Op::Mux, &[c_id, left, right]);
        let place = Place::net(NetId::new(4));
        body.stmts.push(Stmt::new(StmtKind::Next { place, value: root }, Span::NONE));
        let needs = if c { d } else { e };
        let outcome = run(&body, &mut world, &types);
        assert_eq!(outcome.is_err(), needs, "{chosen}");
        if !needs {
            assert_eq!(world.next[4], Value::int(if c { 1i64 } else { 2 }));
        }
    }
}

#[test]
fn depth_and_sharing_do_no_harm() {
    // x ← x ^ mux(c, x, 1), many times over: a tree of it would have 2^20000 nodes.
    let types = Types::default();
    let mut body = Body::default();
    let shapes = vec![
        NetShape::of(&Net::new("n", Type::unsigned(8), Value::Z, Span::NONE)),
        NetShape::of(&Net::new("c", Type::Bool, Value::Z, Span::NONE)),
    ];
    let mut world = World::new(shapes, vec![Value::int(5i64), Value::Bool(true)]);
    let n = body.exprs.net(NetId::new(0), &Type::unsigned(8), Span::NONE);
    let c = body.exprs.net(NetId::new(1), &Type::Bool, Span::NONE);
    let one = body.exprs.int(1i64, Span::NONE);
    let mut at = n;
    for _ in 0..20_000 {
        let mux = body.exprs.op(Op::Mux, &[c, at, one], &types, Span::NONE).unwrap();
        at = body.exprs.op(Op::Xor, &[at, mux], &types, Span::NONE).unwrap();
    }
    body.stmts.push(Stmt::new(StmtKind::Next { place: Place::net(NetId::new(0)), value: at }, Span::NONE));
    assert_eq!(run(&body, &mut world, &types), Ok(Exit::Done));
    assert_eq!(world.next[0], Value::int(0i64));
}

#[test]
fn an_unset_variable_in_an_arm_not_taken_is_no_fault() {
    let types = Types::default();
    let byte = Type::unsigned(8);
    let bit = NetShape::of(&Net::new("c", Type::Bool, Value::Z, Span::NONE));
    let shapes = vec![bit, NetShape::of(&Net::new("n", byte.clone(), Value::Z, Span::NONE))];
    for c in [false, true] {
        let mut world = World::new(shapes.clone(), vec![Value::Bool(c), Value::int(0i64)]);
        let mut body = Body::default();
        let var = body.add_var(Var { name: "x".into(), ty: byte.clone(), wraps: false, span: Span::NONE });
        let c_id = body.exprs.net(NetId::new(0), &Type::Bool, Span::NONE);
        let x = body.exprs.var(var, &byte, Span::NONE);
        let nine = body.exprs.int(9i64, Span::NONE);
        let value = body.exprs.op(Op::Mux, &[c_id, x, nine], &types, Span::NONE).unwrap();
        body.stmts.push(Stmt::new(StmtKind::Next { place: Place::net(NetId::new(1)), value }, Span::NONE));
        match run(&body, &mut world, &types) {
            Ok(_) => assert!(!c && world.next[1] == Value::int(9i64)),
            Err(fault) => {
                assert!(c);
                assert_eq!(*fault.kind, FaultKind::Unset { variable: "x".into() });
            }
        }
    }
}
