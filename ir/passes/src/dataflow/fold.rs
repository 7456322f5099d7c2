//! What makes expressions of a straight-line body smaller: rules that hold for every value of the operands, faults included.
//!
//! Loops written out turn by turn have constant counters, and stores into parts put values together from pieces; most rules are for
//! these. Bits that were all stored anew no longer mention what was there before.

use super::Reason;
use super::graph::Graph;
use pyhw_diagnostics::Span;
use pyhw_ir::eval::apply;
use pyhw_ir::{ExprId, Int, Op, Range, Type, Value};

type Simple = Result<Option<ExprId>, Reason>;

/// Something simpler than the operator on these operands, if a rule knows it.
pub(super) fn simplified(graph: &mut Graph<'_>, op: &Op, args: &[ExprId], span: Span) -> Simple {
    if let Some(folded) = constant(graph, op, args, span)? {
        return Ok(Some(folded));
    }
    match op {
        Op::Not => not(graph, args[0]),
        Op::AndThen => lazy(graph, args[0], args[1], false),
        Op::OrElse => lazy(graph, args[0], args[1], true),
        Op::Mux => mux(graph, args[0], args[1], args[2]),
        Op::Eq | Op::Ne | Op::Lt | Op::Le | Op::Gt | Op::Ge => compare(graph, op, args[0], args[1]),
        Op::Refine { range } | Op::Check { range } | Op::Wrap { range } => {
            Ok(fits(graph, args[0], range).then_some(args[0]))
        }
        Op::Slice { low, width } => slice(graph, *low, *width, args[0], span),
        Op::Bit => bit(graph, args[0], args[1], span),
        Op::Concat { widths } => concat(graph, widths, args, span),
        Op::Index => index(graph, args[0], args[1], span),
        Op::Field { index } => field(graph, *index, args[0], span),
        Op::ToBool => Ok(match graph.as_op(args[0]) {
            Some((Op::ToInt, inner)) => Some(inner[0]),
            _ => None,
        }),
        Op::Neg
        | Op::Add
        | Op::Sub
        | Op::Mul
        | Op::FloorDiv
        | Op::Mod
        | Op::Pow
        | Op::Inv
        | Op::And
        | Op::Or
        | Op::Xor
        | Op::Shl
        | Op::Shr
        | Op::Signed { .. }
        | Op::ToInt
        | Op::Encode
        | Op::Decode { .. }
        | Op::Array
        | Op::Struct { .. }
        | Op::IsZ
        | Op::Now
        | Op::Format { .. } => Ok(None),
    }
}

fn fits(graph: &Graph<'_>, id: ExprId, range: &Range) -> bool {
    graph.exprs.range(id).is_some_and(|own| range.contains_range(own))
}

/// The value of an operator on constants, unless it is a fault. Structs are left: their fields are checked where they are stored.
fn constant(graph: &mut Graph<'_>, op: &Op, args: &[ExprId], span: Span) -> Simple {
    if args.is_empty() || matches!(op, Op::Format { .. } | Op::Struct { .. }) {
        return Ok(None);
    }
    let mut values = Vec::with_capacity(args.len());
    for &arg in args {
        match graph.exprs.as_const(arg) {
            None | Some(Value::Z | Value::Text(_)) => return Ok(None),
            Some(value) => values.push(value),
        }
    }
    let types: Vec<&Type> = args.iter().map(|&arg| graph.exprs.ty(arg)).collect();
    let Ok(ty) = op.result_type(&types, graph.types) else { return Ok(None) };
    let Ok(value) = apply(op, &values, &types, graph.types) else { return Ok(None) };
    let ty = match (ty, &value) {
        (Type::Int(range), Value::Int(int)) if range.contains(int) => Type::Int(Range::exactly(int.clone())),
        // A `refine` that does not hold stands on a path that is never taken.
        (Type::Int(_), _) => return Ok(None),
        (ty, _) => ty,
    };
    graph.constant(value, ty, span).map(Some)
}

fn not(graph: &mut Graph<'_>, a: ExprId) -> Simple {
    Ok(match graph.as_op(a) {
        Some((Op::Not, inner)) => Some(inner[0]),
        _ => None,
    })
}

/// Whether one is the negation of the other.
fn are_opposite(graph: &Graph<'_>, a: ExprId, b: ExprId) -> bool {
    let negates =
        |one: ExprId, other: ExprId| matches!(graph.as_op(one), Some((Op::Not, args)) if args[0] == other);
    negates(a, b) || negates(b, a)
}

/// `and_then` (decided by false) and `or_else` (decided by true).
fn lazy(graph: &mut Graph<'_>, a: ExprId, b: ExprId, decides: bool) -> Simple {
    if let Some(value) = graph.as_bool(a) {
        return Ok(Some(if value == decides { a } else { b }));
    }
    let harmless = !graph.may_fault(a);
    match graph.as_bool(b) {
        Some(value) if value != decides => return Ok(Some(a)),
        Some(_) if harmless => return Ok(Some(b)),
        Some(_) | None => {}
    }
    if a == b {
        return Ok(Some(a));
    }
    if harmless && are_opposite(graph, a, b) {
        return graph.bool(decides).map(Some);
    }
    // Both branches of a condition: what led to it.
    if decides
        && let (Some((Op::AndThen, first)), Some((Op::AndThen, second))) = (graph.as_op(a), graph.as_op(b))
        && first[0] == second[0]
        && are_opposite(graph, first[1], second[1])
        && !graph.may_fault(first[1])
    {
        return Ok(Some(first[0]));
    }
    Ok(None)
}

fn mux(graph: &mut Graph<'_>, cond: ExprId, then: ExprId, otherwise: ExprId) -> Simple {
    if let Some(value) = graph.as_bool(cond) {
        return Ok(Some(if value { then } else { otherwise }));
    }
    if then == otherwise && !graph.may_fault(cond) {
        return Ok(Some(then));
    }
    if let Some((Op::Not, inner)) = graph.as_op(cond) {
        let inner = inner[0];
        return graph.mux(inner, otherwise, then).map(Some);
    }
    match (graph.as_bool(then), graph.as_bool(otherwise)) {
        (Some(true), Some(false)) => return Ok(Some(cond)),
        (Some(false), Some(true)) => return graph.not(cond).map(Some),
        (Some(true), None) => return graph.or_else(cond, otherwise).map(Some),
        (None, Some(false)) => return graph.and_then(cond, then).map(Some),
        (Some(false), None) => {
            let not = graph.not(cond)?;
            return graph.and_then(not, otherwise).map(Some);
        }
        (None, Some(true)) => {
            let not = graph.not(cond)?;
            return graph.or_else(not, then).map(Some);
        }
        (Some(_), Some(_)) | (None, None) => {}
    }
    // What is known of the condition already.
    if let Some((Op::Mux, inner)) = graph.as_op(then)
        && inner[0] == cond
    {
        let then = inner[1];
        return graph.mux(cond, then, otherwise).map(Some);
    }
    if let Some((Op::Mux, inner)) = graph.as_op(otherwise)
        && inner[0] == cond
    {
        let otherwise = inner[2];
        return graph.mux(cond, then, otherwise).map(Some);
    }
    Ok(None)
}

/// A comparison whose outcome the intervals tell.
fn compare(graph: &mut Graph<'_>, op: &Op, a: ExprId, b: ExprId) -> Simple {
    if graph.may_fault(a) || graph.may_fault(b) {
        return Ok(None);
    }
    let (Some(x), Some(y)) = (graph.exprs.range(a), graph.exprs.range(b)) else { return Ok(None) };
    let below = |x: &Range, y: &Range| x.max.as_ref().zip(y.min.as_ref()).is_some_and(|(x, y)| x < y);
    let not_above = |x: &Range, y: &Range| x.max.as_ref().zip(y.min.as_ref()).is_some_and(|(x, y)| x <= y);
    let is_decided = |holds: bool, fails: bool| if holds { Some(true) } else { fails.then_some(false) };
    let apart = below(x, y) || below(y, x);
    let same = a == b || x.single().is_some_and(|value| Some(value) == y.single());
    let outcome = match op {
        Op::Eq => is_decided(same, apart),
        Op::Ne => is_decided(apart, same),
        Op::Lt => is_decided(below(x, y), a == b || not_above(y, x)),
        Op::Le => is_decided(a == b || not_above(x, y), below(y, x)),
        Op::Gt => is_decided(below(y, x), a == b || not_above(x, y)),
        _ => is_decided(a == b || not_above(y, x), below(x, y)),
    };
    outcome.map(|outcome| graph.bool(outcome)).transpose()
}

fn slice(graph: &mut Graph<'_>, low: u32, width: u32, of: ExprId, span: Span) -> Simple {
    if low == 0 && fits(graph, of, &Range::unsigned(width)) {
        return Ok(Some(of));
    }
    match graph.as_op(of) {
        Some((Op::Slice { low: inner_low, width: inner_width }, args)) => {
            let (from, inner_low, inner_width) = (args[0], *inner_low, *inner_width);
            if low.checked_add(width).is_none_or(|end| end > inner_width) {
                return Ok(None);
            }
            let Some(low) = inner_low.checked_add(low) else { return Ok(None) };
            graph.op(Op::Slice { low, width }, &[from], span).map(Some)
        }
        Some((Op::Concat { widths }, args)) => {
            let (widths, args) = (widths.clone(), args.to_vec());
            if args.iter().any(|&arg| graph.may_fault(arg)) {
                return Ok(None);
            }
            slice_of_concat(graph, low, width, &widths, &args, span)
        }
        Some((Op::Mux, args)) if args[1..].iter().any(|&arm| is_concat(graph, arm)) => {
            let args = args.to_vec();
            let then = graph.op(Op::Slice { low, width }, &args[1..2], span)?;
            let otherwise = graph.op(Op::Slice { low, width }, &args[2..3], span)?;
            graph.mux(args[0], then, otherwise).map(Some)
        }
        Some(_) | None => Ok(None),
    }
}

fn is_concat(graph: &Graph<'_>, id: ExprId) -> bool {
    matches!(graph.as_op(id), Some((Op::Concat { .. }, _)))
}

/// The pieces of a concatenation that a slice takes.
fn slice_of_concat(
    graph: &mut Graph<'_>,
    low: u32,
    width: u32,
    widths: &[u32],
    args: &[ExprId],
    span: Span,
) -> Simple {
    let Some(end) = low.checked_add(width) else { return Ok(None) };
    let mut start: u32 = 0;
    let (mut taken, mut pieces) = (Vec::new(), Vec::new());
    for (&its_width, &arg) in widths.iter().zip(args).rev() {
        let (from, to) = (low.max(start), end.min(start + its_width));
        if from < to {
            let piece = Op::Slice { low: from - start, width: to - from };
            pieces.push(graph.op(piece, &[arg], span)?);
            taken.push(to - from);
        }
        start += its_width;
    }
    if end > start && start > low {
        // Above the concatenation are zeros.
        taken.push(end - start);
        pieces.push(graph.int(0i64, span)?);
    }
    if pieces.is_empty() {
        return graph.int(0i64, span).map(Some);
    }
    taken.reverse();
    pieces.reverse();
    graph.op(Op::Concat { widths: taken.into() }, &pieces, span).map(Some)
}

fn bit(graph: &mut Graph<'_>, of: ExprId, at: ExprId, span: Span) -> Simple {
    let Some(at) = graph.as_int(at).and_then(Int::to_u32) else { return Ok(None) };
    let (inner, at) = match graph.as_op(of) {
        Some((Op::ToInt, args)) if at == 0 => return Ok(Some(args[0])),
        Some((Op::Slice { low, width }, args)) if at < *width => match low.checked_add(at) {
            Some(at) => (args[0], at),
            None => return Ok(None),
        },
        Some((Op::Concat { widths }, args)) => {
            let mut start: u32 = 0;
            let mut found = None;
            for (&width, &arg) in widths.iter().zip(args).rev() {
                if at >= start && at - start < width {
                    found = Some((arg, at - start));
                }
                start += width;
            }
            let others_are_harmless = args.iter().all(|&arg| !graph.may_fault(arg));
            match found {
                Some(found) if others_are_harmless => found,
                _ => return Ok(None),
            }
        }
        Some((Op::Mux, args)) if args[1..].iter().any(|&arm| is_concat(graph, arm)) => {
            let args = args.to_vec();
            let at = graph.int(at, span)?;
            let then = graph.op(Op::Bit, &[args[1], at], span)?;
            let otherwise = graph.op(Op::Bit, &[args[2], at], span)?;
            return graph.mux(args[0], then, otherwise).map(Some);
        }
        Some(_) | None => return Ok(None),
    };
    let at = graph.int(at, span)?;
    graph.op(Op::Bit, &[inner, at], span).map(Some)
}

/// A concatenation of concatenations as one, neighbours that are neighbours in one value taken together.
fn concat(graph: &mut Graph<'_>, widths: &[u32], args: &[ExprId], span: Span) -> Simple {
    let mut pieces: Vec<(u32, ExprId)> = Vec::with_capacity(args.len());
    let mut changed = false;
    for (&width, &arg) in widths.iter().zip(args) {
        let inner = match graph.as_op(arg) {
            Some((Op::Concat { widths: inner }, args)) if inner.iter().sum::<u32>() == width => {
                Some(inner.iter().copied().zip(args.iter().copied()).collect::<Vec<(u32, ExprId)>>())
            }
            _ => None,
        };
        changed |= inner.is_some();
        for piece in inner.unwrap_or_else(|| vec![(width, arg)]) {
            match pieces.last().copied().and_then(|before| joined(graph, before, piece)) {
                Some((low, width, of)) => {
                    pieces.pop();
                    pieces.push((width, graph.op(Op::Slice { low, width }, &[of], span)?));
                    changed = true;
                }
                None => pieces.push(piece),
            }
        }
    }
    if let [(width, only)] = pieces[..] {
        return graph.op(Op::Slice { low: 0, width }, &[only], span).map(Some);
    }
    if !changed {
        return Ok(None);
    }
    let (widths, args): (Vec<u32>, Vec<ExprId>) = pieces.into_iter().unzip();
    graph.op(Op::Concat { widths: widths.into() }, &args, span).map(Some)
}

/// Two neighbouring pieces as one slice, if they are neighbours in one value: the lowest bit, the width and the value.
fn joined(graph: &Graph<'_>, high: (u32, ExprId), low: (u32, ExprId)) -> Option<(u32, u32, ExprId)> {
    let piece = |(width, id): (u32, ExprId)| match graph.as_op(id) {
        Some((Op::Slice { low, width: own }, args)) if *own == width => Some((args[0], *low)),
        Some((Op::ToInt, args)) if width == 1 => match graph.as_op(args[0]) {
            Some((Op::Bit, args)) => Some((args[0], graph.as_int(args[1])?.to_u32()?)),
            _ => None,
        },
        _ => Some((id, 0)),
    };
    let ((above, above_low), (below, below_low)) = (piece(high)?, piece(low)?);
    (above == below && below_low.checked_add(low.0) == Some(above_low))
        .then(|| (below_low, high.0 + low.0, below))
}

fn index(graph: &mut Graph<'_>, array: ExprId, at: ExprId, span: Span) -> Simple {
    let Some(number) = graph.as_int(at).and_then(Int::to_usize) else { return Ok(None) };
    match graph.as_op(array) {
        Some((Op::Array, elements)) if number < elements.len() => {
            let harmless = elements.iter().all(|&element| !graph.may_fault(element));
            Ok(harmless.then(|| elements[number]))
        }
        Some((Op::Mux, args)) if args[1..].iter().any(|&arm| is_made_here(graph, arm)) => {
            let args = args.to_vec();
            let then = graph.op(Op::Index, &[args[1], at], span)?;
            let otherwise = graph.op(Op::Index, &[args[2], at], span)?;
            graph.mux(args[0], then, otherwise).map(Some)
        }
        Some(_) | None => Ok(None),
    }
}

fn is_made_here(graph: &Graph<'_>, id: ExprId) -> bool {
    matches!(graph.as_op(id), Some((Op::Array | Op::Struct { .. }, _)))
}

fn field(graph: &mut Graph<'_>, number: u32, of: ExprId, span: Span) -> Simple {
    match graph.as_op(of) {
        Some((Op::Struct { of: id }, fields)) => {
            let declared = graph.types.structs.get(id.index()).and_then(|of| of.fields.get(number as usize));
            let (Some((_, declared)), Some(&value)) = (declared, fields.get(number as usize)) else {
                return Ok(None);
            };
            // A field is checked where the struct is stored; until then it may hold more than its type says.
            let is_held = match (declared, graph.exprs.ty(value)) {
                (Type::Int(declared), Type::Int(own)) => declared.contains_range(own),
                (declared, own) => declared == own,
            };
            let harmless = fields.iter().all(|&field| !graph.may_fault(field));
            Ok((is_held && harmless).then_some(value))
        }
        Some((Op::Mux, args)) if args[1..].iter().any(|&arm| is_made_here(graph, arm)) => {
            let args = args.to_vec();
            let op = Op::Field { index: number };
            let then = graph.op(op.clone(), &args[1..2], span)?;
            let otherwise = graph.op(op, &args[2..3], span)?;
            graph.mux(args[0], then, otherwise).map(Some)
        }
        Some(_) | None => Ok(None),
    }
}
