//! Random programs of small integers, and random designs whose facts need not hold.

use super::designs::Rng;
use pyhw_diagnostics::Span;
use pyhw_ir::rewrite::{Rewrite, rewrite_stmts};
use pyhw_ir::*;
use std::fmt::Write;

/// `check` for `refine`: one of a random design need not hold.
struct NoRefine<'a> {
    from: &'a Exprs,
    to: Exprs,
    types: &'a Types,
}

impl Rewrite for NoRefine<'_> {
    fn expr(&mut self, root: ExprId) -> ExprId {
        let mut new = vec![None; self.from.len()];
        self.from.walk(root, &mut |id| {
            let built = match self.from.kind(id) {
                ExprKind::Op(op, args) => {
                    let args: Vec<ExprId> = args.iter().map(|arg| new[arg.index()].unwrap()).collect();
                    let op = match op {
                        Op::Refine { range } => Op::Check { range: range.clone() },
                        other => other.clone(),
                    };
                    self.to.op(op, &args, self.types, Span::NONE).unwrap()
                }
                leaf => self.to.intern(leaf.clone(), self.from.ty(id).clone(), Span::NONE),
            };
            new[id.index()] = Some(built);
        });
        new[root.index()].unwrap()
    }
}

/// The same design with a `check` in place of every `refine`.
pub fn without_refine(design: &mut Design) {
    for process in design.modules.iter_mut().flat_map(|module| &mut module.processes) {
        if let ProcessBody::Ir(body) = &mut process.body {
            let mut rewrite = NoRefine { from: &body.exprs, to: Exprs::new(), types: &design.types };
            let stmts = rewrite_stmts(&body.stmts, &mut rewrite);
            body.exprs = rewrite.to;
            body.stmts = stmts;
        }
    }
}

/// Programs of small integers with the control flow that narrowing learns from.
pub struct Programs {
    rng: Rng,
    out: String,
    labels: usize,
    /// Labels around, and whether they are loops.
    open: Vec<(String, bool)>,
    is_timed: bool,
}

const VARS: &[&str] = &["$a", "$b", "$c", "$n", "$w"];

impl Programs {
    /// The program of a seed, as IR text without its first line.
    pub fn text(seed: u64, is_timed: bool) -> String {
        let mut this = Programs { rng: Rng(seed), out: String::new(), labels: 0, open: Vec::new(), is_timed };
        this.out.push_str(
            "enum E: u2 { A = 0 B = 1 C = 2 }
module m {
net %x: u4 = 0
net %y: int[-5, 9] = 0
net %u: u3 = 0
net %f: bool = false
net %e: E = E.A
net %rom: array[int[-3, 30], 4] = [1, 2, 30, -3]
net %out0: u4 = 0
net %out1: int[-40, 40] = 0
net %out2: u6 = 0 wraps
net %out3: int[-inf, inf] = 0
",
        );
        let kind = if is_timed { "timed" } else { "comb(%x)" };
        writeln!(this.out, "process p {kind} {{").unwrap();
        for var in &VARS[..4] {
            writeln!(this.out, "var {var}: int[-inf, inf]").unwrap();
        }
        this.out.push_str("var $w: int[-8, 7] wraps\nvar $t: bool\n");
        for var in VARS {
            let value = this.rng.below(6) as i64 - 1;
            writeln!(this.out, "{var} = {value}").unwrap();
        }
        this.out.push_str("$t = false\n");
        this.block(0);
        this.out.push_str("}\n}\ntop m\n");
        this.out
    }

    fn int(&mut self, depth: usize) -> String {
        if depth > 2 || self.rng.chance(3) {
            return match self.rng.below(9) {
                0 => "%x".into(),
                1 => "%y".into(),
                2 => "%u".into(),
                3 | 4 => (self.rng.below(12) as i64 - 2).to_string(),
                _ => (*self.rng.pick(VARS)).into(),
            };
        }
        let op = *self.rng.pick(&[
            "add",
            "add",
            "add",
            "sub",
            "sub",
            "mul",
            "and",
            "or",
            "xor",
            "floordiv",
            "mod",
            "neg",
            "inv",
            "shl",
            "shr",
            "mux",
            "mux",
            "slice[0,3]",
            "slice[1,2]",
            "signed[3]",
            "wrap[0, 5]",
            "check[-20, 200]",
            "to_int",
            "index",
            "encode",
        ]);
        let a = self.int(depth + 1);
        match op {
            "neg" | "inv" | "slice[0,3]" | "slice[1,2]" | "signed[3]" | "wrap[0, 5]" | "check[-20, 200]" => {
                format!("{op}({a})")
            }
            "to_int" => format!("to_int({})", self.cond(depth + 1)),
            "encode" => "encode(%e)".into(),
            "index" => format!("index(%rom, slice[0,2]({a}))"),
            "shl" | "shr" => format!("{op}({a}, slice[0,2]({}))", self.int(depth + 1)),
            "mux" => {
                let cond = self.cond(depth + 1);
                format!("mux({cond}, {a}, {})", self.int(depth + 1))
            }
            // No squares: in a loop they would take all memory.
            "mul" => format!("mul({a}, {})", self.rng.pick(&["%x", "%y", "3", "-2", "$w"])),
            _ => format!("{op}({a}, {})", self.int(depth + 1)),
        }
    }

    fn cond(&mut self, depth: usize) -> String {
        match self.rng.below(if depth > 2 { 8 } else { 13 }) {
            0 => "%f".into(),
            1 => "$t".into(),
            2 => format!("{}(%e, E.{})", self.rng.pick(&["eq", "ne"]), self.rng.pick(&["A", "B", "C"])),
            3..8 => {
                let op = *self.rng.pick(&["eq", "ne", "lt", "le", "gt", "ge"]);
                format!("{op}({}, {})", self.int(depth + 1), self.int(depth + 2))
            }
            8 => format!("not({})", self.cond(depth + 1)),
            9 => format!("bit({}, {})", self.int(depth + 1), self.rng.below(5)),
            _ => {
                let op = *self.rng.pick(&["and_then", "or_else", "and", "or", "xor", "eq"]);
                format!("{op}({}, {})", self.cond(depth + 1), self.cond(depth + 1))
            }
        }
    }

    fn block(&mut self, depth: usize) {
        for _ in 0..1 + self.rng.below(if depth == 0 { 7 } else { 3 }) {
            self.stmt(depth);
        }
    }

    fn line(&mut self, text: String) {
        writeln!(self.out, "{text}").unwrap();
    }

    fn braces(&mut self, depth: usize) {
        self.out.push_str(" {\n");
        self.block(depth + 1);
        self.out.push_str("}\n");
    }

    fn labelled(&mut self, head: &str, rest: &str, is_loop: bool, depth: usize) {
        self.labels += 1;
        let label = format!("'l{}", self.labels);
        write!(self.out, "{head} {label} {rest}").unwrap();
        self.open.push((label, is_loop));
        self.braces(depth);
        self.open.pop();
    }

    fn stmt(&mut self, depth: usize) {
        let kinds = if depth > 3 { 6 } else { 16 };
        match self.rng.below(kinds) {
            0..3 => {
                let var = *self.rng.pick(VARS);
                let value = self.int(0);
                self.line(format!("{var} = {value}"));
            }
            3 => {
                let net = self.rng.below(4);
                let value = self.int(0);
                self.line(format!("%out{net} <= {value}"));
            }
            4 => {
                let value = self.cond(0);
                self.line(format!("$t = {value}"));
            }
            5 => {
                let (var, value) = (*self.rng.pick(VARS), self.int(1));
                let line = match self.rng.below(4) {
                    0 => format!("{var}.bit(slice[0,2]({value})) = $t",),
                    1 => format!("{var}.slice[2](1) = {value}"),
                    2 => format!("print format[\"{{}}\\n\"]({value})"),
                    _ => {
                        let cond = self.cond(0);
                        format!("assert {cond}, format[\"{{}}\\n\"]({value})")
                    }
                };
                // Only timed processes print.
                if self.is_timed || !line.starts_with("print") {
                    self.line(line);
                }
            }
            6..9 => {
                let cond = self.cond(0);
                write!(self.out, "if {cond}").unwrap();
                self.braces(depth);
                if self.rng.chance(3) {
                    self.out.truncate(self.out.trim_end().len());
                    let cond = self.cond(0);
                    write!(self.out, " elif {cond}").unwrap();
                    self.braces(depth);
                }
                if self.rng.chance(2) {
                    self.out.truncate(self.out.trim_end().len());
                    self.out.push_str(" else");
                    self.braces(depth);
                }
            }
            9 => {
                let subject = *self.rng.pick(&["$a", "%x", "%y", "slice[0,2]($n)"]);
                let fits: &[i64] = if subject.starts_with("slice") { &[0, 3] } else { &[0, 1, 7] };
                writeln!(self.out, "switch {subject} {{").unwrap();
                for value in fits {
                    write!(self.out, "case {value}").unwrap();
                    self.braces(depth);
                }
                self.out.push_str("default");
                self.braces(depth);
                self.out.push_str("}\n");
            }
            10 => {
                self.out.push_str("switch %e {\n");
                for member in ["A", "B", "C"] {
                    write!(self.out, "case E.{member}").unwrap();
                    self.braces(depth);
                }
                self.out.push_str("}\n");
            }
            11 => {
                let (start, stop, step) =
                    *self.rng.pick(&[(0i64, 4i64, 1i64), (5, -2, -3), (0, 0, 1), (2, 3, 1), (0, 3000, 1000)]);
                let var = *self.rng.pick(&["$a", "$b", "$n"]);
                self.labelled("for", &format!("{var} in range({start}, {stop}, {step})"), true, depth);
            }
            12 => {
                let var = *self.rng.pick(&["$a", "$b", "$n"]);
                let limit = self.int(1);
                let head = self.out.len();
                self.labelled("while", &format!("lt({var}, {limit})"), true, depth);
                // Most loops should end.
                let at = self.out[head..].find('{').unwrap() + head + 1;
                self.out.insert_str(at, &format!("\n{var} = add({var}, 1)\n"));
            }
            13 => self.labelled("block", "", false, depth),
            14 => {
                if let Some((label, is_loop)) = self.open.last().cloned() {
                    let label = if self.rng.chance(3) { self.open[0].0.clone() } else { label };
                    let is_loop = is_loop && label == self.open.last().unwrap().0;
                    let jump = if is_loop && self.rng.chance(2) { "continue" } else { "break" };
                    self.line(format!("{jump} {label}"));
                }
            }
            _ if self.is_timed => self.line("wait delay(1)".into()),
            _ => {
                if self.rng.chance(4) {
                    self.line("return".into());
                }
            }
        }
    }
}
