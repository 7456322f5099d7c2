//! How values lie in bits: widths of types, and values as the integers that stand for them.
//!
//! An enum is its code. The first element of an array and the first field of a struct lie in the low bits.

use pyhw_ir::{Int, Range, StructId, Type, Types, Value};

/// The width of a local without any bound, in bits.
pub const UNBOUNDED_BITS: u32 = 32;
/// The width of `$time`, in bits.
pub const TIME_BITS: u32 = 64;
/// The widest packed vector that is written, in bits. IEEE 1364-2005, 4.3.1 asks tools for at least 2^16.
pub const MAX_VECTOR_BITS: u64 = 1 << 16;

/// The width of an interval; of an infinite one that of a local without any bound.
pub fn range_bits(range: &Range) -> u32 {
    range.width_bits().unwrap_or(UNBOUNDED_BITS)
}

/// The width of a type; `None` for texts and objects of the host, and for what no vector holds.
pub fn bits(ty: &Type, types: &Types) -> Option<u32> {
    let wide = wide_bits(ty, types)?;
    u32::try_from(wide).ok().filter(|_| wide <= MAX_VECTOR_BITS)
}

/// The width of a type, however large.
pub fn wide_bits(ty: &Type, types: &Types) -> Option<u64> {
    match ty {
        Type::Bool => Some(1),
        Type::Int(range) => Some(u64::from(range_bits(range))),
        Type::Enum(id) => Some(u64::from(types.enums[id.index()].width_bits)),
        Type::Array(element, length) => wide_bits(element, types)?.checked_mul(u64::from(*length)),
        Type::Struct(id) => {
            let mut sum = 0u64;
            for (_, field) in &types.structs[id.index()].fields {
                sum = sum.checked_add(wide_bits(field, types)?)?;
            }
            Some(sum)
        }
        Type::Text | Type::Opaque => None,
    }
}

/// Whether Verilog declares it signed.
pub fn is_signed(ty: &Type) -> bool {
    match ty {
        Type::Int(range) => range.is_signed(),
        Type::Bool | Type::Enum(_) | Type::Array(..) | Type::Struct(_) | Type::Text | Type::Opaque => false,
    }
}

/// The lowest bit of a struct's field and the field's type.
pub fn field(id: StructId, index: u32, types: &Types) -> Option<(u32, &Type)> {
    let fields = &types.structs[id.index()].fields;
    let (_, ty) = fields.get(index as usize)?;
    let mut low = 0u32;
    for (_, before) in &fields[..index as usize] {
        low = low.checked_add(bits(before, types)?)?;
    }
    Some((low, ty))
}

/// The integer whose low bits stand for the value; negative integers stay negative. `None` for `Z`, texts and objects.
pub fn pack(value: &Value, ty: &Type, types: &Types) -> Option<Int> {
    match (value, ty) {
        (Value::Bool(value), _) => Some(Int::from(*value)),
        (Value::Int(value), _) => Some(value.clone()),
        (Value::Enum(member), Type::Enum(id)) => {
            types.enums[id.index()].members.get(*member as usize).map(|(_, code)| code.clone())
        }
        (Value::Array(elements), Type::Array(element, _)) => {
            pack_all(elements.iter().map(|value| (value, &**element)), types)
        }
        (Value::Struct(values), Type::Struct(id)) => {
            let fields = &types.structs[id.index()].fields;
            pack_all(values.iter().zip(fields.iter().map(|(_, ty)| ty)), types)
        }
        (Value::Enum(_) | Value::Array(_) | Value::Struct(_), _)
        | (Value::Text(_) | Value::Opaque(_) | Value::Z, _) => None,
    }
}

fn pack_all<'a>(parts: impl Iterator<Item = (&'a Value, &'a Type)>, types: &Types) -> Option<Int> {
    let mut limbs = Vec::new();
    let mut rest = Int::ZERO;
    let mut filled = 0u32;
    // Whole limbs are put aside, so that a long array costs linear time.
    for (value, ty) in parts {
        let width = bits(ty, types)?;
        let part = pack(value, ty, types)?.low_bits(width);
        rest = rest.or(&part.shl(filled));
        filled += width;
        let whole = filled / 32;
        if whole > 0 {
            limbs.extend(rest.limbs_32(whole * 32));
            rest = rest.shr(whole * 32);
            filled -= whole * 32;
        }
    }
    limbs.extend(rest.limbs_32(32));
    Some(Int::from_limbs_32(&limbs))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    #[test]
    fn the_first_element_lies_lowest() {
        let types = Types::default();
        let ty = Type::Array(Box::new(Type::signed(20)), 3);
        let value = Value::Array(Arc::new(vec![Value::int(-1i64), Value::int(2i64), Value::int(-3i64)]));
        let packed = pack(&value, &ty, &types).unwrap();
        assert_eq!(packed.low_bits(20), Int::from(0xfffffi64));
        assert_eq!(packed.shr(20).low_bits(20), Int::from(2i64));
        assert_eq!(packed.shr(40).low_bits(20), Int::from(0xffffdi64));
        assert_eq!(bits(&ty, &types), Some(60));
    }
}
