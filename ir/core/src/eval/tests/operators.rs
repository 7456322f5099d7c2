//! Every operator on small values, against arithmetic of its own.

use super::super::*;
use crate::design::{EnumId, EnumType, StructId, StructType, Types};
use crate::int::Int;
use crate::op::Op;
use crate::types::{Range, Type, Value};
use pyhw_diagnostics::Span;

/// What an operator does with two integers; `None` is a fault.
type Meaning = fn(i128, i128) -> Option<i128>;

/// Python's floor division.
fn floor_div(a: i128, b: i128) -> Option<i128> {
    (b != 0).then(|| (a as f64 / b as f64).floor() as i128)
}

fn bits_of(a: i128, low: u32, width: u32) -> i128 {
    (0..width).map(|at| (a.div_euclid(1 << (low + at)).rem_euclid(2)) << at).sum()
}

const BINARY: &[(Op, Meaning)] = &[
    (Op::Add, |a, b| Some(a + b)),
    (Op::Sub, |a, b| Some(a - b)),
    (Op::Mul, |a, b| Some(a * b)),
    (Op::FloorDiv, floor_div),
    (Op::Mod, |a, b| floor_div(a, b).map(|q| a - b * q)),
    (Op::Pow, |a, b| (b >= 0).then(|| (0..b).map(|_| a).product())),
    (Op::And, |a, b| Some(a & b)),
    (Op::Or, |a, b| Some(a | b)),
    (Op::Xor, |a, b| Some(a ^ b)),
    (Op::Shl, |a, b| (b >= 0).then(|| a * 2i128.pow(b as u32))),
    (Op::Shr, |a, b| (b >= 0).then(|| a.div_euclid(2i128.pow(b as u32)))),
    (Op::Eq, |a, b| Some((a == b).into())),
    (Op::Ne, |a, b| Some((a != b).into())),
    (Op::Lt, |a, b| Some((a < b).into())),
    (Op::Le, |a, b| Some((a <= b).into())),
    (Op::Gt, |a, b| Some((a > b).into())),
    (Op::Ge, |a, b| Some((a >= b).into())),
    (Op::Bit, |a, b| (b >= 0).then(|| bits_of(a, b as u32, 1))),
];

fn int(value: i128) -> Value {
    Value::Int(value.to_string().parse().unwrap())
}

fn call(op: &Op, args: &[Value]) -> Result<Value, Fault> {
    let refs: Vec<&Value> = args.iter().collect();
    let ty = Type::Bool;
    apply(op, &refs, &vec![&ty; args.len()], &Types::default())
}

fn number(value: Value) -> i128 {
    match value {
        Value::Bool(truth) => truth.into(),
        Value::Int(int) => int.to_string().parse().unwrap(),
        other => panic!("{other:?} is no number"),
    }
}

#[test]
fn every_operator_on_two_integers_computes_what_it_means() {
    for (op, meaning) in BINARY {
        for a in -17i128..=17 {
            for b in -6i128..=6 {
                let result = call(op, &[int(a), int(b)]).ok().map(number);
                assert_eq!(result, meaning(a, b), "{op:?}({a}, {b})");
            }
        }
    }
}

#[test]
fn every_operator_on_one_integer_computes_what_it_means() {
    for a in -20i128..=20 {
        let one = |op: Op| call(&op, &[int(a)]).ok().map(number);
        assert_eq!(one(Op::Neg), Some(-a));
        assert_eq!(one(Op::Inv), Some(-a - 1));
        assert_eq!(
            one(Op::ToBool),
            match a {
                0 | 1 => Some(a),
                _ => None,
            }
        );
        for low in 0..4 {
            for width in 1..5 {
                assert_eq!(one(Op::Slice { low, width }), Some(bits_of(a, low, width)));
            }
        }
        for width in 1..6 {
            let low = bits_of(a, 0, width);
            let signed = if low >= 1 << (width - 1) { low - (1 << width) } else { low };
            assert_eq!(one(Op::Signed { width }), Some(signed));
        }
        for (min, max) in [(0i64, 7i64), (-4, 3), (-3, 6), (5, 5)] {
            let range = Range::new(min, max);
            let inside = (i128::from(min)..=i128::from(max)).contains(&a);
            let wrapped = (i128::from(min)..=i128::from(max))
                .find(|value| (value - a) % i128::from(max - min + 1) == 0);
            assert_eq!(one(Op::Wrap { range: range.clone() }), wrapped);
            assert_eq!(one(Op::Check { range: range.clone() }), inside.then_some(a));
            assert_eq!(one(Op::Refine { range }), inside.then_some(a));
        }
    }
}

#[test]
fn concat_puts_the_first_operand_on_top_and_drops_what_is_too_wide() {
    for a in -9i128..9 {
        for b in -9i128..9 {
            let op = Op::Concat { widths: [3, 2].into() };
            let expected = bits_of(a, 0, 3) * 4 + bits_of(b, 0, 2);
            assert_eq!(call(&op, &[int(a), int(b)]).map(number), Ok(expected));
        }
    }
}

#[test]
fn logic_on_booleans_is_logic() {
    for a in [false, true] {
        assert_eq!(call(&Op::Not, &[Value::Bool(a)]), Ok(Value::Bool(!a)));
        assert_eq!(call(&Op::ToInt, &[Value::Bool(a)]), Ok(Value::int(a)));
        for b in [false, true] {
            let both = |op: Op| call(&op, &[Value::Bool(a), Value::Bool(b)]);
            assert_eq!(both(Op::And), Ok(Value::Bool(a && b)));
            assert_eq!(both(Op::AndThen), Ok(Value::Bool(a && b)));
            assert_eq!(both(Op::Or), Ok(Value::Bool(a || b)));
            assert_eq!(both(Op::OrElse), Ok(Value::Bool(a || b)));
            assert_eq!(both(Op::Xor), Ok(Value::Bool(a != b)));
            assert_eq!(both(Op::Eq), Ok(Value::Bool(a == b)));
            assert_eq!(both(Op::Ne), Ok(Value::Bool(a != b)));
        }
        let mux = call(&Op::Mux, &[Value::Bool(a), int(1), int(2)]);
        assert_eq!(mux, Ok(int(if a { 1 } else { 2 })));
    }
}

#[test]
fn members_are_encoded_and_decoded_by_their_codes() {
    let members = [("A", 1i64), ("B", 2), ("C", 4)].map(|(name, code)| (name.to_owned(), Int::from(code)));
    let of = EnumType { name: "T".into(), members: members.into(), width_bits: 3, span: Span::NONE };
    let types = Types { enums: vec![of], structs: vec![] };
    let ty = Type::Enum(EnumId::new(0));
    for (member, code) in [(0u32, 1i64), (1, 2), (2, 4)] {
        let decode = Op::Decode { of: EnumId::new(0) };
        let encoded = apply(&Op::Encode, &[&Value::Enum(member)], &[&ty], &types);
        assert_eq!(encoded, Ok(Value::int(code)));
        assert_eq!(apply(&decode, &[&Value::int(code)], &[&ty], &types), Ok(Value::Enum(member)));
        let fault = apply(&decode, &[&Value::int(7i64)], &[&ty], &types).unwrap_err();
        assert_eq!(*fault.kind, FaultKind::NoMember { of: "T".into(), code: Int::from(7i64) });
    }
}

#[test]
fn arrays_and_structs_give_back_their_parts() {
    let array = call(&Op::Array, &[int(5), int(6), int(7)]).unwrap();
    for (index, expected) in [(0, Some(5)), (2, Some(7)), (3, None), (-1, None)] {
        assert_eq!(call(&Op::Index, &[array.clone(), int(index)]).ok().map(number), expected);
    }
    let fields = vec![("x".to_owned(), Type::Bool), ("y".to_owned(), Type::unsigned(4))];
    let of = StructType { name: "P".into(), fields, span: Span::NONE };
    let types = Types { enums: vec![], structs: vec![of] };
    let op = Op::Struct { of: StructId::new(0) };
    let ty = Type::Bool;
    let pair = apply(&op, &[&Value::Bool(true), &int(9)], &[&ty, &ty], &types).unwrap();
    assert_eq!(call(&Op::Field { index: 1 }, &[pair]), Ok(int(9)));
}

#[test]
fn faults_name_the_values() {
    let kind = |op: Op, args: &[Value]| *call(&op, args).unwrap_err().kind;
    assert_eq!(kind(Op::FloorDiv, &[int(1), int(0)]), FaultKind::Division);
    assert_eq!(
        kind(Op::Shl, &[int(1), int(-2)]),
        FaultKind::Negative { op: "shl", amount: Int::from(-2i64) }
    );
    assert_eq!(kind(Op::Shl, &[int(1), int(1 << 40)]), FaultKind::TooLarge { op: "shl" });
    assert_eq!(kind(Op::Pow, &[int(3), int(1 << 40)]), FaultKind::TooLarge { op: "pow" });
    assert_eq!(
        kind(Op::Index, &[call(&Op::Array, &[int(1)]).unwrap(), int(1)]),
        FaultKind::Index { length: 1, index: Int::ONE }
    );
    assert_eq!(
        kind(Op::Check { range: Range::new(0i64, 3i64) }, &[int(4)]),
        FaultKind::Range { target: None, range: Range::new(0i64, 3i64), value: Int::from(4i64) }
    );
    assert!(matches!(
        kind(Op::Refine { range: Range::new(0i64, 3i64) }, &[int(4)]),
        FaultKind::Internal { .. }
    ));
    assert!(matches!(kind(Op::Add, &[int(4), Value::Bool(true)]), FaultKind::Internal { .. }));
    assert!(matches!(kind(Op::Add, &[int(4)]), FaultKind::Internal { .. }));
}

#[test]
fn huge_powers_and_shifts_of_trivial_values_are_no_fault() {
    let huge = int(1 << 100);
    assert_eq!(call(&Op::Pow, &[int(-1), huge.clone()]), Ok(int(1)));
    assert_eq!(call(&Op::Pow, &[int(0), huge.clone()]), Ok(int(0)));
    assert_eq!(call(&Op::Shl, &[int(0), huge.clone()]), Ok(int(0)));
    assert_eq!(call(&Op::Shr, &[int(-5), huge.clone()]), Ok(int(-1)));
    assert_eq!(call(&Op::Bit, &[int(-5), huge]), Ok(Value::Bool(true)));
}

#[test]
fn z_equals_only_itself_and_is_no_operand() {
    assert_eq!(call(&Op::Eq, &[Value::Z, int(0)]), Ok(Value::Bool(false)));
    assert_eq!(call(&Op::Eq, &[Value::Z, Value::Z]), Ok(Value::Bool(true)));
    assert_eq!(call(&Op::Not, &[Value::Z]), Ok(Value::Bool(true)));
    assert_eq!(call(&Op::IsZ, &[Value::Z]), Ok(Value::Bool(true)));
    assert_eq!(call(&Op::IsZ, &[int(0)]), Ok(Value::Bool(false)));
    assert_eq!(*call(&Op::Add, &[Value::Z, int(0)]).unwrap_err().kind, FaultKind::Undriven);
}
