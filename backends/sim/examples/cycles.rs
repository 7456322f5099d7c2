//! How many clock cycles a second the kernel does with the evaluator, beside MyHDL where it is at hand.
//!
//! `cargo run --release -p pyhw-sim --example cycles [PYTHON]`: PYTHON is an interpreter that can import MyHDL.

use pyhw_diagnostics::Span;
use pyhw_ir::{
    Body, Design, Edge, Event, ExprId, Module, ModuleId, Net, NetId, Op, Place, Process, ProcessBody,
    ProcessKind, Stmt, StmtKind, Type, Types, Value, Wait,
};
use pyhw_sim::{NoHost, Options, Simulation};
use std::process::Command;
use std::time::Instant;

const CYCLES: u64 = 1_000_000;

struct Maker {
    body: Body,
    types: Types,
}

impl Maker {
    fn new() -> Maker {
        Maker { body: Body::default(), types: Types::default() }
    }

    fn op(&mut self, op: Op, args: &[ExprId]) -> ExprId {
        self.body.exprs.op(op, args, &self.types, Span::NONE).expect("the example is well typed")
    }

    fn int(&mut self, value: i64) -> ExprId {
        self.body.exprs.int(value, Span::NONE)
    }
}

fn process(name: &str, kind: ProcessKind, body: Body) -> Process {
    Process { name: name.into(), kind, body: ProcessBody::Ir(body), doc: None, span: Span::NONE }
}

fn stmt(kind: StmtKind) -> Stmt {
    Stmt::new(kind, Span::NONE)
}

/// A clock of two steps, made by a process as a test bench does it.
fn clock(module: &mut Module) -> NetId {
    let clk = module.add_net(Net::new("clk", Type::Bool, Value::Bool(false), Span::NONE));
    let mut m = Maker::new();
    let label = m.body.add_label("loop");
    let yes = m.body.exprs.bool(true, Span::NONE);
    let one = m.int(1);
    let read = m.body.exprs.net(clk, &Type::Bool, Span::NONE);
    let value = m.op(Op::Not, &[read]);
    let turn = vec![
        stmt(StmtKind::Wait(vec![Wait::Delay(one)])),
        stmt(StmtKind::Next { place: Place::net(clk), value }),
    ];
    m.body.stmts = vec![stmt(StmtKind::While { label, cond: yes, body: turn })];
    module.add_process(process("clock", ProcessKind::Timed, m.body));
    clk
}

fn design(module: Module) -> Design {
    Design { modules: vec![module], top: Some(ModuleId::new(0)), ..Design::default() }
}

fn rising(net: NetId) -> ProcessKind {
    ProcessKind::Clocked { events: vec![Event { net, edge: Edge::Rising }], reset: None }
}

/// `if count == 255: count.next = 0, else: count.next = count + 1`.
fn counter() -> Design {
    let mut module = Module::new("counter", Span::NONE);
    let clk = clock(&mut module);
    let byte = Type::unsigned(8);
    let count = module.add_net(Net::new("count", byte.clone(), Value::int(0i64), Span::NONE));
    let mut m = Maker::new();
    let read = m.body.exprs.net(count, &byte, Span::NONE);
    let (zero, one, last) = (m.int(0), m.int(1), m.int(255));
    let is_last = m.op(Op::Eq, &[read, last]);
    let more = m.op(Op::Add, &[read, one]);
    let store = |value| stmt(StmtKind::Next { place: Place::net(count), value });
    m.body.stmts =
        vec![stmt(StmtKind::If { arms: vec![(is_last, vec![store(zero)])], orelse: vec![store(more)] })];
    module.add_process(process("count", rising(clk), m.body));
    design(module)
}

/// `word = concat(lfsr, word[24] ^ word[23] ^ word[22] ^ word[17])[24:]`, as in MyHDL's benchmark lfsr24.
fn lfsr() -> Design {
    let mut module = Module::new("lfsr", Span::NONE);
    let clk = clock(&mut module);
    let ty = Type::unsigned(24);
    let word = module.add_net(Net::new("word", ty.clone(), Value::int(1i64), Span::NONE));
    let mut m = Maker::new();
    let read = m.body.exprs.net(word, &ty, Span::NONE);
    let mut feedback = None;
    for at in [23, 22, 21, 16] {
        let at = m.int(at);
        let bit = m.op(Op::Bit, &[read, at]);
        feedback = Some(match feedback {
            None => bit,
            Some(before) => m.op(Op::Xor, &[before, bit]),
        });
    }
    let feedback = feedback.map(|bit| m.op(Op::ToInt, &[bit]));
    let args: Vec<ExprId> = std::iter::once(read).chain(feedback).collect();
    let value = m.op(Op::Concat { widths: [23, 1].into() }, &args);
    m.body.stmts = vec![stmt(StmtKind::Next { place: Place::net(word), value })];
    module.add_process(process("shift", rising(clk), m.body));
    design(module)
}

const MYHDL: &str = "
import time
from myhdl import *
@block
def top(kind):
    clk = Signal(bool(0))
    count = Signal(intbv(0)[8:])
    word = Signal(intbv(1)[24:])
    @always(delay(1))
    def clock():
        clk.next = not clk
    @always(clk.posedge)
    def counter():
        if count == 255:
            count.next = 0
        else:
            count.next = count + 1
    @always(clk.posedge)
    def lfsr():
        word.next = concat(word[23:0], word[23] ^ word[22] ^ word[21] ^ word[16])
    return clock, (counter if kind == 'counter' else lfsr)
for kind in ('counter', 'lfsr'):
    inst = top(kind)
    start = time.perf_counter()
    inst.run_sim(2 * 100000, quiet=1)
    print(kind, 100000 / (time.perf_counter() - start))
    inst.quit_sim()
";

fn main() {
    let myhdl = std::env::args().nth(1).and_then(|python| {
        // MyHDL reads the source of its processes, so that there must be a file.
        let file = std::env::temp_dir().join(format!("pyhw-cycles-{}.py", std::process::id()));
        std::fs::write(&file, MYHDL).ok()?;
        let output = Command::new(python).arg(&file).output();
        std::fs::remove_file(&file).ok()?;
        let output = output.ok()?;
        output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
    });
    println!("{:10} {:>14} {:>14}", "design", "cycles/s", "MyHDL");
    for (name, design) in [("counter", counter()), ("lfsr", lfsr())] {
        let mut simulation = Simulation::new(&design, Options::default()).expect("the example is valid");
        let start = Instant::now();
        simulation.run(Some(2 * CYCLES), &mut NoHost);
        let rate = CYCLES as f64 / start.elapsed().as_secs_f64();
        let theirs = myhdl.as_deref().and_then(|text| {
            text.lines().find_map(|line| line.strip_prefix(name)?.trim().parse::<f64>().ok())
        });
        match theirs {
            Some(theirs) => println!("{name:10} {rate:14.0} {theirs:14.0}   {:.0} times", rate / theirs),
            None => println!("{name:10} {rate:14.0} {:>14}", "-"),
        }
    }
}
