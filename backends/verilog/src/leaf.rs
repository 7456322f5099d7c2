//! What can be selected from by name: nets, variables, and parts of them.

use crate::context::ExtraWire;
use crate::expr::{Around, Scope};
use crate::helper::{index_bits, range_text, select};
use crate::layout;
use crate::literal::{Style, literal};
use crate::reads::Reads;
use crate::text::{Prec, Text};
use pyhw_ir::{
    ExprId, ExprKind, Int, NetId, Op, Place, Projection, Root, StmtKind, Type, Value, VarId, walk_stmts,
};

/// A stretch of the bits of a name.
#[derive(Clone, Debug)]
pub struct Leaf {
    /// The name, with the index of a memory's element.
    pub base: String,
    /// The bits of the name.
    pub total: u32,
    /// Whether the name is declared signed.
    pub signed: bool,
    /// A bit number that a variable chooses.
    pub offset: Option<Offset>,
    /// What is added to it.
    pub low: u32,
    /// How many bits there are.
    pub width: u32,
    /// Whose reads are counted.
    pub source: Source,
}

/// A bit number that is computed when it runs.
#[derive(Clone, Debug)]
pub struct Offset {
    pub text: Text,
    /// The width at which it is computed: that of an index into the name, or that of loop counters.
    pub bits: u32,
}

/// The width of loop counters, and of plain numbers beside them.
const COUNTER_BITS: u32 = 32;

impl Offset {
    /// So many bits further up.
    fn moved(&self, by: u32) -> Offset {
        if by == 0 {
            return self.clone();
        }
        let by = if self.bits == COUNTER_BITS {
            Text::named(by.to_string(), true)
        } else {
            literal(&Int::from(by), self.bits, Style::Plain)
        };
        Offset { text: Text::binary("+", Prec::Add, self.text.clone(), by), bits: self.bits }
    }
}

/// Something whose bits are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    Net(NetId),
    Var(VarId),
    /// One of the wires that the source does not have, by its place among them.
    Wire(usize),
}

impl Leaf {
    /// `width` bits from bit `low` of the stretch, without extension.
    pub fn select(&self, low: u32, width: u32) -> String {
        let at = self.low + low;
        match &self.offset {
            None => select(&self.base, self.total, at, width),
            Some(offset) => {
                let offset = offset.moved(at).text.s;
                if width == 1 {
                    format!("{}[{offset}]", self.base)
                } else {
                    format!("{}[{offset} +: {width}]", self.base)
                }
            }
        }
    }
}

impl Scope<'_, '_> {
    /// The expression as a stretch of a name, if it is one. What is bound to have a value is written as that.
    pub fn leaf(&mut self, e: ExprId) -> Option<Leaf> {
        if self.value(e).is_some() {
            return None;
        }
        if let Some(known) = self.leaves.get(&e) {
            return known.clone();
        }
        let leaf = self.find_leaf(e);
        self.leaves.insert(e, leaf.clone());
        leaf
    }

    fn find_leaf(&mut self, e: ExprId) -> Option<Leaf> {
        let body = self.body;
        match body.exprs.kind(e) {
            ExprKind::Net(net) => {
                let form = self.cx.form(*net);
                if form.memory.is_some() {
                    return None;
                }
                Some(self.net_leaf(*net))
            }
            ExprKind::Var(var) => {
                let form = &self.vars[var.index()];
                Some(Leaf {
                    base: form.name.clone(),
                    total: form.width,
                    signed: form.signed,
                    offset: None,
                    low: 0,
                    width: form.width,
                    source: Source::Var(*var),
                })
            }
            ExprKind::Const(_) => None,
            ExprKind::Op(op, args) => match op {
                Op::Refine { .. } | Op::Check { .. } => self.leaf(args[0]),
                Op::Index => {
                    if let ExprKind::Net(net) = body.exprs.kind(args[0])
                        && self.cx.form(*net).memory.is_some()
                    {
                        return Some(self.memory_word(*net, args[1]));
                    }
                    let leaf = self.leaf(args[0])?;
                    let Type::Array(element, length) = body.exprs.ty(args[0]) else { return None };
                    let width = self.cx.bits(element, self.span);
                    self.element(leaf, args[1], *length, width)
                }
                Op::Field { index } => {
                    let leaf = self.leaf(args[0])?;
                    let Type::Struct(id) = body.exprs.ty(args[0]) else { return None };
                    let (low, ty) = layout::field(*id, *index, &self.cx.design.types)?;
                    let ty = ty.clone();
                    let width = self.cx.bits(&ty, self.span);
                    Some(Leaf { low: leaf.low + low, width, ..leaf })
                }
                _ => None,
            },
        }
    }

    fn net_leaf(&self, net: NetId) -> Leaf {
        let form = self.cx.form(net);
        Leaf {
            base: form.name.clone(),
            total: form.width,
            signed: form.signed,
            offset: None,
            low: 0,
            width: form.width,
            source: Source::Net(net),
        }
    }

    fn memory_word(&mut self, net: NetId, index: ExprId) -> Leaf {
        let form = self.cx.form(net).clone();
        let length = form.memory.unwrap_or(1);
        self.check_index(index, length);
        let at = self.word_text(index, length);
        let mut leaf = self.net_leaf(net);
        leaf.base = format!("{}[{}]", form.name, at.s);
        if self.hoists_memories {
            // `@*` would wake at a change of any element of the memory, and Icarus warns of it.
            let value = leaf.base.clone();
            self.cx.reads[net.index()].mark_all();
            self.nets_read.insert(net);
            let at = match self.cx.extra_wires.iter().position(|wire| wire.value == value) {
                Some(at) => at,
                None => {
                    let name = self.cx.fresh(&format!("{}_word", form.name));
                    self.cx.extra_wires.push(ExtraWire {
                        name,
                        width: form.width,
                        signed: form.signed,
                        value,
                        reads: Reads::default(),
                        span: self.span,
                    });
                    self.cx.extra_wires.len() - 1
                }
            };
            leaf.base = self.cx.extra_wires[at].name.clone();
            leaf.source = Source::Wire(at);
        }
        leaf
    }

    /// An element of a stretch that holds an array.
    fn element(&mut self, leaf: Leaf, index: ExprId, length: u32, width: u32) -> Option<Leaf> {
        self.check_index(index, length);
        if let Some(at) = self.constant(index) {
            let at = at.to_u32().unwrap_or(0).min(length.saturating_sub(1));
            return Some(Leaf { low: leaf.low + at * width, width, ..leaf });
        }
        if length == 1 {
            return Some(Leaf { width, ..leaf });
        }
        let offset = self.offset(&leaf, index, width);
        Some(Leaf { offset: Some(offset), width, ..leaf })
    }

    /// The bit number `index * scale` on top of what already chooses a stretch. All parts of a sum have one width.
    fn offset(&mut self, leaf: &Leaf, index: ExprId, scale: u32) -> Offset {
        let counts =
            self.is_counting(index) && leaf.offset.as_ref().is_none_or(|offset| offset.bits == COUNTER_BITS);
        let bits = match &leaf.offset {
            Some(offset) => offset.bits,
            None if counts => COUNTER_BITS,
            None => index_bits(leaf.total),
        };
        let at = if counts {
            let at = self.counting(index);
            if scale == 1 {
                at
            } else {
                Text::binary("*", Prec::Mul, at, Text::named(scale.to_string(), true))
            }
        } else if scale == 1 {
            self.low(index, bits, Around::Alone)
        } else if scale.is_power_of_two() && bits > scale.trailing_zeros() {
            let zeros = scale.trailing_zeros();
            let at = self.low(index, bits - zeros, Around::Alone);
            Text::concat(&[at, literal(&Int::ZERO, zeros, Style::Plain)])
        } else {
            let at = self.low(index, bits, Around::Alone);
            Text::binary("*", Prec::Mul, at, literal(&Int::from(scale), bits, Style::Plain))
        };
        let text = match &leaf.offset {
            Some(offset) => Text::binary("+", Prec::Add, offset.text.clone(), at),
            None => at,
        };
        Offset { text, bits }
    }

    /// Refuses a constant index that is not below `length`.
    fn check_index(&mut self, index: ExprId, length: u32) {
        if let Some(at) = self.constant(index)
            && at.to_u32().is_none_or(|at| at >= length)
        {
            self.cx.refuse(self.span, format!("index {at} outside of 0 to {}", length.saturating_sub(1)));
        }
    }

    /// An index of so many bits; of loop counters, as it was written.
    pub fn index_text(&mut self, index: ExprId, bits: u32) -> Text {
        if let Some(at) = self.constant(index) {
            return Text::primary(at.to_string());
        }
        if self.is_counting(index) { self.counting(index) } else { self.low(index, bits, Around::Alone) }
    }

    /// The index of a word of a memory. One that may pass its width on the way (`{at[1:0] - 2'd3}`) stands in braces, because
    /// Icarus 11 computes an index there with more bits than IEEE 1364-2005, 5.4.1, gives it.
    fn word_text(&mut self, index: ExprId, length: u32) -> Text {
        let at = self.index_text(index, index_bits(length));
        let carries = at.prec != Prec::Primary && (at.s.contains(['+', '-', '*']) || at.s.contains("<<"));
        if carries && !self.is_counting(index) { Text::concat(&[at]) } else { at }
    }

    /// Whether the expression's text reads more than loop counters and constants.
    fn moves(&self, e: ExprId) -> bool {
        if self.value(e).is_some() {
            return false;
        }
        match self.body.exprs.kind(e) {
            ExprKind::Const(_) => false,
            ExprKind::Net(_) => true,
            ExprKind::Var(var) => !self.is_counted(*var),
            ExprKind::Op(Op::Mux, args) => match self.value(args[0]) {
                Some(cond) => self.moves(args[if *cond == Value::Bool(true) { 1 } else { 2 }]),
                None => args.iter().any(|arg| self.moves(*arg)),
            },
            ExprKind::Op(_, args) => args.iter().any(|arg| self.moves(*arg)),
        }
    }

    /// Whether a loop of constant turns counts with the variable.
    fn is_counted(&self, var: VarId) -> bool {
        let mut found = false;
        walk_stmts(&self.body.stmts, &mut |stmt| {
            found |= matches!(&stmt.kind, StmtKind::For { var: counter, .. } if *counter == var);
        });
        found
    }

    /// Whether the expression is made of loop counters and constants, and computes within 32 bits.
    pub fn is_counting(&self, e: ExprId) -> bool {
        fn made_of_counters(scope: &Scope<'_, '_>, e: ExprId) -> bool {
            let fits =
                scope.body.exprs.range(e).and_then(|range| range.width_bits()).is_some_and(|bits| bits < 32);
            fits && match scope.body.exprs.kind(e) {
                ExprKind::Var(_) => scope.counter(e).is_some(),
                ExprKind::Const(_) => true,
                ExprKind::Op(Op::Add | Op::Sub | Op::Mul | Op::Refine { .. } | Op::Check { .. }, args) => {
                    args.iter().all(|arg| made_of_counters(scope, *arg))
                }
                ExprKind::Net(_) | ExprKind::Op(..) => false,
            }
        }
        self.value(e).is_none() && made_of_counters(self, e)
    }

    /// A counting expression, or one that is bound to have a value, as it was written: in 32 signed bits, as integers and plain
    /// numbers are in Verilog.
    pub fn counting(&mut self, e: ExprId) -> Text {
        if let Some(value) = self.constant(e) {
            return if value.is_negative() {
                Text { s: value.to_string(), prec: Prec::Unary, signed: true, fragile: false }
            } else {
                Text::named(value.to_string(), true)
            };
        }
        let body = self.body;
        let (sign, prec, args) = match body.exprs.kind(e) {
            ExprKind::Op(Op::Refine { .. } | Op::Check { .. }, args) => return self.counting(args[0]),
            ExprKind::Op(Op::Add, args) => ("+", Prec::Add, args),
            ExprKind::Op(Op::Sub, args) => ("-", Prec::Add, args),
            ExprKind::Op(Op::Mul, args) => ("*", Prec::Mul, args),
            ExprKind::Op(..) | ExprKind::Const(_) | ExprKind::Net(_) | ExprKind::Var(_) => {
                let counter = self.leaf(e).map(|leaf| leaf.base);
                return Text::named(counter.expect("invariant: asked for counting expressions only"), true);
            }
        };
        let (a, b) = (self.counting(args[0]), self.counting(args[1]));
        Text::binary(sign, prec, a, b)
    }

    /// `w` bits of a stretch from its bit `low` up; past its end zeros, or the sign.
    pub fn leaf_bits(&mut self, leaf: &Leaf, low: u32, w: u32, negative: bool) -> Text {
        let sign = |scope: &mut Self| {
            scope.mark(leaf, leaf.width - 1, 1);
            leaf.select(leaf.width - 1, 1)
        };
        if low >= leaf.width {
            if !negative {
                return literal(&Int::ZERO, w, Style::Plain);
            }
            let sign = sign(self);
            return if w == 1 { Text::primary(sign) } else { Text::primary(format!("{{{w}{{{sign}}}}}")) };
        }
        let kept = w.min(leaf.width - low);
        self.mark(leaf, low, kept);
        let whole = leaf.offset.is_none() && kept == leaf.total;
        let text = Text::named(leaf.select(low, kept), whole && leaf.signed);
        if kept == w {
            return text;
        }
        let above = w - kept;
        if !negative {
            return Text::concat(&[literal(&Int::ZERO, above, Style::Plain), text]);
        }
        let sign = sign(self);
        let sign = if above == 1 { sign } else { format!("{{{above}{{{sign}}}}}") };
        Text::concat(&[Text::primary(sign), text])
    }

    /// Notes that the text reads some bits of a stretch.
    pub fn mark(&mut self, leaf: &Leaf, low: u32, width: u32) {
        let reads = match leaf.source {
            Source::Net(net) => {
                self.nets_read.insert(net);
                &mut self.cx.reads[net.index()]
            }
            Source::Var(var) => &mut self.vars[var.index()].reads,
            Source::Wire(at) => &mut self.cx.extra_wires[at].reads,
        };
        if leaf.offset.is_some() { reads.mark_all() } else { reads.mark(leaf.low + low, width) }
    }

    /// The left side of a store, with the type of what is stored there.
    pub fn target(&mut self, place: &Place) -> (String, Target) {
        let body = self.body;
        let (mut leaf, mut ty, wraps) = match place.root {
            Root::Net(net) => {
                (self.net_leaf(net), &self.cx.module.net(net).ty, self.cx.module.net(net).wraps)
            }
            Root::Var(var) => {
                self.vars[var.index()].is_written = true;
                let form = &self.vars[var.index()];
                let leaf = Leaf {
                    base: form.name.clone(),
                    total: form.width,
                    signed: form.signed,
                    offset: None,
                    low: 0,
                    width: form.width,
                    source: Source::Var(var),
                };
                (leaf, &body.var(var).ty, body.var(var).wraps)
            }
        };
        let mut is_memory = matches!(place.root, Root::Net(net) if self.cx.form(net).memory.is_some());
        for step in &place.path {
            match step {
                Projection::Index(index) => {
                    let Type::Array(element, length) = ty else { break };
                    if std::mem::take(&mut is_memory) {
                        self.check_index(*index, *length);
                        let at = self.word_text(*index, *length);
                        leaf.base = format!("{}[{}]", leaf.base, at.s);
                        if let Root::Net(net) = place.root
                            && self.moves(*index)
                        {
                            self.cx.moving_stores[net.index()] = true;
                        }
                    } else {
                        let width = self.cx.bits(element, self.span);
                        match self.element(leaf.clone(), *index, *length, width) {
                            Some(inner) => leaf = inner,
                            None => break,
                        }
                    }
                    ty = element;
                }
                Projection::Field(index) => {
                    let Type::Struct(id) = ty else { break };
                    let Some((low, field)) = layout::field(*id, *index, &self.cx.design.types) else { break };
                    leaf.width = self.cx.bits(field, self.span);
                    leaf.low += low;
                    ty = field;
                }
                Projection::Bit(bit) => {
                    self.refuse_partial_wrap(ty, wraps);
                    return (self.part_of(&leaf, *bit, 1), Target::Bits(1));
                }
                Projection::Slice { low, width } => {
                    self.refuse_partial_wrap(ty, wraps);
                    return (self.part_of(&leaf, *low, *width), Target::Bits(*width));
                }
            }
        }
        let text = leaf.select(0, leaf.width);
        (text, Target::Whole(ty.clone(), wraps))
    }

    /// `width` bits of a stretch from a bit that an expression names.
    fn part_of(&mut self, leaf: &Leaf, low: ExprId, width: u32) -> String {
        if let Some(at) = self.constant(low) {
            let end = at.to_u32().and_then(|at| at.checked_add(width)).filter(|end| *end <= leaf.width);
            return match end {
                Some(end) => leaf.select(end - width, width),
                None => {
                    self.cx.refuse(
                        self.span,
                        format!("a store outside of the {} bits that there are", leaf.width),
                    );
                    leaf.select(0, width.min(leaf.width))
                }
            };
        }
        if leaf.width == 1 {
            return leaf.select(0, 1);
        }
        let offset = self.offset(leaf, low, 1);
        Leaf { offset: Some(offset), ..leaf.clone() }.select(0, width)
    }

    fn refuse_partial_wrap(&mut self, ty: &Type, wraps: bool) {
        if let Type::Int(range) = ty
            && wraps
            && !range.is_full()
        {
            self.cx.refuse(self.span, "a store into bits of a value that wraps at no power of two");
        }
    }
}

/// What a store's value becomes.
#[derive(Clone, Debug)]
pub enum Target {
    /// A value of this type; whether it wraps.
    Whole(Type, bool),
    /// So many bits.
    Bits(u32),
}

/// `reg signed [7:0]` in three cells.
pub fn declaration(keyword: &str, signed: bool, width: u32) -> [String; 2] {
    let sign = if signed { format!("{keyword} signed") } else { keyword.to_owned() };
    [sign, range_text(width)]
}
