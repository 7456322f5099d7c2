//! What a C function is written with: its names, the values kept for one statement, and the lines so far.

use crate::bounds::{Bounds, unbounded};
use crate::cexpr::{CExpr, Cond, EXACT, Ty};
use crate::layout::{LIMB_BITS, Layout, Storage, limbs, storage};
use crate::support::{Helper, Support};
use crate::table::Tables;
use crate::tokens;
use pyhw_diagnostics::{Code, Diagnostic, Span};
use pyhw_ir::{Body, ExprId, ExprKind, Int, NetId, Op, Range, Type, Value};
use pyhw_text::{Namer, Writer};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// What the functions of a file share.
#[derive(Debug)]
pub struct Unit<'a> {
    /// Names and storage.
    pub layout: Layout<'a>,
    /// What values can be.
    pub bounds: Bounds,
    /// Nets that nothing drives and that are no inputs: constants.
    pub fixed: Vec<bool>,
    /// The helper functions in use.
    pub support: Support,
    /// The constant tables in use.
    pub tables: Tables,
    /// Names that no local may have, besides those that start with the module's name.
    pub locals: Namer,
    /// What could not be said.
    pub errors: Vec<Diagnostic>,
}

impl Unit<'_> {
    /// Notes that something cannot be said in C.
    pub fn refuse(&mut self, span: Span, message: impl Into<String>) {
        let error = Diagnostic::new(Code::PH0501, span, message);
        if !self.errors.contains(&error) {
            self.errors.push(error);
        }
    }

    /// The call of a helper function.
    pub fn call(&mut self, helper: Helper, args: &[String]) -> String {
        self.support.need(helper);
        format!("{}({})", helper.name(), args.join(", "))
    }

    /// The number of limbs as an argument.
    pub fn count(&mut self, count: u32) -> String {
        if count > MAX_LIMBS {
            let bits = count * LIMB_BITS;
            self.refuse(Span::NONE, format!("an intermediate result of {bits} bits is too long for C"));
        }
        self.support.longest = self.support.longest.max(count);
        format!("{count}U")
    }

    /// Lines that copy a value from place to place; `names` are taken where they stand.
    pub fn copy_lines(&mut self, names: &Namer, storage: &Storage, to: &str, from: &str) -> Vec<String> {
        match storage {
            Storage::Bool | Storage::Scalar { .. } | Storage::Enum(..) | Storage::Struct(_) => {
                vec![format!("{to} = {from};")]
            }
            Storage::Wide { width, .. } => {
                let count = self.count(limbs(*width));
                vec![format!("{};", self.call(Helper::WideCopy, &[to.into(), from.into(), count]))]
            }
            Storage::Array(element, length) => {
                let mut names = names.scope();
                let counter = names.fresh("i");
                let at = |place: &str| format!("{place}[{counter}]");
                let inner = self.copy_lines(&names, element, &at(to), &at(from));
                counted(&counter, *length, inner)
            }
        }
    }
}

/// A loop over the elements of an array.
pub fn counted(counter: &str, length: u32, inner: Vec<String>) -> Vec<String> {
    let ty = match length {
        0..=255 => "uint8_t",
        256..=65535 => "uint16_t",
        _ => "uint32_t",
    };
    let mut lines = vec![format!("for ({ty} {counter} = 0U; {counter} < {length}U; {counter}++) {{")];
    lines.extend(inner.into_iter().map(|line| format!("    {line}")));
    lines.push("}".into());
    lines
}

/// An integer of more than 64 bits in memory.
#[derive(Clone, Debug)]
pub struct Wide {
    /// An expression for the address of its least significant limb.
    pub text: String,
    /// How many limbs it has.
    pub limbs: u32,
    /// Whether its sign goes on above its last limb; else zeros do.
    pub signed: bool,
}

/// An expression that was written.
#[derive(Clone, Debug)]
pub enum Operand {
    /// An integer of at most 64 bits, or the low bits of one.
    Int(Box<CExpr>),
    /// True or false.
    Cond(Cond),
    /// A wide integer.
    Wide(Wide),
}

/// Lines that define a name.
#[derive(Clone, Debug)]
struct Definition {
    name: String,
    lines: Vec<String>,
}

/// What comes before a statement because it uses the names that are defined there.
#[derive(Clone, Debug, Default)]
pub struct Before(Vec<Definition>);

impl Before {
    fn push(&mut self, name: &str, lines: Vec<String>) {
        self.0.push(Definition { name: name.to_owned(), lines });
    }

    /// The lines of those definitions that the lines that follow use.
    pub fn used_by(self, following: &[String]) -> Vec<String> {
        let words = |line: &String| tokens::names(line).map(str::to_owned).collect::<Vec<_>>();
        let mut used: BTreeSet<String> = following.iter().flat_map(words).collect();
        let mut kept = Vec::new();
        for definition in self.0.into_iter().rev() {
            if used.contains(&definition.name) {
                used.extend(definition.lines.iter().flat_map(words));
                kept.push(definition);
            }
        }
        kept.into_iter().rev().flat_map(|definition| definition.lines).collect()
    }
}

/// A C function while it is written, or the part of one that comes from one process.
#[derive(Debug)]
pub struct Func<'f, 'a> {
    /// What is shared.
    pub unit: &'f mut Unit<'a>,
    /// The process's body.
    pub body: &'a Body,
    /// The process's place in the module.
    pub process: usize,
    /// Names that are taken in the function.
    pub names: Namer,
    /// The lines so far.
    pub out: Writer,
    /// Nets that may have been stored into by what was written so far: their fields no longer hold the old values.
    pub stored: BTreeSet<NetId>,
    /// Nets whose old values the function is given.
    pub given: BTreeMap<NetId, String>,
    /// Nets whose old values the function must keep at its beginning.
    pub kept: BTreeMap<NetId, String>,
    /// The name and type of each variable.
    pub vars: Vec<(String, Option<Storage>)>,
    /// How many low bits of each expression of the present statement are asked for.
    pub demands: HashMap<ExprId, u32>,
    pub(crate) memo: HashMap<ExprId, Operand>,
    /// Expressions that get a name where they are first met: they belong to one path of a choice, and are not computed elsewhere.
    named_when_met: BTreeSet<ExprId>,
    before: Before,
    /// Conditions, as they are written, that hold wherever the present path leads.
    pub(crate) holding: Vec<String>,
}

/// From this many operators on, an expression that is used twice gets a name.
const SHARED_SIZE: u32 = 3;
/// An expression that is nested deeper gets a name.
const MAX_HEIGHT: u32 = 24;
/// The most limbs that a helper function counts.
const MAX_LIMBS: u32 = 255;

impl<'f, 'a> Func<'f, 'a> {
    /// A function for a process.
    pub fn new(unit: &'f mut Unit<'a>, process: usize, body: &'a Body, mut names: Namer) -> Func<'f, 'a> {
        let types = &unit.layout.design.types;
        let vars = body
            .vars
            .iter()
            .map(|var| {
                let ty = match &var.ty {
                    Type::Int(range) if !range.is_bounded() => Type::Int(unbounded()),
                    ty => ty.clone(),
                };
                (fresh_local(&mut names, &unit.layout.name, &var.name), storage(types, &ty))
            })
            .collect();
        Func {
            unit,
            body,
            process,
            names,
            out: Writer::new("    "),
            stored: BTreeSet::new(),
            given: BTreeMap::new(),
            kept: BTreeMap::new(),
            vars,
            demands: HashMap::new(),
            memo: HashMap::new(),
            named_when_met: BTreeSet::new(),
            before: Before::default(),
            holding: Vec::new(),
        }
    }

    /// The type of an expression as C may see it.
    pub fn ty(&self, id: ExprId) -> &Type {
        &self.unit.bounds.of_process(self.process)[id.index()]
    }

    /// The interval of an integer, of an enum's code, or of a boolean as 0 or 1.
    pub fn range(&self, id: ExprId) -> Range {
        match self.ty(id) {
            Type::Int(range) if range.is_bounded() => range.clone(),
            Type::Enum(of) => self.unit.layout.design.types.enums[of.index()].code_range(),
            Type::Bool => Range::new(0i64, 1i64),
            Type::Int(_) | Type::Array(..) | Type::Struct(_) | Type::Text | Type::Opaque => unbounded(),
        }
    }

    /// How many bits the exact value needs.
    pub fn width(&self, id: ExprId) -> u32 {
        self.range(id).width_bits().unwrap_or(64)
    }

    /// The one value that an integer can have.
    pub fn single(&self, id: ExprId) -> Option<Int> {
        match self.ty(id) {
            Type::Int(range) => range.single().cloned().or_else(|| self.element_of_constant(id)),
            Type::Bool | Type::Enum(_) | Type::Array(..) | Type::Struct(_) | Type::Text | Type::Opaque => {
                None
            }
        }
    }

    /// The element of a constant array at a constant place.
    fn element_of_constant(&self, id: ExprId) -> Option<Int> {
        let exprs = &self.body.exprs;
        let ExprKind::Op(Op::Index, args) = exprs.kind(id) else { return None };
        let at = exprs.range(args[1])?.single()?.to_usize()?;
        let value = match exprs.kind(args[0]) {
            ExprKind::Const(Value::Array(values)) => values.get(at)?,
            ExprKind::Op(Op::Array, elements) => exprs.as_const(*elements.get(at)?)?,
            _ => return None,
        };
        value.as_int().cloned()
    }

    /// The bounds of an expression as C numbers.
    pub fn ir_bounds(&self, id: ExprId) -> Option<(i128, i128)> {
        bounds_of(&self.range(id))
    }

    /// How many bits of an expression are asked for in this statement.
    pub fn needed(&self, id: ExprId) -> u32 {
        match self.demands.get(&id).copied().unwrap_or(EXACT) {
            EXACT => self.width(id),
            low => low,
        }
    }

    /// Begins a statement that evaluates these expressions, each with so many low bits (or [`EXACT`]).
    pub fn begin(&mut self, roots: &[(ExprId, u32)]) {
        self.begin_some(roots, roots.len());
    }

    /// As [`Func::begin`], where only the first expressions, `certain` of them, are evaluated whatever their values are.
    pub fn begin_some(&mut self, roots: &[(ExprId, u32)], certain: usize) {
        self.demands.clear();
        self.memo.clear();
        self.named_when_met.clear();
        let always = self.always(&roots[..certain]);
        let order = self.reachable(roots);
        let mut uses: HashMap<ExprId, u32> = HashMap::new();
        for &(root, low) in roots {
            *uses.entry(root).or_default() += 1;
            self.demand(root, low);
        }
        for &id in order.iter().rev() {
            let Some(&low) = self.demands.get(&id) else { continue };
            for (child, low) in self.demands_of(id, low) {
                *uses.entry(child).or_default() += 1;
                self.demand(child, low);
            }
        }
        let mut sizes: HashMap<ExprId, (u32, u32)> = HashMap::new();
        for &id in &order {
            if !self.demands.contains_key(&id) {
                continue;
            }
            let operands = self.body.exprs.operands(id);
            if operands.is_empty() {
                continue;
            }
            let (mut size, mut height) = (1u32, 0);
            for child in operands {
                let (of_child, depth) = sizes.get(child).copied().unwrap_or((0, 0));
                size = size.saturating_add(of_child);
                height = height.max(depth + 1);
            }
            let is_shared = uses.get(&id).is_some_and(|uses| *uses > 1) && size >= SHARED_SIZE;
            if is_shared || height >= MAX_HEIGHT {
                if always.contains(&id) {
                    self.keep_value(id);
                } else {
                    self.named_when_met.insert(id);
                }
                (size, height) = (0, 0);
            }
            sizes.insert(id, (size, height));
        }
    }

    /// What the roots evaluate on every path.
    fn always(&self, roots: &[(ExprId, u32)]) -> BTreeSet<ExprId> {
        let mut always = BTreeSet::new();
        let mut stack: Vec<ExprId> = roots.iter().map(|(id, _)| *id).collect();
        while let Some(id) = stack.pop() {
            if !always.insert(id) {
                continue;
            }
            let certain = match self.body.exprs.kind(id) {
                ExprKind::Op(Op::Mux | Op::AndThen | Op::OrElse, args) => &args[..1],
                ExprKind::Op(_, args) => &args[..],
                ExprKind::Const(_) | ExprKind::Net(_) | ExprKind::Var(_) => &[],
            };
            stack.extend(certain);
        }
        always
    }

    /// Gives the expression a name if it is one of those that get theirs where they are met.
    pub fn meet(&mut self, id: ExprId) {
        if self.named_when_met.remove(&id) {
            self.keep_value(id);
        }
    }

    /// What `write` gives, and the definitions that it needs: for one path of a choice, on which alone they may be computed,
    /// and on which a condition holds.
    pub fn on_path<R>(&mut self, holds: &Cond, write: impl FnOnce(&mut Self) -> R) -> (R, Before) {
        let outside = self.holding.len();
        self.holding.extend(holds.conjuncts());
        let outer = std::mem::take(&mut self.before);
        let (memo, named) = (self.memo.clone(), self.named_when_met.clone());
        let result = write(self);
        (self.memo, self.named_when_met) = (memo, named);
        self.holding.truncate(outside);
        (result, std::mem::replace(&mut self.before, outer))
    }

    /// Notes that a condition holds for the statements that follow, up to [`Func::holds_no_more`] with the number that this
    /// gives. What is said of locals is left out, as the statements may store into them.
    pub fn holds(&mut self, cond: &Cond) -> usize {
        let outside = self.holding.len();
        let is_lasting =
            |text: &String| tokens::names(text).all(|name| self.vars.iter().all(|(var, _)| var != name));
        let lasting: Vec<String> = cond.conjuncts().into_iter().filter(is_lasting).collect();
        self.holding.extend(lasting);
        outside
    }

    /// Forgets what [`Func::holds`] noted.
    pub fn holds_no_more(&mut self, outside: usize) {
        self.holding.truncate(outside);
    }

    /// The condition, or true where the present path has asked for it already.
    pub fn unless_holding(&self, cond: Cond) -> Cond {
        if self.holding.contains(&cond.text) { Cond::known(true) } else { cond }
    }

    /// Everything that the roots are made of, operands first.
    fn reachable(&self, roots: &[(ExprId, u32)]) -> Vec<ExprId> {
        let mut seen = BTreeSet::new();
        let mut order = Vec::new();
        let mut stack: Vec<(ExprId, bool)> = roots.iter().rev().map(|(id, _)| (*id, false)).collect();
        while let Some((id, is_ready)) = stack.pop() {
            if is_ready {
                order.push(id);
            } else if seen.insert(id) {
                stack.push((id, true));
                stack.extend(self.body.exprs.operands(id).iter().rev().map(|&arg| (arg, false)));
            }
        }
        order
    }

    fn demand(&mut self, id: ExprId, low: u32) {
        // Beyond 64 bits, asking for all that there is is asking for the value.
        let low = if low != EXACT && low > 64 && self.width(id) <= low { EXACT } else { low };
        let known = self.demands.entry(id).or_insert(0);
        *known = (*known).max(low);
    }

    /// Gives the value of an expression a name, because it is used twice or nested deeply.
    fn keep_value(&mut self, id: ExprId) {
        let kept = match self.ty(id) {
            Type::Bool => {
                let cond = self.cond(id);
                Operand::Cond(self.keep_cond(cond))
            }
            Type::Int(_) | Type::Enum(_) if self.needed(id) <= 64 => {
                let low = self.demands.get(&id).copied().unwrap_or(EXACT);
                let value = self.int(id);
                Operand::Int(Box::new(self.keep_int(value, low)))
            }
            // Wide values have a place already; so have arrays and structs.
            Type::Int(_) | Type::Enum(_) => Operand::Wide(self.wide(id)),
            Type::Array(..) | Type::Struct(_) | Type::Text | Type::Opaque => return,
        };
        self.memo.insert(id, kept);
    }

    /// A name for a local.
    pub fn fresh(&mut self, wanted: &str) -> String {
        fresh_local(&mut self.names, &self.unit.layout.name, wanted)
    }

    /// The value under a name of its own, where it has none.
    pub fn keep_int(&mut self, value: CExpr, low: u32) -> CExpr {
        if value.binds == crate::cexpr::Binds::Tight && (value.literal.is_some() || is_name(&value.text)) {
            return value;
        }
        let name = self.fresh("t");
        if low == EXACT && value.has_low(EXACT) {
            let (lo, hi) = value.ir.unwrap_or_else(|| value.bounds());
            let ty = Ty::for_range(lo, hi).unwrap_or(Ty::unsigned(64));
            let line = format!("const {} {name} = {};", ty.name(), value.stored(ty));
            self.before.push(&name, vec![line]);
            return CExpr::leaf(name, ty, lo, hi);
        }
        let ty = Ty::for_width(false, low.min(64)).unwrap_or(Ty::unsigned(64));
        let line = format!("const {} {name} = {};", ty.name(), value.stored(ty));
        self.before.push(&name, vec![line]);
        CExpr::low_leaf(name, ty.bits, low.min(ty.bits), value.ir)
    }

    /// The condition under a name of its own, where it has none.
    pub fn keep_cond(&mut self, cond: Cond) -> Cond {
        if cond.known.is_some() || is_name(&cond.text) {
            return cond;
        }
        let name = self.fresh("t");
        let line = format!("const bool {name} = {};", cond.text);
        self.before.push(&name, vec![line]);
        Cond::tight(name)
    }

    /// Lines before the statement that define a name.
    pub fn define(&mut self, name: &str, lines: Vec<String>) {
        self.before.push(name, lines);
    }

    /// Defines a name by lines for each path of a choice.
    pub fn define_chosen(&mut self, name: &str, declaration: &str, cond: &Cond, paths: &[Vec<String>; 2]) {
        let mut lines = vec![format!("{declaration};"), format!("if ({}) {{", cond.text)];
        lines.extend(paths[0].iter().map(|line| format!("    {line}")));
        lines.push("} else {".into());
        lines.extend(paths[1].iter().map(|line| format!("    {line}")));
        lines.push("}".into());
        self.define(name, lines);
    }

    /// Adds a line to those that define a name.
    pub fn define_more(&mut self, name: &str, line: String) {
        match self.before.0.iter_mut().rev().find(|definition| definition.name == name) {
            Some(definition) => definition.lines.push(line),
            None => self.before.push(name, vec![line]),
        }
    }

    /// Writes the lines that were collected and are used by what follows, then `lines`.
    pub fn write(&mut self, lines: &[String]) {
        self.write_before(lines);
        for line in lines {
            self.out.line(line);
        }
    }

    /// Writes the lines that were collected and are used by `following`.
    pub fn write_before(&mut self, following: &[String]) {
        let before = std::mem::take(&mut self.before);
        for line in before.used_by(following) {
            self.out.line(line);
        }
        self.memo.clear();
    }

    /// The lines that `write` gives, with what they need of it before them: for lines that stand within a loop.
    pub fn scoped(&mut self, write: impl FnOnce(&mut Self) -> Vec<String>) -> Vec<String> {
        let outer = std::mem::take(&mut self.before);
        let lines = write(self);
        let inner = std::mem::replace(&mut self.before, outer);
        let mut all = inner.used_by(&lines);
        all.extend(lines);
        all
    }

    /// Takes the lines that were collected, while other statements are written.
    pub fn take_before(&mut self) -> Before {
        std::mem::take(&mut self.before)
    }

    /// Puts back what [`Func::take_before`] took.
    pub fn put_before(&mut self, before: Before) {
        self.before = before;
    }

    /// Drops the lines that were collected for the present statement.
    pub fn forget_before(&mut self) {
        self.before.0.clear();
        self.memo.clear();
    }

    /// Whether lines were collected for the present statement.
    pub fn has_before(&self) -> bool {
        !self.before.0.is_empty()
    }

    /// The call of a helper function.
    pub fn call(&mut self, helper: Helper, args: &[String]) -> String {
        self.unit.call(helper, args)
    }

    /// The number of limbs as an argument.
    pub fn count(&mut self, count: u32) -> String {
        self.unit.count(count)
    }

    /// Lines that copy a value from place to place.
    pub fn copy_lines(&mut self, storage: &Storage, to: &str, from: &str) -> Vec<String> {
        self.unit.copy_lines(&self.names, storage, to, from)
    }

    /// Where the current value of a net is.
    pub fn net_text(&mut self, net: NetId) -> String {
        let field = self.unit.layout.nets[net.index()].clone();
        if let Some(old) = self.given.get(&net) {
            return old.clone();
        }
        if !self.stored.contains(&net) {
            return format!("self->{field}");
        }
        if let Some(old) = self.kept.get(&net) {
            return old.clone();
        }
        let old = fresh_local(&mut self.names, &self.unit.layout.name, &format!("old_{field}"));
        self.kept.insert(net, old.clone());
        old
    }

    /// What operands must give so that the expression has so many low bits right. Emission asks for no more.
    fn demands_of(&self, id: ExprId, low: u32) -> Vec<(ExprId, u32)> {
        let ExprKind::Op(op, args) = self.body.exprs.kind(id) else { return Vec::new() };
        if self.single(id).is_some() || self.known_compare(id).is_some() {
            return Vec::new();
        }
        let all = |low: u32| args.iter().map(|arg| (*arg, low)).collect::<Vec<_>>();
        match op {
            Op::Add | Op::Sub | Op::Mul | Op::Neg | Op::Inv | Op::Xor | Op::Or => {
                all(self.ring_demand(id, args, low))
            }
            Op::And => match self.ty(id) {
                Type::Bool => all(EXACT),
                _ => {
                    let (a, b) = self.and_demands(id, args, low);
                    vec![(args[0], a), (args[1], b)]
                }
            },
            Op::Shl => match self.single(args[1]).and_then(|amount| amount.to_u32()) {
                Some(amount) => {
                    let low = self.ring_demand(id, args, low);
                    vec![(args[0], if low == EXACT { EXACT } else { low.saturating_sub(amount).max(1) })]
                }
                None => vec![(args[0], self.ring_demand(id, args, low)), (args[1], EXACT)],
            },
            Op::Shr => match self.single(args[1]).and_then(|amount| amount.to_u32()) {
                Some(amount) => vec![(args[0], self.shr_demand(args[0], amount, low))],
                None => all(EXACT),
            },
            Op::FloorDiv => match self.power_of_two(args[1]) {
                Some(amount) => vec![(args[0], self.shr_demand(args[0], amount, low))],
                None => all(EXACT),
            },
            Op::Mod => match self.power_of_two(args[1]) {
                Some(width) => vec![(args[0], width.min(low).max(1))],
                None => all(EXACT),
            },
            Op::Pow => vec![(args[0], self.ring_demand(id, args, low)), (args[1], EXACT)],
            Op::Mux => vec![(args[0], EXACT), (args[1], low), (args[2], low)],
            Op::Bit => match self.single(args[1]).and_then(|index| index.to_u32()) {
                Some(index) => vec![(args[0], self.shr_demand(args[0], index, 1))],
                None => all(EXACT),
            },
            Op::Slice { low: from, width } => {
                vec![(args[0], self.shr_demand(args[0], *from, (*width).min(low)))]
            }
            Op::Concat { widths } => args.iter().zip(widths).map(|(arg, width)| (*arg, *width)).collect(),
            Op::Signed { width } => vec![(args[0], (*width).min(low))],
            Op::Wrap { range } => match crate::bounds::is_full(range) {
                _ if range.contains_range(&self.range(args[0])) => all(low),
                true => all(range.width_bits().unwrap_or(64).min(low)),
                false => all(EXACT),
            },
            Op::Refine { .. } | Op::Check { .. } => all(self.ring_demand(id, args, low)),
            Op::Decode { of } => all(self.unit.layout.design.types.enums[of.index()].width_bits),
            Op::Eq
            | Op::Ne
            | Op::Lt
            | Op::Le
            | Op::Gt
            | Op::Ge
            | Op::Not
            | Op::AndThen
            | Op::OrElse
            | Op::ToInt
            | Op::ToBool
            | Op::Encode
            | Op::Index
            | Op::Array
            | Op::Field { .. }
            | Op::Struct { .. }
            | Op::Now
            | Op::Format { .. } => all(EXACT),
        }
    }

    /// What the operands of an operator that works bit by bit upwards must give: as much as it, or, where the operands are wide
    /// and the result is not, the bits of the result.
    pub fn ring_demand(&self, id: ExprId, args: &[ExprId], low: u32) -> u32 {
        if *self.ty(id) == Type::Bool {
            return EXACT;
        }
        if low == EXACT && self.width(id) <= 64 && args.iter().any(|arg| self.width(*arg) > 64) {
            return self.width(id);
        }
        low
    }

    /// What the operands of `and` must give: of the one that the other masks, only the bits that pass.
    pub fn and_demands(&self, id: ExprId, args: &[ExprId], low: u32) -> (u32, u32) {
        let (a, b) = (self.range(args[0]), self.range(args[1]));
        let width = |range: &Range| range.width_bits().unwrap_or(64);
        let passes = |mask: &Range| if mask.is_signed() { EXACT } else { width(mask) };
        let general = self.ring_demand(id, args, low);
        if passes(&b) < width(&a) && passes(&b) <= passes(&a) {
            (passes(&b).min(general), if passes(&b) <= general { EXACT } else { general })
        } else if passes(&a) < width(&b) {
            (if passes(&a) <= general { EXACT } else { general }, passes(&a).min(general))
        } else {
            (general, general)
        }
    }

    /// What is needed of an operand so that it, shifted right, has so many low bits right.
    pub fn shr_demand(&self, operand: ExprId, amount: u32, low: u32) -> u32 {
        let end = if low == EXACT { EXACT } else { low.saturating_add(amount) };
        if end >= self.width(operand) { EXACT } else { end }
    }

    /// The exponent of an operand that is always the same power of two.
    pub fn power_of_two(&self, id: ExprId) -> Option<u32> {
        let value = self.single(id)?;
        if value <= Int::ZERO {
            return None;
        }
        let exponent = value.bit_length() - 1;
        (value == Int::power_of_two(exponent)).then_some(exponent)
    }

    /// A place for a wide value of this width, in whole limbs.
    pub fn limbs_of(&self, id: ExprId) -> u32 {
        limbs(self.needed(id))
    }
}

/// A name for a local. Functions and tables of the file start with the module's name, and no local hides one.
pub fn fresh_local(names: &mut Namer, module: &str, wanted: &str) -> String {
    let is_close = wanted.strip_prefix(module).is_some_and(|rest| rest.is_empty() || rest.starts_with('_'));
    if is_close { names.fresh(&format!("local_{wanted}")) } else { names.fresh(wanted) }
}

/// The ends of an interval, where they are numbers of 64 bits.
pub fn bounds_of(range: &Range) -> Option<(i128, i128)> {
    let (lo, hi) = range.bounds()?;
    Some((to_i128(lo)?, to_i128(hi)?))
}

/// A number from −2^63 to 2^64 − 1.
pub fn to_i128(value: &Int) -> Option<i128> {
    value.to_i64().map(i128::from).or_else(|| value.to_u64().map(i128::from))
}

/// Whether the text is a name, a field, or an element at a constant place: cheap to write twice.
pub fn is_name(text: &str) -> bool {
    text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '>' | '-' | '.' | '[' | ']'))
}
