//! The expressions of a straight-line body while they are made: simplified, measured, and with what can fault known of each.

use super::Reason;
use super::fold;
use pyhw_diagnostics::Span;
use pyhw_ir::verify::MAX_EXPR_DEPTH;
use pyhw_ir::{ExprId, ExprKind, Exprs, Int, Module, NetId, Op, Range, Type, Types, Value, VarId};
use std::collections::HashMap;

/// An arena that simplifies what is put into it. No rule drops an operand that would be evaluated and may fault, so that an
/// expression faults exactly where the one that it was made from does.
pub(super) struct Graph<'a> {
    pub exprs: Exprs,
    pub types: &'a Types,
    pub module: &'a Module,
    /// For each expression how deep it is, and whether evaluating it may be a fault of the design.
    known: Vec<(u32, bool)>,
    /// What operators on these operands became, where a rule knew something simpler: a rule that goes through the arms of a `mux`
    /// meets shared ones once.
    simplified: HashMap<(Op, Box<[ExprId]>), ExprId>,
    /// Expressions and operands so far.
    size: usize,
    limit: usize,
}

impl<'a> Graph<'a> {
    pub fn new(types: &'a Types, module: &'a Module, limit: usize) -> Graph<'a> {
        Graph {
            exprs: Exprs::new(),
            types,
            module,
            known: Vec::new(),
            simplified: HashMap::new(),
            size: 0,
            limit,
        }
    }

    /// Whether there are more expressions than the limit allows.
    ///
    /// # Errors
    /// [`Reason::Size`].
    pub fn within_limit(&self) -> Result<(), Reason> {
        if self.size > self.limit { Err(Reason::Size) } else { Ok(()) }
    }

    /// Whether evaluating the expression may be a fault of the design. A `refine` is none: it holds.
    pub fn may_fault(&self, id: ExprId) -> bool {
        self.known[id.index()].1
    }

    fn intern(&mut self, kind: ExprKind, ty: Type, span: Span) -> Result<ExprId, Reason> {
        let id = self.exprs.intern(kind, ty, span);
        if id.index() < self.known.len() {
            return Ok(id);
        }
        let (mut depth, mut faults) = (0, false);
        self.size += 1;
        match self.exprs.kind(id) {
            ExprKind::Const(_) => {}
            ExprKind::Net(net) => faults = self.module.net(*net).kind.may_be_z(),
            // The only variables left are those whose being unset is still to be found out.
            ExprKind::Var(_) => faults = true,
            ExprKind::Op(op, args) => {
                self.size += args.len();
                for arg in args {
                    let (below, faulty) = self.known[arg.index()];
                    depth = depth.max(below + 1);
                    faults |= faulty;
                }
                faults |= op.info().can_fault && can_fault(&self.exprs, self.types, op, args);
            }
        }
        self.known.push((depth, faults));
        if depth as usize > MAX_EXPR_DEPTH {
            return Err(Reason::Depth);
        }
        Ok(id)
    }

    pub fn constant(&mut self, value: Value, ty: Type, span: Span) -> Result<ExprId, Reason> {
        self.intern(ExprKind::Const(value), ty, span)
    }

    pub fn int(&mut self, value: impl Into<Int>, span: Span) -> Result<ExprId, Reason> {
        let value = value.into();
        self.constant(Value::Int(value.clone()), Type::Int(Range::exactly(value)), span)
    }

    pub fn bool(&mut self, value: bool) -> Result<ExprId, Reason> {
        self.constant(Value::Bool(value), Type::Bool, Span::NONE)
    }

    pub fn net(&mut self, net: NetId, span: Span) -> Result<ExprId, Reason> {
        let ty = self.module.net(net).ty.clone();
        self.intern(ExprKind::Net(net), ty, span)
    }

    pub fn var(&mut self, var: VarId, ty: &Type, span: Span) -> Result<ExprId, Reason> {
        self.intern(ExprKind::Var(var), ty.clone(), span)
    }

    /// An operator applied to operands, simplified.
    ///
    /// # Errors
    /// The result would be too wide or too deep, or the operands do not fit.
    pub fn op(&mut self, op: Op, args: &[ExprId], span: Span) -> Result<ExprId, Reason> {
        let key = (op, Box::<[ExprId]>::from(args));
        if let Some(&simple) = self.simplified.get(&key) {
            return Ok(simple);
        }
        let made = match fold::simplified(self, &key.0, args, span)? {
            Some(simple) => simple,
            None => return self.op_as_it_is(key.0, args, span),
        };
        self.simplified.insert(key, made);
        Ok(made)
    }

    fn op_as_it_is(&mut self, op: Op, args: &[ExprId], span: Span) -> Result<ExprId, Reason> {
        let types: Vec<&Type> = args.iter().map(|&arg| self.exprs.ty(arg)).collect();
        let ty = op.result_type(&types, self.types).map_err(|_| Reason::Width)?;
        self.intern(ExprKind::Op(op, args.into()), ty, span)
    }

    pub fn not(&mut self, a: ExprId) -> Result<ExprId, Reason> {
        self.op(Op::Not, &[a], self.exprs.span(a))
    }

    pub fn and_then(&mut self, a: ExprId, b: ExprId) -> Result<ExprId, Reason> {
        self.op(Op::AndThen, &[a, b], self.exprs.span(b))
    }

    pub fn or_else(&mut self, a: ExprId, b: ExprId) -> Result<ExprId, Reason> {
        self.op(Op::OrElse, &[a, b], self.exprs.span(b))
    }

    pub fn mux(&mut self, cond: ExprId, then: ExprId, otherwise: ExprId) -> Result<ExprId, Reason> {
        self.op(Op::Mux, &[cond, then, otherwise], self.exprs.span(cond))
    }

    /// A `mux` of values that were stored: of arrays and structs that are put together here, one of each part.
    ///
    /// # Errors
    /// As of [`Graph::op`].
    pub fn choose(&mut self, cond: ExprId, then: ExprId, otherwise: ExprId) -> Result<ExprId, Reason> {
        if then == otherwise {
            return Ok(then);
        }
        let is_made = |id| matches!(self.as_op(id), Some((Op::Array | Op::Struct { .. }, _)));
        if !is_made(then) && !is_made(otherwise) {
            return self.mux(cond, then, otherwise);
        }
        let span = self.exprs.span(cond);
        let (whole, count) = match self.exprs.ty(then) {
            Type::Array(_, length) => (Op::Array, *length),
            Type::Struct(of) => {
                let fields = self.types.structs.get(of.index()).map_or(0, |of| of.fields.len());
                (Op::Struct { of: *of }, fields as u32)
            }
            Type::Bool | Type::Int(_) | Type::Enum(_) | Type::Text | Type::Opaque => {
                return self.mux(cond, then, otherwise);
            }
        };
        let mut parts = Vec::with_capacity(count as usize);
        for number in 0..count {
            let (one, other) = (self.part(&whole, then, number)?, self.part(&whole, otherwise, number)?);
            parts.push(self.choose(cond, one, other)?);
        }
        self.op(whole, &parts, span)
    }

    /// The part of this number of an array or struct; `whole` is the operator that would put it together.
    ///
    /// # Errors
    /// As of [`Graph::op`].
    pub fn part(&mut self, whole: &Op, of: ExprId, number: u32) -> Result<ExprId, Reason> {
        let span = self.exprs.span(of);
        if let Op::Struct { .. } = whole {
            return self.op(Op::Field { index: number }, &[of], span);
        }
        let at = self.int(number, span)?;
        self.op(Op::Index, &[of, at], span)
    }

    /// The boolean that a constant is.
    pub fn as_bool(&self, id: ExprId) -> Option<bool> {
        self.exprs.as_const(id).and_then(Value::as_bool)
    }

    /// The integer that a constant is.
    pub fn as_int(&self, id: ExprId) -> Option<&Int> {
        self.exprs.as_const(id).and_then(Value::as_int)
    }

    /// The operator with its operands, if it is one.
    pub fn as_op(&self, id: ExprId) -> Option<(&Op, &[ExprId])> {
        match self.exprs.kind(id) {
            ExprKind::Op(op, args) => Some((op, args)),
            ExprKind::Const(_) | ExprKind::Net(_) | ExprKind::Var(_) => None,
        }
    }

    /// Some value of the type, for a variable on a path where nothing was assigned to it: reading it there is a fault that
    /// comes first.
    pub fn any_value(&mut self, ty: &Type) -> Result<ExprId, Reason> {
        let value = Value::any_of(ty, self.types).ok_or(Reason::Size)?;
        self.constant(value, ty.clone(), Span::NONE)
    }
}

/// Whether an operator of the table that can fault may do so on these operands, which themselves do not.
fn can_fault(exprs: &Exprs, types: &Types, op: &Op, args: &[ExprId]) -> bool {
    let range = |index: usize| args.get(index).and_then(|&arg| exprs.range(arg));
    let within =
        |index: usize, limits: &Range| range(index).is_some_and(|range| limits.contains_range(range));
    // Amounts beyond this might make numbers that no memory holds.
    let amount = || Range::new(0i64, 1i64 << 20);
    match op {
        Op::FloorDiv | Op::Mod => range(1).is_none_or(|divisor| divisor.contains(&Int::ZERO)),
        Op::Pow => {
            !within(1, &amount())
                || exprs.range(args[0]).and_then(Range::width_bits).is_none_or(|width| width > 64)
        }
        Op::Shl => !within(1, &amount()),
        Op::Shr | Op::Bit => !within(1, &Range { min: Some(Int::ZERO), max: None }),
        Op::Index => match args.first().map(|&array| exprs.ty(array)) {
            Some(Type::Array(_, length)) => !within(1, &Range::new(0i64, i64::from(*length) - 1)),
            _ => true,
        },
        Op::Check { range } => !within(0, range),
        Op::ToBool => !within(0, &Range::new(0i64, 1i64)),
        Op::Decode { of } => match (range(0).and_then(Range::bounds), types.enums.get(of.index())) {
            (Some((min, max)), Some(of)) => {
                let among = of.members.iter().filter(|(_, code)| code >= min && code <= max).count();
                max.sub(min).add(&Int::ONE) != Int::from(among)
            }
            _ => true,
        },
        // What it says was found to hold.
        Op::Refine { .. } => false,
        Op::Format { .. } => true,
        Op::Neg
        | Op::Add
        | Op::Sub
        | Op::Mul
        | Op::Inv
        | Op::And
        | Op::Or
        | Op::Xor
        | Op::Eq
        | Op::Ne
        | Op::Lt
        | Op::Le
        | Op::Gt
        | Op::Ge
        | Op::Not
        | Op::AndThen
        | Op::OrElse
        | Op::Mux
        | Op::Slice { .. }
        | Op::Concat { .. }
        | Op::Signed { .. }
        | Op::Wrap { .. }
        | Op::ToInt
        | Op::Encode
        | Op::Array
        | Op::Field { .. }
        | Op::Struct { .. }
        | Op::IsZ
        | Op::Now => false,
    }
}
