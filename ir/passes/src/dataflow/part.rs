//! Values with a part replaced, and values as a place takes them.

use super::Reason;
use super::graph::Graph;
use pyhw_ir::{ExprId, ExprKind, Int, Op, Projection, Range, Type};

/// An array with more elements is not put together element by element.
pub(super) const MOST_ELEMENTS: u32 = 256;

/// A step to a part, with its index in the new graph.
pub(super) type Step = Projection;

/// What a place asks of what is stored into it.
#[derive(Clone, Copy)]
pub(super) struct Shape<'a> {
    pub ty: &'a Type,
    pub wraps: bool,
}

/// Whether a store of the value into the whole place is never a fault.
pub(super) fn is_held(graph: &Graph<'_>, value: ExprId, shape: Shape<'_>) -> bool {
    match (shape.ty, graph.exprs.ty(value)) {
        (Type::Int(range), Type::Int(own)) => range.contains_range(own) || shape.wraps,
        (Type::Array(..) | Type::Struct(_), _) => shape.wraps || fits_already(graph, value, shape.ty),
        (Type::Bool | Type::Enum(_) | Type::Text | Type::Opaque, _) => true,
        (Type::Int(_), _) => false,
    }
}

/// Whether every integer in the value lies in the intervals of the type, as far as it is known.
fn fits_already(graph: &Graph<'_>, value: ExprId, ty: &Type) -> bool {
    if !type_fits(ty, graph.exprs.ty(value)) {
        return false;
    }
    match graph.exprs.kind(value) {
        ExprKind::Const(_) | ExprKind::Net(_) | ExprKind::Var(_) => true,
        ExprKind::Op(op, args) => match op {
            Op::Struct { of } => {
                let fields = graph.types.structs.get(of.index()).map_or(&[][..], |of| &of.fields);
                fields.iter().zip(args).all(|((_, ty), &arg)| fits_already(graph, arg, ty))
            }
            Op::Mux => args[1..].iter().all(|&arm| fits_already(graph, arm, ty)),
            Op::Array => match ty {
                Type::Array(element, _) => args.iter().all(|&arg| fits_already(graph, arg, element)),
                _ => false,
            },
            // A part of a whole: if that holds what its type says, so does the part.
            Op::Index | Op::Field { .. } => {
                !has_struct(ty) || fits_already(graph, args[0], graph.exprs.ty(args[0]))
            }
            _ => !has_struct(ty),
        },
    }
}

fn type_fits(target: &Type, value: &Type) -> bool {
    match (target, value) {
        (Type::Int(target), Type::Int(value)) => target.contains_range(value),
        (Type::Array(target, n), Type::Array(value, m)) => n == m && type_fits(target, value),
        _ => target == value,
    }
}

fn has_struct(ty: &Type) -> bool {
    match ty {
        Type::Struct(_) => true,
        Type::Array(element, _) => has_struct(element),
        Type::Bool | Type::Int(_) | Type::Enum(_) | Type::Text | Type::Opaque => false,
    }
}

/// The value as the place holds it after the store, which is no fault.
///
/// # Errors
/// The value is of a form that cannot be wrapped.
pub(super) fn fitted(graph: &mut Graph<'_>, value: ExprId, shape: Shape<'_>) -> Result<ExprId, Reason> {
    let span = graph.exprs.span(value);
    match shape.ty {
        Type::Int(range) => {
            let range = range.clone();
            let op = if shape.wraps { Op::Wrap { range } } else { Op::Refine { range } };
            graph.op(op, &[value], span)
        }
        Type::Array(..) | Type::Struct(_) if fits_already(graph, value, shape.ty) => Ok(value),
        Type::Array(element, length) => {
            if *length > MOST_ELEMENTS {
                // What passed the check fits, whatever its type says.
                return if shape.wraps { Err(Reason::Size) } else { Ok(value) };
            }
            let mut parts = Vec::with_capacity(*length as usize);
            for number in 0..*length {
                let part = graph.part(&Op::Array, value, number)?;
                parts.push(fitted(graph, part, Shape { ty: element, ..shape })?);
            }
            graph.op(Op::Array, &parts, span)
        }
        Type::Struct(of) => {
            let of = *of;
            match graph.exprs.kind(value).clone() {
                ExprKind::Op(Op::Mux, args) => {
                    let then = fitted(graph, args[1], shape)?;
                    let otherwise = fitted(graph, args[2], shape)?;
                    graph.choose(args[0], then, otherwise)
                }
                ExprKind::Op(Op::Struct { .. }, args) => {
                    let declared = graph.types.structs.get(of.index()).map_or(&[][..], |of| &of.fields);
                    let mut fields = Vec::with_capacity(args.len());
                    for (&arg, (_, ty)) in args.iter().zip(declared) {
                        fields.push(fitted(graph, arg, Shape { ty, ..shape })?);
                    }
                    graph.op(Op::Struct { of }, &fields, span)
                }
                _ if shape.wraps => Err(Reason::Size),
                _ => Ok(value),
            }
        }
        Type::Bool | Type::Enum(_) | Type::Text | Type::Opaque => Ok(value),
    }
}

/// Whether a store of the value into a part of a place is never a fault, whatever the rest of the place is.
pub(super) fn part_is_held(graph: &Graph<'_>, value: ExprId, shape: Shape<'_>, path: &[Step]) -> bool {
    let Some((step, rest)) = path.split_first() else { return is_held(graph, value, shape) };
    match (step, shape.ty) {
        (Step::Index(at), Type::Array(element, length)) => {
            let limits = Range::new(0i64, i64::from(*length) - 1);
            graph.exprs.range(*at).is_some_and(|at| limits.contains_range(at))
                && part_is_held(graph, value, Shape { ty: element, ..shape }, rest)
        }
        (Step::Field(number), Type::Struct(of)) => {
            let fields = graph.types.structs.get(of.index()).map_or(&[][..], |of| &of.fields);
            fields
                .get(*number as usize)
                .is_some_and(|(_, ty)| part_is_held(graph, value, Shape { ty, ..shape }, rest))
        }
        (Step::Bit(at), Type::Int(range)) => bits_are_held(graph, *at, 1, range, shape.wraps),
        (Step::Slice { low, width }, Type::Int(range)) => {
            graph.exprs.range(value).is_some_and(|own| Range::unsigned(*width).contains_range(own))
                && bits_are_held(graph, *low, *width, range, shape.wraps)
        }
        (Step::Index(_) | Step::Field(_) | Step::Bit(_) | Step::Slice { .. }, _) => false,
    }
}

/// Whether any bits can stand there without a fault.
fn bits_are_held(graph: &Graph<'_>, at: ExprId, width: u32, range: &Range, wraps: bool) -> bool {
    let Some((min, max)) = graph.exprs.range(at).and_then(Range::bounds) else { return false };
    let Some(most) = max.to_u32().filter(|most| *most <= 1 << 20) else { return false };
    if min.is_negative() {
        return false;
    }
    let end = most + width;
    match range.width_bits() {
        None => *range == Range::UNBOUNDED,
        Some(_) if wraps => true,
        Some(bits) if !range.is_signed() => *range == Range::unsigned(bits) && end <= bits,
        // Of a signed one the sign has no end, and one bit of it cannot be changed alone.
        Some(bits) => *range == Range::signed(bits) && end < bits,
    }
}

/// The whole with a part replaced, after a store that is no fault.
///
/// # Errors
/// It would be too large, too deep or too wide.
pub(super) fn replaced(
    graph: &mut Graph<'_>,
    whole: ExprId,
    value: ExprId,
    shape: Shape<'_>,
    path: &[Step],
) -> Result<ExprId, Reason> {
    let Some((step, rest)) = path.split_first() else { return fitted(graph, value, shape) };
    let span = graph.exprs.span(value);
    match (step, shape.ty) {
        (Step::Index(at), Type::Array(element, length)) => {
            if *length > MOST_ELEMENTS {
                return Err(Reason::Size);
            }
            let shape = Shape { ty: element, ..shape };
            let old = graph.op(Op::Index, &[whole, *at], span)?;
            let new = replaced(graph, old, value, shape, rest)?;
            let mut parts = Vec::with_capacity(*length as usize);
            for number in 0..*length {
                let old = graph.part(&Op::Array, whole, number)?;
                let number = graph.int(number, span)?;
                let is_it = graph.op(Op::Eq, &[*at, number], span)?;
                parts.push(match graph.as_bool(is_it) {
                    Some(true) => new,
                    Some(false) => old,
                    None => graph.choose(is_it, new, old)?,
                });
            }
            graph.op(Op::Array, &parts, span)
        }
        (Step::Field(number), Type::Struct(of)) => {
            let op = Op::Struct { of: *of };
            let fields = graph.types.structs.get(of.index()).map_or(&[][..], |of| &of.fields);
            let mut parts = Vec::with_capacity(fields.len());
            for (index, (_, ty)) in fields.iter().enumerate() {
                let old = graph.part(&op, whole, index as u32)?;
                parts.push(match index as u32 == *number {
                    true => replaced(graph, old, value, Shape { ty, ..shape }, rest)?,
                    false => old,
                });
            }
            graph.op(op, &parts, span)
        }
        (Step::Bit(at), Type::Int(_)) => {
            let value = graph.op(Op::ToInt, &[value], span)?;
            with_bits(graph, whole, value, shape, *at, 1)
        }
        (Step::Slice { low, width }, Type::Int(_)) => with_bits(graph, whole, value, shape, *low, *width),
        (Step::Index(_) | Step::Field(_) | Step::Bit(_) | Step::Slice { .. }, _) => Err(Reason::Size),
    }
}

/// An integer with `width` bits from `at` on replaced by the low bits of the value.
fn with_bits(
    graph: &mut Graph<'_>,
    whole: ExprId,
    value: ExprId,
    shape: Shape<'_>,
    at: ExprId,
    width: u32,
) -> Result<ExprId, Reason> {
    let span = graph.exprs.span(value);
    let range = shape.ty.range().cloned().unwrap_or(Range::UNBOUNDED);
    let place = graph.as_int(at).and_then(Int::to_u32).zip(range.width_bits());
    if let Some((low, bits)) = place
        && let Some(end) = low.checked_add(width).filter(|end| *end <= bits)
    {
        let is_signed = range.is_signed();
        let own = graph.exprs.range(whole).cloned().unwrap_or(Range::UNBOUNDED);
        let among = if is_signed { Range::signed(bits) } else { Range::unsigned(bits) };
        // A sign that is changed goes on for ever, unless the store wraps it back.
        let keeps_sign = !is_signed || end < bits || (shape.wraps && range == Range::signed(bits));
        if keeps_sign && among.contains_range(&own) {
            let mut pieces = Vec::new();
            if end < bits {
                pieces
                    .push((bits - end, graph.op(Op::Slice { low: end, width: bits - end }, &[whole], span)?));
            }
            pieces.push((width, value));
            if low > 0 {
                pieces.push((low, graph.op(Op::Slice { low: 0, width: low }, &[whole], span)?));
            }
            let (widths, pieces): (Vec<u32>, Vec<ExprId>) = pieces.into_iter().unzip();
            let mut new = graph.op(Op::Concat { widths: widths.into() }, &pieces, span)?;
            if is_signed {
                new = graph.op(Op::Signed { width: bits }, &[new], span)?;
            }
            return fitted(graph, new, shape);
        }
    }
    let ones = graph.int(Int::power_of_two(width).sub(&Int::ONE), span)?;
    let mask = graph.op(Op::Shl, &[ones, at], span)?;
    let mask = graph.op(Op::Inv, &[mask], span)?;
    let kept = graph.op(Op::And, &[whole, mask], span)?;
    let low = graph.op(Op::Slice { low: 0, width }, &[value], span)?;
    let moved = graph.op(Op::Shl, &[low, at], span)?;
    let new = graph.op(Op::Or, &[kept, moved], span)?;
    fitted(graph, new, shape)
}
