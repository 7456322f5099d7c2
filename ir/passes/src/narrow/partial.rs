//! Operators that have no result for some values of one operand: an index, a divisor, an amount, what becomes a boolean.

use super::known::Known;
use super::ranges::Scope;
use pyhw_ir::{ExprId, ExprKind, Int, Op, Projection, Range, Stmt, StmtKind, Type};

/// An operator with the operand that decides whether it has a result.
pub(super) struct Partial {
    pub operand: ExprId,
    pub domain: Domain,
}

/// For which values of the operand there is a result.
pub(super) enum Domain {
    /// The index of an array of this length: 0 to one less.
    Elements(u32),
    /// The index of one of this many that are picked by cases, where -1 and less count from the end.
    FromEnd(u32),
    /// A divisor: all but 0.
    NotZero,
    /// The amount of a shift, the place of a bit: 0 and more.
    NotNegative,
    /// The place of a bit that is read of something that is declared with this many: those beyond have a value, and are seldom meant.
    Bits(u32),
    /// What is stored into a boolean: 0 and 1.
    Boolean,
}

impl Partial {
    /// `None` of an expression that has a result whatever its operands are, or that is checked by other rules.
    pub fn of(scope: Scope<'_>, id: ExprId) -> Option<Partial> {
        let exprs = &scope.body.exprs;
        let ExprKind::Op(op, args) = exprs.kind(id) else { return None };
        let (operand, domain) = match op {
            Op::Index => match exprs.ty(args[0]) {
                Type::Array(_, length) => (args[1], Domain::Elements(*length)),
                _ => return None,
            },
            Op::FloorDiv | Op::Mod => (args[1], Domain::NotZero),
            Op::Shl | Op::Shr => (args[1], Domain::NotNegative),
            Op::Bit => (args[1], Domain::of_bits(scope, args[0], args[1])),
            Op::ToBool => (args[0], Domain::Boolean),
            Op::Check { range } => (args[0], Domain::checked(range)?),
            Op::Neg
            | Op::Add
            | Op::Sub
            | Op::Mul
            | Op::Pow
            | Op::Inv
            | Op::And
            | Op::Or
            | Op::Xor
            | Op::Not
            | Op::AndThen
            | Op::OrElse
            | Op::Eq
            | Op::Ne
            | Op::Lt
            | Op::Le
            | Op::Gt
            | Op::Ge
            | Op::Mux
            | Op::Slice { .. }
            | Op::Concat { .. }
            | Op::Signed { .. }
            | Op::Wrap { .. }
            | Op::Refine { .. }
            | Op::ToInt
            | Op::Encode
            | Op::Decode { .. }
            | Op::Array
            | Op::Struct { .. }
            | Op::Field { .. }
            | Op::IsZ
            | Op::Now
            | Op::Format { .. } => return None,
        };
        Some(Partial { operand, domain })
    }
}

impl Domain {
    /// What a check of an index that picks by cases admits; nothing for a check of another interval.
    fn checked(range: &Range) -> Option<Domain> {
        let (min, max) = range.bounds()?;
        let length = max.add(&Int::ONE);
        let count = length.to_u32().filter(|length| *length > 0)?;
        if min.is_zero() {
            Some(Domain::Elements(count))
        } else {
            (*min == length.neg()).then_some(Domain::FromEnd(count))
        }
    }

    /// For which places a bit is read. Of a constant one lowering has told; what is computed has no width that was declared.
    fn of_bits(scope: Scope<'_>, of: ExprId, at: ExprId) -> Domain {
        let exprs = &scope.body.exprs;
        match (exprs.kind(of), exprs.kind(at), exprs.ty(of)) {
            (_, ExprKind::Const(_), _) => Domain::NotNegative,
            (ExprKind::Net(_) | ExprKind::Var(_), _, Type::Int(range)) => {
                range.width_bits().map_or(Domain::NotNegative, Domain::Bits)
            }
            _ => Domain::NotNegative,
        }
    }

    /// Every value in it, but perhaps 0.
    pub fn hull(&self) -> Range {
        match self {
            Domain::Elements(length) | Domain::Bits(length) => Range::new(0i64, i64::from(*length) - 1),
            Domain::FromEnd(length) => Range::new(-i64::from(*length), i64::from(*length) - 1),
            Domain::NotZero => Range::UNBOUNDED,
            Domain::NotNegative => Range { min: Some(Int::ZERO), max: None },
            Domain::Boolean => Range::new(0i64, 1i64),
        }
    }

    /// Whether there is a result for every value that the operand can have.
    pub fn admits(&self, known: &Known) -> bool {
        match self {
            Domain::NotZero => !known.allows(&Int::ZERO),
            Domain::Elements(_)
            | Domain::FromEnd(_)
            | Domain::NotNegative
            | Domain::Bits(_)
            | Domain::Boolean => self.hull().contains_range(&known.range),
        }
    }

    /// Whether there is a result for no value that the operand can have.
    pub fn excludes(&self, known: &Known) -> bool {
        match self {
            Domain::NotZero => known.range.single().is_some_and(Int::is_zero),
            Domain::Elements(_)
            | Domain::FromEnd(_)
            | Domain::NotNegative
            | Domain::Bits(_)
            | Domain::Boolean => known.within(&self.hull()).is_none(),
        }
    }
}

/// The operands of a statement, and the indices of its place, that decide whether it is a fault.
pub(super) fn deciding(scope: Scope<'_>, stmt: &Stmt) -> Vec<ExprId> {
    let mut found = Vec::new();
    for root in stmt.kind.exprs() {
        scope
            .body
            .exprs
            .walk(root, &mut |id| found.extend(Partial::of(scope, id).map(|partial| partial.operand)));
    }
    if let StmtKind::Assign { place, .. } | StmtKind::Next { place, .. } = &stmt.kind {
        found.extend(place.path.iter().filter_map(|step| match step {
            Projection::Index(at) | Projection::Bit(at) | Projection::Slice { low: at, .. } => Some(*at),
            Projection::Field(_) => None,
        }));
    }
    found
}
