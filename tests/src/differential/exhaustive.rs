//! Every operator on every value of small operands: a module for each operator, an output for each pair of operand types.
//!
//! The operand types are the unsigned and signed integers of 1 to 4 bits, each a port of its own; all 256 steps together
//! drive every pair of values of the widest ones, and so of all.

use super::ports::Ports;
use super::stimulus::Drive;
use super::subject::{Form, Subject};
use crate::generate::weights::prototypes;
use pyhw_diagnostics::Span;
use pyhw_ir::{
    Body, Design, Direction, ExprId, Int, Module, ModuleId, Net, NetId, Op, Place, Process, ProcessBody,
    ProcessKind, Range, Stmt, StmtKind, Type, Types, Value,
};

const NONE: Span = Span::NONE;
/// The most bits of an operand.
const MOST: u32 = 4;

/// The names of the subjects.
pub fn names() -> Vec<String> {
    prototypes()
        .iter()
        .filter(|op| !cases(op).is_empty())
        .map(|op| format!("x_{}", op.info().mnemonic))
        .collect()
}

/// The subject of a name.
///
/// # Errors
/// There is none of this name, or it faults.
pub fn subject(name: &str) -> Result<Subject, String> {
    let op = prototypes().into_iter().find(|op| format!("x_{}", op.info().mnemonic) == name);
    let op = op.filter(|op| !cases(op).is_empty()).ok_or_else(|| format!("there is no subject {name}"))?;
    Subject::new(name.to_owned(), design(name, &op), Form::Plain, |ports, _| Ok(steps(ports)))
}

/// How the operands of a case are made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Operands {
    /// One integer.
    One,
    /// Two integers.
    Two,
    /// Two integers, the second of which must not be zero.
    NotZero,
    /// Two integers, the second of which must not be negative.
    Natural,
    /// One boolean.
    Bool,
    /// Two booleans.
    Bools,
    /// A boolean and two integers.
    Choice,
    /// An integer that must be 0 or 1.
    Bit,
}

/// The operators with their parameters, and the operands that they take.
fn cases(op: &Op) -> Vec<(Op, Operands)> {
    let all = |ops: Vec<Op>, operands: Operands| ops.into_iter().map(|op| (op, operands)).collect();
    let own = |operands: Operands| vec![(op.clone(), operands)];
    let widths = || 1..=MOST + 1;
    match op {
        Op::Neg | Op::Inv => own(Operands::One),
        Op::Add | Op::Sub | Op::Mul | Op::Lt | Op::Le | Op::Gt | Op::Ge => own(Operands::Two),
        Op::FloorDiv | Op::Mod => own(Operands::NotZero),
        Op::Pow | Op::Shl | Op::Shr | Op::Bit => own(Operands::Natural),
        Op::And | Op::Or | Op::Xor | Op::Eq | Op::Ne => {
            vec![(op.clone(), Operands::Two), (op.clone(), Operands::Bools)]
        }
        Op::Not | Op::ToInt => own(Operands::Bool),
        Op::AndThen | Op::OrElse => own(Operands::Bools),
        Op::Mux => own(Operands::Choice),
        Op::Slice { .. } => {
            let slices = widths().flat_map(|width| (0..=MOST).map(move |low| Op::Slice { low, width }));
            all(slices.collect(), Operands::One)
        }
        Op::Signed { .. } => all(widths().map(|width| Op::Signed { width }).collect(), Operands::One),
        Op::Concat { .. } => {
            let pairs = [(1u32, 1u32), (2, 3), (3, 1), (4, 4), (1, 6)];
            all(pairs.map(|(a, b)| Op::Concat { widths: [a, b].into() }).to_vec(), Operands::Two)
        }
        Op::Wrap { .. } => {
            let ranges = [
                (0i64, 1i64),
                (0, 2),
                (0, 4),
                (-1, 1),
                (-3, 2),
                (-8, 7),
                (2, 6),
                (-7, -5),
                (-2, 12),
                (0, 31),
            ];
            all(ranges.map(|(min, max)| Op::Wrap { range: Range::new(min, max) }).to_vec(), Operands::One)
        }
        Op::ToBool => own(Operands::Bit),
        // These have no small operands of their own; random designs have them.
        Op::Refine { .. }
        | Op::Check { .. }
        | Op::Encode
        | Op::Decode { .. }
        | Op::Index
        | Op::Array
        | Op::Field { .. }
        | Op::Struct { .. }
        | Op::IsZ
        | Op::Now
        | Op::Format { .. } => Vec::new(),
    }
}

fn operand_types() -> Vec<(String, Type)> {
    (1..=MOST)
        .flat_map(|width| {
            [(format!("u{width}"), Type::unsigned(width)), (format!("s{width}"), Type::signed(width))]
        })
        .collect()
}

/// Something that an output shows.
struct Builder {
    module: Module,
    types: Types,
    a: Vec<(NetId, Type)>,
    b: Vec<(NetId, Type)>,
    p: NetId,
    q: NetId,
}

fn design(name: &str, op: &Op) -> Design {
    let mut module = Module::new(name, NONE);
    let mut port = |name: String, ty: Type| {
        let init = match ty {
            Type::Bool => Value::Bool(false),
            _ => Value::int(0i64),
        };
        module.add_port(Net::new(name, ty, init, NONE), Direction::In)
    };
    let a =
        operand_types().into_iter().map(|(name, ty)| (port(format!("a_{name}"), ty.clone()), ty)).collect();
    let b =
        operand_types().into_iter().map(|(name, ty)| (port(format!("b_{name}"), ty.clone()), ty)).collect();
    let (p, q) = (port("p".to_owned(), Type::Bool), port("q".to_owned(), Type::Bool));
    let mut builder = Builder { module, types: Types::default(), a, b, p, q };
    for (op, operands) in cases(op) {
        builder.case(&op, operands);
    }
    Design { modules: vec![builder.module], top: Some(ModuleId::new(0)), ..Design::default() }
}

impl Builder {
    fn case(&mut self, op: &Op, operands: Operands) {
        let (a, b) = (self.a.clone(), self.b.clone());
        match operands {
            Operands::Bool | Operands::Bools => self.output(op, operands, None, None),
            Operands::One | Operands::Bit => a.iter().for_each(|a| self.output(op, operands, Some(a), None)),
            Operands::Two | Operands::NotZero | Operands::Natural | Operands::Choice => {
                for a in &a {
                    for b in &b {
                        self.output(op, operands, Some(a), Some(b));
                    }
                }
            }
        }
    }

    fn output(&mut self, op: &Op, operands: Operands, a: Option<&(NetId, Type)>, b: Option<&(NetId, Type)>) {
        let mut body = Body::default();
        let types = self.types.clone();
        let exprs = &mut body.exprs;
        let ints: Vec<ExprId> =
            [a, b].into_iter().flatten().map(|(net, ty)| exprs.net(*net, ty, NONE)).collect();
        let (p, q) = (exprs.net(self.p, &Type::Bool, NONE), exprs.net(self.q, &Type::Bool, NONE));
        let zero = exprs.int(0i64, NONE);
        let bits = exprs.int(1i64, NONE);
        let mut apply = |op: &Op, args: &[ExprId]| exprs.op(op.clone(), args, &types, NONE).ok();
        let guarded = |apply: &mut dyn FnMut(&Op, &[ExprId]) -> Option<ExprId>, compare: Op| {
            let guard = apply(&compare, &[ints[1], zero])?;
            let value = apply(op, &ints)?;
            Some((guard, value))
        };
        let value = match operands {
            Operands::One | Operands::Two => apply(op, &ints),
            Operands::Bool => apply(op, &[p]),
            Operands::Bools => apply(op, &[p, q]),
            Operands::Choice => apply(op, &[p, ints[0], ints[1]]),
            Operands::NotZero | Operands::Natural => {
                let compare = if operands == Operands::NotZero { Op::Ne } else { Op::Ge };
                guarded(&mut apply, compare).and_then(|(guard, value)| {
                    if *op == Op::Bit {
                        apply(&Op::AndThen, &[guard, value])
                    } else {
                        apply(&Op::Mux, &[guard, value, zero])
                    }
                })
            }
            Operands::Bit => {
                let low = apply(&Op::Ge, &[ints[0], zero]);
                let high = apply(&Op::Le, &[ints[0], bits]);
                let value = apply(op, &ints);
                low.zip(high).zip(value).and_then(|((low, high), value)| {
                    let guard = apply(&Op::AndThen, &[low, high])?;
                    apply(&Op::AndThen, &[guard, value])
                })
            }
        };
        // A result that is too wide for the IR has no output; of small operands none is.
        let Some(value) = value else { return };
        let ty = exprs.ty(value).clone();
        let init = match &ty {
            Type::Int(range) if !range.contains(&Int::ZERO) => {
                Value::Int(range.min.clone().unwrap_or(Int::ZERO))
            }
            Type::Int(_) => Value::int(0i64),
            _ => Value::Bool(false),
        };
        let number = self.module.processes.len();
        let net = self.module.add_port(Net::new(format!("o{number}"), ty, init, NONE), Direction::Out);
        body.stmts = vec![Stmt::new(StmtKind::Next { place: Place::net(net), value }, NONE)];
        let mut process = Process {
            name: format!("p{number}"),
            kind: ProcessKind::Comb { sensitivity: Vec::new() },
            body: ProcessBody::Ir(body.compact()),
            doc: None,
            span: NONE,
        };
        process.kind = ProcessKind::Comb { sensitivity: pyhw_passes::read_nets(&process) };
        self.module.add_process(process);
    }
}

/// Every pair of values of the widest operands, and with them every pair of booleans.
fn steps(ports: &Ports) -> Vec<Drive> {
    let row = |number: i64| {
        let (a, b) = (Int::from(number % 16), Int::from(number / 16));
        let value = |input: &super::ports::Input| {
            let width = input.ty.range().and_then(Range::width_bits).unwrap_or(1);
            match input.name.as_bytes() {
                [b'a', ..] => a.low_bits(width),
                [b'b', ..] => b.low_bits(width),
                // Both booleans see each pair of values, because the number of bits in a counter is odd as often as even.
                [b'p', ..] => Int::from(number.count_ones() % 2 == 1),
                _ => Int::from((number / 3) % 2 == 1),
            }
        };
        Drive { inputs: ports.inputs.iter().map(value).collect(), edges: Vec::new() }
    };
    (0..256).map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pair_of_values_is_driven() {
        let subject = subject("x_add").unwrap();
        let place = |name: &str| subject.ports.inputs.iter().position(|input| input.name == name).unwrap();
        for (a, b) in [("a_s4", "b_u4"), ("a_u1", "b_s3"), ("p", "q")] {
            let (a, b) = (place(a), place(b));
            let mut seen: Vec<(Int, Int)> =
                subject.steps.iter().map(|step| (step.inputs[a].clone(), step.inputs[b].clone())).collect();
            seen.sort();
            seen.dedup();
            let size = |place: usize| {
                1 << super::super::ports::width_bits(&subject.ports.inputs[place].ty, &Types::default())
                    .unwrap()
            };
            assert_eq!(seen.len(), size(a) * size(b));
        }
    }

    #[test]
    fn each_operator_on_integers_has_a_subject() {
        assert!(names().len() >= 26, "{} {:?}", names().len(), names());
        assert_eq!(subject("x_floordiv").unwrap().ports.outputs.len(), 64);
        assert!(subject("x_now").is_err());
    }
}
