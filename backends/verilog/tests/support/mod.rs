//! What the tests of this crate share: a small deterministic generator, and Icarus runs.

#![allow(dead_code)]

#[path = "../../../text/tests/support/installed.rs"]
mod installed;

use pyhw_diagnostics::Span;
use pyhw_ir::{ExprId, ExprKind, Exprs, Int, Net, Op, Range, Type, Types, Value};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

/// A generator of random numbers that gives the same ones everywhere: Knuth's linear congruential one.
pub struct Random(pub u64);

impl Random {
    /// A number below `bound`.
    pub fn below(&mut self, bound: u32) -> u32 {
        self.0 = self.0.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        ((self.0 >> 33) % u64::from(bound)) as u32
    }

    /// A member of the interval; often one of its ends.
    pub fn member(&mut self, range: &Range) -> Int {
        let (min, max) = range.bounds().expect("a bounded interval");
        match self.below(6) {
            0 => min.clone(),
            1 => max.clone(),
            _ => {
                let limbs: Vec<u32> = (0..6).map(|_| self.below(u32::MAX)).collect();
                let size = max.sub(min).add(&Int::ONE);
                Int::from_limbs_32(&limbs).floor_mod(&size).expect("a size").add(min)
            }
        }
    }

    /// An interval: unsigned, signed or neither, of 1 to 130 bits.
    pub fn range(&mut self) -> Range {
        let width = match self.below(5) {
            0 => 1 + self.below(130),
            1 => [1, 2, 31, 32, 33, 63, 64, 65, 128][self.below(9) as usize],
            _ => 1 + self.below(12),
        };
        match self.below(5) {
            0 | 1 => Range::unsigned(width),
            2 | 3 => Range::signed(width),
            _ => {
                let outer = Range::signed(width.min(20));
                let (a, b) = (self.member(&outer), self.member(&outer));
                let (min, max) = if a <= b { (a, b) } else { (b, a) };
                Range { min: Some(min), max: Some(max) }
            }
        }
    }
}

/// The widest expression that is generated, in bits.
const MAX_BITS: u32 = 150;

/// Random expressions over some nets.
pub struct Generator<'a> {
    pub random: &'a mut Random,
    pub exprs: &'a mut Exprs,
    pub types: &'a Types,
    /// What expressions are made of: nets and variables.
    pub leaves: &'a [(ExprKind, Type)],
    /// Whether no expression may be a fault.
    pub safe: bool,
}

impl Generator<'_> {
    fn op(&mut self, op: Op, args: &[ExprId]) -> Option<ExprId> {
        let id = self.exprs.op(op, args, self.types, Span::NONE).ok()?;
        match self.exprs.range(id) {
            Some(range) if range.width_bits().is_none_or(|bits| bits > MAX_BITS) => None,
            _ => Some(id),
        }
    }

    fn leaf(&mut self, wanted: fn(&Type) -> bool) -> Option<ExprId> {
        let fitting: Vec<_> = self.leaves.iter().filter(|(_, ty)| wanted(ty)).collect();
        if fitting.is_empty() {
            return None;
        }
        let (kind, ty) = fitting[self.random.below(fitting.len() as u32) as usize].clone();
        Some(self.exprs.intern(kind, ty, Span::NONE))
    }

    /// A random index from 0 to `most`, which is one less than a power of two.
    pub fn index(&mut self, most: u32) -> ExprId {
        self.small(most)
    }

    /// A random integer expression.
    pub fn int(&mut self, depth: u32) -> ExprId {
        loop {
            if let Some(id) = self.try_int(depth) {
                return id;
            }
        }
    }

    fn small(&mut self, most: u32) -> ExprId {
        let range = Range::new(0i64, i64::from(most));
        if most == 0 || self.random.below(2) == 0 {
            let value = self.random.member(&range);
            return self.exprs.int(value, Span::NONE);
        }
        let a = self.int(0);
        let bits = 32 - most.leading_zeros();
        self.exprs
            .op(Op::Slice { low: 0, width: bits.max(1) }, &[a], self.types, Span::NONE)
            .expect("a slice")
    }

    fn try_int(&mut self, depth: u32) -> Option<ExprId> {
        if depth == 0 {
            if self.random.below(5) == 0 {
                let range = self.random.range();
                let value = self.random.member(&range);
                return Some(self.exprs.int(value, Span::NONE));
            }
            return self.leaf(|ty| matches!(ty, Type::Int(_)));
        }
        let depth = self.random.below(depth);
        let binary = [Op::Add, Op::Sub, Op::Mul, Op::FloorDiv, Op::Mod, Op::And, Op::Or, Op::Xor];
        match self.random.below(24) {
            0 => {
                let a = self.int(depth);
                self.op(Op::Neg, &[a])
            }
            1 => {
                let a = self.int(depth);
                self.op(Op::Inv, &[a])
            }
            2..=11 => {
                let (a, mut b) = (self.int(depth), self.int(depth));
                let op = binary[self.random.below(8) as usize].clone();
                if matches!(op, Op::FloorDiv | Op::Mod) {
                    // Icarus 11 never ends some divisions of more than 64 bits, such as one by 2^66 - 1.
                    let wide =
                        |e| self.exprs.range(e).and_then(Range::width_bits).is_none_or(|bits| bits > 62);
                    if wide(a) || wide(b) {
                        return None;
                    }
                }
                if self.safe && matches!(op, Op::FloorDiv | Op::Mod) {
                    let divisor = 1 + self.random.below(40);
                    b = self.exprs.int(divisor, Span::NONE);
                }
                self.op(op, &[a, b])
            }
            12 => {
                let (a, b) = (self.int(depth), self.small(3));
                self.op(Op::Pow, &[a, b])
            }
            13 => {
                let (a, b) = (self.int(depth), self.small(9));
                self.op(Op::Shl, &[a, b])
            }
            14 | 15 => {
                let (a, b) = (self.int(depth), self.small(140));
                self.op(Op::Shr, &[a, b])
            }
            16 | 17 => {
                let (low, width) = (self.random.below(20), 1 + self.random.below(20));
                let a = self.int(depth);
                self.op(Op::Slice { low, width }, &[a])
            }
            18 => {
                let widths: Vec<u32> =
                    (0..1 + self.random.below(4)).map(|_| 1 + self.random.below(30)).collect();
                let args: Vec<ExprId> = widths.iter().map(|_| self.int(depth)).collect();
                self.op(Op::Concat { widths: widths.into() }, &args)
            }
            19 => {
                let (a, width) = (self.int(depth), 1 + self.random.below(40));
                self.op(Op::Signed { width }, &[a])
            }
            20 => {
                let (a, range) = (self.int(depth), self.random.range());
                self.op(Op::Wrap { range }, &[a])
            }
            21 => {
                let a = self.bool(depth);
                if self.random.below(3) == 0 {
                    return self.op(Op::ToInt, &[a]);
                }
                let (b, c) = (self.int(depth), self.int(depth));
                self.op(Op::Mux, &[a, b, c])
            }
            22 if !self.safe => {
                let a = self.int(depth);
                let range = self.exprs.range(a)?.clone();
                let (x, y) = (self.random.member(&range), self.random.member(&range));
                let range = if x <= y { Range::new(x, y) } else { Range::new(y, x) };
                self.op(Op::Check { range }, &[a])
            }
            _ => {
                let length = 1 + self.random.below(6);
                let length = if self.safe { length.next_power_of_two() } else { length };
                let index = self.small(length - 1);
                let array = if self.random.below(2) == 0 {
                    let range = self.random.range();
                    let values = (0..length).map(|_| Value::Int(self.random.member(&range))).collect();
                    let ty = Type::Array(Box::new(Type::Int(range)), length);
                    self.exprs.constant(Value::Array(Arc::new(values)), ty, Span::NONE)
                } else {
                    let parts: Vec<ExprId> = (0..length).map(|_| self.int(depth.min(1))).collect();
                    self.exprs.op(Op::Array, &parts, self.types, Span::NONE).ok()?
                };
                self.op(Op::Index, &[array, index])
            }
        }
    }

    /// A random boolean expression.
    pub fn bool(&mut self, depth: u32) -> ExprId {
        loop {
            if let Some(id) = self.try_bool(depth) {
                return id;
            }
        }
    }

    fn try_bool(&mut self, depth: u32) -> Option<ExprId> {
        if depth == 0 {
            return self.leaf(|ty| *ty == Type::Bool);
        }
        let depth = self.random.below(depth);
        let compare = [Op::Eq, Op::Ne, Op::Lt, Op::Le, Op::Gt, Op::Ge];
        match self.random.below(12) {
            0 => {
                let a = self.bool(depth);
                self.op(Op::Not, &[a])
            }
            1 => {
                let (a, b) = (self.bool(depth), self.bool(depth));
                let op = [Op::And, Op::Or, Op::Xor, Op::Eq, Op::Ne, Op::AndThen, Op::OrElse]
                    [self.random.below(7) as usize]
                    .clone();
                self.op(op, &[a, b])
            }
            2 => {
                let (a, b, c) = (self.bool(depth), self.bool(depth), self.bool(depth));
                self.op(Op::Mux, &[a, b, c])
            }
            3 | 4 => {
                let (a, b) = (self.int(depth), self.small(140));
                self.op(Op::Bit, &[a, b])
            }
            5 => {
                let a = self.int(depth);
                let bit = self.exprs.op(Op::Slice { low: 0, width: 1 }, &[a], self.types, Span::NONE).ok()?;
                self.op(Op::ToBool, &[bit])
            }
            _ => {
                let (a, b) = (self.int(depth), self.int(depth));
                let op = compare[self.random.below(6) as usize].clone();
                self.op(op, &[a, b])
            }
        }
    }
}

/// A net that starts as zero, or as the least value where zero is none.
pub fn net(name: &str, ty: Type) -> Net {
    let init = match &ty {
        Type::Int(range) if range.contains(&Int::ZERO) => Value::Int(Int::ZERO),
        Type::Int(range) => Value::Int(range.min.clone().expect("a bounded interval")),
        _ => Value::Bool(false),
    };
    Net::new(name, ty, init, Span::NONE)
}

/// Where a test may write.
pub fn scratch(name: &str) -> PathBuf {
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::create_dir_all(&dir).expect("a scratch folder");
    dir
}

pub use installed::installed as has;

/// Runs a command and gives its two outputs together, with whether it succeeded.
pub fn run(command: &mut Command) -> (bool, String) {
    let output = command.output().expect("the tool starts");
    let text =
        [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).concat();
    (output.status.success(), text)
}

/// Compiles with Icarus, demands that it has nothing to say, and gives what the simulation prints.
pub fn icarus(dir: &Path, files: &[PathBuf], top: &str) -> String {
    let out = dir.join("a.out");
    let (ok, said) =
        run(Command::new("iverilog").args(["-g2005", "-Wall", "-s", top, "-o"]).arg(&out).args(files));
    assert!(ok && said.is_empty(), "iverilog: {said}");
    let (ok, said) = run(Command::new("timeout").args(["-s", "KILL", "120", "vvp", "-n"]).arg(&out));
    assert!(ok, "vvp: {said}");
    said
}

/// Demands that Verilator has nothing to say but what `allowed` switches off.
pub fn verilator(files: &[PathBuf], top: &str, allowed: &[&str]) {
    if !has("verilator", "--version") {
        return;
    }
    let (ok, said) = run(Command::new("verilator")
        .args(["--lint-only", "-Wall", "--top-module", top])
        .args(allowed)
        .args(files));
    assert!(ok && said.trim().is_empty(), "verilator: {said}");
}

/// Demands that Yosys synthesises without a warning; what it cannot do at all (tri-states) is left out.
pub fn yosys(files: &[PathBuf], top: &str, synth: bool) {
    if !has("yosys", "-V") {
        return;
    }
    let names: Vec<String> = files.iter().map(|file| file.display().to_string()).collect();
    // What is random has dead logic in it, which is swept out before it is looked at.
    let steps = if synth { "proc; check; synth" } else { "proc; opt_clean; check" };
    let script = format!("read_verilog {}; hierarchy -check -top {top}; {steps}", names.join(" "));
    let (ok, said) = run(Command::new("yosys").args(["-q", "-p", &script]));
    let said: Vec<&str> = said
        .lines()
        .filter(|line| !line.contains("limited support for tri-state") && !line.is_empty())
        .collect();
    assert!(ok && said.is_empty(), "yosys: {}", said.join("\n"));
}
