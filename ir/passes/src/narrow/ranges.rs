//! What is known of an expression, at a point of the statements and under the conditions within expressions around it.
//!
//! A [`Context`] holds what the condition of a `mux`, `and_then` or `or_else` tells about the operand that it guards. Contexts
//! form a tree under the state of the statements. An expression that a context tells nothing about has what the context around
//! it knows, so that shared operands are not evaluated again under every condition.

use super::known::Known;
use super::state::{IdMap, Key, State};
use super::ways::Conditions;
use pyhw_ir::{Body, ExprId, ExprKind, Module, Op, Range, Type, Types, Value, interval};

/// How many conditions of expressions within each other are told apart.
const MAX_CONTEXT_DEPTH: usize = 8;
/// How many contexts are made for the expressions of one statement.
const MAX_CONTEXTS: usize = 2_000;
/// How many operands are looked at to see whether a context tells anything about an expression.
const MAX_LOOKED_AT: usize = 64;

/// The body and what is around it.
#[derive(Clone, Copy)]
pub(super) struct Scope<'a> {
    pub module: &'a Module,
    pub types: &'a Types,
    pub body: &'a Body,
}

/// A context; 0 is the state of the statements.
pub(super) type Ctx = usize;

/// The state of the statements.
pub(super) const BASE: Ctx = 0;

/// What a condition within an expression tells.
#[derive(Default)]
struct Context {
    /// The context around it; none where nothing is known at all: in code that is never reached.
    parent: Option<Ctx>,
    depth: usize,
    /// The condition that leads into it, with the value that it has there.
    led: Option<(ExprId, bool)>,
    facts: IdMap<Key, Known>,
    relevance: IdMap<ExprId, Relevance>,
    memo: IdMap<ExprId, Option<Known>>,
}

/// What a context tells about an expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Relevance {
    /// Nothing.
    None,
    /// Something about itself, nothing about its operands.
    Itself,
    /// Something about its operands.
    Below,
}

/// How the operand that a condition guards is to be taken.
pub(super) enum Guarded {
    /// The condition cannot have the value.
    Never,
    /// The condition tells nothing about it.
    Plain,
    /// In this context, which is to be [left](Knowledge::leave).
    In(Ctx),
}

/// Everything that is known at a point.
pub(super) struct Knowledge<'a> {
    pub scope: Scope<'a>,
    pub state: State,
    contexts: Vec<Context>,
    /// What was found with the state of the statements, by expression, with the state's version.
    memo: Vec<Option<(u64, Option<Known>)>>,
    /// How many contexts this statement may still have.
    left: usize,
}

impl<'a> Knowledge<'a> {
    pub fn new(scope: Scope<'a>) -> Knowledge<'a> {
        Knowledge {
            scope,
            state: State::of(scope.body),
            contexts: vec![Context::default()],
            memo: vec![None; scope.body.exprs.len()],
            left: MAX_CONTEXTS,
        }
    }

    /// To be called before each statement.
    pub fn begin_statement(&mut self) {
        self.left = MAX_CONTEXTS;
    }

    /// A context in which nothing is known, for code that is never reached.
    pub fn enter_unknown(&mut self) -> Ctx {
        self.contexts.push(Context::default());
        self.contexts.len() - 1
    }

    /// A context in which the condition has this value; `None` if it cannot have it. Must be left in either case if given.
    pub fn enter(&mut self, cond: ExprId, truth: bool, parent: Ctx) -> Option<Ctx> {
        let depth = self.contexts[parent].depth + 1;
        self.left = self.left.saturating_sub(1);
        let led = Some((cond, truth));
        self.contexts.push(Context { parent: Some(parent), depth, led, ..Context::default() });
        let ctx = self.contexts.len() - 1;
        if self.learn(cond, truth, ctx) {
            return Some(ctx);
        }
        self.leave(ctx);
        None
    }

    /// The conditions that led to the statement, and within it into the context, and hold still.
    pub fn led(&self, ctx: Ctx) -> Conditions {
        let mut led = self.state.taken();
        let mut at = Some(ctx);
        while let Some(context) = at.map(|at| &self.contexts[at]) {
            led.extend(context.led.map(|(cond, truth)| (cond, Known::truth(truth))));
            at = context.parent;
        }
        led
    }

    /// The context around a context.
    pub fn parent(&self, ctx: Ctx) -> Option<Ctx> {
        self.contexts[ctx].parent
    }

    /// Whether the context is part of what can happen.
    pub fn is_reached(&self, ctx: Ctx) -> bool {
        let mut at = ctx;
        while at != BASE {
            match self.contexts[at].parent {
                Some(parent) => at = parent,
                None => return false,
            }
        }
        true
    }

    /// Whether there may be another context within this one; if not, conditions within it are no longer told apart.
    pub fn may_enter(&self, parent: Ctx) -> bool {
        self.left > 0 && self.contexts[parent].depth < MAX_CONTEXT_DEPTH
    }

    /// Leaves the innermost context.
    pub fn leave(&mut self, ctx: Ctx) {
        debug_assert_eq!(ctx, self.contexts.len() - 1);
        self.contexts.pop();
    }

    /// How an operand is to be taken that is evaluated only where the condition has this value.
    pub fn guarded(&mut self, cond: ExprId, truth: bool, operand: ExprId, ctx: Ctx) -> Guarded {
        if !self.may_enter(ctx) {
            return Guarded::Plain;
        }
        match self.enter(cond, truth, ctx) {
            None => Guarded::Never,
            Some(inner) if self.relevance(operand, inner) == Relevance::None => {
                self.leave(inner);
                Guarded::Plain
            }
            Some(inner) => Guarded::In(inner),
        }
    }

    /// The fact about a key itself, in the context.
    fn fact(&self, key: Key, ctx: Ctx) -> Option<&Known> {
        let mut at = ctx;
        loop {
            if at == BASE {
                return self.state.get(key);
            }
            if let Some(known) = self.contexts[at].facts.get(&key) {
                return Some(known);
            }
            at = self.contexts[at].parent?;
        }
    }

    /// Whether something is known of the expression itself, beyond what its operands say.
    pub fn has_fact(&self, id: ExprId, ctx: Ctx) -> bool {
        self.fact(self.key(id), ctx).is_some()
    }

    /// The key under which facts about an expression stand.
    fn key(&self, id: ExprId) -> Key {
        match self.scope.body.exprs.kind(id) {
            ExprKind::Var(var) => Key::Var(*var),
            ExprKind::Const(_) | ExprKind::Net(_) | ExprKind::Op(..) => Key::Expr(id),
        }
    }

    /// Notes a fact in the context.
    pub fn set_fact(&mut self, key: Key, known: Known, ctx: Ctx) {
        if ctx != BASE {
            let context = &mut self.contexts[ctx];
            context.facts.insert(key, known);
            context.relevance.clear();
            context.memo.clear();
            return;
        }
        match key {
            Key::Var(_) => self.state.set(key, Some(known)),
            Key::Expr(id) => self.state.set_fact(&self.scope.body.exprs, id, known),
        }
    }

    /// The facts of a context that is to be left: what an alternative tells.
    pub fn take_facts(&mut self, ctx: Ctx) -> IdMap<Key, Known> {
        let facts = std::mem::take(&mut self.contexts[ctx].facts);
        self.leave(ctx);
        facts
    }

    /// A context for one of two alternatives; its facts are to be [taken](Knowledge::take_facts).
    pub fn enter_alternative(&mut self, parent: Ctx) -> Option<Ctx> {
        if !self.may_enter(parent) {
            return None;
        }
        self.left -= 1;
        let depth = self.contexts[parent].depth + 1;
        self.contexts.push(Context { parent: Some(parent), depth, ..Context::default() });
        Some(self.contexts.len() - 1)
    }

    /// What the context itself tells about the expression.
    pub fn relevance(&mut self, root: ExprId, ctx: Ctx) -> Relevance {
        if ctx == BASE || self.contexts[ctx].parent.is_none() {
            return Relevance::Below;
        }
        if self.contexts[ctx].facts.is_empty() {
            return Relevance::None;
        }
        let mut looked_at = 0;
        let mut stack = vec![root];
        while let Some(&id) = stack.last() {
            if self.contexts[ctx].relevance.contains_key(&id) {
                stack.pop();
                continue;
            }
            let known = |arg: &ExprId| self.contexts[ctx].relevance.get(arg).copied();
            let operands = self.scope.body.exprs.operands(id);
            if looked_at < MAX_LOOKED_AT {
                let before = stack.len();
                stack.extend(operands.iter().filter(|arg| known(arg).is_none()));
                if stack.len() > before {
                    looked_at += stack.len() - before;
                    continue;
                }
            }
            // Operands that were not looked at count as unaffected, which loses knowledge and nothing else.
            let relevance = if operands.iter().any(|arg| known(arg).is_some_and(|of| of != Relevance::None)) {
                Relevance::Below
            } else if self.contexts[ctx].facts.contains_key(&self.key(id)) {
                Relevance::Itself
            } else {
                Relevance::None
            };
            self.contexts[ctx].relevance.insert(id, relevance);
            stack.pop();
        }
        self.contexts[ctx].relevance.get(&root).copied().unwrap_or(Relevance::None)
    }

    /// What is known of an expression; `None` for texts, arrays and structs.
    pub fn eval(&mut self, root: ExprId, ctx: Ctx) -> Option<Known> {
        let mut ctx = ctx;
        // The innermost context that tells anything about it; facts about itself on the way there.
        let mut itself: Option<Known> = None;
        loop {
            match self.relevance(root, ctx) {
                Relevance::Below => break,
                Relevance::Itself if itself.is_none() => {
                    itself = self.contexts[ctx].facts.get(&self.key(root)).cloned();
                }
                Relevance::Itself | Relevance::None => {}
            }
            match self.contexts[ctx].parent {
                Some(parent) => ctx = parent,
                None => break,
            }
        }
        let known = self.eval_here(root, ctx)?;
        match itself {
            Some(fact) => Some(known.meet(&fact).unwrap_or(known)),
            None => Some(known),
        }
    }

    fn remembered(&self, id: ExprId, ctx: Ctx) -> Option<&Option<Known>> {
        if ctx == BASE {
            let (version, known) = self.memo[id.index()].as_ref()?;
            return (*version == self.state.version).then_some(known);
        }
        self.contexts[ctx].memo.get(&id)
    }

    fn remember(&mut self, id: ExprId, ctx: Ctx, known: Option<Known>) {
        if ctx == BASE {
            self.memo[id.index()] = Some((self.state.version, known));
        } else {
            self.contexts[ctx].memo.insert(id, known);
        }
    }

    /// With operands first, on a list instead of the stack: expressions may be deep.
    fn eval_here(&mut self, root: ExprId, ctx: Ctx) -> Option<Known> {
        let mut stack = vec![root];
        while let Some(&id) = stack.last() {
            if self.remembered(id, ctx).is_some() {
                stack.pop();
                continue;
            }
            if id != root && self.relevance(id, ctx) != Relevance::Below {
                let known = self.eval(id, ctx);
                self.remember(id, ctx, known);
                stack.pop();
                continue;
            }
            let known = match self.compute(id, ctx) {
                Ok(known) => known,
                Err(missing) => {
                    stack.extend(missing);
                    continue;
                }
            };
            let fact = self.fact(self.key(id), ctx);
            let known = match (known, fact) {
                (Some(known), Some(fact)) => Some(known.meet(fact).unwrap_or(known)),
                (known, _) => known,
            };
            self.remember(id, ctx, known);
            stack.pop();
        }
        self.remembered(root, ctx).cloned().flatten()
    }

    /// From what is known of the operands.
    ///
    /// # Errors
    /// The operands that must be evaluated before.
    fn compute(&mut self, id: ExprId, ctx: Ctx) -> Result<Option<Known>, Vec<ExprId>> {
        let Scope { module, types, body } = self.scope;
        let ty = body.exprs.ty(id);
        let Some(typed) = Known::of_type(ty, types) else { return Ok(None) };
        let known = match body.exprs.kind(id) {
            ExprKind::Const(value) => Known::of_value(value).unwrap_or(typed),
            ExprKind::Net(net) => Known::of_type(&module.net(*net).ty, types).unwrap_or(typed),
            ExprKind::Var(var) => Known::of_type(&body.var(*var).ty, types).unwrap_or(typed),
            ExprKind::Op(Op::Mux, args) => {
                self.have(args, ctx)?;
                let then = self.arm(args[0], true, args[1], ctx);
                let other = self.arm(args[0], false, args[2], ctx);
                match (then, other) {
                    (Some(then), Some(other)) => then.join(&other),
                    (Some(one), None) | (None, Some(one)) => one,
                    (None, None) => typed,
                }
            }
            ExprKind::Op(op @ (Op::AndThen | Op::OrElse), args) => {
                self.have(args, ctx)?;
                let first = self.bool_of(args[0], ctx);
                let is_or = *op == Op::OrElse;
                if first == Some(is_or) {
                    Known::truth(is_or)
                } else {
                    match self.arm(args[0], !is_or, args[1], ctx) {
                        Some(second) if first.is_some() || second.as_bool() == Some(is_or) => second,
                        Some(_) => Known::any_bool(),
                        None => Known::truth(is_or),
                    }
                }
            }
            ExprKind::Op(op, args) => {
                self.have(args, ctx)?;
                let operands: Vec<Option<Known>> =
                    args.iter().map(|arg| self.remembered(*arg, ctx).cloned().flatten()).collect();
                of_op(op, args, &operands, typed.clone(), &self.scope).unwrap_or(typed)
            }
        };
        Ok(Some(known))
    }

    fn have(&self, args: &[ExprId], ctx: Ctx) -> Result<(), Vec<ExprId>> {
        let missing: Vec<ExprId> =
            args.iter().copied().filter(|arg| self.remembered(*arg, ctx).is_none()).collect();
        if missing.is_empty() { Ok(()) } else { Err(missing) }
    }

    fn bool_of(&self, id: ExprId, ctx: Ctx) -> Option<bool> {
        self.remembered(id, ctx)?.as_ref()?.as_bool()
    }

    /// What is known of a guarded operand; `None` if it is never evaluated.
    fn arm(&mut self, cond: ExprId, truth: bool, operand: ExprId, ctx: Ctx) -> Option<Known> {
        match self.guarded(cond, truth, operand, ctx) {
            Guarded::Never => None,
            Guarded::Plain => self.remembered(operand, ctx).cloned().flatten(),
            Guarded::In(inner) => {
                let known = self.eval(operand, inner);
                self.leave(inner);
                known
            }
        }
    }
}

/// What an operator gives for operands of which this is known; `None` where no more is known than its type says.
fn of_op(
    op: &Op,
    args: &[ExprId],
    known: &[Option<Known>],
    typed: Known,
    scope: &Scope<'_>,
) -> Option<Known> {
    let range = |place: usize| known.get(place)?.as_ref().map(|known| &known.range);
    let truth = |place: usize| known.get(place)?.as_ref().and_then(Known::as_bool);
    let both = |rule: fn(&Range, &Range) -> Range| Some(Known::from(rule(range(0)?, range(1)?)));
    let is_bool = *scope.body.exprs.ty(*args.first()?) == Type::Bool;
    let within = |field: &Range| {
        let whole = range(0)?;
        Some(Known::from(if field.contains_range(whole) { whole.clone() } else { field.clone() }))
    };
    match op {
        Op::Neg => Some(interval::neg(range(0)?).into()),
        Op::Add => both(interval::add),
        Op::Sub => both(interval::sub),
        Op::Mul => both(interval::mul),
        Op::FloorDiv => both(interval::floor_div),
        Op::Mod => both(interval::floor_mod),
        Op::Pow => both(interval::pow),
        Op::Inv => Some(interval::not(range(0)?).into()),
        Op::And if is_bool => match (truth(0), truth(1)) {
            (Some(false), _) | (_, Some(false)) => Some(Known::truth(false)),
            (Some(true), Some(true)) => Some(Known::truth(true)),
            (None, _) | (_, None) => None,
        },
        Op::Or if is_bool => match (truth(0), truth(1)) {
            (Some(true), _) | (_, Some(true)) => Some(Known::truth(true)),
            (Some(false), Some(false)) => Some(Known::truth(false)),
            (None, _) | (_, None) => None,
        },
        Op::Xor if is_bool => Some(Known::truth(truth(0)? != truth(1)?)),
        Op::And => both(interval::and),
        Op::Or => both(interval::or),
        Op::Xor => both(interval::xor),
        Op::Shl => both(interval::shl),
        Op::Shr => both(interval::shr),
        Op::Eq => equal(known).map(Known::truth),
        Op::Ne => equal(known).map(|equal| Known::truth(!equal)),
        Op::Lt => less(range(0)?, range(1)?).map(Known::truth),
        Op::Ge => less(range(0)?, range(1)?).map(|less| Known::truth(!less)),
        Op::Gt => less(range(1)?, range(0)?).map(Known::truth),
        Op::Le => less(range(1)?, range(0)?).map(|less| Known::truth(!less)),
        Op::Not => truth(0).map(|value| Known::truth(!value)),
        Op::Bit => {
            let (whole, at) = (range(0)?, range(1)?.single()?.to_u32()?);
            if let Some(value) = whole.single() {
                return Some(Known::truth(!value.shr(at.min(1 << 20)).low_bits(1).is_zero()));
            }
            let beyond = !whole.is_signed() && whole.width_bits().is_some_and(|width| at >= width);
            beyond.then(|| Known::truth(false))
        }
        Op::Slice { low, width } => {
            let shifted = interval::shr(range(0)?, &Range::exactly(*low));
            let field = Range::unsigned(*width);
            Some(if field.contains_range(&shifted) { shifted } else { field }.into())
        }
        Op::Signed { width } => within(&Range::signed(*width)),
        Op::Wrap { range: field } => within(field),
        Op::Refine { range: field } | Op::Check { range: field } => {
            known.first()?.as_ref()?.within(field).or_else(|| Some(field.clone().into()))
        }
        Op::ToInt => known.first()?.clone(),
        Op::ToBool => known.first()?.as_ref()?.within(&Range::new(0i64, 1i64)),
        Op::Encode => {
            let Type::Enum(id) = scope.body.exprs.ty(args[0]) else { return None };
            let member = range(0)?.single()?.to_usize()?;
            scope.types.enums[id.index()]
                .members
                .get(member)
                .map(|(_, code)| Range::exactly(code.clone()).into())
        }
        Op::Index => {
            let Some(Value::Array(elements)) = scope.body.exprs.as_const(args[0]) else { return None };
            Known::of_value(elements.get(range(1)?.single()?.to_usize()?)?)
        }
        Op::Mux | Op::AndThen | Op::OrElse => Some(typed),
        Op::Concat { .. }
        | Op::Decode { .. }
        | Op::Array
        | Op::Field { .. }
        | Op::Struct { .. }
        | Op::IsZ
        | Op::Now
        | Op::Format { .. } => None,
    }
}

/// Whether two values are equal, where that is known.
fn equal(known: &[Option<Known>]) -> Option<bool> {
    let [Some(a), Some(b)] = known else { return None };
    match (a.range.single(), b.range.single()) {
        (Some(a), Some(b)) => return Some(a == b),
        (Some(value), None) if !b.allows(value) => return Some(false),
        (None, Some(value)) if !a.allows(value) => return Some(false),
        _ => {}
    }
    if a.range.intersection(&b.range).is_none() { Some(false) } else { None }
}

/// Whether a value is less than another, where that is known.
fn less(a: &Range, b: &Range) -> Option<bool> {
    let surely = |a: &Option<pyhw_ir::Int>, b: &Option<pyhw_ir::Int>, strict: bool| match (a, b) {
        (Some(a), Some(b)) => {
            if strict {
                a < b
            } else {
                a <= b
            }
        }
        _ => false,
    };
    if surely(&a.max, &b.min, true) {
        Some(true)
    } else if surely(&b.max, &a.min, false) {
        Some(false)
    } else {
        None
    }
}
