//! What emission must know of every expression before it writes one: intervals, faults, sizes.

use crate::phrase::bounded;
use pyhw_ir::{Body, ExprId, ExprKind, Int, Op, Range, Type, Types, Value, VarId};

/// No more nodes than this are written for one expression (shared operands are written where they are used).
const MAX_NODES: u64 = 100_000;
/// Expressions are not nested deeper than this.
const MAX_DEPTH: u32 = 1000;

/// Facts about the expressions of a body.
#[derive(Clone, Debug)]
pub(crate) struct Facts {
    /// The finite interval of an integer.
    ranges: Vec<Option<Range>>,
    /// Whether VHDL could fault where it evaluates the text although the IR does not evaluate the expression.
    faults: Vec<bool>,
    /// Whether an interval was narrowed by what is only known on the path to the expression.
    narrowed: Vec<bool>,
    /// Intervals in which no narrowing is believed; only where they differ from the others.
    raw: Vec<Option<Range>>,
    /// The value of what is made of constants only.
    values: Vec<Option<Value>>,
    nodes: Vec<u64>,
    depths: Vec<u32>,
}

impl Facts {
    /// Gathers them.
    pub fn new(body: &Body, types: &Types) -> Facts {
        let count = body.exprs.len();
        let mut facts = Facts {
            ranges: Vec::with_capacity(count),
            faults: Vec::with_capacity(count),
            narrowed: Vec::with_capacity(count),
            raw: Vec::with_capacity(count),
            values: Vec::with_capacity(count),
            nodes: Vec::with_capacity(count),
            depths: Vec::with_capacity(count),
        };
        for id in body.exprs.ids() {
            let operands = body.exprs.operands(id);
            let range = facts.finite_range(body, types, id);
            let any = |of: &Vec<bool>| operands.iter().any(|arg| of[arg.index()]);
            let mut narrowed = any(&facts.narrowed);
            let mut faults = any(&facts.faults);
            let mut value = None;
            match body.exprs.kind(id) {
                ExprKind::Const(of) => value = Some(of.clone()),
                ExprKind::Net(_) | ExprKind::Var(_) => {}
                ExprKind::Op(op, args) => {
                    if let Op::Refine { range } | Op::Check { range } = op {
                        let inner = facts.ranges[args[0].index()].as_ref();
                        narrowed |= !inner.is_some_and(|inner| range.contains_range(inner));
                    }
                    faults |= facts.own_fault(body, op, args);
                    value = facts.folded(body, types, op, args);
                }
            }
            let nodes = operands.iter().map(|arg| facts.nodes[arg.index()]).fold(1u64, u64::saturating_add);
            let depth = operands.iter().map(|arg| facts.depths[arg.index()]).max().unwrap_or(0);
            let raw = if narrowed { facts.raw_range_of(body, types, id) } else { None };
            facts.raw.push(raw);
            facts.ranges.push(range);
            facts.faults.push(faults);
            facts.narrowed.push(narrowed);
            facts.values.push(value);
            facts.nodes.push(nodes);
            facts.depths.push(depth.saturating_add(1));
        }
        facts
    }

    /// Infinite intervals (test benches only) count as what a signed integer of 32 bits holds of them, and the typing rules are
    /// applied again to what is made of them.
    fn finite_range(&self, body: &Body, types: &Types, id: ExprId) -> Option<Range> {
        let declared = body.exprs.range(id)?;
        if declared.is_bounded() {
            return Some(declared.clone());
        }
        if let ExprKind::Op(op, args) = body.exprs.kind(id)
            && !matches!(op, Op::Now)
        {
            let operands: Vec<Type> = args
                .iter()
                .map(|arg| match &self.ranges[arg.index()] {
                    Some(range) => Type::Int(range.clone()),
                    None => body.exprs.ty(*arg).clone(),
                })
                .collect();
            let operands: Vec<&Type> = operands.iter().collect();
            if let Ok(Type::Int(range)) = op.result_type(&operands, types)
                && range.is_bounded()
            {
                return Some(range);
            }
        }
        Some(bounded(declared))
    }

    /// The interval of an expression whose operands may lie outside of what `refine` and `check` say of them.
    fn raw_range_of(&self, body: &Body, types: &Types, id: ExprId) -> Option<Range> {
        let ExprKind::Op(op, args) = body.exprs.kind(id) else { return None };
        if let Op::Refine { .. } | Op::Check { .. } = op {
            return Some(self.raw_range(args[0]));
        }
        let operands: Vec<Type> = args
            .iter()
            .map(|arg| match body.exprs.ty(*arg) {
                Type::Int(_) => Type::Int(self.raw_range(*arg)),
                other => other.clone(),
            })
            .collect();
        let operands: Vec<&Type> = operands.iter().collect();
        op.result_type(&operands, types).ok().and_then(|ty| ty.range().map(bounded))
    }

    /// The interval that an integer lies in wherever VHDL evaluates it, also where the IR does not.
    pub fn raw_range(&self, id: ExprId) -> Range {
        self.raw[id.index()].clone().unwrap_or_else(|| self.range(id))
    }

    /// Whether the operator itself may fault for operands that VHDL may meet.
    fn own_fault(&self, body: &Body, op: &Op, args: &[ExprId]) -> bool {
        let range = |arg: ExprId| self.ranges[arg.index()].as_ref();
        let trusted = |arg: ExprId| !self.narrowed[arg.index()];
        let natural = |arg: ExprId| trusted(arg) && range(arg).is_some_and(|r| !r.is_signed());
        match op {
            Op::FloorDiv | Op::Mod => {
                !(trusted(args[1]) && range(args[1]).is_some_and(|r| !r.contains(&0i64.into())))
            }
            Op::Pow | Op::Shl | Op::Shr | Op::Bit => !natural(args[1]),
            Op::Index => {
                let length = match body.exprs.ty(args[0]) {
                    Type::Array(_, length) => *length,
                    _ => 0,
                };
                let legal = Range::new(0i64, i64::from(length) - 1);
                !(trusted(args[1]) && range(args[1]).is_some_and(|r| legal.contains_range(r)))
            }
            Op::Decode { .. } => true,
            // What `refine`, `check` and `to_bool` demand is not tested in VHDL.
            Op::Refine { .. } | Op::Check { .. } | Op::ToBool => false,
            Op::Neg | Op::Add | Op::Sub | Op::Mul | Op::Inv | Op::And | Op::Or | Op::Xor => false,
            Op::Eq | Op::Ne | Op::Lt | Op::Le | Op::Gt | Op::Ge => false,
            Op::Not | Op::AndThen | Op::OrElse | Op::Mux | Op::IsZ => false,
            Op::Slice { .. } | Op::Concat { .. } | Op::Signed { .. } | Op::Wrap { .. } => false,
            Op::ToInt | Op::Encode | Op::Array | Op::Field { .. } | Op::Struct { .. } => false,
            Op::Now | Op::Format { .. } => false,
        }
    }

    /// The finite interval of an integer; 0 to 1 for what is none.
    pub fn range(&self, id: ExprId) -> Range {
        self.ranges[id.index()].clone().unwrap_or_else(|| Range::new(0i64, 1i64))
    }

    /// Whether VHDL could fault where it evaluates the text unasked.
    pub fn may_fault(&self, id: ExprId) -> bool {
        self.faults[id.index()]
    }

    /// What an operator makes of constants, where that is no fault; a narrowing that does not hold changes nothing.
    fn folded(&self, body: &Body, types: &Types, op: &Op, args: &[ExprId]) -> Option<Value> {
        let value = |at: usize| args.get(at).and_then(|arg| self.values[arg.index()].as_ref());
        let first = value(0);
        if let Op::Refine { .. } | Op::Check { .. } = op {
            return first.cloned();
        }
        if let (Op::Mux, Some(Value::Bool(cond))) = (op, first) {
            return value(if *cond { 1 } else { 2 }).cloned();
        }
        if let (Op::AndThen, Some(Value::Bool(false))) | (Op::OrElse, Some(Value::Bool(true))) = (op, first) {
            return first.cloned();
        }
        let values: Option<Vec<&Value>> = args.iter().map(|arg| self.values[arg.index()].as_ref()).collect();
        let values = values.filter(|values| !values.is_empty())?;
        let arg_types: Vec<&Type> = args.iter().map(|arg| body.exprs.ty(*arg)).collect();
        pyhw_ir::eval::apply(op, &values, &arg_types, types).ok()
    }

    /// The value of an expression of constants.
    pub fn value(&self, id: ExprId) -> Option<&Value> {
        self.values[id.index()].as_ref()
    }

    /// The boolean that an expression of constants denotes.
    pub fn truth(&self, id: ExprId) -> Option<bool> {
        self.values[id.index()].as_ref()?.as_bool()
    }

    /// The integer that an expression of constants denotes.
    pub fn constant(&self, id: ExprId) -> Option<Int> {
        self.values[id.index()].as_ref()?.as_int().cloned()
    }

    /// Whether the expression can be written out whole.
    pub fn is_writable(&self, id: ExprId) -> bool {
        self.nodes[id.index()] <= MAX_NODES && self.depths[id.index()] <= MAX_DEPTH
    }
}

/// The expression within `refine` and `check`.
pub(crate) fn strip(body: &Body, mut id: ExprId) -> ExprId {
    while let ExprKind::Op(Op::Refine { .. } | Op::Check { .. }, args) = body.exprs.kind(id) {
        id = args[0];
    }
    id
}

/// The expression that a choice with a constant condition or position comes to.
pub(crate) fn chosen(body: &Body, facts: &Facts, mut id: ExprId) -> ExprId {
    while let ExprKind::Op(op, args) = body.exprs.kind(id) {
        let next = match op {
            Op::Mux => facts.truth(args[0]).map(|cond| args[if cond { 1 } else { 2 }]),
            Op::Index => element_at(body, facts, args[0], args[1]),
            _ => None,
        };
        let Some(next) = next else { break };
        id = next;
    }
    id
}

/// The element of an array that is made in place, at a constant position.
fn element_at(body: &Body, facts: &Facts, array: ExprId, index: ExprId) -> Option<ExprId> {
    let ExprKind::Op(Op::Array, elements) = body.exprs.kind(array) else { return None };
    elements.get(facts.constant(index)?.to_u32()? as usize).copied()
}

/// The variables that stand in the expression.
pub(crate) fn variables(body: &Body, id: ExprId) -> Vec<VarId> {
    let mut found = Vec::new();
    body.exprs.walk(id, &mut |id| {
        if let ExprKind::Var(var) = body.exprs.kind(id) {
            found.push(*var);
        }
    });
    found
}
