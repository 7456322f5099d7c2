//! Bodies flattened into instructions: operators whose operands and result are plain `i64`s.

use super::code::Operand;
use super::compile::Compiler;
use super::instr::{Instr, Reg};
use crate::design::EnumId;
use crate::expr::ExprId;
use crate::int::Int;
use crate::op::Op;
use crate::types::{Range, Type};

/// The widest integer that is never negative and fits an `i64`, in bits.
const MOST_BITS: u32 = 63;

impl Compiler<'_> {
    /// Emits an operator on small registers; `None`, and nothing emitted, if it is not one.
    ///
    /// That the result's interval fits an `i64` means that computing it cannot overflow.
    pub(super) fn small_node(
        &mut self,
        id: ExprId,
        op: &Op,
        args: &[ExprId],
        into: Option<Operand>,
    ) -> Option<Operand> {
        if !self.is_small(id) {
            return None;
        }
        // Two operators take booleans that may be `Z`, two wide integers.
        match op {
            Op::Not => {
                let a = self.truth(args[0]);
                let dst = self.small_target(into);
                self.emit(Instr::Not { dst, a });
                return Some(Operand::Small(dst));
            }
            Op::Wrap { range } | Op::Check { range } if !self.is_small(args[0]) => {
                let a = self.big(args[0]);
                let bounds = self.bounds(range, None);
                let dst = self.small_target(into);
                self.emit(match op {
                    Op::Wrap { .. } => Instr::NarrowWrap { dst, a, bounds },
                    _ => Instr::Narrow { dst, a, bounds },
                });
                return Some(Operand::Small(dst));
            }
            _ => {}
        }
        if !args.iter().all(|&arg| self.is_small(arg)) || !self.has_small_form(op, args) {
            return None;
        }
        let a = args.first().map_or(0, |&arg| self.small(arg));
        let b = args.get(1).map_or(0, |&arg| self.small(arg));
        let arg_range = args.first().and_then(|&arg| self.exprs.range(arg)).cloned();
        let holds = |range: &Range| arg_range.as_ref().is_some_and(|arg| range.contains_range(arg));
        match op {
            // What changes nothing is where its operand is.
            Op::ToInt => return Some(Operand::Small(a)),
            Op::ToBool if holds(&Range::new(0i64, 1i64)) => return Some(Operand::Small(a)),
            Op::Wrap { range } | Op::Check { range } | Op::Refine { range } if holds(range) => {
                return Some(Operand::Small(a));
            }
            _ => {}
        }
        if let Op::Concat { widths } = op {
            return Some(Operand::Small(self.concat(widths, args, into)));
        }
        let dst = self.small_target(into);
        let instr = match op {
            Op::Neg => Instr::Neg { dst, a },
            Op::Add => Instr::Add { dst, a, b },
            Op::Sub => Instr::Sub { dst, a, b },
            Op::Mul => Instr::Mul { dst, a, b },
            Op::FloorDiv => Instr::FloorDiv { dst, a, b },
            Op::Mod => Instr::Mod { dst, a, b },
            Op::Inv => Instr::Inv { dst, a },
            Op::And => Instr::And { dst, a, b },
            Op::Or => Instr::Or { dst, a, b },
            Op::Xor => Instr::Xor { dst, a, b },
            Op::Shl => Instr::Shl { dst, a, b },
            Op::Shr => Instr::Shr { dst, a, b },
            Op::Eq => Instr::Eq { dst, a, b },
            Op::Ne => Instr::Ne { dst, a, b },
            Op::Lt => Instr::Lt { dst, a, b },
            Op::Le => Instr::Le { dst, a, b },
            Op::Gt => Instr::Lt { dst, a: b, b: a },
            Op::Ge => Instr::Le { dst, a: b, b: a },
            Op::Not => Instr::Not { dst, a },
            Op::Bit => Instr::Bit { dst, a, b },
            Op::Slice { low, width } => Instr::Slice { dst, a, low: *low, width: *width as u8 },
            Op::Signed { width } => Instr::Signed { dst, a, width: *width as u8 },
            Op::Wrap { range } => Instr::Wrap { dst, a, bounds: self.bounds(range, None) },
            Op::Check { range } => Instr::Check { dst, a, bounds: self.bounds(range, None) },
            Op::Refine { range } => Instr::Refine { dst, a, bounds: self.bounds(range, None) },
            Op::ToBool => Instr::ToBool { dst, a },
            Op::Encode => {
                let codes = self.codes_of(args[0]).unwrap_or_default();
                self.code.tables.push(codes);
                Instr::Encode { dst, a, table: self.code.tables.len() as u32 - 1 }
            }
            Op::Decode { of } => {
                let codes = self.codes(*of).unwrap_or_default();
                self.code.tables.push(codes);
                self.code.names.push(self.types.enums[of.index()].name.clone());
                let (table, name) = (self.code.tables.len() as u32 - 1, self.code.names.len() as u32 - 1);
                Instr::Decode { dst, a, table, name }
            }
            // `has_small_form` has sent these elsewhere.
            Op::Pow
            | Op::AndThen
            | Op::OrElse
            | Op::Mux
            | Op::Concat { .. }
            | Op::ToInt
            | Op::Index
            | Op::Array
            | Op::Field { .. }
            | Op::Struct { .. }
            | Op::IsZ
            | Op::Now
            | Op::Format { .. } => Instr::Move { dst, a },
        };
        self.emit(instr);
        Some(Operand::Small(dst))
    }

    /// Whether there is an instruction for the operator on small operands with a small result.
    fn has_small_form(&self, op: &Op, args: &[ExprId]) -> bool {
        match op {
            Op::Neg
            | Op::Add
            | Op::Sub
            | Op::Mul
            | Op::FloorDiv
            | Op::Mod
            | Op::Inv
            | Op::And
            | Op::Or
            | Op::Xor
            | Op::Shl
            | Op::Shr
            | Op::Eq
            | Op::Ne
            | Op::Lt
            | Op::Le
            | Op::Gt
            | Op::Ge
            | Op::Not
            | Op::Bit
            | Op::Wrap { .. }
            | Op::Refine { .. }
            | Op::Check { .. }
            | Op::ToInt
            | Op::ToBool => true,
            Op::Slice { width, .. } => *width <= MOST_BITS,
            Op::Signed { width } => (1..=64).contains(width),
            Op::Concat { widths } => widths
                .iter()
                .try_fold(0u32, |sum, width| sum.checked_add(*width))
                .is_some_and(|sum| sum <= MOST_BITS),
            Op::Encode => self.codes_of(args[0]).is_some(),
            Op::Decode { of } => self.codes(*of).is_some(),
            Op::Pow
            | Op::AndThen
            | Op::OrElse
            | Op::Mux
            | Op::Index
            | Op::Array
            | Op::Field { .. }
            | Op::Struct { .. }
            | Op::IsZ
            | Op::Now
            | Op::Format { .. } => false,
        }
    }

    fn codes(&self, of: EnumId) -> Option<Vec<i64>> {
        let of = self.types.enums.get(of.index())?;
        of.members.iter().map(|(_, code): &(String, Int)| code.to_i64()).collect()
    }

    fn codes_of(&self, arg: ExprId) -> Option<Vec<i64>> {
        match self.exprs.ty(arg) {
            Type::Enum(of) => self.codes(*of),
            _ => None,
        }
    }

    fn concat(&mut self, widths: &[u32], args: &[ExprId], into: Option<Operand>) -> Reg {
        let mut whole = None;
        for (index, (&width, &arg)) in widths.iter().zip(args).enumerate() {
            let part = self.small(arg);
            // Only the last step may write the target: it may be an operand as well.
            let is_last = index + 1 == args.len();
            let dst = if is_last { self.small_target(into) } else { self.temp_small() };
            let width = width as u8;
            self.emit(match whole {
                None => Instr::Slice { dst, a: part, low: 0, width },
                Some(a) => Instr::Append { dst, a, b: part, width },
            });
            whole = Some(dst);
        }
        whole.unwrap_or(0)
    }
}
