//! Conditions, and places in memory.

use crate::cexpr::{Arith, CExpr, Compare, Cond, EXACT, mask};
use crate::func::{Func, Operand};
use crate::layout::{Storage, limbs, storage};
use crate::support::Helper;
use pyhw_ir::{ExprId, ExprKind, Int, Op, Range, Type, Value};

/// The comparison that an operator makes.
fn comparison(op: &Op) -> Option<Compare> {
    match op {
        Op::Eq => Some(Compare::Eq),
        Op::Ne => Some(Compare::Ne),
        Op::Lt => Some(Compare::Lt),
        Op::Le => Some(Compare::Le),
        Op::Gt => Some(Compare::Gt),
        Op::Ge => Some(Compare::Ge),
        Op::Neg
        | Op::Add
        | Op::Sub
        | Op::Mul
        | Op::FloorDiv
        | Op::Mod
        | Op::Pow
        | Op::And
        | Op::Or
        | Op::Xor
        | Op::Inv
        | Op::Shl
        | Op::Shr
        | Op::Not
        | Op::AndThen
        | Op::OrElse
        | Op::Mux
        | Op::Bit
        | Op::Slice { .. }
        | Op::Concat { .. }
        | Op::Signed { .. }
        | Op::Wrap { .. }
        | Op::Refine { .. }
        | Op::Check { .. }
        | Op::ToInt
        | Op::ToBool
        | Op::Encode
        | Op::Decode { .. }
        | Op::Array
        | Op::Index
        | Op::Struct { .. }
        | Op::Field { .. }
        | Op::IsZ
        | Op::Now
        | Op::Format { .. } => None,
    }
}

impl Func<'_, '_> {
    /// What a comparison of integers always gives, if their intervals say it. C compilers warn of such comparisons.
    pub fn known_compare(&self, id: ExprId) -> Option<bool> {
        let ExprKind::Op(op, args) = self.body.exprs.kind(id) else { return None };
        let op = comparison(op)?;
        if self.is_same(args[0], args[1], 0) {
            return Some(matches!(op, Compare::Eq | Compare::Le | Compare::Ge));
        }
        let (Type::Int(_), Type::Int(_)) = (self.ty(args[0]), self.ty(args[1])) else { return None };
        let (a, b) = (self.range(args[0]), self.range(args[1]));
        let ((a_min, a_max), (b_min, b_max)) = (a.bounds()?, b.bounds()?);
        let known = |holds: bool, fails: bool| if holds { Some(true) } else { fails.then_some(false) };
        match op {
            Compare::Lt => known(a_max < b_min, a_min >= b_max),
            Compare::Le => known(a_max <= b_min, a_min > b_max),
            Compare::Gt => known(a_min > b_max, a_max <= b_min),
            Compare::Ge => known(a_min >= b_max, a_max < b_min),
            Compare::Eq | Compare::Ne => {
                let equal =
                    known(a.single().is_some() && a.single() == b.single(), a_max < b_min || b_max < a_min)?;
                Some(equal == (op == Compare::Eq))
            }
        }
    }

    /// Whether two expressions are the same but for the order of operands.
    fn is_same(&self, a: ExprId, b: ExprId, depth: u32) -> bool {
        const MAX_DEPTH: u32 = 4;
        if a == b {
            return true;
        }
        let (ExprKind::Op(op, x), ExprKind::Op(other, y)) =
            (self.body.exprs.kind(a), self.body.exprs.kind(b))
        else {
            return false;
        };
        let is_commutative = matches!(op, Op::Add | Op::Mul | Op::And | Op::Or | Op::Xor);
        if op != other || x.len() != 2 || y.len() != 2 || depth == MAX_DEPTH {
            return false;
        }
        let same = |x, y| self.is_same(x, y, depth + 1);
        (same(x[0], y[0]) && same(x[1], y[1])) || (is_commutative && same(x[0], y[1]) && same(x[1], y[0]))
    }

    /// A boolean.
    pub fn cond(&mut self, id: ExprId) -> Cond {
        self.meet(id);
        if let Some(Operand::Cond(cond)) = self.memo.get(&id) {
            return cond.clone();
        }
        if let Some(value) = self.known_compare(id) {
            return Cond::known(value);
        }
        let body = self.body;
        match body.exprs.kind(id) {
            ExprKind::Const(value) => match value.as_bool() {
                Some(value) => Cond::known(value),
                None => self.no_bool(id),
            },
            ExprKind::Net(net) => {
                if let (true, Value::Bool(value)) =
                    (self.unit.fixed[net.index()], &self.unit.layout.module.net(*net).init)
                {
                    return Cond::known(*value);
                }
                Cond::tight(self.net_text(*net))
            }
            ExprKind::Var(var) => Cond::tight(self.vars[var.index()].0.clone()),
            ExprKind::Op(op, args) => self.cond_operator(id, op, args),
        }
    }

    fn cond_operator(&mut self, id: ExprId, op: &Op, args: &[ExprId]) -> Cond {
        match op {
            Op::And => {
                let (a, b) = (self.cond(args[0]), self.cond(args[1]));
                a.join("&&", b)
            }
            Op::Or => {
                let (a, b) = (self.cond(args[0]), self.cond(args[1]));
                a.join("||", b)
            }
            Op::AndThen => self.joined_then("&&", args),
            Op::OrElse => self.joined_then("||", args),
            Op::Xor => {
                let (a, b) = (self.cond(args[0]), self.cond(args[1]));
                a.equal(b, false)
            }
            Op::Not => self.cond(args[0]).not(),
            Op::Eq | Op::Ne if *self.ty(args[0]) == Type::Bool => {
                let (a, b) = (self.cond(args[0]), self.cond(args[1]));
                a.equal(b, *op == Op::Eq)
            }
            Op::Eq | Op::Ne | Op::Lt | Op::Le | Op::Gt | Op::Ge => {
                if *self.ty(args[0]) == Type::Text {
                    self.unit.refuse(self.body.exprs.span(id), "C does not compare texts");
                    return Cond::known(false);
                }
                match comparison(op) {
                    Some(op) => self.compared(op, args[0], args[1]),
                    None => self.no_bool(id),
                }
            }
            Op::Mux => {
                let cond = self.cond(args[0]);
                if let Some(value) = cond.known {
                    return self.cond(args[if value { 1 } else { 2 }]);
                }
                let (a, of_a) = self.where_it_is(args[0], true, &cond, |func| func.cond(args[1]));
                let (b, of_b) = self.where_it_is(args[0], false, &cond, |func| func.cond(args[2]));
                let mut paths = [
                    of_a.used_by(std::slice::from_ref(&a.text)),
                    of_b.used_by(std::slice::from_ref(&b.text)),
                ];
                if paths.iter().any(|lines| !lines.is_empty()) {
                    let name = self.fresh("t");
                    paths[0].push(format!("{name} = {};", a.text));
                    paths[1].push(format!("{name} = {};", b.text));
                    self.define_chosen(&name, &format!("bool {name}"), &cond, &paths);
                    return Cond::tight(name);
                }
                cond.select(a, b)
            }
            Op::Bit => self.bit(args),
            Op::ToBool => {
                let value = self.low(args[0], EXACT);
                let value = if self.width(args[0]) > 64 { value.zero_extended(64) } else { value };
                self.is_not_zero(&value)
            }
            Op::Index | Op::Field { .. } => Cond::tight(self.object(id)),
            Op::IsZ => {
                // What is left of them are ports, which are refused as well.
                self.unit.refuse(self.body.exprs.span(id), "C has no tri-state ports");
                Cond::known(false)
            }
            // These do not give booleans.
            Op::Neg
            | Op::Add
            | Op::Sub
            | Op::Mul
            | Op::FloorDiv
            | Op::Mod
            | Op::Pow
            | Op::Inv
            | Op::Shl
            | Op::Shr
            | Op::Slice { .. }
            | Op::Concat { .. }
            | Op::Signed { .. }
            | Op::Wrap { .. }
            | Op::Refine { .. }
            | Op::Check { .. }
            | Op::ToInt
            | Op::Encode
            | Op::Decode { .. }
            | Op::Array
            | Op::Struct { .. }
            | Op::Now
            | Op::Format { .. } => self.no_bool(id),
        }
    }

    /// Something that is no boolean stands where a verified design has one.
    fn no_bool(&mut self, id: ExprId) -> Cond {
        self.unit.bug(self.body.exprs.span(id), "a boolean was to be written, and the expression is none");
        Cond::known(false)
    }

    /// Something that is no array or struct stands where a verified design has one.
    fn no_object(&mut self, id: ExprId) -> String {
        self.unit.bug(
            self.body.exprs.span(id),
            "an array or a struct was to be written, and the expression is none",
        );
        String::from("0")
    }

    /// `and then`, `or else`: the second operand is computed only where the first one leaves it open.
    fn joined_then(&mut self, sign: &'static str, args: &[ExprId]) -> Cond {
        let first = self.cond(args[0]);
        let deciding = sign == "||";
        match first.known {
            Some(value) if value == deciding => return first,
            Some(_) => return self.cond(args[1]),
            None => {}
        }
        let (second, before) = self.where_it_is(args[0], !deciding, &first, |func| func.cond(args[1]));
        let lines = before.used_by(std::slice::from_ref(&second.text));
        if lines.is_empty() {
            return first.join(sign, second);
        }
        let name = self.fresh("t");
        let open = if deciding { format!("!{name}") } else { name.clone() };
        let mut all = vec![format!("bool {name} = {};", first.text), format!("if ({open}) {{")];
        all.extend(lines.into_iter().map(|line| format!("    {line}")));
        all.push(format!("    {name} = {};", second.text));
        all.push("}".into());
        self.define(&name, all);
        Cond::tight(name)
    }

    fn is_not_zero(&mut self, value: &CExpr) -> Cond {
        CExpr::compare(Compare::Ne, value, &CExpr::literal(0)).unwrap_or_else(|| Cond::known(true))
    }

    /// An operand of a comparison. gcc looks through the cast in `(uint8_t)~x != 0U`, and through `x ^ 0xFFU`, takes the complement for
    /// one of an `int`, which is never zero, and warns: so it is what is missing to all ones.
    fn compared_operand(&mut self, id: ExprId) -> CExpr {
        let complemented = match self.body.exprs.kind(id) {
            ExprKind::Op(Op::Slice { low: 0, width }, args) => match self.body.exprs.kind(args[0]) {
                ExprKind::Op(Op::Inv, args) => Some((*width, args[0])),
                _ => None,
            },
            ExprKind::Op(Op::Xor, args) => {
                [(args[0], args[1]), (args[1], args[0])].into_iter().find_map(|(ones, of)| {
                    let (ones, width) = match self.single(ones)?.to_u32()? {
                        0xff => (0xffi64, 8),
                        0xffff => (0xffff, 16),
                        _ => return None,
                    };
                    Range::new(0i64, ones).contains_range(&self.range(of)).then_some((width, of))
                })
            }
            _ => None,
        };
        if let Some((width, of)) =
            complemented.filter(|(width, of)| matches!(width, 8 | 16) && self.needed(*of) <= 64)
        {
            let (ones, bits) = ((1i128 << width) - 1, self.low(of, width).zero_extended(width));
            let flipped = CExpr::arith(Arith::Sub, &CExpr::hex(ones), &bits, EXACT, Some((0, ones)));
            if let Some(flipped) = flipped {
                return flipped;
            }
        }
        self.low(id, EXACT)
    }

    fn compared(&mut self, op: Compare, a: ExprId, b: ExprId) -> Cond {
        let hull = self.range(a).union(&self.range(b));
        let width = hull.width_bits().unwrap_or(64);
        if width <= 64 {
            let (x, y) = (self.compared_operand(a), self.compared_operand(b));
            if let Some(cond) = CExpr::compare(op, &x, &y) {
                return cond;
            }
        }
        let count = limbs(width);
        let x = self.wide_operand(a, count);
        let y = self.wide_operand(b, count);
        let count = self.count(count);
        let less = if hull.is_signed() { Helper::WideLessS } else { Helper::WideLessU };
        let (helper, x, y, holds) = match op {
            Compare::Eq => (Helper::WideEqual, x, y, true),
            Compare::Ne => (Helper::WideEqual, x, y, false),
            Compare::Lt => (less, x, y, true),
            Compare::Ge => (less, x, y, false),
            Compare::Gt => (less, y, x, true),
            Compare::Le => (less, y, x, false),
        };
        let cond = Cond::tight(self.call(helper, &[x, y, count]));
        if holds { cond } else { cond.not() }
    }

    fn bit(&mut self, args: &[ExprId]) -> Cond {
        let range = self.range(args[0]);
        let width = range.width_bits().unwrap_or(64);
        if let Some(index) = self.single(args[1]) {
            let index = index.to_u32().unwrap_or(if index.is_negative() { 0 } else { u32::MAX });
            if index >= width && !range.is_signed() {
                return Cond::known(false);
            }
            if index >= width {
                return self.is_negative(args[0]);
            }
            return self.bit_at(args[0], index, width);
        }
        if self.needed(args[0]) > 64 {
            let wide = self.wide(args[0]);
            let helper = if wide.signed { Helper::WideBitS } else { Helper::WideBitU };
            let index = self.amount_16(args[1]);
            let count = self.count(wide.limbs);
            return Cond::tight(self.call(helper, &[wide.text, count, index]));
        }
        let value = self.low(args[0], EXACT);
        let shifted = if value.is_natural() {
            let amount = self.amount(args[1]);
            let amount = if amount.bounds().1 >= 16 { self.keep_int(amount, EXACT) } else { amount };
            CExpr::shift_right(&value, &amount, EXACT, None)
        } else {
            None
        };
        let shifted = match shifted {
            Some(shifted) => shifted,
            None => {
                let (lo, hi) = value.bounds();
                let bits = crate::support::Bits::for_range(lo.min(-1), hi);
                let amount = self.amount_16(args[1]);
                let text = self.call(Helper::ShiftRight(bits), &[value.stored(bits.signed()), amount]);
                CExpr::leaf(text, bits.signed(), lo.min(-1), hi.max(0))
            }
        };
        let lowest = CExpr::arith(Arith::And, &shifted, &CExpr::literal(1), 1, Some((0, 1)))
            .expect("invariant: 64 bits hold the low bits of any value");
        self.is_not_zero(&lowest)
    }

    fn is_negative(&mut self, id: ExprId) -> Cond {
        if self.needed(id) > 64 {
            let wide = self.wide(id);
            return Cond {
                text: format!("({}[{}] >> 31) != 0U", wide.text, wide.limbs - 1),
                binds: crate::cexpr::Binds::Loose("!="),
                opposite: None,
                known: None,
            };
        }
        let value = self.low(id, EXACT);
        CExpr::compare(Compare::Lt, &value, &CExpr::literal(0)).unwrap_or_else(|| Cond::known(false))
    }

    /// A bit at a constant place within the width.
    fn bit_at(&mut self, id: ExprId, index: u32, width: u32) -> Cond {
        let value = if self.needed(id) > 64 {
            let wide = self.wide(id);
            let limb = index / 32;
            CExpr::low_leaf(format!("{}[{limb}]", wide.text), 32, 32, None)
        } else {
            self.low(id, self.shr_demand(id, index, 1))
        };
        if width == 1 && value.has_low(EXACT) {
            return self.is_not_zero(&value);
        }
        let place = if self.needed(id) > 64 { index % 32 } else { index };
        let bit = 1i128 << place;
        let mut masked = CExpr::arith(Arith::And, &value, &CExpr::hex(bit), place + 1, Some((0, bit)))
            .expect("invariant: 64 bits hold the low bits of any value");
        for view in &mut masked.views {
            view.low = EXACT;
        }
        self.is_not_zero(&masked)
    }

    /// The text of an index that cannot leave the array.
    pub fn index(&mut self, id: ExprId, length: u32) -> String {
        let last = Int::from(i64::from(length) - 1);
        let within = Range::new(Int::ZERO, last);
        let range = self.range(id);
        if let Some(value) = self.single(id) {
            return if within.contains(&value) { value.to_string() } else { "0".into() };
        }
        let value =
            if self.width(id) > 64 { self.low(id, EXACT).zero_extended(64) } else { self.low(id, EXACT) };
        if let Some(known) = value.literal {
            return if (0..i128::from(length)).contains(&known) { known.to_string() } else { "0".into() };
        }
        if within.contains_range(&range) {
            return value.text;
        }
        let value = self.keep_int(value, EXACT);
        let mut inside = CExpr::compare(Compare::Lt, &value, &CExpr::literal(i128::from(length)))
            .unwrap_or_else(|| Cond::known(true));
        if range.is_signed() {
            let above = CExpr::compare(Compare::Ge, &value, &CExpr::literal(0));
            inside = self.unless_holding(inside);
            let above = self.unless_holding(above.unwrap_or_else(|| Cond::known(true)));
            inside = above.join("&&", inside);
        }
        inside = self.unless_holding(inside);
        if inside.known == Some(true) {
            return value.text;
        }
        let zero = if value.plain.is_some_and(|ty| ty.signed) { "0" } else { "0U" };
        format!("{} ? {} : {zero}", inside.operand(), value.text)
    }

    /// The place in memory of an array, a struct, or an element or field of one.
    pub fn object(&mut self, id: ExprId) -> String {
        let body = self.body;
        match body.exprs.kind(id) {
            ExprKind::Net(net) => {
                let net = *net;
                if self.unit.fixed[net.index()] {
                    let (init, name) = {
                        let net = self.unit.layout.module.net(net);
                        (net.init.clone(), net.name.clone())
                    };
                    return self.table(id, &init, &name);
                }
                self.net_text(net)
            }
            ExprKind::Var(var) => self.vars[var.index()].0.clone(),
            ExprKind::Const(value) => self.table(id, value, "table"),
            ExprKind::Op(Op::Index, args) => {
                let (array, index) = (args[0], args[1]);
                let Type::Array(_, length) = *self.ty(array) else { return self.no_object(id) };
                if let (ExprKind::Op(Op::Array, elements), Some(at)) =
                    (body.exprs.kind(array), self.single(index).and_then(|at| at.to_usize()))
                    && let Some(&element) = elements.get(at)
                    && matches!(self.ty(element), Type::Array(..) | Type::Struct(_))
                {
                    return self.object(element);
                }
                let object = self.object(array);
                let at = self.index(index, length);
                format!("{object}[{at}]")
            }
            ExprKind::Op(Op::Field { index }, args) => {
                let object = self.object(args[0]);
                let Type::Struct(of) = *self.ty(args[0]) else { return self.no_object(id) };
                let names = self.unit.layout.structs[of.index()].as_ref();
                match names.and_then(|names| names.fields.get(*index as usize)) {
                    Some(field) => format!("{object}.{field}"),
                    None => self.no_object(id),
                }
            }
            ExprKind::Op(Op::Mux, args) => {
                let cond = self.cond(args[0]);
                if let Some(value) = cond.known {
                    return self.object(args[if value { 1 } else { 2 }]);
                }
                self.temporary_object(id, |func, name, storage| {
                    let mut lines = vec![format!("if ({}) {{", cond.text)];
                    for (arg, holds, end) in [(args[1], true, "} else {"), (args[2], false, "}")] {
                        let (inner, before) = func
                            .where_it_is(args[0], holds, &cond, |func| func.fill_lines(storage, name, arg));
                        let needed = before.used_by(&inner);
                        lines.extend(needed.into_iter().chain(inner).map(|line| format!("    {line}")));
                        lines.push(end.into());
                    }
                    lines
                })
            }
            ExprKind::Op(Op::Array, args) => {
                if let Some(values) = self.constants(args) {
                    return self.table(id, &Value::Array(values.into()), "table");
                }
                self.temporary_object(id, |func, name, storage| {
                    let Storage::Array(element, _) = storage else { return Vec::new() };
                    let mut lines = Vec::new();
                    for (index, &arg) in args.iter().enumerate() {
                        lines.extend(func.fill_lines(element, &format!("{name}[{index}]"), arg));
                    }
                    lines
                })
            }
            ExprKind::Op(Op::Struct { of }, args) => {
                let fields: Vec<String> = self.unit.layout.structs[of.index()]
                    .as_ref()
                    .map(|names| names.fields.clone())
                    .unwrap_or_default();
                let types: Vec<Type> = self.unit.layout.design.types.structs[of.index()]
                    .fields
                    .iter()
                    .map(|(_, ty)| ty.clone())
                    .collect();
                self.temporary_object(id, |func, name, _| {
                    let mut lines = Vec::new();
                    for ((field, ty), &arg) in fields.iter().zip(&types).zip(args.iter()) {
                        if let Some(storage) = storage(&func.unit.layout.design.types, ty) {
                            lines.extend(func.fill_lines(&storage, &format!("{name}.{field}"), arg));
                        }
                    }
                    lines
                })
            }
            ExprKind::Op(..) => self.no_object(id),
        }
    }

    /// The values of operands that are all constants.
    fn constants(&self, args: &[ExprId]) -> Option<Vec<Value>> {
        args.iter().map(|arg| self.body.exprs.as_const(*arg).cloned()).collect()
    }

    fn table(&mut self, id: ExprId, value: &Value, name: &str) -> String {
        let ty = self.storage_type(id);
        match storage(&self.unit.layout.design.types, &ty) {
            Some(storage) => self.unit.table(&storage, value, name),
            None => {
                self.unit.refuse(self.body.exprs.span(id), "C cannot say this constant");
                String::from("0")
            }
        }
    }

    fn temporary_object(
        &mut self,
        id: ExprId,
        fill: impl FnOnce(&mut Self, &str, &Storage) -> Vec<String>,
    ) -> String {
        let ty = self.storage_type(id);
        let Some(storage) = storage(&self.unit.layout.design.types, &ty) else {
            self.unit.refuse(self.body.exprs.span(id), "C cannot say this value");
            return String::from("0");
        };
        let name = self.fresh("t");
        let mut lines = vec![format!("{};", self.unit.layout.declare(&storage, &name))];
        lines.extend(fill(self, &name, &storage));
        self.define(&name, lines);
        name
    }

    /// Lines that put the value of an expression at a place.
    pub fn fill_lines(&mut self, storage: &Storage, place: &str, value: ExprId) -> Vec<String> {
        match storage {
            Storage::Bool => vec![format!("{place} = {};", self.cond(value).text)],
            Storage::Scalar { ty, width } => {
                let value = self.low(value, EXACT);
                let value = if value.has_low(EXACT) {
                    let (lo, hi) = value.bounds();
                    let fits = if ty.signed {
                        ty.min() <= lo && hi <= ty.max()
                    } else {
                        lo >= 0 && hi <= mask(*width)
                    };
                    if fits { value } else { self.truncated(&value, ty.signed, *width) }
                } else {
                    self.truncated(&value, ty.signed, *width)
                };
                vec![format!("{place} = {};", value.stored(*ty))]
            }
            Storage::Enum(_, ty) => vec![format!("{place} = {};", self.int(value).stored(*ty))],
            Storage::Wide { signed, width } => self.wide_store(place, *signed, *width, value, false),
            Storage::Array(..) | Storage::Struct(_) => {
                let from = self.object(value);
                let ty = self.stored_type(value);
                self.converted_lines(place, storage, &from, &ty, None)
            }
        }
    }

    /// The type of an array or struct as it lies in memory, with the intervals that C may believe in.
    fn stored_type(&self, id: ExprId) -> Type {
        match self.ty(id) {
            Type::Int(range) if !range.is_bounded() => Type::Int(crate::bounds::unbounded()),
            ty => ty.clone(),
        }
    }

    /// The low bits, extended as the target is.
    pub fn truncated(&mut self, value: &CExpr, signed: bool, width: u32) -> CExpr {
        let bits = CExpr { ir: None, ..value.clone() };
        if signed { self.sign_extended(&bits, width) } else { bits.zero_extended(width) }
    }
}
