//! Expressions: the low bits of exact integers, at exactly the width that is asked for.
//!
//! Verilog computes at the width of the widest operand in sight, so every text that comes from here has the width that its user
//! asked for, and no operator ever meets operands of different widths. [`Scope::low`] is the one primitive.

use crate::composite::joined;
use crate::context::ModuleCx;
use crate::fold::bare;
use crate::helper::Helper;
use crate::layout;
use crate::leaf::Leaf;
use crate::literal::{Style, high_impedance, literal};
use crate::reads::Reads;
use crate::text::{Prec, Text};
use pyhw_diagnostics::Span;
use pyhw_ir::{Body, ExprId, ExprKind, Int, NetId, Op, Range, Type, Value, VarId};
use std::collections::{BTreeSet, HashMap, HashSet};

/// A variable of a process in Verilog.
#[derive(Clone, Debug)]
pub struct VarForm {
    pub name: String,
    pub width: u32,
    pub signed: bool,
    /// A loop counter: declared `integer`.
    pub is_integer: bool,
    /// Which bits of it are read.
    pub reads: Reads,
    /// Whether the text stores into it, or counts with it.
    pub is_written: bool,
}

impl VarForm {
    /// Whether the text names it: what is known beforehand is not written.
    pub fn is_named(&self) -> bool {
        self.is_written || !self.reads.is_empty()
    }
}

/// What surrounds an expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Around {
    /// The text must have its width by itself.
    Alone,
    /// An operand whose other side has the full width: Verilog widens unsigned operands.
    Wider,
    /// All of an assignment's right side, whose left side has the full width.
    Assigned,
}

impl Around {
    /// Whether the surroundings have the full width.
    pub fn is_widening(self) -> bool {
        self != Around::Alone
    }

    /// For an operand that keeps the surroundings' width but meets other operands.
    pub fn within(self) -> Around {
        if self.is_widening() { Around::Wider } else { Around::Alone }
    }
}

/// The emission of one process's expressions.
pub struct Scope<'e, 'a> {
    pub cx: &'e mut ModuleCx<'a>,
    pub body: &'a Body,
    pub vars: Vec<VarForm>,
    /// Whether reads of memories go through wires of the module, because the procedure is woken by `@*`.
    pub hoists_memories: bool,
    /// The statement in work, for messages.
    pub span: Span,
    /// The values of the expressions that are bound to have one.
    pub known: Vec<Option<Value>>,
    /// The names that are local to the process, in lower case.
    pub locals: HashSet<String>,
    /// The nets that the text reads: fewer than the expressions do where widths decide a comparison.
    pub nets_read: BTreeSet<NetId>,
    pub(crate) natural: Vec<Option<u32>>,
    pub(crate) leaves: HashMap<ExprId, Option<Leaf>>,
}

impl<'a> Scope<'_, 'a> {
    /// The interval of an integer, the interval of the bits of anything else. An infinite one is that of the width which it is
    /// declared with.
    pub fn range(&mut self, e: ExprId) -> Range {
        match self.body.exprs.ty(e) {
            Type::Int(range) if range.is_bounded() => range.clone(),
            Type::Int(range) if range.is_signed() => Range::signed(self.width(e)),
            Type::Int(_) => Range::unsigned(self.width(e)),
            other => Range::unsigned(self.cx.bits(other, self.span)),
        }
    }

    /// The width of an expression's type.
    pub fn width(&mut self, e: ExprId) -> u32 {
        let body = self.body;
        if self.has_time(e) {
            return layout::TIME_BITS;
        }
        self.cx.bits(body.exprs.ty(e), self.span)
    }

    fn has_time(&self, e: ExprId) -> bool {
        let range = self.body.exprs.range(e);
        if range.is_none_or(Range::is_bounded) {
            return false;
        }
        let mut found = false;
        self.body.exprs.walk(e, &mut |part| {
            found |= matches!(self.body.exprs.kind(part), ExprKind::Op(Op::Now, _));
        });
        found
    }

    /// Whether negative values belong to the expression's type.
    pub fn is_negative(&self, e: ExprId) -> bool {
        self.body.exprs.range(e).is_some_and(Range::is_signed)
    }

    /// The value of an expression that is bound to have one.
    pub fn value(&self, e: ExprId) -> Option<&Value> {
        self.known[e.index()].as_ref()
    }

    /// The bits of what is bound to have one value, as an integer; `None` for `Z` and texts.
    pub fn constant(&self, e: ExprId) -> Option<Int> {
        layout::pack(self.value(e)?, self.body.exprs.ty(e), &self.cx.design.types)
    }

    /// A condition: one bit.
    pub fn cond(&mut self, e: ExprId) -> Text {
        self.low(e, 1, Around::Alone)
    }

    /// The right side of an assignment to so many bits.
    pub fn assigned(&mut self, e: ExprId, width: u32) -> Text {
        self.low(e, width, Around::Assigned)
    }

    /// The low `w` bits of the expression's exact value, in a text of width `w`.
    pub fn low(&mut self, e: ExprId, w: u32, around: Around) -> Text {
        let body = self.body;
        if let Some(value) = self.value(e).cloned() {
            return self.constant_text(e, &value, w, Style::Plain);
        }
        match body.exprs.kind(e) {
            ExprKind::Const(_) | ExprKind::Net(_) | ExprKind::Var(_) => self.stored(e, w),
            ExprKind::Op(op, args) => self.op(e, op, args, w, around),
        }
    }

    /// The low bits as a signed text, for a value that fits `w` signed bits.
    pub fn low_signed(&mut self, e: ExprId, w: u32) -> Text {
        if let Some(value) = self.value(e).cloned() {
            return self.constant_text(e, &value, w, Style::Signed).into_signed();
        }
        self.low(e, w, Around::Alone).into_signed()
    }

    /// The low bits as a text with the signedness of its companion, so far as a literal can choose.
    fn low_like(&mut self, e: ExprId, w: u32, companion: &Text, around: Around) -> Text {
        match self.value(e).cloned() {
            Some(value) if companion.signed => self.constant_text(e, &value, w, Style::Signed),
            _ => self.low(e, w, around),
        }
    }

    /// What is stored into a driver of a tri-state net: the value where there is one, and whether it drives.
    pub fn driven(&mut self, e: ExprId, width: u32) -> (Option<Text>, Text) {
        let body = self.body;
        let bit = |value: bool| literal(&Int::from(value), 1, Style::Plain);
        match body.exprs.kind(e) {
            ExprKind::Const(Value::Z) => (None, bit(false)),
            ExprKind::Op(Op::Mux, args) => {
                let (then, then_drives) = self.driven(args[1], width);
                let (otherwise, otherwise_drives) = self.driven(args[2], width);
                if then_drives == bit(true) && otherwise_drives == bit(true) {
                    return (Some(self.assigned(e, width)), bit(true));
                }
                let cond = self.cond(args[0]);
                let drives = if then_drives == otherwise_drives {
                    then_drives
                } else if then_drives == bit(true) && otherwise_drives == bit(false) {
                    cond.clone()
                } else if then_drives == bit(false) && otherwise_drives == bit(true) {
                    self.negated(args[0])
                } else {
                    Text::cond(cond.clone(), then_drives, otherwise_drives)
                };
                let value = match (then, otherwise) {
                    (Some(then), Some(otherwise)) => Some(Text::cond(cond, then, otherwise)),
                    (one, other) => one.or(other),
                };
                (value, drives)
            }
            ExprKind::Const(_) | ExprKind::Net(_) | ExprKind::Var(_) | ExprKind::Op(..) => {
                (Some(self.low(e, width, Around::Alone)), bit(true))
            }
        }
    }

    pub(crate) fn constant_text(&mut self, e: ExprId, value: &Value, w: u32, style: Style) -> Text {
        let ty = self.body.exprs.ty(e);
        match (value, ty) {
            (Value::Z, _) => return high_impedance(w),
            (Value::Enum(member), Type::Enum(id))
                if self.cx.design.types.enums[id.index()].width_bits == w =>
            {
                if let Some(text) = self.cx.member(*id, *member) {
                    return text;
                }
            }
            _ => {}
        }
        match layout::pack(value, ty, &self.cx.design.types) {
            Some(bits) if bits.is_negative() => literal(&bits, w, Style::Signed),
            Some(bits) => literal(&bits, w, style),
            None => {
                self.cx.refuse(self.span, "a constant that has no bits in hardware");
                literal(&Int::ZERO, w, style)
            }
        }
    }

    /// A net, a variable, or a part of one.
    pub(crate) fn stored(&mut self, e: ExprId, w: u32) -> Text {
        match self.leaf(e) {
            Some(leaf) => {
                let signed = self.is_negative(e);
                self.leaf_bits(&leaf, 0, w, signed)
            }
            None => {
                self.cx.refuse(self.span, "a value that Verilog cannot read as a whole");
                literal(&Int::ZERO, w, Style::Plain)
            }
        }
    }

    /// Whether a tri-state net or a driver is `z`, or is not.
    pub(crate) fn is_z(&mut self, e: ExprId, truth: bool) -> Text {
        let enable = match self.body.exprs.kind(e) {
            ExprKind::Net(net) => self.cx.form(*net).enable.clone().map(|enable| (*net, enable)),
            ExprKind::Const(_) | ExprKind::Var(_) | ExprKind::Op(..) => None,
        };
        if let Some((net, enable)) = enable {
            self.nets_read.insert(net);
            let drives = Text::primary(enable);
            return if truth { Text::unary("!", drives) } else { drives };
        }
        let width = self.width(e);
        let net = self.stored(e, width);
        Text::relation(if truth { "===" } else { "!==" }, Prec::Equal, net, high_impedance(width))
    }

    fn op(&mut self, e: ExprId, op: &Op, args: &[ExprId], w: u32, around: Around) -> Text {
        match op {
            Op::Neg => Text::unary("-", self.low(args[0], w, Around::Alone)),
            Op::Inv => Text::unary("~", self.low(args[0], w, Around::Alone)),
            Op::Add | Op::Sub => self.sum(matches!(op, Op::Sub), args[0], args[1], w, around),
            Op::Mul => self.product(args[0], args[1], w, around),
            Op::FloorDiv | Op::Mod => self.quotient(op, args[0], args[1], w),
            Op::Pow => self.power(args[0], args[1], w),
            Op::And => self.bitwise("&", Prec::And, args, w),
            Op::Or => self.bitwise("|", Prec::Or, args, w),
            Op::Xor => self.bitwise("^", Prec::Xor, args, w),
            Op::Shl => self.shift_left(args[0], args[1], w, around),
            Op::Shr => self.shift_right(args[0], args[1], w),
            Op::Eq | Op::Ne | Op::Lt | Op::Le | Op::Gt | Op::Ge => {
                let bit = self.compare(op, args[0], args[1]);
                self.zero_extended(bit, 1, w)
            }
            Op::Not => {
                let bit = match body_op(self.body, args[0]) {
                    Some((Op::IsZ, inner)) => self.is_z(inner[0], false),
                    _ => Text::unary("!", self.cond(args[0])),
                };
                self.zero_extended(bit, 1, w)
            }
            Op::AndThen | Op::OrElse if args.iter().any(|arg| self.value(*arg).is_some()) => {
                // The other way round it would be known as a whole.
                let open = if self.value(args[0]).is_some() { args[1] } else { args[0] };
                self.low(open, w, Around::Alone)
            }
            Op::AndThen | Op::OrElse => {
                let (a, b) = (self.cond(args[0]), self.cond(args[1]));
                let bit = if matches!(op, Op::AndThen) {
                    Text::relation("&&", Prec::LogicAnd, a, b)
                } else {
                    Text::relation("||", Prec::LogicOr, a, b)
                };
                self.zero_extended(bit, 1, w)
            }
            Op::Mux if self.value(args[0]).is_some() => {
                let then = self.value(args[0]) == Some(&Value::Bool(true));
                let chosen = if then { args[1] } else { args[2] };
                match self.body.exprs.ty(e) {
                    // The elements of one arm may be narrower than those of the whole.
                    ty @ Type::Array(..) => self.laid_out(chosen, ty, false),
                    _ => self.low(chosen, w, around),
                }
            }
            Op::Mux if matches!(self.body.exprs.ty(e), Type::Array(..)) => {
                let ty = self.body.exprs.ty(e);
                let cond = self.cond(args[0]);
                let (then, otherwise) =
                    (self.laid_out(args[1], ty, false), self.laid_out(args[2], ty, false));
                Text::cond(cond, then, otherwise)
            }
            // Verilator sees that the condition does not matter, and then that nothing reads it.
            // What an arm says of its values holds on that arm's path only.
            Op::Mux if bare(&self.body.exprs, args[1]) == bare(&self.body.exprs, args[2]) => {
                self.low(bare(&self.body.exprs, args[1]), w, around)
            }
            Op::Mux => {
                let cond = self.cond(args[0]);
                let (then, otherwise) = if self.value(args[1]).is_some() {
                    let otherwise = self.low(args[2], w, around.within());
                    (self.low_like(args[1], w, &otherwise, around.within()), otherwise)
                } else {
                    let then = self.low(args[1], w, around.within());
                    let otherwise = self.low_like(args[2], w, &then, around.within());
                    (then, otherwise)
                };
                Text::cond(cond, then, otherwise)
            }
            Op::Bit => {
                let bit = self.bit(args[0], args[1]);
                self.zero_extended(bit, 1, w)
            }
            Op::Slice { low, width } => {
                let kept = w.min(*width);
                let text = if *low == 0 {
                    self.low(args[0], kept, if w == kept { around } else { Around::Alone })
                } else {
                    self.bits_from(args[0], *low, kept)
                };
                self.zero_extended(text, kept, w)
            }
            Op::Concat { widths } => self.concat(args, widths, w),
            Op::Signed { width } => {
                let kept = w.min(*width);
                let text = self.low(args[0], kept, if w == kept { around } else { Around::Alone });
                if w <= *width { text } else { self.sign_extended(args[0], text, kept, w) }
            }
            Op::Wrap { range } => self.wrapped(args[0], &range.clone(), w, around),
            Op::Refine { .. } | Op::Check { .. } => self.low(args[0], w, around),
            Op::ToInt => {
                let bit = self.cond(args[0]);
                self.zero_extended(bit, 1, w)
            }
            Op::ToBool => {
                let bit = self.low(args[0], 1, Around::Alone);
                self.zero_extended(bit, 1, w)
            }
            Op::Encode | Op::Decode { .. } => {
                let width = self.width(if matches!(op, Op::Encode) { args[0] } else { e });
                let kept = w.min(width);
                let text = self.low(args[0], kept, Around::Alone);
                self.zero_extended(text, kept, w)
            }
            Op::Index => self.index(e, args[0], args[1], w),
            Op::Field { index } => self.field(e, args[0], *index, w),
            Op::Array | Op::Struct { .. } => self.composite(e, args),
            Op::IsZ => {
                let bit = self.is_z(args[0], true);
                self.zero_extended(bit, 1, w)
            }
            Op::Now => {
                let time = Text::primary("$time");
                self.fitted(time, layout::TIME_BITS, false, w)
            }
            Op::Format { .. } => {
                self.cx.refuse(self.span, "a text has no form in Verilog outside of prints");
                literal(&Int::ZERO, w, Style::Plain)
            }
        }
    }

    /// A text of `from` bits at `w` bits: cut, or extended as its value's sign asks.
    pub fn fitted(&mut self, text: Text, from: u32, negative: bool, w: u32) -> Text {
        if w == from {
            text
        } else if w < from {
            self.call(Helper::Bits { from, low: 0, width: w }, &[text])
        } else if negative {
            self.call(Helper::Extend { from, to: w }, &[text])
        } else {
            self.zero_extended(text, from, w)
        }
    }

    /// A text of `from` bits with zeros above it, at `w` bits; `w` is at least `from`.
    pub fn zero_extended(&mut self, text: Text, from: u32, w: u32) -> Text {
        if w <= from {
            return text;
        }
        Text::concat(&[literal(&Int::ZERO, w - from, Style::Plain), text])
    }

    fn sign_extended(&mut self, e: ExprId, text: Text, from: u32, w: u32) -> Text {
        match self.leaf(e) {
            Some(leaf) if from <= leaf.width => {
                let sign = self.leaf_bits(&leaf, from - 1, 1, false);
                Text::concat(&[Text::primary(format!("{{{}{{{}}}}}", w - from, sign.s)), text])
            }
            _ => self.call(Helper::Extend { from, to: w }, &[text]),
        }
    }

    /// A call of a function of the module.
    pub fn call(&mut self, helper: Helper, args: &[Text]) -> Text {
        self.cx.call(helper, args)
    }

    /// A name for something local to the process.
    pub fn local(&mut self, wanted: &str) -> String {
        let name = self.cx.outer.local(wanted, &mut self.locals);
        self.cx.namer.reserve(&name);
        name
    }

    fn concat(&mut self, args: &[ExprId], widths: &[u32], w: u32) -> Text {
        let mut parts = Vec::new();
        let mut filled = 0;
        // From the low end: what lies above `w` is not asked for.
        for (arg, width) in args.iter().zip(widths).rev() {
            if filled >= w {
                break;
            }
            let kept = (*width).min(w - filled);
            parts.push(self.low(*arg, kept, Around::Alone));
            filled += kept;
        }
        if filled < w {
            parts.push(literal(&Int::ZERO, w - filled, Style::Plain));
        }
        parts.reverse();
        joined(parts)
    }

    /// The value reduced into an interval, in `w` bits.
    pub fn wrapped(&mut self, a: ExprId, range: &Range, w: u32, around: Around) -> Text {
        let width = layout::range_bits(range);
        let kept = w.min(width);
        let whole = range.is_full();
        let inner = self.range(a);
        if whole || range.contains_range(&inner) {
            if range.contains_range(&inner) {
                return self.low(a, w, around);
            }
            let text = self.low(a, kept, if w == kept { around } else { Around::Alone });
            return if w == kept {
                text
            } else if range.is_signed() {
                self.sign_extended(a, text, kept, w)
            } else {
                self.zero_extended(text, kept, w)
            };
        }
        // The argument is wide enough to be compared with the interval's ends.
        let input = inner.union(range);
        let from = layout::range_bits(&input).max(self.natural_width(a));
        let turns = match (inner.bounds(), range.bounds(), range.size()) {
            (Some((low, high)), Some((min, max)), Some(size)) => {
                *high > max.add(&size) || *low < min.sub(&size)
            }
            _ => true,
        };
        let value = self.low(a, from, Around::Assigned);
        let helper = Helper::Wrap { from, signed: input.is_signed(), range: range.clone(), turns };
        let text = self.call(helper, &[value]);
        self.fitted(text, width, range.is_signed(), w)
    }

    /// The variable of a loop counter, if the expression is one.
    pub fn counter(&self, e: ExprId) -> Option<VarId> {
        match self.body.exprs.kind(e) {
            ExprKind::Var(var) if self.vars[var.index()].is_integer => Some(*var),
            _ => None,
        }
    }
}

/// The operator that an expression is, with its operands.
fn body_op(body: &Body, e: ExprId) -> Option<(&Op, &[ExprId])> {
    match body.exprs.kind(e) {
        ExprKind::Op(op, args) => Some((op, args)),
        ExprKind::Const(_) | ExprKind::Net(_) | ExprKind::Var(_) => None,
    }
}
