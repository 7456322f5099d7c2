//! What the tests of the passes share: designs from IR text, findings as text, and a world to run bodies in.
#![allow(dead_code, reason = "each test binary uses a part")]
#![allow(clippy::unwrap_used, reason = "only tests use it")]

#[path = "../../../core/tests/support/mod.rs"]
pub mod designs;
pub mod programs;

use pyhw_diagnostics::{Diagnostic, Label};
use pyhw_ir::eval::{Code, Environment, Exit, Fault, NetShape, from_small, to_small};
use pyhw_ir::parse::parse;
use pyhw_ir::verify::verify;
use pyhw_ir::{Body, Design, Module, NetId, ProcessBody, Types, Value};
use std::fmt::Write;

/// A valid design from IR text without its first line.
#[track_caller]
pub fn design(text: &str) -> Design {
    let design = parse(&format!("hwir 1\n{text}"))
        .unwrap_or_else(|faults| panic!("{}: {}\n{text}", faults[0].primary.span, faults[0].message));
    assert_valid(&design, text);
    design
}

#[track_caller]
pub fn assert_valid(design: &Design, text: &str) {
    let faults = verify(design);
    let messages: Vec<String> =
        faults.iter().map(|fault| format!("{} {:?}", fault.message, fault.notes)).collect();
    assert!(faults.is_empty(), "{messages:#?}\n{}\n{text}", pyhw_ir::print::print_pretty(design));
}

/// Findings, each with all that is said, places as lines and columns.
pub fn shown(findings: &[Diagnostic]) -> String {
    let place = |label: &Label| {
        let pos = label.span.start;
        if label.span.is_known() { format!("{}:{}", pos.line, pos.column) } else { "-".to_owned() }
    };
    let mut out = String::new();
    for finding in findings {
        writeln!(out, "{}[{}]: {}", finding.severity, finding.code, finding.message).unwrap();
        writeln!(out, "  {} {}", place(&finding.primary), finding.primary.text).unwrap();
        for label in &finding.labels {
            writeln!(out, "  {} {}", place(label), label.text).unwrap();
        }
        for note in &finding.notes {
            writeln!(out, "  note: {note}").unwrap();
        }
        for help in &finding.help {
            writeln!(out, "  help: {help}").unwrap();
        }
    }
    out
}

/// The nets of a module with current and next values.
#[derive(Clone)]
pub struct World {
    pub shapes: Vec<NetShape>,
    pub now: Vec<Value>,
    pub next: Vec<Value>,
    pub time: u64,
    pub printed: String,
    pub patience: u32,
}

impl World {
    /// Every net at its initial value.
    pub fn new(module: &Module) -> World {
        let now: Vec<Value> = module.nets.iter().map(|net| net.init.clone()).collect();
        World {
            shapes: module.nets.iter().map(NetShape::of).collect(),
            next: now.clone(),
            now,
            time: 0,
            printed: String::new(),
            patience: 1,
        }
    }
}

impl Environment for World {
    fn small(&self, net: NetId) -> i64 {
        to_small(&self.now[net.index()]).unwrap()
    }

    fn next_small(&self, net: NetId) -> i64 {
        to_small(&self.next[net.index()]).unwrap()
    }

    fn store_small(&mut self, net: NetId, value: i64) {
        self.next[net.index()] = from_small(value, &self.shapes[net.index()].ty);
    }

    fn value(&self, net: NetId) -> &Value {
        &self.now[net.index()]
    }

    fn store(&mut self, net: NetId, value: Value) {
        self.next[net.index()] = value;
    }

    fn next_mut(&mut self, net: NetId, _element: Option<usize>) -> &mut Value {
        &mut self.next[net.index()]
    }

    fn now(&self) -> u64 {
        self.time
    }

    fn print(&mut self, text: &str) {
        self.printed.push_str(text);
    }

    fn interrupted(&mut self) -> bool {
        self.patience = self.patience.saturating_sub(1);
        self.patience == 0
    }
}

/// Compiles and runs a body from its beginning through at most `waits` waits.
pub fn run(body: &Body, world: &mut World, types: &Types, waits: usize) -> Result<Exit, Fault> {
    let code = Code::compile(body, &world.shapes, types)?;
    let mut frame = code.frame();
    let mut exit = code.run(&mut frame, world, types)?;
    for _ in 0..waits {
        let Exit::Wait(wait) = exit else { break };
        if code.wait(wait).is_empty() {
            break;
        }
        world.time += 1;
        exit = code.run(&mut frame, world, types)?;
    }
    Ok(exit)
}

/// The body of a process that is none of the host's.
pub fn body(design: &Design, module: usize, process: usize) -> Option<&Body> {
    match &design.modules[module].processes[process].body {
        ProcessBody::Ir(body) => Some(body),
        ProcessBody::Host(_) => None,
    }
}
