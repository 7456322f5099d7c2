//! One operator applied to values.

use super::fault::{Fault, FaultKind};
use super::format;
use crate::design::Types;
use crate::int::Int;
use crate::op::Op;
use crate::types::{Type, Value};
use std::sync::Arc;

/// Integers with more bits than this are refused instead of exhausting the memory.
const MAX_BITS: u32 = 1 << 26;

/// What the operator yields for these operands.
///
/// `arg_types` are the operands' types; only `encode` and `format` look at them. Operands that the operator would not evaluate
/// (`mux`, `and_then`, `or_else`) are ignored, but must be there. `Z` equals nothing but itself, is no true condition, and is
/// a fault for every other operator.
///
/// # Errors
/// The operator's fault, its span not set; [`FaultKind::Internal`] for `now`, which needs the time, and for operands
/// that break the typing rule.
pub fn apply(op: &Op, args: &[&Value], arg_types: &[&Type], types: &Types) -> Result<Value, Fault> {
    let bad = || Fault::ill_typed(op);
    let value = |index: usize| args.get(index).copied().ok_or_else(bad);
    let int = |index: usize| match value(index)? {
        Value::Int(int) => Ok(int),
        Value::Z => Err(Fault::new(FaultKind::Undriven)),
        _ => Err(bad()),
    };
    let truth = |index: usize| match value(index)? {
        Value::Bool(truth) => Ok(*truth),
        Value::Z => Ok(false),
        _ => Err(bad()),
    };
    let mnemonic = op.info().mnemonic;
    let amount = |index: usize| {
        let amount = int(index)?;
        if amount.is_negative() {
            return Err(Fault::new(FaultKind::Negative { op: mnemonic, amount: amount.clone() }));
        }
        Ok(amount)
    };
    let too_large = || Fault::new(FaultKind::TooLarge { op: mnemonic });
    let division = || Fault::new(FaultKind::Division);
    let result = match op {
        Op::Neg => Value::Int(int(0)?.neg()),
        Op::Add => Value::Int(int(0)?.add(int(1)?)),
        Op::Sub => Value::Int(int(0)?.sub(int(1)?)),
        Op::Mul => Value::Int(int(0)?.mul(int(1)?)),
        Op::FloorDiv => Value::Int(int(0)?.floor_div(int(1)?).ok_or_else(division)?),
        Op::Mod => Value::Int(int(0)?.floor_mod(int(1)?).ok_or_else(division)?),
        Op::Pow => Value::Int(pow(int(0)?, amount(1)?).ok_or_else(too_large)?),
        Op::Inv => Value::Int(int(0)?.not()),
        Op::And => match (value(0)?, value(1)?) {
            (Value::Bool(a), Value::Bool(b)) => Value::Bool(a & b),
            _ => Value::Int(int(0)?.and(int(1)?)),
        },
        Op::Or => match (value(0)?, value(1)?) {
            (Value::Bool(a), Value::Bool(b)) => Value::Bool(a | b),
            _ => Value::Int(int(0)?.or(int(1)?)),
        },
        Op::Xor => match (value(0)?, value(1)?) {
            (Value::Bool(a), Value::Bool(b)) => Value::Bool(a ^ b),
            _ => Value::Int(int(0)?.xor(int(1)?)),
        },
        Op::Shl => {
            let (a, by) = (int(0)?, amount(1)?);
            let by = match by.to_u32() {
                _ if a.is_zero() => 0,
                Some(by) if by <= MAX_BITS => by,
                Some(_) | None => return Err(too_large()),
            };
            Value::Int(a.shl(by))
        }
        Op::Shr => Value::Int(int(0)?.shr(amount(1)?.to_u32().unwrap_or(u32::MAX))),
        Op::Eq => Value::Bool(value(0)? == value(1)?),
        Op::Ne => Value::Bool(value(0)? != value(1)?),
        Op::Lt => Value::Bool(int(0)? < int(1)?),
        Op::Le => Value::Bool(int(0)? <= int(1)?),
        Op::Gt => Value::Bool(int(0)? > int(1)?),
        Op::Ge => Value::Bool(int(0)? >= int(1)?),
        Op::Not => Value::Bool(!truth(0)?),
        Op::AndThen => Value::Bool(truth(0)? && truth(1)?),
        Op::OrElse => Value::Bool(truth(0)? || truth(1)?),
        Op::Mux => value(if truth(0)? { 1 } else { 2 })?.clone(),
        Op::Bit => Value::Bool(int(0)?.bit(amount(1)?.to_u32().unwrap_or(u32::MAX))),
        Op::Slice { low, width } => Value::Int(int(0)?.shr(*low).low_bits(*width)),
        Op::Concat { widths } => {
            let mut whole = Int::ZERO;
            for (index, &width) in widths.iter().enumerate() {
                whole = whole.shl(width).or(&int(index)?.low_bits(width));
            }
            Value::Int(whole)
        }
        Op::Signed { width } => Value::Int(int(0)?.signed_bits(*width)),
        Op::Wrap { range } => Value::Int(range.wrap(int(0)?)),
        Op::Refine { range } => {
            let value = int(0)?;
            if !range.contains(value) {
                return Err(Fault::internal(format!("{value} was thought to lie in {range}")));
            }
            Value::Int(value.clone())
        }
        Op::Check { range } => {
            let value = int(0)?;
            if !range.contains(value) {
                let (range, value) = (range.clone(), value.clone());
                return Err(Fault::new(FaultKind::Range { target: None, range, value }));
            }
            Value::Int(value.clone())
        }
        Op::ToInt => match value(0)? {
            Value::Bool(truth) => Value::int(*truth),
            Value::Z => return Err(Fault::new(FaultKind::Undriven)),
            _ => return Err(bad()),
        },
        Op::ToBool => match value(0)? {
            Value::Z => Value::Bool(false),
            _ => match int(0)? {
                value if value.is_zero() => Value::Bool(false),
                value if *value == Int::ONE => Value::Bool(true),
                value => return Err(Fault::new(FaultKind::NotBoolean { value: value.clone() })),
            },
        },
        Op::Encode => match (value(0)?, arg_types.first()) {
            (Value::Enum(member), Some(Type::Enum(id))) => {
                let of = types.enums.get(id.index()).ok_or_else(bad)?;
                let (_, code) = of.members.get(*member as usize).ok_or_else(bad)?;
                Value::Int(code.clone())
            }
            (Value::Z, _) => return Err(Fault::new(FaultKind::Undriven)),
            _ => return Err(bad()),
        },
        Op::Decode { of } => {
            let code = int(0)?;
            let of = types.enums.get(of.index()).ok_or_else(bad)?;
            match of.members.iter().position(|(_, its)| its == code) {
                Some(member) => Value::Enum(member as u32),
                None => {
                    let (of, code) = (of.name.clone(), code.clone());
                    return Err(Fault::new(FaultKind::NoMember { of, code }));
                }
            }
        }
        Op::Index => match value(0)? {
            Value::Array(elements) => {
                let index = int(1)?;
                match index.to_usize().and_then(|at| elements.get(at)) {
                    Some(element) => element.clone(),
                    None => {
                        let (length, index) = (elements.len(), index.clone());
                        return Err(Fault::new(FaultKind::Index { length, index }));
                    }
                }
            }
            _ => return Err(bad()),
        },
        Op::Array => Value::Array(Arc::new(args.iter().map(|&arg| arg.clone()).collect())),
        Op::Field { index } => match value(0)? {
            Value::Struct(fields) => fields.get(*index as usize).ok_or_else(bad)?.clone(),
            _ => return Err(bad()),
        },
        Op::Struct { .. } => Value::Struct(Arc::new(args.iter().map(|&arg| arg.clone()).collect())),
        Op::IsZ => Value::Bool(*value(0)? == Value::Z),
        Op::Now => return Err(Fault::internal("`now` needs the time")),
        Op::Format { template } => Value::Text(format::render(template, args, arg_types, types)?.into()),
    };
    Ok(result)
}

/// `base` to the power of a natural number; `None` if that is too large.
fn pow(base: &Int, exponent: &Int) -> Option<Int> {
    if let Some(small) = exponent.to_u32()
        && u64::from(base.bit_length()) * u64::from(small) <= u64::from(MAX_BITS)
    {
        return Some(base.pow(small));
    }
    // Beyond the limit only the powers of 0, 1 and −1 are small.
    match base.to_i64() {
        Some(0) => Some(Int::ZERO),
        Some(1) => Some(Int::ONE),
        Some(-1) => Some(if exponent.bit(0) { Int::MINUS_ONE } else { Int::ONE }),
        Some(_) | None => None,
    }
}
