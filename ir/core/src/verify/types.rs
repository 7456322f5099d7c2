//! Rules on types, and which values belong to them.

use super::{Faults, MAX_TYPE_DEPTH};
use crate::design::{Design, EnumType, StructType, Types};
use crate::names::TypeNames;
use crate::types::{MAX_WIDTH_BITS, Range, Type, Value};
use std::collections::HashSet;

/// Whether a value is one of this type. `Z` belongs to every type; where it may stand is another matter.
pub fn belongs(value: &Value, ty: &Type, types: &Types) -> bool {
    match (value, ty) {
        (Value::Z, _) | (Value::Bool(_), Type::Bool) => true,
        (Value::Text(_), Type::Text) | (Value::Opaque(_), Type::Opaque) => true,
        (Value::Int(value), Type::Int(range)) => range.contains(value),
        (Value::Enum(member), Type::Enum(id)) => {
            types.enums.get(id.index()).is_some_and(|of| (*member as usize) < of.members.len())
        }
        (Value::Array(elements), Type::Array(element, length)) => {
            elements.len() == *length as usize && elements.iter().all(|value| is_part(value, element, types))
        }
        (Value::Struct(values), Type::Struct(id)) => types.structs.get(id.index()).is_some_and(|of| {
            let mut pairs = values.iter().zip(&of.fields);
            values.len() == of.fields.len() && pairs.all(|(value, (_, ty))| is_part(value, ty, types))
        }),
        _ => false,
    }
}

/// Only a whole net can be `Z`, no part of it.
fn is_part(value: &Value, ty: &Type, types: &Types) -> bool {
    *value != Value::Z && belongs(value, ty, types)
}

/// What is wrong with an interval.
pub(super) fn range_fault(range: &Range) -> Option<String> {
    match (range.bounds(), range.width_bits()) {
        (Some((min, max)), _) if min > max => Some(format!("the interval {min} to {max} is empty")),
        (_, Some(width)) if width > MAX_WIDTH_BITS => {
            Some(format!("{width} bits are more than {MAX_WIDTH_BITS}"))
        }
        _ => None,
    }
}

/// What is wrong with a type that may use the first `structs` structs of the design.
pub(super) fn type_fault(ty: &Type, types: &Types, structs: usize) -> Option<String> {
    let mut ty = ty;
    let mut depth = 0;
    while let Type::Array(element, length) = ty {
        depth += 1;
        if depth > MAX_TYPE_DEPTH {
            return Some(format!("the type nests deeper than {MAX_TYPE_DEPTH}"));
        }
        if *length == 0 {
            return Some("an array has at least one element".to_owned());
        }
        if **element == Type::Opaque {
            return Some("an array cannot hold objects of the host".to_owned());
        }
        ty = element;
    }
    match ty {
        Type::Int(range) => range_fault(range),
        Type::Enum(id) if id.index() >= types.enums.len() => Some(format!("there is no {id}")),
        Type::Struct(id) if id.index() >= types.structs.len() => Some(format!("there is no {id}")),
        Type::Struct(id) if id.index() >= structs => Some(format!("{id} does not stand before this struct")),
        Type::Bool | Type::Enum(_) | Type::Struct(_) | Type::Text | Type::Opaque | Type::Array(..) => None,
    }
}

/// Checks every type that has a name.
pub(super) fn verify_types(design: &Design, faults: &mut Faults) {
    let names = TypeNames::new(&design.types);
    for (index, of) in design.types.enums.iter().enumerate() {
        faults.place = format!("enum `{}`", names.enum_name(crate::EnumId::new(index)).unwrap_or(&of.name));
        verify_enum(of, faults);
    }
    // How deep a struct's fields nest: a struct of structs is as deep as an array of arrays.
    let mut depths: Vec<usize> = Vec::new();
    for (index, of) in design.types.structs.iter().enumerate() {
        let name = names.struct_name(crate::StructId::new(index)).unwrap_or(&of.name);
        faults.place = format!("struct `{name}`");
        verify_struct(index, of, &design.types, &mut depths, faults);
    }
}

fn verify_enum(of: &EnumType, faults: &mut Faults) {
    if of.members.is_empty() {
        faults.add(of.span, "an enum has at least one member");
    }
    if of.width_bits == 0 || of.width_bits > MAX_WIDTH_BITS {
        return faults.add(of.span, format!("the codes of an enum have 1 to {MAX_WIDTH_BITS} bits"));
    }
    let codes = of.code_range();
    let (mut names, mut used) = (HashSet::new(), HashSet::new());
    for (name, code) in &of.members {
        if !names.insert(name) {
            faults.add(of.span, format!("member `{name}` stands twice"));
        }
        if !used.insert(code) {
            faults.add(of.span, format!("the code {code} of `{name}` is used twice"));
        }
        if !codes.contains(code) {
            faults.add(
                of.span,
                format!("the code {code} of `{name}` does not fit into {} bits", of.width_bits),
            );
        }
    }
}

fn verify_struct(index: usize, of: &StructType, types: &Types, depths: &mut Vec<usize>, faults: &mut Faults) {
    if of.fields.is_empty() {
        faults.add(of.span, "a struct has at least one field");
    }
    let mut names = HashSet::new();
    let mut deepest = 0;
    for (name, ty) in &of.fields {
        if !names.insert(name) {
            faults.add(of.span, format!("field `{name}` stands twice"));
        }
        if let Some(fault) = type_fault(ty, types, index) {
            faults.add(of.span, format!("field `{name}`: {fault}"));
        } else if !ty.is_hardware() {
            faults.add(of.span, format!("field `{name}` has a type that hardware cannot hold"));
        }
        deepest = deepest.max(type_depth(ty, depths));
    }
    depths.push(deepest.saturating_add(1));
    if deepest == MAX_TYPE_DEPTH {
        faults.add(of.span, format!("the struct nests deeper than {MAX_TYPE_DEPTH}"));
    }
}

fn type_depth(ty: &Type, structs: &[usize]) -> usize {
    let (mut ty, mut depth) = (ty, 0usize);
    while let Type::Array(element, _) = ty {
        depth += 1;
        ty = element;
    }
    match ty {
        Type::Struct(id) => depth + structs.get(id.index()).copied().unwrap_or(0),
        Type::Bool | Type::Int(_) | Type::Enum(_) | Type::Text | Type::Opaque | Type::Array(..) => depth,
    }
}
