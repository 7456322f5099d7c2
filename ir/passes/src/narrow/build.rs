//! Building expressions anew with what is known.
//!
//! An expression is built twice at most: plainly, its type following from the types of its operands; and, where that type does
//! not fit what takes the value, *narrowly*, with a `refine` around each part of which more is known than its type says. So a
//! `refine` stands only where it makes a check needless or keeps an exact operand small.

use super::known::Known;
use super::partial::Partial;
use super::ranges::{BASE, Ctx, Guarded, Knowledge, Relevance};
use super::state::IdMap;
use pyhw_ir::{ExprId, ExprKind, Exprs, Op, Range, Type, TypeError, Value};

/// How wide an operand may be that must be exact before narrowing it is worth a `refine`, in bits.
const WIDE_BITS: u32 = 63;

/// Whether to put in what is known more narrowly than types say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Style {
    /// No: types follow from operands.
    Plain,
    /// Yes.
    Narrow,
}

/// The expressions built so far.
pub(super) struct Builder {
    pub out: Exprs,
    /// Built with the state of the statements at this version.
    version: u64,
    base: IdMap<(ExprId, Style), ExprId>,
    contexts: IdMap<Ctx, IdMap<(ExprId, Style), ExprId>>,
    /// The first operator that would need more bits than there may be.
    pub too_wide: Option<(ExprId, TypeError)>,
    /// Operators that are reached and may be a fault, with what is known of the operand that decides.
    pub suspects: Vec<(ExprId, Known)>,
}

impl Builder {
    pub fn new() -> Builder {
        Builder {
            out: Exprs::new(),
            version: u64::MAX,
            base: IdMap::default(),
            contexts: IdMap::default(),
            too_wide: None,
            suspects: Vec::new(),
        }
    }

    fn known(&self, id: ExprId, style: Style, ctx: Ctx) -> Option<ExprId> {
        let memo = if ctx == BASE { Some(&self.base) } else { self.contexts.get(&ctx) };
        memo?.get(&(id, style)).copied()
    }

    fn remember(&mut self, id: ExprId, style: Style, ctx: Ctx, built: ExprId) {
        let memo = if ctx == BASE { &mut self.base } else { self.contexts.entry(ctx).or_default() };
        memo.insert((id, style), built);
    }

    /// To be called when a context is left.
    pub fn leave(&mut self, ctx: Ctx) {
        self.contexts.remove(&ctx);
    }

    /// The expression in the new body.
    pub fn build(&mut self, of: &mut Knowledge<'_>, id: ExprId, style: Style, ctx: Ctx) -> ExprId {
        if self.version != of.state.version {
            self.base.clear();
            self.version = of.state.version;
        }
        self.build_in(of, id, style, ctx)
    }

    /// The value for a place with these limits: plain where its type fits, else with what is known.
    pub fn build_for(&mut self, of: &mut Knowledge<'_>, id: ExprId, limits: &Range, ctx: Ctx) -> ExprId {
        let plain = self.build(of, id, Style::Plain, ctx);
        if self.out.range(plain).is_none_or(|range| limits.contains_range(range)) {
            return plain;
        }
        let Some(known) = of.eval(id, ctx) else { return plain };
        self.build_known(of, id, &known, limits, ctx)
    }

    /// The value for a place with these limits, when more may be known of it than the state says.
    pub fn build_known(
        &mut self,
        of: &mut Knowledge<'_>,
        id: ExprId,
        known: &Known,
        limits: &Range,
        ctx: Ctx,
    ) -> ExprId {
        let plain = self.build(of, id, Style::Plain, ctx);
        if self.out.range(plain).is_none_or(|range| limits.contains_range(range)) {
            return plain;
        }
        let narrow = self.build(of, id, Style::Narrow, ctx);
        match self.out.range(narrow) {
            Some(range) if !limits.contains_range(range) && limits.contains_range(&known.range) => {
                self.refined(of, narrow, &known.range)
            }
            _ => narrow,
        }
    }

    fn refined(&mut self, of: &Knowledge<'_>, built: ExprId, known: &Range) -> ExprId {
        let Some(typed) = self.out.range(built) else { return built };
        match typed.intersection(known) {
            Some(range) if range != *typed => {
                let span = self.out.span(built);
                // What is known more narrowly already needs no second `refine` around it.
                let whole = match self.out.kind(built) {
                    ExprKind::Op(Op::Refine { .. }, args) => args[0],
                    ExprKind::Const(_) | ExprKind::Net(_) | ExprKind::Var(_) | ExprKind::Op(..) => built,
                };
                self.out.op(Op::Refine { range }, &[whole], of.scope.types, span).unwrap_or(built)
            }
            _ => built,
        }
    }

    fn build_in(&mut self, of: &mut Knowledge<'_>, root: ExprId, style: Style, ctx: Ctx) -> ExprId {
        let mut stack = vec![(root, style)];
        while let Some(&(id, style)) = stack.last() {
            if self.known(id, style, ctx).is_some() {
                stack.pop();
                continue;
            }
            match self.try_build(of, id, style, ctx) {
                Ok(built) => {
                    self.remember(id, style, ctx, built);
                    stack.pop();
                }
                Err(missing) => stack.extend(missing),
            }
        }
        self.known(root, style, ctx).expect("invariant: the loop above ends with its root")
    }

    /// # Errors
    /// What must be built before.
    fn try_build(
        &mut self,
        of: &mut Knowledge<'_>,
        id: ExprId,
        style: Style,
        ctx: Ctx,
    ) -> Result<ExprId, Vec<(ExprId, Style)>> {
        let body = of.scope.body;
        let span = body.exprs.span(id);
        if ctx != BASE {
            match of.relevance(id, ctx) {
                Relevance::Below => {}
                relevance => {
                    let parent = of.parent(ctx).unwrap_or(BASE);
                    let built = self.build_in(of, id, style, parent);
                    if relevance == Relevance::Itself && style == Style::Narrow {
                        return Ok(self.with_known(of, id, built, ctx));
                    }
                    return Ok(built);
                }
            }
        }
        if let Some(value) = self.decided(of, id, ctx) {
            return Ok(self.out.bool(value, span));
        }
        let built = match body.exprs.kind(id) {
            kind @ (ExprKind::Const(_) | ExprKind::Net(_)) => {
                self.out.intern(kind.clone(), body.exprs.ty(id).clone(), span)
            }
            ExprKind::Var(var) => {
                let ty = body.var(*var).ty.clone();
                self.out.var(*var, &ty, span)
            }
            ExprKind::Op(op, args) => {
                let mut new_args = Vec::with_capacity(args.len());
                let mut missing = Vec::new();
                for (place, arg) in args.iter().enumerate() {
                    let style = operand_style(op, place, style, body.exprs.range(*arg));
                    match self.operand(of, op, args, place, style, ctx) {
                        Some(built) => new_args.push(built),
                        None => missing.push((*arg, style)),
                    }
                }
                if !missing.is_empty() {
                    return Err(missing);
                }
                if let Some(partial) = Partial::of(of.scope, id)
                    && of.is_reached(ctx)
                    && of.may_enter(ctx)
                    && let Some(known) = of.eval(partial.operand, ctx)
                    && !partial.domain.admits(&known)
                {
                    self.suspects.push((id, known));
                }
                if let Op::Check { range } = op
                    && of.eval(args[0], ctx).is_some_and(|known| range.contains_range(&known.range))
                {
                    // It cannot fail.
                    self.refined(of, new_args[0], range)
                } else if *op == Op::Mux
                    && let (Some(Value::Bool(truth)), None) =
                        (self.out.as_const(new_args[0]), body.exprs.as_const(args[0]))
                {
                    // Intervals say which of the two it is.
                    new_args[if *truth { 1 } else { 2 }]
                } else {
                    match self.out.op(op.clone(), &new_args, of.scope.types, span) {
                        Ok(built) => built,
                        Err(error) => {
                            self.too_wide.get_or_insert((id, error));
                            new_args.first().copied().unwrap_or_else(|| self.out.bool(false, span))
                        }
                    }
                }
            }
        };
        if style == Style::Narrow && of.has_fact(id, ctx) {
            return Ok(self.with_known(of, id, built, ctx));
        }
        Ok(built)
    }

    fn with_known(&mut self, of: &mut Knowledge<'_>, id: ExprId, built: ExprId, ctx: Ctx) -> ExprId {
        match of.eval(id, ctx) {
            Some(known) => self.refined(of, built, &known.range),
            None => built,
        }
    }

    /// The value of a condition that is known and that evaluating cannot make a fault.
    fn decided(&self, of: &mut Knowledge<'_>, id: ExprId, ctx: Ctx) -> Option<bool> {
        let body = of.scope.body;
        if *body.exprs.ty(id) != Type::Bool || body.exprs.as_const(id).is_some() {
            return None;
        }
        let value = of.eval(id, ctx)?.as_bool()?;
        // A variable or net stays what it is: its name says more.
        match body.exprs.kind(id) {
            ExprKind::Op(..) => is_harmless(of, id).then_some(value),
            ExprKind::Const(_) | ExprKind::Net(_) | ExprKind::Var(_) => None,
        }
    }

    /// An operand where it is built already, or stands in a context of its own.
    fn operand(
        &mut self,
        of: &mut Knowledge<'_>,
        op: &Op,
        args: &[ExprId],
        place: usize,
        style: Style,
        ctx: Ctx,
    ) -> Option<ExprId> {
        let truth = match (op, place) {
            (Op::Mux, 1) | (Op::AndThen, 1) => true,
            (Op::Mux, 2) | (Op::OrElse, 1) => false,
            _ => return self.known(args[place], style, ctx),
        };
        match of.guarded(args[0], truth, args[place], ctx) {
            Guarded::Plain => self.known(args[place], style, ctx),
            Guarded::In(inner) => {
                let built = self.build_in(of, args[place], style, inner);
                self.leave(inner);
                of.leave(inner);
                Some(built)
            }
            // Never evaluated, and kept as it is.
            Guarded::Never => self.known(args[place], Style::Plain, ctx).or_else(|| {
                let inner = of.enter_unknown();
                let built = self.build_in(of, args[place], Style::Plain, inner);
                self.leave(inner);
                of.leave(inner);
                Some(built)
            }),
        }
    }
}

/// Whether evaluating the expression can never be a fault.
fn is_harmless(of: &Knowledge<'_>, root: ExprId) -> bool {
    let body = of.scope.body;
    let mut harmless = true;
    body.exprs.walk(root, &mut |id| match body.exprs.kind(id) {
        ExprKind::Op(op, args) if op.info().can_fault => {
            let constant = |place: usize| body.exprs.as_const(args[place]).and_then(Value::as_int);
            harmless &= match op {
                Op::Bit | Op::Shl | Op::Shr => constant(1).is_some_and(|amount| !amount.is_negative()),
                Op::FloorDiv | Op::Mod => constant(1).is_some_and(|divisor| !divisor.is_zero()),
                Op::Refine { .. } => true,
                _ => false,
            };
        }
        // Reading a variable that is unset is a fault.
        ExprKind::Var(var) => harmless &= of.state.is_surely_set(*var),
        // So is reading a tri-state net that nothing drives.
        ExprKind::Net(net) => {
            harmless &= !of.scope.module.net(*net).kind.may_be_z();
        }
        ExprKind::Const(_) | ExprKind::Op(..) => {}
    });
    harmless
}

/// How an operand is to be built for an operator that is built in the given style.
fn operand_style(op: &Op, place: usize, style: Style, operand: Option<&Range>) -> Style {
    match op {
        Op::Neg | Op::Add | Op::Sub | Op::Mul | Op::Inv | Op::And | Op::Or | Op::Xor | Op::Array => style,
        // Booleans have no intervals; what they are computed from is told by other rules.
        Op::Not | Op::AndThen | Op::OrElse => Style::Plain,
        Op::Mux if place > 0 => style,
        Op::Shl | Op::Shr if place == 0 => style,
        // Amounts and indices: small ones are what every target does best.
        Op::Shl | Op::Shr | Op::Bit | Op::Index if place == 1 => Style::Narrow,
        Op::Pow => Style::Narrow,
        // Operands that must be exact.
        Op::FloorDiv | Op::Mod if style == Style::Narrow => Style::Narrow,
        Op::FloorDiv | Op::Mod | Op::Eq | Op::Ne | Op::Lt | Op::Le | Op::Gt | Op::Ge => {
            match operand.map(Range::width_bits) {
                Some(Some(width)) if width <= WIDE_BITS => Style::Plain,
                Some(_) => Style::Narrow,
                None => Style::Plain,
            }
        }
        Op::Struct { .. } => Style::Narrow,
        Op::Shl
        | Op::Shr
        | Op::Bit
        | Op::Index
        | Op::Mux
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
        | Op::Field { .. }
        | Op::IsZ
        | Op::Now
        | Op::Format { .. } => Style::Plain,
    }
}
