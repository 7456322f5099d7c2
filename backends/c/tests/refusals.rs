//! What C cannot say is an error with its place, and nothing is written.

mod common;

use common::*;
use pyhw_diagnostics::{Code, Diagnostic};
use pyhw_ir::{
    Design, Direction, Edge, Event, HostBody, NetKind, Op, Process, ProcessBody, ProcessKind, StmtKind, Type,
    Value,
};

fn refused(design: &Design) -> Vec<Diagnostic> {
    match pyhw_c::emit(design, &pyhw_c::Options::default()) {
        Ok(files) => panic!("written: {}", files[1].text),
        Err(errors) => {
            assert!(!errors.is_empty() && errors.iter().all(Diagnostic::is_error), "{errors:#?}");
            errors
        }
    }
}

fn codes(design: &Design) -> Vec<Code> {
    refused(design).iter().map(|error| error.code).collect()
}

fn bool_net(build: &mut Build, name: &str) -> pyhw_ir::NetId {
    build.net(name, Type::Bool, Value::Bool(false))
}

/// A body that stores one net's value, inverted, into another.
fn inverter(build: &Build, to: pyhw_ir::NetId, from: pyhw_ir::NetId) -> common::Code {
    let mut code = build.code();
    let value = code.get(from);
    let value = code.op(Op::Not, &[value]);
    code.push(next(to, value));
    code
}

#[test]
fn a_process_that_waits() {
    let mut build = Build::new("waits", "a.py", 1);
    let y = build.output("y", Type::Bool, Value::Bool(false));
    let mut code = build.code();
    let value = code.bool(true);
    code.push(next(y, value));
    code.push(stmt(StmtKind::Wait(vec![])));
    build.process("bench", ProcessKind::Timed, code, 7);
    let errors = refused(&build.finish());
    assert_eq!(errors[0].code, Code::PH0501);
    assert_eq!(errors[0].primary.span.start.line, 7);
}

#[test]
fn a_process_of_the_host_tells_why_it_is_one() {
    let mut build = Build::new("host", "a.py", 1);
    build.output("y", Type::Bool, Value::Bool(false));
    let reason = vec![Diagnostic::new(Code::PH0202, at(9), "`thing` is bound nowhere")];
    for (reason, expected) in [(reason, Code::PH0202), (vec![], Code::PH0201)] {
        let mut module = build.module.clone();
        module.add_process(Process {
            name: "p".into(),
            kind: ProcessKind::Timed,
            body: ProcessBody::Host(HostBody { handle: 0, reason }),
            doc: None,
            span: at(8),
        });
        let design = Build { design: build.design.clone(), module }.finish();
        assert!(codes(&design).contains(&expected));
    }
}

#[test]
fn what_no_verified_design_holds_is_a_fault_of_pyhw_and_not_a_value() {
    let mut build = Build::new("wrong", "a.py", 1);
    let y = build.output("y", Type::Bool, Value::Bool(false));
    let mut code = build.code();
    let number = code.int(3);
    code.push(next(y, number));
    build.comb("p", code, 4);
    assert_eq!(codes(&build.finish()), [Code::PH9999]);
}

#[test]
fn two_drivers_and_a_loop() {
    let mut build = Build::new("twice", "a.py", 1);
    let (a, y) = (build.bit("a"), build.output("y", Type::Bool, Value::Bool(false)));
    for line in [4, 8] {
        let code = inverter(&build, y, a);
        build.comb(&format!("p{line}"), code, line);
    }
    assert_eq!(codes(&build.finish()), [Code::PH0401]);

    let mut build = Build::new("ring", "a.py", 1);
    let y = build.output("y", Type::Bool, Value::Bool(false));
    let b = bool_net(&mut build, "b");
    for (name, to, from) in [("p", y, b), ("q", b, y)] {
        let code = inverter(&build, to, from);
        build.comb(name, code, 3);
    }
    assert_eq!(codes(&build.finish()), [Code::PH0403]);
}

#[test]
fn a_clock_that_is_made_within_or_read_as_a_value() {
    let mut build = Build::new("divided", "a.py", 1);
    let clk = build.bit("clk");
    let y = build.output("y", Type::Bool, Value::Bool(false));
    let half = bool_net(&mut build, "half");
    let code = inverter(&build, half, half);
    build.clocked("divide", clk, code, 4);
    let code = inverter(&build, y, y);
    build.clocked("slow", half, code, 9);
    let errors = refused(&build.finish());
    assert!(errors.iter().all(|error| error.code == Code::PH0501));
    assert!(errors[0].message.contains("`half`"), "{errors:#?}");

    let mut build = Build::new("gated", "a.py", 1);
    let clk = build.bit("clk");
    let y = build.output("y", Type::Bool, Value::Bool(false));
    let z = build.output("z", Type::Bool, Value::Bool(false));
    let code = inverter(&build, y, y);
    build.clocked("count", clk, code, 4);
    let code = inverter(&build, z, clk);
    build.comb("reads", code, 9);
    assert_eq!(codes(&build.finish()), [Code::PH0501]);
}

#[test]
fn nets_that_no_field_can_hold() {
    for kind in [NetKind::TriState, NetKind::Delayed(3)] {
        let mut build = Build::new("nets", "a.py", 1);
        let a = build.bit("a");
        let y = build.output("y", Type::Bool, Value::Bool(false));
        build.module.nets[y.index()].kind = kind;
        let code = inverter(&build, y, a);
        build.comb("p", code, 3);
        assert_eq!(codes(&build.finish()), [Code::PH0501]);
    }
    let mut build = Build::new("both", "a.py", 1);
    let net = build.net("pad", Type::Bool, Value::Bool(false));
    build.module.ports.push(pyhw_ir::Port { net, direction: Direction::InOut });
    assert_eq!(codes(&build.finish()), [Code::PH0501]);
}

#[test]
fn a_loop_without_a_bound() {
    let mut build = Build::new("forever", "a.py", 1);
    let (a, y) = (build.bit("a"), build.output("y", Type::Bool, Value::Bool(false)));
    let mut code = build.code();
    let (label, cond) = (code.label("wait"), code.get(a));
    let value = code.bool(true);
    code.push(stmt(StmtKind::While { label, cond, body: vec![next(y, value)] }));
    build.comb("p", code, 3);
    assert_eq!(codes(&build.finish()), [Code::PH0204]);
}

#[test]
fn a_process_without_a_clock_edge() {
    let mut build = Build::new("change", "a.py", 1);
    let (a, y) = (build.bit("a"), build.output("y", Type::Bool, Value::Bool(false)));
    let code = inverter(&build, y, y);
    let events = vec![Event { net: a, edge: Edge::Any }];
    build.process("p", ProcessKind::Clocked { events, reset: None }, code, 3);
    assert_eq!(codes(&build.finish()), [Code::PH0501]);
}

#[test]
fn a_loop_whose_counter_ends_it_is_written() {
    let mut build = Build::new("counts", "a.py", 1);
    let a = build.input("a", Type::unsigned(6), Value::int(0i64));
    let y = build.output("y", Type::unsigned(3), Value::int(0i64));
    let mut code = build.code();
    let (n, v) = (code.var("n", Type::int(0i64, 7i64)), code.var("v", Type::unsigned(6)));
    let (label, zero, one, six) = (code.label("while"), code.int(0), code.int(1), code.int(6));
    let (count, value, start) = (code.read(n), code.read(v), code.get(a));
    let below = code.op(Op::Lt, &[count, six]);
    let is_left = code.op(Op::Ne, &[value, zero]);
    let cond = code.op(Op::AndThen, &[below, is_left]);
    let (half, more) = (code.op(Op::Shr, &[value, one]), code.op(Op::Add, &[count, one]));
    code.push(assign(n, zero));
    code.push(assign(v, start));
    code.push(stmt(StmtKind::While { label, cond, body: vec![assign(v, half), assign(n, more)] }));
    code.push(next(y, count));
    build.comb("p", code, 3);
    let files = emitted(&build.finish());
    assert!(files[1].text.contains("while ((n < 6U) && (v != 0U)) {"), "{}", files[1].text);
}
