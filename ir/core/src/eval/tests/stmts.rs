//! Statements: control flow, stores into wholes and parts, waits, faults.

use super::*;
use crate::design::{Edge, EnumType, Event, LabelId, Net, StructId, StructType, Var, VarId};
use crate::expr::ExprId;
use crate::format::{Conversion, Piece, Template};
use crate::int::Int;
use crate::op::Op;
use crate::stmt::{Place, Projection, Root, Stmt, StmtKind, SwitchArm, Wait};
use crate::types::{Range, Type};
use pyhw_diagnostics::{FileId, Span};
use std::sync::Arc;

/// A body that is being written.
#[derive(Default)]
struct Maker {
    body: Body,
    types: Types,
    shapes: Vec<NetShape>,
    init: Vec<Value>,
}

impl Maker {
    fn net(&mut self, name: &str, ty: Type, init: Value) -> NetId {
        self.shapes.push(NetShape::of(&Net::new(name, ty, init.clone(), Span::NONE)));
        self.init.push(init);
        NetId::new(self.shapes.len() - 1)
    }

    fn wrapping(&mut self, name: &str, ty: Type, init: Value) -> NetId {
        let net = self.net(name, ty, init);
        self.shapes[net.index()].wraps = true;
        net
    }

    fn var(&mut self, name: &str, ty: Type) -> VarId {
        self.body.add_var(Var { name: name.into(), ty, wraps: false, span: Span::NONE })
    }

    fn read(&mut self, net: NetId) -> ExprId {
        let ty = self.shapes[net.index()].ty.clone();
        self.body.exprs.net(net, &ty, Span::NONE)
    }

    fn get(&mut self, var: VarId) -> ExprId {
        let ty = self.body.var(var).ty.clone();
        self.body.exprs.var(var, &ty, Span::NONE)
    }

    fn int(&mut self, value: i64) -> ExprId {
        self.body.exprs.int(value, Span::NONE)
    }

    fn bool(&mut self, value: bool) -> ExprId {
        self.body.exprs.bool(value, Span::NONE)
    }

    fn op(&mut self, op: Op, args: &[ExprId]) -> ExprId {
        self.body.exprs.op(op, args, &self.types, Span::NONE).unwrap()
    }

    fn text(&mut self, text: &str) -> ExprId {
        self.op(Op::Format { template: Box::new(Template::text(text)) }, &[])
    }

    fn world(&self) -> World {
        World::new(self.shapes.clone(), self.init.clone())
    }

    /// Runs the statements; gives the exit and the nets afterwards.
    fn run(&mut self, stmts: Vec<Stmt>) -> (Result<Exit, Fault>, World) {
        self.body.stmts = stmts;
        let mut world = self.world();
        (run(&self.body, &mut world, &self.types), world)
    }
}

fn stmt(kind: StmtKind) -> Stmt {
    Stmt::new(kind, Span::NONE)
}

fn next(net: NetId, value: ExprId) -> Stmt {
    stmt(StmtKind::Next { place: Place::net(net), value })
}

fn next_part(net: NetId, path: Vec<Projection>, value: ExprId) -> Stmt {
    stmt(StmtKind::Next { place: Place { root: Root::Net(net), path }, value })
}

fn assign(var: VarId, value: ExprId) -> Stmt {
    stmt(StmtKind::Assign { place: Place::var(var), value })
}

fn when(cond: ExprId, then: Vec<Stmt>, orelse: Vec<Stmt>) -> Stmt {
    stmt(StmtKind::If { arms: vec![(cond, then)], orelse })
}

fn value(value: i64) -> Value {
    Value::int(value)
}

fn naturals() -> Type {
    Type::Int(Range { min: Some(Int::ZERO), max: None })
}

#[test]
fn a_store_that_fits_is_seen_only_in_the_next_value() {
    let mut m = Maker::default();
    let n = m.net("n", Type::unsigned(8), value(3));
    let (seven, read) = (m.int(7), m.read(n));
    let copy = m.net("copy", Type::unsigned(8), value(0));
    let (exit, world) = m.run(vec![next(n, seven), next(copy, read)]);
    assert_eq!(exit, Ok(Exit::Done));
    assert_eq!(world.next, [value(7), value(3)]);
    assert_eq!(world.now[0], value(3));
}

#[test]
fn stores_are_checked_or_wrapped() {
    for stored in [-300i64, -1, 0, 5, 9, 10, 11, 1000] {
        let mut m = Maker::default();
        let checked = m.net("checked", Type::int(0i64, 9i64), value(0));
        let from = m.net("from", Type::int(-300i64, 1000i64), value(stored));
        let read = m.read(from);
        let (exit, world) = m.run(vec![next(checked, read)]);
        if (0..=9).contains(&stored) {
            assert_eq!(world.next[0], value(stored));
        } else {
            let expected = FaultKind::Range {
                target: Some("checked".into()),
                range: Range::new(0i64, 9i64),
                value: stored.into(),
            };
            assert_eq!(*exit.unwrap_err().kind, expected);
            assert_eq!(world.next[0], value(0), "a refused store changes nothing");
        }
        let mut m = Maker::default();
        let wrapping = m.wrapping("w", Type::int(-3i64, 6i64), value(0));
        let from = m.net("from", Type::int(-300i64, 1000i64), value(stored));
        let read = m.read(from);
        let (exit, world) = m.run(vec![next(wrapping, read)]);
        assert_eq!(exit, Ok(Exit::Done));
        assert_eq!(world.next[0], value((stored + 3).rem_euclid(10) - 3));
    }
}

#[test]
fn wide_values_are_checked_and_wrapped_into_small_and_wide_targets() {
    let big = Int::power_of_two(90).add(&Int::from(5i64));
    for (wraps, width) in [(false, 8), (true, 8), (false, 80), (true, 80)] {
        let mut m = Maker::default();
        let target = m.net("t", Type::unsigned(width), value(0));
        m.shapes[0].wraps = wraps;
        let from = m.net("from", Type::unsigned(100), Value::Int(big.clone()));
        let read = m.read(from);
        let (exit, world) = m.run(vec![next(target, read)]);
        assert_eq!(exit.is_ok(), wraps, "{width}");
        assert_eq!(world.next[0], value(if wraps { 5 } else { 0 }));
    }
}

/// Stores into a part of an integer of 6 bits, for every old and stored value, against bits of strings.
#[test]
fn partial_stores_replace_just_their_bits() {
    for (signed, wraps) in [(false, false), (true, false), (true, true), (false, true)] {
        let ty = if signed { Type::signed(6) } else { Type::unsigned(6) };
        let range = ty.range().unwrap().clone();
        let mut m = Maker::default();
        let n = m.net("n", ty, value(0));
        m.shapes[0].wraps = wraps;
        let from = m.net("from", Type::int(-9i64, 9i64), value(0));
        let flag = m.net("flag", Type::Bool, Value::Bool(false));
        let at = m.net("at", Type::int(-1i64, 7i64), value(0));
        let (read, flag_read, low) = (m.read(from), m.read(flag), m.read(at));
        let slice = vec![next_part(n, vec![Projection::Slice { low, width: 3 }], read)];
        let bit = vec![next_part(n, vec![Projection::Bit(low)], flag_read)];
        for (is_bit, stmts) in [(false, slice), (true, bit)] {
            m.body.stmts = stmts;
            let code = Code::compile(&m.body, &m.shapes, &m.types).unwrap();
            let (min, max) = range.bounds().unwrap();
            for old in min.to_i64().unwrap()..=max.to_i64().unwrap() {
                for low in -1i64..=7 {
                    for stored in if is_bit { 0i64..=1 } else { -9..=9 } {
                        let mut world = m.world();
                        world.next[0] = value(old);
                        world.now[1] = value(stored);
                        world.now[2] = Value::Bool(stored == 1);
                        world.now[3] = value(low);
                        let exit = code.run(&mut code.frame(), &mut world, &m.types);
                        let width = if is_bit { 1 } else { 3 };
                        let limit = 1i64 << width;
                        if low < 0 || !(0..limit).contains(&stored) {
                            assert!(exit.is_err());
                            continue;
                        }
                        let mut bits: Vec<char> = format!("{:016b}", old as i16).chars().rev().collect();
                        for (offset, bit) in format!("{:016b}", stored as i16).chars().rev().enumerate() {
                            if offset < width {
                                bits[low as usize + offset] = bit;
                            }
                        }
                        let text: String = bits.into_iter().rev().collect();
                        let whole = i64::from(u16::from_str_radix(&text, 2).unwrap() as i16);
                        if range.contains(&whole.into()) {
                            assert_eq!(world.next[0], value(whole));
                        } else if wraps {
                            assert_eq!(world.next[0], Value::Int(range.wrap(&whole.into())));
                        } else {
                            assert!(exit.is_err(), "{old} [{low}] = {stored}");
                            assert_eq!(world.next[0], value(old));
                        }
                    }
                }
            }
        }
    }
}

#[test]
fn partial_stores_into_wide_integers_work_beyond_64_bits() {
    let mut m = Maker::default();
    let n = m.net("n", Type::unsigned(100), Value::Int(Int::power_of_two(99)));
    let (low, stored, bit, yes) = (m.int(70), m.int(5), m.int(99), m.bool(false));
    let (exit, world) = m.run(vec![
        next_part(n, vec![Projection::Slice { low, width: 3 }], stored),
        next_part(n, vec![Projection::Bit(bit)], yes),
    ]);
    assert_eq!(exit, Ok(Exit::Done));
    assert_eq!(world.next[0], Value::Int(Int::from(5i64).shl(70)));
}

#[test]
fn elements_and_fields_are_stored_in_place_and_checked() {
    let mut m = Maker::default();
    let fields = vec![("x".to_owned(), Type::Bool), ("y".to_owned(), Type::unsigned(4))];
    m.types.structs.push(StructType { name: "P".into(), fields, span: Span::NONE });
    let element = Type::Struct(StructId::new(0));
    let pair = Value::Struct(Arc::new(vec![Value::Bool(false), value(0)]));
    let ty = Type::Array(Box::new(element), 3);
    let n = m.net("n", ty, Value::Array(Arc::new(vec![pair; 3])));
    let at = m.net("at", Type::int(0i64, 5i64), value(2));
    let stored = m.net("stored", Type::int(0i64, 99i64), value(9));
    let (index, read, three) = (m.read(at), m.read(stored), m.int(1));
    let yes = m.bool(true);
    let stmts = vec![
        next_part(n, vec![Projection::Index(index), Projection::Field(1)], read),
        next_part(n, vec![Projection::Index(index), Projection::Field(1), Projection::Bit(three)], yes),
    ];
    let (exit, world) = m.run(stmts);
    assert_eq!(exit, Ok(Exit::Done));
    let Value::Array(elements) = &world.next[0] else { panic!() };
    assert_eq!(elements[2], Value::Struct(Arc::new(vec![Value::Bool(false), value(11)])));
    assert_eq!(elements[1], Value::Struct(Arc::new(vec![Value::Bool(false), value(0)])));
    let mut world = m.world();
    world.now[2] = value(16);
    let fault = run(&m.body, &mut world, &m.types).unwrap_err();
    assert_eq!(fault.to_string(), "16 does not fit into `n`, which holds 0 to 15");
    let mut world = m.world();
    world.now[1] = value(3);
    let fault = run(&m.body, &mut world, &m.types).unwrap_err();
    assert_eq!(*fault.kind, FaultKind::Index { length: 3, index: 3i64.into() });
}

#[test]
fn the_first_arm_whose_condition_holds_is_taken() {
    for given in 0i64..5 {
        let mut m = Maker::default();
        let n = m.net("n", Type::unsigned(8), value(given));
        let out = m.net("out", Type::unsigned(8), value(0));
        let read = m.read(n);
        let mut arms = Vec::new();
        for (limit, result) in [(1, 10), (3, 30), (2, 20)] {
            let limit = m.int(limit);
            let cond = m.op(Op::Lt, &[read, limit]);
            let result = m.int(result);
            arms.push((cond, vec![next(out, result)]));
        }
        let other = m.int(99);
        let (_, world) = m.run(vec![stmt(StmtKind::If { arms, orelse: vec![next(out, other)] })]);
        let expected = [10, 30, 30, 99, 99][given as usize];
        assert_eq!(world.next[1], value(expected));
    }
}

#[test]
fn a_condition_that_another_path_stored_is_read_from_its_variable() {
    for (branch, expected) in [(true, 0i64), (false, 1)] {
        let mut m = Maker::default();
        let a = m.net("a", Type::Bool, Value::Bool(branch));
        let out = m.net("out", Type::unsigned(8), value(0));
        let flag = m.var("flag", Type::Bool);
        let (a_now, never, zero, one) = (m.read(a), m.bool(false), m.int(0), m.int(1));
        let n = m.read(out);
        let is_zero = m.op(Op::Eq, &[n, zero]);
        let flag_now = m.get(flag);
        // The comparison is the last thing before the condition, on one path of two.
        let (_, world) = m.run(vec![
            assign(flag, never),
            when(a_now, vec![], vec![assign(flag, is_zero)]),
            when(flag_now, vec![next(out, one)], vec![]),
        ]);
        assert_eq!(world.next[out.index()], value(expected), "{branch}");
    }
}

#[test]
fn a_switch_finds_its_value_or_its_default() {
    for wide in [false, true] {
        for given in 0i64..6 {
            let mut m = Maker::default();
            let ty = Type::unsigned(if wide { 80 } else { 3 });
            let n = m.net("n", ty, value(given));
            let out = m.net("out", Type::unsigned(8), value(0));
            let read = m.read(n);
            let arms = [(vec![4i64, 1], 10), (vec![3], 30)]
                .map(|(values, result)| {
                    let result = m.int(result);
                    let values = values.into_iter().map(value).collect();
                    SwitchArm { values, body: vec![next(out, result)] }
                })
                .into();
            let other = m.int(99);
            let default = Some(vec![next(out, other)]);
            let (_, world) = m.run(vec![stmt(StmtKind::Switch { subject: read, arms, default })]);
            let expected = [99, 10, 99, 30, 10, 99][given as usize];
            assert_eq!(world.next[1], value(expected), "{given}");
        }
    }
}

#[test]
fn a_switch_takes_members() {
    let mut m = Maker::default();
    let members = [("A", 0i64), ("B", 1)].map(|(name, code)| (name.to_owned(), Int::from(code)));
    m.types.enums.push(EnumType {
        name: "T".into(),
        members: members.into(),
        width_bits: 1,
        span: Span::NONE,
    });
    let ty = Type::Enum(crate::EnumId::new(0));
    let n = m.net("n", ty, Value::Enum(1));
    let out = m.net("out", Type::unsigned(8), value(0));
    let (subject, one, two) = (m.read(n), m.int(1), m.int(2));
    let arm = |member, result| SwitchArm { values: vec![Value::Enum(member)], body: vec![next(out, result)] };
    let arms = vec![arm(0, one), arm(1, two)];
    let (_, world) = m.run(vec![stmt(StmtKind::Switch { subject, arms, default: None })]);
    assert_eq!(world.next[1], value(2));
}

fn counting(m: &mut Maker, [start, stop, step]: [Int; 3], ty: Type) -> (Stmt, VarId) {
    let label: LabelId = m.body.add_label("loop");
    let i = m.var("i", ty);
    let counter = m.get(i);
    let template = Template {
        pieces: vec![
            Piece::Operand { conversion: Conversion::Format, spec: String::new() },
            Piece::Text(" ".into()),
        ],
    };
    let text = m.op(Op::Format { template: Box::new(template) }, &[counter]);
    let body = vec![stmt(StmtKind::Print { text })];
    (stmt(StmtKind::For { label, var: i, start, stop, step, body }), i)
}

#[test]
fn a_counting_loop_counts_as_range_does() {
    for (start, stop, step, expected) in [
        (0i64, 4i64, 1i64, "0 1 2 3 "),
        (3, -1, -1, "3 2 1 0 "),
        (0, 5, 2, "0 2 4 "),
        (5, 0, -2, "5 3 1 "),
        (2, 2, 1, ""),
        (3, 2, 1, ""),
    ] {
        let mut m = Maker::default();
        let (count, _) = counting(&mut m, [start, stop, step].map(Int::from), Type::signed(8));
        let (exit, world) = m.run(vec![count]);
        assert_eq!((exit, &world.printed[..]), (Ok(Exit::Done), expected));
        let mut m = Maker::default();
        let far = Int::power_of_two(70);
        let bounds = [far.add(&start.into()), far.add(&stop.into()), step.into()];
        let (count, _) = counting(&mut m, bounds, Type::unsigned(80));
        let (exit, world) = m.run(vec![count]);
        let expected: String =
            expected.split_whitespace().map(|n| format!("{} ", far.add(&n.parse().unwrap()))).collect();
        assert_eq!((exit, world.printed), (Ok(Exit::Done), expected));
    }
}

#[test]
fn the_counter_keeps_its_last_value_and_a_loop_without_turns_leaves_it_unset() {
    for (stop, expected) in [(3i64, Some(2i64)), (0, None)] {
        let mut m = Maker::default();
        let out = m.net("out", Type::unsigned(8), value(0));
        let (count, i) = counting(&mut m, [0.into(), stop.into(), 1.into()], Type::unsigned(8));
        let read = m.get(i);
        let (exit, world) = m.run(vec![count, next(out, read)]);
        match expected {
            Some(last) => assert_eq!(world.next[0], value(last)),
            None => assert_eq!(*exit.unwrap_err().kind, FaultKind::Unset { variable: "i".into() }),
        }
    }
}

#[test]
fn what_is_made_unset_in_a_turn_is_not_what_an_earlier_turn_left() {
    // for i in range(4): unset x; if i >= from: x = i; if i >= 2: out = x
    for (from, fits) in [(2i64, true), (1, true), (3, false)] {
        let mut m = Maker::default();
        let out = m.net("out", Type::unsigned(8), value(0));
        let x = m.var("x", Type::unsigned(8));
        let (count, i) = counting(&mut m, [0.into(), 4.into(), 1.into()], Type::unsigned(8));
        let StmtKind::For { label, var, start, stop, step, .. } = count.kind else { panic!("a loop") };
        let (at, read) = (m.get(i), m.get(x));
        let (from, two) = (m.int(from), m.int(2));
        let (begins, shows) = (m.op(Op::Ge, &[at, from]), m.op(Op::Ge, &[at, two]));
        let body = vec![
            stmt(StmtKind::Unset(x)),
            stmt(StmtKind::If { arms: vec![(begins, vec![assign(x, at)])], orelse: vec![] }),
            stmt(StmtKind::If { arms: vec![(shows, vec![next(out, read)])], orelse: vec![] }),
        ];
        let (exit, world) = m.run(vec![stmt(StmtKind::For { label, var, start, stop, step, body })]);
        match exit {
            Ok(_) => assert!(fits && world.next[0] == value(3)),
            Err(fault) => assert!(!fits && *fault.kind == FaultKind::Unset { variable: "x".into() }),
        }
    }
}

#[test]
fn break_and_continue_find_the_loop_of_their_label() {
    // for i in range(4): for j in range(4): if j == 1: continue inner; if i == 2: break outer; n += 1
    let mut m = Maker::default();
    let out = m.net("out", Type::unsigned(8), value(0));
    let (outer, inner) = (m.body.add_label("outer"), m.body.add_label("inner"));
    let (i, j, n) =
        (m.var("i", Type::unsigned(4)), m.var("j", Type::unsigned(4)), m.var("n", Type::unsigned(8)));
    let (zero, one, two) = (m.int(0), m.int(1), m.int(2));
    let (i_read, j_read, n_read) = (m.get(i), m.get(j), m.get(n));
    let (skip, leave) = (m.op(Op::Eq, &[j_read, one]), m.op(Op::Eq, &[i_read, two]));
    let more = m.op(Op::Add, &[n_read, one]);
    let range = |label, var, body| {
        stmt(StmtKind::For { label, var, start: 0.into(), stop: 4.into(), step: 1.into(), body })
    };
    let body = vec![
        when(skip, vec![stmt(StmtKind::Continue(inner))], vec![]),
        when(leave, vec![stmt(StmtKind::Break(outer))], vec![]),
        assign(n, more),
    ];
    let loops = range(outer, i, vec![range(inner, j, body)]);
    let (exit, world) = m.run(vec![assign(n, zero), loops, next(out, n_read)]);
    assert_eq!(exit, Ok(Exit::Done));
    assert_eq!(world.next[0], value(6));
}

#[test]
fn a_while_loop_tests_before_each_turn_and_can_be_interrupted() {
    let mut m = Maker::default();
    let out = m.net("out", Type::unsigned(8), value(0));
    let label = m.body.add_label("loop");
    let n = m.var("n", Type::unsigned(8));
    let (zero, one, ten, n_read) = (m.int(0), m.int(1), m.int(10), m.get(n));
    let cond = m.op(Op::Lt, &[n_read, ten]);
    let more = m.op(Op::Add, &[n_read, one]);
    let turn = stmt(StmtKind::While { label, cond, body: vec![assign(n, more)] });
    let (_, world) = m.run(vec![assign(n, zero), turn, next(out, n_read)]);
    assert_eq!(world.next[0], value(10));

    let mut m = Maker::default();
    let label = m.body.add_label("loop");
    let cond = m.bool(true);
    m.body.stmts = vec![stmt(StmtKind::While { label, cond, body: vec![] })];
    let mut world = m.world();
    world.patience = 3;
    assert_eq!(run(&m.body, &mut world, &m.types), Ok(Exit::Interrupted));
}

#[test]
fn a_block_is_left_by_its_break_with_its_result_set() {
    let mut m = Maker::default();
    let out = m.net("out", Type::unsigned(8), value(0));
    let flag = m.net("flag", Type::Bool, Value::Bool(true));
    let label = m.body.add_label("call");
    let r = m.var("r", Type::unsigned(8));
    let (cond, one, two, r_read) = (m.read(flag), m.int(1), m.int(2), m.get(r));
    let leave = || stmt(StmtKind::Break(label));
    let body = vec![when(cond, vec![assign(r, one), leave()], vec![]), assign(r, two), leave()];
    m.body.stmts = vec![stmt(StmtKind::Block { label, body }), next(out, r_read)];
    let code = Code::compile(&m.body, &m.shapes, &m.types).unwrap();
    for (given, expected) in [(true, 1), (false, 2)] {
        let mut world = m.world();
        world.now[1] = Value::Bool(given);
        assert_eq!(code.run(&mut code.frame(), &mut world, &m.types), Ok(Exit::Done));
        assert_eq!(world.next[0], value(expected));
    }
}

#[test]
fn a_process_goes_on_after_its_wait_with_its_variables() {
    let mut m = Maker::default();
    let out = m.net("out", Type::unsigned(8), value(0));
    let clk = m.net("clk", Type::Bool, Value::Bool(false));
    let steps = m.net("steps", Type::int(-5i64, 500i64), value(7));
    let n = m.var("n", Type::unsigned(8));
    let (three, n_read, delay, five) = (m.int(3), m.get(n), m.read(steps), m.int(5));
    let rising = Wait::Event(Event { net: clk, edge: Edge::Rising });
    m.body.stmts = vec![
        assign(n, three),
        stmt(StmtKind::Wait(vec![rising.clone(), Wait::Join(vec![Wait::Delay(delay), Wait::Delay(five)])])),
        next(out, n_read),
        stmt(StmtKind::Wait(vec![])),
    ];
    let code = Code::compile(&m.body, &m.shapes, &m.types).unwrap();
    let mut frame = code.frame();
    let mut world = m.world();
    let Ok(Exit::Wait(wait)) = code.run(&mut frame, &mut world, &m.types) else { panic!() };
    let event = CodeWait::Event(Event { net: clk, edge: Edge::Rising });
    assert_eq!(code.wait(wait), [event, CodeWait::Join(vec![CodeWait::Delay, CodeWait::Delay])]);
    assert_eq!(frame.delays(), [7, 5]);
    assert_eq!(world.next[0], value(0));
    let Ok(Exit::Wait(wait)) = code.run(&mut frame, &mut world, &m.types) else { panic!() };
    assert_eq!(code.wait(wait), []);
    assert_eq!(world.next[0], value(3));
    assert_eq!(code.run(&mut frame, &mut world, &m.types), Ok(Exit::Done));
    let mut world = m.world();
    world.now[2] = value(-1);
    let fault = code.run(&mut code.frame(), &mut world, &m.types).unwrap_err();
    assert_eq!(*fault.kind, FaultKind::Delay { steps: Int::MINUS_ONE });
}

#[test]
fn time_is_read_and_may_be_printed() {
    let mut m = Maker::default();
    let now = m.op(Op::Now, &[]);
    let template = Template {
        pieces: vec![
            Piece::Operand { conversion: Conversion::Format, spec: "05d".into() },
            Piece::Text("\n".into()),
        ],
    };
    let text = m.op(Op::Format { template: Box::new(template) }, &[now]);
    m.body.stmts = vec![stmt(StmtKind::Print { text })];
    let mut world = m.world();
    world.time = 42;
    assert_eq!(run(&m.body, &mut world, &m.types), Ok(Exit::Done));
    assert_eq!(world.printed, "00042\n");
}

#[test]
fn assertions_raises_and_finishes_tell_their_text() {
    let mut m = Maker::default();
    let (no, yes) = (m.bool(false), m.bool(true));
    let text = m.text("bad");
    let assert = |cond| stmt(StmtKind::Assert { cond, message: Some(text) });
    assert_eq!(m.run(vec![assert(yes)]).0, Ok(Exit::Done));
    let fault = m.run(vec![assert(no)]).0.unwrap_err();
    assert_eq!(*fault.kind, FaultKind::Assertion { message: Some("bad".into()) });
    let raise = stmt(StmtKind::Raise { exception: "ValueError".into(), message: Some(text) });
    let fault = m.run(vec![raise]).0.unwrap_err();
    assert_eq!(fault.to_string(), "ValueError: bad");
    let finish = stmt(StmtKind::Finish { message: None });
    assert_eq!(m.run(vec![finish, assert(no)]).0, Ok(Exit::Finish(None)));
}

#[test]
fn a_fault_points_at_its_statement_or_into_it() {
    let line = |number: u32, from: u32, to: u32| Span::new(FileId(0), (number, from), (number, to));
    let mut m = Maker::default();
    let out = m.net("out", Type::unsigned(8), value(0));
    let by = m.net("by", Type::unsigned(8), value(0));
    let (read, one) = (m.read(by), m.int(1));
    let quotient = m.body.exprs.op(Op::FloorDiv, &[one, read], &m.types, line(3, 10, 15)).unwrap();
    let at =
        |number| Stmt::new(StmtKind::Next { place: Place::net(out), value: quotient }, line(number, 4, 20));
    assert_eq!(m.run(vec![at(3)]).0.unwrap_err().span, line(3, 10, 15));
    // Line 5 uses the expression that line 3 had first.
    assert_eq!(m.run(vec![at(5)]).0.unwrap_err().span, line(5, 4, 20));
}

#[test]
fn an_assignment_sees_the_old_value_of_its_own_variable() {
    // x = a and_then x, y = mux(c, y + 1, y): the target is an operand.
    let mut m = Maker::default();
    let out = m.net("out", Type::Bool, Value::Bool(true));
    let a = m.net("a", Type::Bool, Value::Bool(true));
    let x = m.var("x", Type::Bool);
    let (no, a_read, x_read) = (m.bool(false), m.read(a), m.get(x));
    let both = m.op(Op::AndThen, &[a_read, x_read]);
    let (_, world) = m.run(vec![assign(x, no), assign(x, both), next(out, x_read)]);
    assert_eq!(world.next[0], Value::Bool(false));
}

#[test]
fn unbounded_variables_grow() {
    let mut m = Maker::default();
    let x = m.var("x", naturals());
    let (one, x_read) = (m.int(1 << 40), m.get(x));
    let square = m.op(Op::Mul, &[x_read, x_read]);
    let template =
        Template { pieces: vec![Piece::Operand { conversion: Conversion::Format, spec: "x".into() }] };
    let text = m.op(Op::Format { template: Box::new(template) }, &[x_read]);
    let (exit, world) =
        m.run(vec![assign(x, one), assign(x, square), assign(x, square), stmt(StmtKind::Print { text })]);
    assert_eq!(exit, Ok(Exit::Done));
    assert_eq!(world.printed, format!("1{}", "0".repeat(40)));
}

#[test]
fn z_goes_through_a_mux_into_a_driver_and_nowhere_else() {
    for enabled in [false, true] {
        let mut m = Maker::default();
        let driver = m.net("driver", Type::unsigned(8), Value::Z);
        m.shapes[0].tristate = true;
        let enable = m.net("enable", Type::Bool, Value::Bool(enabled));
        let plain = m.net("plain", Type::unsigned(8), value(1));
        let (cond, data) = (m.read(enable), m.int(7));
        let z = m.body.exprs.constant(Value::Z, Type::unsigned(8), Span::NONE);
        let mux = m.op(Op::Mux, &[cond, data, z]);
        let (exit, world) = m.run(vec![next(driver, mux), next(plain, mux)]);
        assert_eq!(world.next[0], if enabled { value(7) } else { Value::Z });
        if enabled {
            assert_eq!(world.next[2], value(7));
        } else {
            assert_eq!(*exit.unwrap_err().kind, FaultKind::Undriven);
        }
    }
}

#[test]
fn a_body_that_points_nowhere_is_an_internal_fault_and_no_panic() {
    let mut m = Maker::default();
    let n = m.net("n", Type::unsigned(8), value(0));
    let one = m.int(1);
    let bad = [
        next(NetId::new(9), one),
        next(n, ExprId::new(99)),
        assign(VarId::new(4), one),
        stmt(StmtKind::Break(LabelId::new(3))),
        next_part(n, vec![Projection::Index(one)], one),
    ];
    for bad in bad {
        let fault = m.run(vec![bad]).0.unwrap_err();
        assert!(matches!(*fault.kind, FaultKind::Internal { .. }));
    }
}
