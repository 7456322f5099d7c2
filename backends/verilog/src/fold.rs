//! Constants: what an expression is bound to be, so that the text does not ask what is known.
//!
//! Tools warn of comparisons that widths decide, and a procedure that reads nothing once they are decided never wakes.

use pyhw_ir::eval::apply;
use pyhw_ir::{ExprId, ExprKind, Exprs, Int, Op, Range, Type, Types, Value, interval};

/// The value of each expression that has only one. `constants` are the nets that never change: they are read where they stand,
/// while the comparisons that they decide are not made.
pub fn fold(exprs: &Exprs, types: &Types, constants: &[Option<Int>]) -> Vec<Option<Value>> {
    let mut known: Vec<Option<Value>> = Vec::with_capacity(exprs.len());
    let mut ranges: Vec<Option<Range>> = Vec::with_capacity(exprs.len());
    for id in exprs.ids() {
        let range = exprs.range(id).map(|declared| reached(exprs, types, id, declared, &ranges));
        let single = || range.as_ref()?.single().map(|value| Value::Int(value.clone()));
        let value = match exprs.kind(id) {
            ExprKind::Const(value) => Some(value.clone()),
            ExprKind::Net(_) | ExprKind::Var(_) => single(),
            ExprKind::Op(op, args) => {
                fold_op(exprs, op, args, (&known, &ranges), types, constants).or_else(single)
            }
        };
        ranges.push(match &value {
            Some(Value::Int(value)) => Some(point(value)),
            _ => range,
        });
        known.push(value);
    }
    known
}

/// The values that an expression reaches, where its operands reach fewer than their types hold: tools see that, too.
fn reached(exprs: &Exprs, types: &Types, id: ExprId, declared: &Range, ranges: &[Option<Range>]) -> Range {
    let ExprKind::Op(op, args) = exprs.kind(id) else { return declared.clone() };
    let of = |index: usize| args.get(index).and_then(|arg| ranges[arg.index()].as_ref());
    let reached = match op {
        Op::Neg
        | Op::Inv
        | Op::Add
        | Op::Sub
        | Op::Mul
        | Op::FloorDiv
        | Op::Mod
        | Op::Pow
        | Op::And
        | Op::Or
        | Op::Xor
        | Op::Shl
        | Op::Shr
        | Op::Mux
        | Op::Refine { .. }
        | Op::Check { .. } => {
            let narrowed = |arg: &ExprId| match &ranges[arg.index()] {
                Some(range) => Type::Int(range.clone()),
                None => exprs.ty(*arg).clone(),
            };
            let narrowed: Vec<Type> = args.iter().map(narrowed).collect();
            match op.result_type(&narrowed.iter().collect::<Vec<_>>(), types) {
                Ok(Type::Int(range)) => Some(range),
                _ => None,
            }
        }
        Op::Slice { low, width } => of(0)
            .map(|a| interval::shr(a, &Range::exactly(*low)))
            .filter(|above| Range::unsigned(*width).contains_range(above)),
        Op::Signed { .. } | Op::Wrap { .. } => of(0).filter(|a| declared.contains_range(a)).cloned(),
        Op::Eq
        | Op::Ne
        | Op::Lt
        | Op::Le
        | Op::Gt
        | Op::Ge
        | Op::Not
        | Op::AndThen
        | Op::OrElse
        | Op::Bit
        | Op::Concat { .. }
        | Op::ToInt
        | Op::ToBool
        | Op::Encode
        | Op::Decode { .. }
        | Op::Index
        | Op::Array
        | Op::Field { .. }
        | Op::Struct { .. }
        | Op::IsZ
        | Op::Now
        | Op::Format { .. } => None,
    };
    reached.and_then(|reached| reached.intersection(declared)).unwrap_or_else(|| declared.clone())
}

fn fold_op(
    exprs: &Exprs,
    op: &Op,
    args: &[ExprId],
    (known, ranges): (&[Option<Value>], &[Option<Range>]),
    types: &Types,
    constants: &[Option<Int>],
) -> Option<Value> {
    let value = |index: usize| known[args[index].index()].as_ref();
    let boolean = |index: usize| value(index).and_then(Value::as_bool);
    match op {
        Op::Now | Op::Format { .. } => return None,
        Op::Mux => {
            return match boolean(0) {
                Some(cond) => value(if cond { 1 } else { 2 }),
                None => value(1).filter(|then| value(2) == Some(then)),
            }
            .cloned();
        }
        Op::AndThen if boolean(0) == Some(false) || boolean(1) == Some(false) => {
            return Some(Value::Bool(false));
        }
        Op::OrElse if boolean(0) == Some(true) || boolean(1) == Some(true) => return Some(Value::Bool(true)),
        Op::Eq | Op::Ne | Op::Lt | Op::Le | Op::Gt | Op::Ge => {
            let interval = |arg: ExprId| match (&known[arg.index()], exprs.kind(arg), exprs.ty(arg)) {
                (Some(Value::Int(value)), _, _) => Some(point(value)),
                (None, ExprKind::Net(net), Type::Int(range)) => {
                    Some(constants.get(net.index()).and_then(Option::as_ref).map_or(range.clone(), point))
                }
                (_, _, Type::Int(_)) => ranges[arg.index()].clone(),
                _ => None,
            };
            if let (Some(x), Some(y)) = (interval(args[0]), interval(args[1]))
                && let Some(known) = decided(op, &x, &y)
            {
                return Some(Value::Bool(known));
            }
        }
        _ => {}
    }
    if let Some(value) = of_same_operands(exprs, op, args) {
        return Some(value);
    }
    let values: Vec<&Value> = (0..args.len()).map(value).collect::<Option<_>>()?;
    if values.contains(&&Value::Z) {
        return None;
    }
    let arg_types: Vec<&Type> = args.iter().map(|arg| exprs.ty(*arg)).collect();
    apply(op, &values, &arg_types, types).ok()
}

/// What an operator gives of the same value twice: tools know it, too.
fn of_same_operands(exprs: &Exprs, op: &Op, args: &[ExprId]) -> Option<Value> {
    let [a, b] = args else { return None };
    let is_bool = *exprs.ty(*a) == Type::Bool;
    let value = match op {
        Op::Eq | Op::Le | Op::Ge => Value::Bool(true),
        Op::Ne | Op::Lt | Op::Gt => Value::Bool(false),
        Op::Xor if is_bool => Value::Bool(false),
        Op::Sub | Op::Mod | Op::Xor => Value::int(0i64),
        // Nothing can be divided by zero: that is a fault.
        Op::FloorDiv => Value::int(1i64),
        _ => return None,
    };
    (bare(exprs, *a) == bare(exprs, *b)).then_some(value)
}

/// The expression without what only says which values it has.
pub fn bare(exprs: &Exprs, mut e: ExprId) -> ExprId {
    while let ExprKind::Op(Op::Refine { .. } | Op::Check { .. }, args) = exprs.kind(e) {
        e = args[0];
    }
    e
}

fn point(value: &Int) -> Range {
    Range { min: Some(value.clone()), max: Some(value.clone()) }
}

/// The result of a comparison that the intervals decide.
fn decided(op: &Op, x: &Range, y: &Range) -> Option<bool> {
    let below = |a: &Range, b: &Range| matches!((&a.max, &b.min), (Some(high), Some(low)) if high < low);
    let at_most = |a: &Range, b: &Range| matches!((&a.max, &b.min), (Some(high), Some(low)) if high <= low);
    let less = |a: &Range, b: &Range| {
        if below(a, b) {
            Some(true)
        } else if at_most(b, a) {
            Some(false)
        } else {
            None
        }
    };
    match op {
        Op::Eq | Op::Ne => {
            let equal = if below(x, y) || below(y, x) {
                false
            } else if x.single().is_some() && x.single() == y.single() {
                true
            } else {
                return None;
            };
            Some(equal == matches!(op, Op::Eq))
        }
        Op::Lt => less(x, y),
        Op::Ge => less(x, y).map(|known| !known),
        Op::Gt => less(y, x),
        _ => less(y, x).map(|known| !known),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use pyhw_diagnostics::Span;
    use pyhw_ir::NetId;

    #[test]
    fn what_a_part_reaches_decides() {
        let types = Types::default();
        let mut exprs = Exprs::new();
        let two = exprs.net(NetId::new(0), &Type::unsigned(2), Span::NONE);
        let above = exprs.op(Op::Slice { low: 5, width: 8 }, &[two], &types, Span::NONE).unwrap();
        let zero = exprs.constant(Value::int(0i64), Type::unsigned(2), Span::NONE);
        let sum = exprs.op(Op::Add, &[two, zero], &types, Span::NONE).unwrap();
        let three = exprs.int(3i64, Span::NONE);
        let more = exprs.op(Op::Gt, &[sum, three], &types, Span::NONE).unwrap();
        let known = fold(&exprs, &types, &[]);
        assert_eq!(known[above.index()], Some(Value::int(0i64)));
        assert_eq!(known[sum.index()], None);
        assert_eq!(known[more.index()], Some(Value::Bool(false)));
    }

    #[test]
    fn what_a_known_operand_leaves_decides() {
        let types = Types::default();
        let mut exprs = Exprs::new();
        let two = exprs.net(NetId::new(0), &Type::unsigned(2), Span::NONE);
        let minus = exprs.int(-1i64, Span::NONE);
        let far = exprs.op(Op::Slice { low: 0, width: 12 }, &[minus], &types, Span::NONE).unwrap();
        let gone = exprs.op(Op::Shr, &[two, far], &types, Span::NONE).unwrap();
        let byte = exprs.net(NetId::new(1), &Type::unsigned(8), Span::NONE);
        let less = exprs.op(Op::Lt, &[byte, gone], &types, Span::NONE).unwrap();
        let known = fold(&exprs, &types, &[]);
        assert_eq!(known[gone.index()], Some(Value::int(0i64)));
        assert_eq!(known[less.index()], Some(Value::Bool(false)));
    }

    #[test]
    fn a_value_and_itself_decide() {
        let types = Types::default();
        let mut exprs = Exprs::new();
        let byte = exprs.net(NetId::new(0), &Type::unsigned(8), Span::NONE);
        let few = Range::unsigned(3);
        let few = exprs.op(Op::Refine { range: few }, &[byte], &types, Span::NONE).unwrap();
        let one = exprs.op(Op::FloorDiv, &[byte, few], &types, Span::NONE).unwrap();
        let less = exprs.op(Op::Lt, &[one, one], &types, Span::NONE).unwrap();
        let none = exprs.op(Op::Xor, &[few, byte], &types, Span::NONE).unwrap();
        let sum = exprs.op(Op::Add, &[byte, byte], &types, Span::NONE).unwrap();
        let known = fold(&exprs, &types, &[]);
        assert_eq!(known[one.index()], Some(Value::int(1i64)));
        assert_eq!(known[less.index()], Some(Value::Bool(false)));
        assert_eq!(known[none.index()], Some(Value::int(0i64)));
        assert_eq!(known[sum.index()], None);
    }

    #[test]
    fn what_the_widths_decide_is_known() {
        let types = Types::default();
        let mut exprs = Exprs::new();
        let byte = exprs.net(NetId::new(0), &Type::unsigned(8), Span::NONE);
        let flag = exprs.net(NetId::new(1), &Type::Bool, Span::NONE);
        let limit = exprs.int(256i64, Span::NONE);
        let always = exprs.op(Op::Lt, &[byte, limit], &types, Span::NONE).unwrap();
        let chosen = exprs.op(Op::Mux, &[always, limit, byte], &types, Span::NONE).unwrap();
        let both = exprs.op(Op::AndThen, &[flag, always], &types, Span::NONE).unwrap();
        let known = fold(&exprs, &types, &[]);
        assert_eq!(known[always.index()], Some(Value::Bool(true)));
        assert_eq!(known[chosen.index()], Some(Value::int(256i64)));
        assert_eq!(known[both.index()], None);
        assert_eq!(known[byte.index()], None);
    }
}
