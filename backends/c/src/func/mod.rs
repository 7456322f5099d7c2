//! What the expressions and statements of one function are written with.
//!
//! Here is the function itself and what its expressions are; [`unit`] is what all functions of a file share, [`before`] the lines that
//! a statement needs before it, [`demand`] how much of each operand is needed, [`path`] what is known where.

mod before;
mod demand;
mod path;
mod unit;

pub use before::Before;
pub use unit::{Unit, counted};

use crate::bounds::unbounded;
use crate::cexpr::{CExpr, Cond, EXACT};
use crate::layout::{Storage, limbs, storage};
use crate::support::Helper;
use pyhw_ir::{Body, ExprId, ExprKind, Int, NetId, Op, Range, Type, Value};
use pyhw_text::{Namer, Writer};
use std::collections::{BTreeMap, BTreeSet, HashMap};

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

    /// A name for a local.
    pub fn fresh(&mut self, wanted: &str) -> String {
        fresh_local(&mut self.names, &self.unit.layout.name, wanted)
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

    /// The exponent of an operand that is always the same power of two.
    pub fn power_of_two(&self, id: ExprId) -> Option<u32> {
        self.single(id)?.exponent_of_two()
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
