//! Stores into parts of values.

use super::code::{Fit, Tail};
use super::fault::{Fault, FaultKind};
use crate::design::Types;
use crate::int::Int;
use crate::types::{Range, Type, Value};
use std::sync::Arc;

/// A bit index above this is refused instead of exhausting the memory.
const MAX_BITS: u32 = 1 << 26;

/// The integer with the part that `tail` says replaced: `at` is the bit or the lowest bit of the slice.
pub(super) fn replace(old: &Int, tail: Tail, at: &Int, value: &Int, target: &str) -> Result<Int, Fault> {
    let (op, width) = match tail {
        Tail::Bit(_) => ("bit", 1),
        Tail::Slice(_, width) => ("slice", width),
        Tail::Whole => return Ok(value.clone()),
    };
    if at.is_negative() {
        return Err(Fault::new(FaultKind::Negative { op, amount: at.clone() }));
    }
    let Some(at) = at.to_u32().filter(|&at| at <= MAX_BITS) else {
        return Err(Fault::new(FaultKind::TooLarge { op }));
    };
    let limit = Int::power_of_two(width);
    if *value >= limit || value.is_negative() {
        let target = target.to_owned();
        return Err(Fault::new(FaultKind::SliceRange { target, low: at, width, value: value.clone() }));
    }
    let mask = limit.sub(&Int::ONE).shl(at);
    Ok(old.and(&mask.not()).or(&value.shl(at)))
}

/// [`replace`] where everything is small; `None` where that needs more than 63 bits, or is a fault.
pub(super) fn replace_small(old: i64, width: u32, at: i64, value: i64) -> Option<i64> {
    let at = u32::try_from(at).ok()?;
    if width > 62 || at > 62 || at + width > 62 {
        return None;
    }
    let limit = 1i64 << width;
    if !(0..limit).contains(&value) {
        return None;
    }
    let mask = (limit - 1) << at;
    Some((old & !mask) | (value << at))
}

/// The integer checked against the interval, or wrapped into it.
pub(super) fn fit_int(value: Int, range: &Range, wraps: bool, target: Option<&str>) -> Result<Int, Fault> {
    if range.contains(&value) {
        return Ok(value);
    }
    if wraps && range.is_bounded() {
        return Ok(range.wrap(&value));
    }
    let target = target.map(str::to_owned);
    Err(Fault::new(FaultKind::Range { target, range: range.clone(), value }))
}

impl Fit {
    /// The value as the place takes it: each integer in it checked or wrapped.
    pub(super) fn fit(&self, value: &Value, types: &Types) -> Result<Value, Fault> {
        if self.tristate && *value == Value::Z {
            return Ok(Value::Z);
        }
        fit(value, &self.ty, self.wraps, &self.target, types)
    }
}

/// The value as a place of this type takes it: each integer in it checked or wrapped.
pub(super) fn fit(
    value: &Value,
    ty: &Type,
    wraps: bool,
    target: &str,
    types: &Types,
) -> Result<Value, Fault> {
    let bad = || Fault::internal(format!("a value of a wrong kind for `{target}`"));
    Ok(match (value, ty) {
        (Value::Z, _) => return Err(Fault::new(FaultKind::Undriven)),
        (Value::Int(int), Type::Int(range)) => Value::Int(fit_int(int.clone(), range, wraps, Some(target))?),
        (Value::Array(elements), Type::Array(element, length)) => {
            if elements.len() != *length as usize {
                return Err(bad());
            }
            let fitted: Result<Vec<Value>, Fault> =
                elements.iter().map(|value| fit(value, element, wraps, target, types)).collect();
            Value::Array(Arc::new(fitted?))
        }
        (Value::Struct(fields), Type::Struct(id)) => {
            let of = types.structs.get(id.index()).ok_or_else(bad)?;
            if fields.len() != of.fields.len() {
                return Err(bad());
            }
            let fitted: Result<Vec<Value>, Fault> = fields
                .iter()
                .zip(&of.fields)
                .map(|(value, (_, ty))| fit(value, ty, wraps, target, types))
                .collect();
            Value::Struct(Arc::new(fitted?))
        }
        (Value::Bool(_), Type::Bool)
        | (Value::Enum(_), Type::Enum(_))
        | (Value::Text(_), Type::Text)
        | (Value::Opaque(_), Type::Opaque) => value.clone(),
        _ => return Err(bad()),
    })
}
