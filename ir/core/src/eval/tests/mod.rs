//! The evaluator against independent arithmetic, and compiled code against plain evaluation.

mod graphs;
mod operators;
mod stmts;

use super::*;
use crate::design::{Body, NetId, Types};

/// Nets of a module, with next values that take effect when a test says so.
pub(super) struct World {
    pub shapes: Vec<NetShape>,
    pub now: Vec<Value>,
    pub next: Vec<Value>,
    pub time: u64,
    pub printed: String,
    pub patience: u32,
}

impl World {
    pub fn new(shapes: Vec<NetShape>, init: Vec<Value>) -> World {
        World { shapes, next: init.clone(), now: init, time: 0, printed: String::new(), patience: u32::MAX }
    }
}

impl Environment for World {
    fn small(&self, net: NetId) -> i64 {
        assert!(self.shapes[net.index()].small());
        to_small(&self.now[net.index()]).unwrap()
    }

    fn next_small(&self, net: NetId) -> i64 {
        to_small(&self.next[net.index()]).unwrap()
    }

    fn store_small(&mut self, net: NetId, value: i64) {
        self.next[net.index()] = from_small(value, &self.shapes[net.index()].ty);
    }

    fn value(&self, net: NetId) -> &Value {
        assert!(!self.shapes[net.index()].small());
        &self.now[net.index()]
    }

    fn store(&mut self, net: NetId, value: Value) {
        assert!(!self.shapes[net.index()].small());
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
        self.patience -= 1;
        self.patience == 0
    }
}

/// Compiles and runs a body from its beginning to its first exit.
pub(super) fn run(body: &Body, world: &mut World, types: &Types) -> Result<Exit, Fault> {
    let code = Code::compile(body, &world.shapes, types)?;
    code.run(&mut code.frame(), world, types)
}

/// A small generator of numbers that repeat.
pub(super) struct Random(pub u64);

impl Random {
    pub fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (self.0 >> 33) % limit
    }
}
