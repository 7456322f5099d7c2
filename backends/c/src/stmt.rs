//! Statements.
//!
//! Stores change the fields of the state in place. What a store overwrites and a later expression still reads is kept in a local at
//! the function's beginning, and only then.

use crate::bounds::{Turns, full_range, is_full};
use crate::cexpr::{Arith, CExpr, Compare, Cond, EXACT, Ty, mask};
use crate::func::{Func, bounds_of, to_i128};
use crate::layout::{Storage, limbs, storage};
use crate::process::ResetBranch;
use crate::support::Helper;
use crate::vars::{Declarations, Declare};
use crate::wide::sign_line;
use pyhw_diagnostics::{Code, Diagnostic, Span};
use pyhw_ir::{
    ExprId, Int, LabelId, NetId, Place, Projection, Range, Root, Stmt, StmtKind, SwitchArm, Type, Value,
    VarId, walk_stmts,
};
use pyhw_passes::is_bounded;
use pyhw_text::{Text, Writer};
use std::collections::{BTreeMap, BTreeSet};

/// Something that `break` leaves in C.
#[derive(Clone, Debug)]
enum Frame {
    Switch,
    Loop(LabelId),
}

/// What the statements of one process are written with.
pub struct Stmts<'s, 'f, 'a> {
    /// The function.
    pub func: &'s mut Func<'f, 'a>,
    declarations: &'s Declarations,
    frames: Vec<Frame>,
    /// Names for `goto` that are in use: to leave a label's block or loop, and to go on with its next turn.
    leave: BTreeMap<LabelId, String>,
    next_turn: BTreeMap<LabelId, String>,
    /// Memories whose stores wait for the end of the function, because reads of their old elements come after them.
    pub deferred: BTreeSet<NetId>,
    /// The stores that wait: declarations, and what happens at the end.
    pub waiting: Vec<Waiting>,
    /// The name of the function's end, where something jumps to it.
    pub end: Option<String>,
    /// A net that is zero before the next statement, which stores into a part of it, though no line says so.
    zeroed: Option<NetId>,
    /// A comment for the first line of the next statement: where it comes from.
    pub note: Option<String>,
}

/// The condition of an `if` or `else if`.
struct Test {
    cond: Cond,
    /// Lines that define what it needs, where only the conditions before it lead to it.
    before: Vec<String>,
}

impl Test {
    fn of(cond: Cond) -> Test {
        Test { cond, before: Vec::new() }
    }
}

/// A store that waits for the end of the function.
#[derive(Clone, Debug)]
pub struct Waiting {
    /// Declarations of what it keeps until then.
    pub declarations: Vec<String>,
    /// What happens at the end.
    pub commit: Vec<String>,
}

impl<'s, 'f, 'a> Stmts<'s, 'f, 'a> {
    /// Statements for a function.
    pub fn new(
        func: &'s mut Func<'f, 'a>,
        declarations: &'s Declarations,
        deferred: BTreeSet<NetId>,
    ) -> Self {
        Stmts {
            func,
            declarations,
            frames: Vec::new(),
            leave: BTreeMap::new(),
            next_turn: BTreeMap::new(),
            deferred,
            waiting: Vec::new(),
            end: None,
            zeroed: None,
            note: None,
        }
    }

    /// Writes statements in order, stores into memories after the reads that they would disturb.
    pub fn list(&mut self, stmts: &[Stmt]) {
        let order = self.in_order(stmts);
        for (at, stmt) in order.iter().enumerate() {
            if let Some(zeroed) = order.get(at + 1).and_then(|next| self.zeroed_before(stmt, next)) {
                self.zeroed = Some(zeroed);
                for line in stmt.comments.leading.iter().chain(&stmt.comments.trailing) {
                    self.func.out.line(comment(line));
                }
                continue;
            }
            self.stmt(stmt);
            self.zeroed = None;
            if diverges(stmt) {
                break;
            }
        }
    }

    /// The net that a statement sets to zero before the next one stores into a constant place in it: both are one store.
    fn zeroed_before(&self, stmt: &Stmt, next: &Stmt) -> Option<NetId> {
        let (StmtKind::Next { place: whole, value }, StmtKind::Next { place: part, .. }) =
            (&stmt.kind, &next.kind)
        else {
            return None;
        };
        let (Root::Net(net), [], [step]) = (whole.root, &whole.path[..], &part.path[..]) else { return None };
        let (Projection::Bit(at) | Projection::Slice { low: at, .. }) = step else { return None };
        let layout = &self.func.unit.layout;
        let is_scalar =
            matches!(storage(&layout.design.types, &layout.module.net(net).ty), Some(Storage::Scalar { .. }));
        let is_zero = self.func.single(*value) == Some(Int::ZERO);
        let is_one_place = part.root == whole.root && self.func.single(*at).is_some();
        let is_plain = !self.deferred.contains(&net)
            && self.declarations.before(stmt).is_empty()
            && self.declarations.before(next).is_empty();
        (is_scalar && is_zero && is_one_place && is_plain).then_some(net)
    }

    /// The order in which statements are written. Stores take effect after the process, so a store into a memory may move
    /// behind the reads of that memory that follow it.
    fn in_order<'b>(&self, stmts: &'b [Stmt]) -> Vec<&'b Stmt> {
        let mut order: Vec<&Stmt> = stmts.iter().collect();
        for at in (0..order.len()).rev() {
            let mine = Effects::new(self.func, order[at]);
            let memories: Vec<NetId> = mine
                .stores
                .iter()
                .copied()
                .filter(|net| matches!(self.func.unit.layout.module.net(*net).ty, Type::Array(..)))
                .collect();
            if memories.is_empty() || !mine.is_movable {
                continue;
            }
            let following: Vec<Effects> =
                order[at + 1..].iter().map(|stmt| Effects::new(self.func, stmt)).collect();
            let Some(last) =
                following.iter().rposition(|effects| memories.iter().any(|net| effects.reads.contains(net)))
            else {
                continue;
            };
            let is_free = following[..=last].iter().all(|other| {
                !other.jumps
                    && other.stores.is_disjoint(&mine.stores)
                    && other.assigns.is_disjoint(&mine.uses)
            });
            if is_free {
                let stmt = order.remove(at);
                order.insert(at + last + 1, stmt);
            }
        }
        order
    }

    fn stmt(&mut self, stmt: &Stmt) {
        let before = self.func.out.set_span(stmt.span);
        for line in &stmt.comments.leading {
            self.func.out.line(comment(line));
        }
        let trailing = match (self.note.take(), &stmt.comments.trailing) {
            (Some(note), Some(text)) => Some(comment(&format!("{note}: {text}"))),
            (Some(text), None) => Some(comment(&text)),
            (None, text) => text.as_deref().map(comment),
        };
        let mut declared = None;
        for &(var, how) in self.declarations.before(stmt) {
            match how {
                Declare::Constant | Declare::WithValue => declared = Some((var, how)),
                Declare::Plain | Declare::Zero => self.declare(var, how == Declare::Zero),
            }
        }
        match &stmt.kind {
            StmtKind::Assign { place, value } => {
                if let Root::Var(var) = place.root
                    && !self.declarations.is_dead(var)
                {
                    let wraps = self.func.body.var(var).wraps;
                    self.store(place, *value, wraps, trailing, declared, stmt.span);
                }
            }
            StmtKind::Next { place, value } => {
                if let Root::Net(net) = place.root {
                    let wraps = self.func.unit.layout.module.net(net).wraps;
                    self.store(place, *value, wraps, trailing, None, stmt.span);
                }
            }
            StmtKind::If { arms, orelse } => self.if_chain(arms, orelse, trailing),
            StmtKind::Switch { subject, arms, default } => {
                self.switch(*subject, arms, default.as_deref(), trailing);
            }
            StmtKind::For { label, var, start, stop, step, body } => {
                self.counting_loop(*label, *var, [start, stop, step], body, trailing, stmt.span);
            }
            StmtKind::While { label, cond, body } => {
                self.conditional_loop(*label, *cond, body, trailing, stmt.span);
            }
            StmtKind::Block { label, body } => {
                self.list(body);
                self.land(*label);
            }
            StmtKind::Break(label) => self.leave(*label),
            StmtKind::Continue(label) => self.go_on(*label),
            StmtKind::Return => self.leave_function(),
            StmtKind::Raise { exception, .. } => {
                let text = format!("{} ends the simulation with {exception}", self.source(stmt.span));
                self.func.out.line(comment(text.trim_start()));
                self.leave_function();
            }
            StmtKind::Finish { .. } => {
                let text = format!("{} ends the simulation", self.source(stmt.span));
                self.func.out.line(comment(text.trim_start()));
                self.leave_function();
            }
            StmtKind::Print { .. } => {
                let text = format!("{} prints, in simulation only", self.source(stmt.span));
                self.func.out.line(comment(text.trim_start()));
            }
            StmtKind::Assert { .. } => {}
            StmtKind::Wait(_) => self.func.unit.refuse(stmt.span, "C does not wait within a process"),
        }
        self.func.out.set_span(before);
    }

    fn source(&self, span: Span) -> String {
        self.func.unit.layout.design.sources.line(span)
    }

    fn declare(&mut self, var: VarId, is_zero: bool) {
        let (name, storage) = self.func.vars[var.index()].clone();
        let Some(storage) = storage else {
            let var = self.func.body.var(var);
            self.func.unit.refuse(var.span, format!("C cannot hold the local `{}`", var.name));
            return;
        };
        let text = self.func.unit.layout.declare(&storage, &name);
        if !is_zero {
            self.func.out.line(format!("{text};"));
            return;
        }
        match storage {
            Storage::Bool => self.func.out.line(format!("{text} = false;")),
            Storage::Scalar { ty, .. } if ty.signed => self.func.out.line(format!("{text} = 0;")),
            Storage::Scalar { .. } | Storage::Enum(..) => self.func.out.line(format!("{text} = 0U;")),
            Storage::Wide { .. } => self.func.out.line(format!("{text} = {{0U}};")),
            Storage::Array(..) | Storage::Struct(_) => self.func.out.line(format!("{text} = {{0}};")),
        }
    }

    // Stores

    /// The type of what a place without its last bit or slice holds.
    fn leaf_type(&self, place: &Place) -> Type {
        let mut ty = match place.root {
            Root::Net(net) => self.func.unit.layout.module.net(net).ty.clone(),
            Root::Var(var) => match &self.func.body.var(var).ty {
                Type::Int(range) if !range.is_bounded() => Type::Int(crate::bounds::unbounded()),
                ty => ty.clone(),
            },
        };
        for step in &place.path {
            ty = match (step, ty) {
                (Projection::Index(_), Type::Array(element, _)) => *element,
                (Projection::Field(field), Type::Struct(of)) => {
                    let fields = &self.func.unit.layout.design.types.structs[of.index()].fields;
                    match fields.get(*field as usize) {
                        Some((_, ty)) => ty.clone(),
                        None => return Type::Opaque,
                    }
                }
                (_, ty) => ty,
            };
        }
        ty
    }

    /// How many low bits of the value a store needs.
    fn store_demand(&self, leaf: &Type, last: Option<&Projection>, value: ExprId, wraps: bool) -> u32 {
        let Type::Int(range) = leaf else { return EXACT };
        match last {
            Some(Projection::Bit(_)) => return EXACT,
            Some(Projection::Slice { width, .. }) => return *width,
            Some(Projection::Index(_) | Projection::Field(_)) | None => {}
        }
        let width = range.width_bits().unwrap_or(64);
        let fits = range.contains_range(&self.func.range(value));
        match Ty::for_width(range.is_signed(), width) {
            // The type's own truncation leaves a value that fits alone.
            Some(ty) if fits && !ty.signed => ty.bits,
            _ if fits => EXACT,
            _ if wraps && !is_full(range) => EXACT,
            _ => width,
        }
    }

    fn store(
        &mut self,
        place: &Place,
        value: ExprId,
        wraps: bool,
        trailing: Option<String>,
        declared: Option<(VarId, Declare)>,
        span: Span,
    ) {
        let leaf = self.leaf_type(place);
        let last =
            place.path.last().filter(|step| matches!(step, Projection::Bit(_) | Projection::Slice { .. }));
        let mut roots = vec![(value, self.store_demand(&leaf, last, value, wraps))];
        for step in &place.path {
            match step {
                Projection::Index(at) | Projection::Bit(at) | Projection::Slice { low: at, .. } => {
                    roots.push((*at, EXACT));
                }
                Projection::Field(_) => {}
            }
        }
        self.func.begin(&roots);
        let Some(storage) = storage(&self.func.unit.layout.design.types, &leaf) else {
            self.func.unit.refuse(span, "C cannot hold this value");
            return;
        };
        let (target, guard) = self.place(place);
        if guard.known == Some(false) {
            return;
        }
        if let Root::Net(net) = place.root
            && self.deferred.contains(&net)
        {
            self.store_later(net, place, (&storage, &leaf, wraps), value, &guard, trailing);
            return;
        }
        let is_whole = place.path.is_empty() && declared.is_none();
        let mut lines = match last {
            None => self.value_lines(&target, &storage, &leaf, value, wraps, is_whole),
            Some(step) => self.part_lines(&target, &storage, &leaf, step, value, wraps),
        };
        if lines == [format!("{target} = {target};")] {
            // The value is there already.
            return;
        }
        if let Some((var, how)) = declared {
            let text = self.func.unit.layout.declare(&storage, &self.func.vars[var.index()].0);
            let start = format!("{target} = ");
            match lines.as_mut_slice() {
                [line] if line.starts_with(&start) && !matches!(storage, Storage::Array(..)) => {
                    let is_const = how == Declare::Constant;
                    *line =
                        format!("{}{text} = {}", if is_const { "const " } else { "" }, &line[start.len()..]);
                }
                _ => self.func.out.line(format!("{text};")),
            }
        }
        if let (Some(trailing), Some(line)) = (trailing, lines.first_mut()) {
            *line += " ";
            *line += &trailing;
        }
        if guard.known.is_none() {
            lines = lines.into_iter().map(|line| format!("    {line}")).collect();
            lines.insert(0, format!("if ({}) {{", guard.text));
            lines.push("}".into());
        }
        self.func.write(&lines);
        if let Root::Net(net) = place.root {
            self.func.stored.insert(net);
        }
    }

    /// Lines that store a value into a place as a whole. `is_whole` tells that it is a plain net or variable.
    fn value_lines(
        &mut self,
        target: &str,
        storage: &Storage,
        leaf: &Type,
        value: ExprId,
        wraps: bool,
        is_whole: bool,
    ) -> Vec<String> {
        match (storage, leaf) {
            (Storage::Scalar { ty, width }, Type::Int(range)) => {
                let text = self.scalar(value, range, *ty, *width, wraps);
                vec![format!("{target} = {text};")]
            }
            (Storage::Wide { width, .. }, Type::Int(range))
                if wraps && !is_full(range) && !range.contains_range(&self.func.range(value)) =>
            {
                let wide = self.func.wrapped_wide(value, range);
                let count = self.func.count(limbs(*width));
                let args = [target.to_owned(), wide.text, count];
                vec![format!("{};", self.func.call(Helper::WideCopy, &args))]
            }
            (Storage::Wide { signed, width }, _) => {
                self.func.wide_store(target, *signed, *width, value, is_whole)
            }
            (Storage::Array(..), Type::Array(..)) => {
                let from = self.func.object(value);
                let ty = self.func.ty(value).clone();
                let interval = element_range(leaf).filter(|_| wraps);
                self.func.converted_lines(target, storage, &from, &ty, interval)
            }
            _ => self.func.fill_lines(storage, target, value),
        }
    }

    /// Lines that store a bit or slice of an integer.
    fn part_lines(
        &mut self,
        target: &str,
        storage: &Storage,
        leaf: &Type,
        step: &Projection,
        value: ExprId,
        wraps: bool,
    ) -> Vec<String> {
        match (storage, leaf) {
            (Storage::Scalar { ty, width }, Type::Int(range)) => {
                let text = self.part(target, step, value, range, *ty, *width, wraps);
                vec![format!("{target} = {text};")]
            }
            (Storage::Wide { signed, width }, Type::Int(range)) => {
                let mut lines = self.wide_part(target, step, value, *signed, *width);
                if wraps && !is_full(range) {
                    lines.extend(self.func.reduced_in_place(target, range, *signed, *width));
                }
                lines
            }
            _ => Vec::new(),
        }
    }

    /// The text of a place without its last bit or slice, and the condition under which it exists.
    fn place(&mut self, place: &Place) -> (String, Cond) {
        let (mut text, mut ty) = match place.root {
            Root::Net(net) => {
                let layout = &self.func.unit.layout;
                (format!("self->{}", layout.nets[net.index()]), layout.module.net(net).ty.clone())
            }
            Root::Var(var) => (self.func.vars[var.index()].0.clone(), self.func.body.var(var).ty.clone()),
        };
        let mut guard = Cond::known(true);
        for step in &place.path {
            match (step, ty.clone()) {
                (Projection::Index(at), Type::Array(element, length)) => {
                    let (index, inside) = self.element(*at, length);
                    text = format!("{text}[{}]", index.text);
                    guard = guard.join("&&", inside);
                    ty = *element;
                }
                (Projection::Field(field), Type::Struct(of)) => {
                    let names = &self.func.unit.layout.structs[of.index()];
                    let name = names.as_ref().and_then(|names| names.fields.get(*field as usize)).cloned();
                    text = format!("{text}.{}", name.unwrap_or_default());
                    let fields = &self.func.unit.layout.design.types.structs[of.index()].fields;
                    ty = fields.get(*field as usize).map_or(Type::Opaque, |(_, ty)| ty.clone());
                }
                (
                    Projection::Bit(_)
                    | Projection::Slice { .. }
                    | Projection::Index(_)
                    | Projection::Field(_),
                    _,
                ) => {}
            }
        }
        (text, guard)
    }

    /// An index of a store, and whether it lies within the array.
    fn element(&mut self, at: ExprId, length: u32) -> (CExpr, Cond) {
        let within = Range::new(Int::ZERO, Int::from(i64::from(length) - 1));
        if let Some(value) = self.func.single(at) {
            let place = CExpr::literal(to_i128(&value).unwrap_or(0));
            return (CExpr { text: value.to_string(), ..place }, Cond::known(within.contains(&value)));
        }
        let range = self.func.range(at);
        let value = if self.func.width(at) > 64 {
            self.func.low(at, EXACT).zero_extended(64)
        } else {
            self.func.low(at, EXACT)
        };
        if within.contains_range(&range) {
            return (value, Cond::known(true));
        }
        let value = self.func.keep_int(value, EXACT);
        let limit = CExpr::literal(i128::from(length));
        let unknown = || Cond::known(true);
        let mut inside = if range.max.as_ref().is_some_and(|max| *max < Int::from(i64::from(length))) {
            Cond::known(true)
        } else {
            CExpr::compare(Compare::Lt, &value, &limit).unwrap_or_else(unknown)
        };
        if range.is_signed() {
            let above = CExpr::compare(Compare::Ge, &value, &CExpr::literal(0)).unwrap_or_else(unknown);
            inside = self.func.unless_holding(above).join("&&", self.func.unless_holding(inside));
        }
        let inside = self.func.unless_holding(inside);
        (value, inside)
    }

    /// The value of a store into a whole integer of at most 64 bits.
    fn scalar(&mut self, value: ExprId, range: &Range, ty: Ty, width: u32, wraps: bool) -> String {
        let fits = range.contains_range(&self.func.range(value));
        if fits && ty.signed {
            return self.func.low(value, EXACT).stored(ty);
        }
        if fits {
            let bits = self.func.low(value, ty.bits);
            let ir = self.func.ir_bounds(value);
            return bits.with_ir(ir).zero_extended(ty.bits).stored(ty);
        }
        if wraps && !is_full(range) {
            return self.func.wrapped(value, EXACT, range).stored(ty);
        }
        let bits = self.func.low(value, width);
        self.func.truncated(&bits, ty.signed, width).stored(ty)
    }

    /// The value of a store into a bit or slice: the whole as it becomes.
    #[allow(clippy::too_many_arguments, reason = "they describe one target")]
    fn part(
        &mut self,
        target: &str,
        step: &Projection,
        value: ExprId,
        range: &Range,
        ty: Ty,
        width: u32,
        wraps: bool,
    ) -> String {
        let full = full_range(range);
        let (lo, hi) = bounds_of(&full).unwrap_or((ty.min(), ty.max()));
        let whole =
            if self.zeroed.take().is_some() { CExpr::literal(0) } else { CExpr::leaf(target, ty, lo, hi) };
        let invariant = "invariant: 64 bits hold the low bits of any value";
        let join = |rest: Option<CExpr>, part: CExpr| match rest {
            Some(rest) => CExpr::arith(Arith::Or, &rest, &part, width, None).expect(invariant),
            None => part,
        };
        let cleared = |bits: i128| {
            let kept = mask(width) & !bits;
            (kept != 0 && whole.literal != Some(0)).then(|| {
                CExpr::arith(Arith::And, &whole, &CExpr::hex(kept).capped(width, None), width, None)
                    .expect(invariant)
            })
        };
        let result = match step {
            Projection::Bit(at) => {
                let cond = self.func.cond(value);
                match self.func.single(*at).map(|at| at.to_u32()) {
                    Some(Some(at)) if at < width => match cond.known {
                        Some(true) if whole.literal == Some(0) => CExpr::hex(1 << at),
                        Some(true) => CExpr::arith(Arith::Or, &whole, &CExpr::hex(1 << at), width, None)
                            .expect(invariant),
                        Some(false) => cleared(1 << at).unwrap_or_else(|| CExpr::literal(0)),
                        None => join(cleared(1 << at), cond.to_int(at)),
                    },
                    Some(_) => whole.clone(),
                    None => {
                        let amount = self.func.amount(*at);
                        let amount = self.func.keep_int(amount, EXACT);
                        let bit =
                            CExpr::shift_left(&CExpr::literal(1), &amount, width, None).expect(invariant);
                        let bit = bit.cast(Ty::unsigned(ty.bits)).expect(invariant);
                        let bit = self.func.keep_int(bit, width);
                        let others = CExpr::unary(true, &bit, width, None).expect(invariant);
                        let rest = CExpr::arith(Arith::And, &whole, &others, width, None).expect(invariant);
                        let set =
                            CExpr::select(&cond, &bit, &CExpr::literal(0), width, None).expect(invariant);
                        join(Some(rest), set)
                    }
                }
            }
            Projection::Slice { low, width: size } => {
                let bits = self.func.low(value, *size);
                let bits = CExpr { ir: None, ..bits }.zero_extended((*size).min(64));
                match self.func.single(*low).map(|low| low.to_u32()) {
                    Some(Some(low)) if low < width => {
                        let part = if low == 0 {
                            bits
                        } else {
                            CExpr::shift_left(&bits, &CExpr::literal(i128::from(low)), width, None)
                                .expect(invariant)
                        };
                        join(cleared(mask((*size).min(64)) << low), part)
                    }
                    Some(_) => whole.clone(),
                    None => {
                        let amount = self.func.amount(*low);
                        let amount = self.func.keep_int(amount, EXACT);
                        let ones = CExpr::hex(mask((*size).min(64)));
                        let place = CExpr::shift_left(&ones, &amount, width, None).expect(invariant);
                        let others = CExpr::unary(true, &place, width, None).expect(invariant);
                        let rest = CExpr::arith(Arith::And, &whole, &others, width, None).expect(invariant);
                        let part = CExpr::shift_left(&bits, &amount, width, None).expect(invariant);
                        join(Some(rest), part)
                    }
                }
            }
            Projection::Index(_) | Projection::Field(_) => whole.clone(),
        };
        let result = self.func.truncated(&result.capped(width, None), ty.signed, width);
        if wraps
            && !is_full(range)
            && let Some(wrapped) = self.func.wrapped_value(&result, &full, range)
        {
            return wrapped.stored(ty);
        }
        result.stored(ty)
    }

    fn wide_part(
        &mut self,
        target: &str,
        step: &Projection,
        value: ExprId,
        signed: bool,
        width: u32,
    ) -> Vec<String> {
        let mut lines = Vec::new();
        match step {
            Projection::Bit(at) => {
                let cond = self.func.cond(value).text;
                let (index, guard) = self.position(*at, width);
                let call = self.func.call(Helper::WideSetBit, &[target.to_owned(), index, cond]);
                lines.extend(guarded(&guard, format!("{call};")));
            }
            Projection::Slice { low, width: size } => {
                let size = (*size).min(width);
                let (index, guard) = self.position(*low, width - size + 1);
                let call = if size <= 64 {
                    let bits = self.func.low(value, size).stored(Ty::unsigned(64));
                    let args = [target.to_owned(), index, bits, format!("{size}U")];
                    self.func.call(Helper::WideInsertU64, &args)
                } else {
                    let bits = self.func.wide_operand(value, limbs(size));
                    let args = [target.to_owned(), index, bits, format!("{size}U")];
                    self.func.call(Helper::WideInsert, &args)
                };
                lines.extend(guarded(&guard, format!("{call};")));
            }
            Projection::Index(_) | Projection::Field(_) => {}
        }
        if signed {
            lines.extend(sign_line(target, width, limbs(width)));
        }
        lines
    }

    /// A bit position as an argument, and the condition that it lies below a limit.
    fn position(&mut self, at: ExprId, limit: u32) -> (String, Cond) {
        if let Some(value) = self.func.single(at) {
            let is_inside = !value.is_negative() && value < Int::from(limit);
            return (format!("{value}U"), Cond::known(is_inside));
        }
        let text = self.func.amount_16(at);
        let inside = Range::new(0i64, i64::from(limit) - 1).contains_range(&self.func.range(at));
        if inside {
            return (text, Cond::known(true));
        }
        let name = self.func.fresh("t");
        self.func.define(&name, vec![format!("const uint16_t {name} = {text};")]);
        let value = CExpr::leaf(name.clone(), Ty::unsigned(16), 0, 65535);
        let cond = CExpr::compare(Compare::Lt, &value, &CExpr::literal(i128::from(limit)));
        (name, cond.unwrap_or_else(|| Cond::known(true)))
    }

    /// Keeps index and value of a store into a memory until the end of the function.
    fn store_later(
        &mut self,
        net: NetId,
        place: &Place,
        (storage, leaf, wraps): (&Storage, &Type, bool),
        value: ExprId,
        guard: &Cond,
        trailing: Option<String>,
    ) {
        let field = self.func.unit.layout.nets[net.index()].clone();
        let (Some(Projection::Index(at)), Type::Array(_, length)) =
            (place.path.first(), self.func.unit.layout.module.net(net).ty.clone())
        else {
            return;
        };
        let flag = self.func.fresh(&format!("{field}_stored"));
        let index = self.func.fresh(&format!("{field}_index"));
        let kept = self.func.fresh(&format!("{field}_value"));
        let (place, _) = self.element(*at, length);
        let ty = Ty::for_range(0, i128::from(length) - 1).unwrap_or(Ty::unsigned(32));
        let zero = match storage {
            Storage::Bool => " = false",
            Storage::Scalar { ty, .. } if ty.signed => " = 0",
            Storage::Scalar { .. } | Storage::Enum(..) => " = 0U",
            Storage::Wide { .. } => " = {0U}",
            Storage::Array(..) | Storage::Struct(_) => " = {0}",
        };
        let declaration = self.func.unit.layout.declare(storage, &kept);
        let mut lines = vec![format!("{flag} = true;"), format!("{index} = {};", place.stored(ty))];
        lines.extend(self.value_lines(&kept, storage, leaf, value, wraps, true));
        if let (Some(trailing), Some(line)) = (trailing, lines.first_mut()) {
            *line += " ";
            *line += &trailing;
        }
        if guard.known.is_none() {
            lines = lines.into_iter().map(|line| format!("    {line}")).collect();
            lines.insert(0, format!("if ({}) {{", guard.text));
            lines.push("}".into());
        }
        self.func.write(&lines);
        let to = format!("self->{field}[{index}]");
        let mut commit = vec![format!("if ({flag}) {{")];
        commit
            .extend(self.func.copy_lines(storage, &to, &kept).into_iter().map(|line| format!("    {line}")));
        commit.push("}".into());
        self.waiting.push(Waiting {
            declarations: vec![
                format!("bool {flag} = false;"),
                format!("{} {index} = 0U;", ty.name()),
                format!("{declaration}{zero};"),
            ],
            commit,
        });
    }

    // Control

    /// The statements of a process, with the branch of its reset before them.
    pub fn body(&mut self, stmts: &[Stmt], reset: Option<&ResetBranch>) {
        let Some(reset) = reset else {
            self.list(stmts);
            return;
        };
        let net = self.func.unit.layout.module.net(reset.net);
        let cond = match (&net.init, self.func.unit.fixed[reset.net.index()]) {
            (Value::Bool(value), true) => Cond::known(*value),
            _ => Cond::tight(self.func.net_text(reset.net)),
        };
        let cond = if reset.active_high { cond } else { cond.not() };
        match cond.known {
            Some(true) => self.func.out.line(&reset.call),
            Some(false) => self.list(stmts),
            None => {
                self.func.out.line(format!("if ({}) {{", cond.text));
                self.func.out.indent();
                self.func.out.line(&reset.call);
                self.func.out.dedent();
                if !self.continued(stmts) {
                    let rest = self.captured(|stmts_of| stmts_of.list(stmts));
                    if !rest.text.is_empty() {
                        self.func.out.line("} else {");
                        self.indented(&rest);
                    }
                    self.func.out.line("}");
                }
            }
        }
    }

    /// Writes a body that is one `if` as the `else if` of the reset; whether it is.
    fn continued(&mut self, stmts: &[Stmt]) -> bool {
        let [stmt @ Stmt { kind: StmtKind::If { arms, orelse }, .. }] = stmts else { return false };
        if !self.declarations.before(stmt).is_empty() || !stmt.comments.leading.is_empty() {
            return false;
        }
        let conds = self.chain_conds(arms);
        let is_plain = conds.iter().all(|test| test.cond.known.is_none() && test.before.is_empty())
            && !self.func.has_before()
            && arms.iter().any(|(_, body)| !body.is_empty());
        if !is_plain {
            self.func.forget_before();
            return false;
        }
        let before = self.func.out.set_span(stmt.span);
        let bodies = arms.iter().map(|(_, body)| &body[..]).collect();
        let trailing = stmt.comments.trailing.as_deref().map(comment);
        if !self.arms_after("} else if", conds, bodies, orelse, trailing) {
            self.func.out.line("}");
        }
        self.func.out.set_span(before);
        true
    }

    /// Arms with conditions; the stores of each do not disturb the others.
    fn arms(&mut self, conds: Vec<Test>, bodies: Vec<&[Stmt]>, orelse: &[Stmt], trailing: Option<String>) {
        self.arms_after("if", conds, bodies, orelse, trailing);
    }

    /// As [`Stmts::arms`], with `first` before the first condition; whether there was anything to write.
    fn arms_after(
        &mut self,
        first: &str,
        tests: Vec<Test>,
        bodies: Vec<&[Stmt]>,
        orelse: &[Stmt],
        trailing: Option<String>,
    ) -> bool {
        let mut possible: Vec<(Test, &[Stmt])> = Vec::new();
        let mut orelse = orelse;
        for (test, body) in tests.into_iter().zip(bodies) {
            match test.cond.known {
                Some(false) => {}
                Some(true) => {
                    orelse = body;
                    break;
                }
                None => possible.push((test, body)),
            }
        }
        if possible.is_empty() {
            self.func.forget_before();
            self.list(orelse);
            return true;
        }
        // The bodies come first, to see which of them are empty.
        let before = self.func.take_before();
        let entry = self.func.stored.clone();
        let mut after = BTreeSet::new();
        let mut live: Vec<(Test, Text)> = Vec::new();
        for (test, body) in possible {
            self.func.stored.clone_from(&entry);
            let outside = self.func.holds(&test.cond);
            let text = self.captured(|stmts| stmts.list(body));
            self.func.holds_no_more(outside);
            after.append(&mut self.func.stored);
            live.push((test, text));
        }
        self.func.stored = entry;
        let mut otherwise = self.captured(|stmts| stmts.list(orelse));
        self.func.stored.append(&mut after);
        while otherwise.text.is_empty() && live.last().is_some_and(|(_, body)| body.text.is_empty()) {
            live.pop();
        }
        if let [(test, body)] = live.as_mut_slice()
            && body.text.is_empty()
        {
            test.cond = test.cond.clone().not();
            std::mem::swap(body, &mut otherwise);
        }
        if live.is_empty() {
            return false;
        }
        self.func.put_before(before);
        let texts: Vec<String> =
            live.iter().flat_map(|(test, _)| test.before.iter().chain([&test.cond.text])).cloned().collect();
        self.func.write_before(&texts);
        let mut nested = 0;
        for (index, (Test { cond, before }, body)) in live.iter().enumerate() {
            if index > 0 && !before.is_empty() {
                self.func.out.line("} else {");
                self.func.out.indent();
                nested += 1;
            }
            for line in before {
                self.func.out.line(line);
            }
            let word = match index {
                0 => first,
                _ if before.is_empty() => "} else if",
                _ => "if",
            };
            let end = match (&trailing, index) {
                (Some(trailing), 0) => format!(" {trailing}"),
                _ => String::new(),
            };
            self.func.out.line(format!("{word} ({}) {{{end}", cond.text));
            self.indented(body);
        }
        if !otherwise.text.is_empty() {
            self.func.out.line("} else {");
            self.indented(&otherwise);
        }
        self.func.out.line("}");
        for _ in 0..nested {
            self.func.out.dedent();
            self.func.out.line("}");
        }
        true
    }

    /// What is written meanwhile, instead of its being written.
    fn captured(&mut self, write: impl FnOnce(&mut Self)) -> Text {
        let mut outer = std::mem::replace(&mut self.func.out, Writer::new("    "));
        let span = outer.set_span(Span::NONE);
        self.func.out.set_span(span);
        write(self);
        outer.set_span(span);
        std::mem::replace(&mut self.func.out, outer).finish_with_origins()
    }

    fn indented(&mut self, text: &Text) {
        self.func.out.indent();
        self.func.out.append(text);
        self.func.out.dedent();
    }

    /// The conditions of a chain. Only the first one is always computed.
    fn chain_conds(&mut self, arms: &[(ExprId, Vec<Stmt>)]) -> Vec<Test> {
        let roots: Vec<(ExprId, u32)> = arms.iter().map(|(cond, _)| (*cond, EXACT)).collect();
        self.func.begin_some(&roots, 1);
        let mut tests = Vec::new();
        for (index, (cond, _)) in arms.iter().enumerate() {
            tests.push(if index == 0 {
                Test::of(self.func.cond(*cond))
            } else {
                let (cond, before) = self.func.on_path(&Cond::known(true), |func| func.cond(*cond));
                let before = before.used_by(std::slice::from_ref(&cond.text));
                Test { cond, before }
            });
        }
        tests
    }

    fn if_chain(&mut self, arms: &[(ExprId, Vec<Stmt>)], orelse: &[Stmt], trailing: Option<String>) {
        let conds = self.chain_conds(arms);
        let bodies = arms.iter().map(|(_, body)| &body[..]).collect();
        self.arms(conds, bodies, orelse, trailing);
    }

    fn switch(
        &mut self,
        subject: ExprId,
        arms: &[SwitchArm],
        default: Option<&[Stmt]>,
        trailing: Option<String>,
    ) {
        self.func.begin(&[(subject, EXACT)]);
        let (arms, rest) = match (default, arms) {
            (Some(default), arms) => (arms, default),
            // The arms cover every value, so the last one is what remains.
            (None, [arms @ .., last]) => (arms, &last.body[..]),
            (None, []) => return,
        };
        if *self.func.ty(subject) == Type::Bool {
            let value = self.func.cond(subject);
            let value = self.func.keep_cond(value);
            let conds = arms
                .iter()
                .map(|arm| {
                    arm.values.iter().fold(Cond::known(false), |any, wanted| {
                        let wanted = Cond::known(wanted.as_bool().unwrap_or(false));
                        any.join("||", value.clone().equal(wanted, true))
                    })
                })
                .map(Test::of)
                .collect();
            self.arms(conds, arms.iter().map(|arm| &arm.body[..]).collect(), rest, trailing);
            return;
        }
        if self.func.width(subject) > 64 {
            let wide = self.func.wide(subject);
            let conds = arms
                .iter()
                .map(|arm| {
                    arm.values.iter().fold(Cond::known(false), |any, wanted| {
                        let Some(wanted) = wanted.as_int() else { return any };
                        let table = self.func.unit.wide_table(wanted, wide.limbs);
                        let count = self.func.count(wide.limbs);
                        let call = self.func.call(Helper::WideEqual, &[wide.text.clone(), table, count]);
                        any.join("||", Cond::tight(call))
                    })
                })
                .map(Test::of)
                .collect();
            self.arms(conds, arms.iter().map(|arm| &arm.body[..]).collect(), rest, trailing);
            return;
        }
        let value = self.func.low(subject, EXACT);
        if let Some(known) = value.literal {
            let is_known = |wanted: &Value| self.code(subject, wanted) == Some(known);
            let body = arms.iter().find(|arm| arm.values.iter().any(is_known)).map_or(rest, |arm| &arm.body);
            self.list(body);
            return;
        }
        self.write_switch(subject, &value, arms, rest, trailing);
    }

    fn write_switch(
        &mut self,
        subject: ExprId,
        value: &CExpr,
        arms: &[SwitchArm],
        rest: &[Stmt],
        trailing: Option<String>,
    ) {
        let before = self.func.take_before();
        let entry = self.func.stored.clone();
        let mut after = BTreeSet::new();
        let mut cases: Vec<(Vec<String>, Text)> = Vec::new();
        self.frames.push(Frame::Switch);
        for arm in arms {
            let labels: Vec<String> =
                arm.values.iter().filter_map(|wanted| self.case_label(subject, wanted, value)).collect();
            if labels.is_empty() {
                continue;
            }
            self.func.stored.clone_from(&entry);
            let text = self.captured(|stmts| stmts.list(&arm.body));
            after.append(&mut self.func.stored);
            let is_left = arm.body.last().is_some_and(diverges);
            cases.push((labels, case_body(text, is_left)));
        }
        self.func.stored = entry;
        self.frames.pop();
        if cases.is_empty() {
            self.list(rest);
            return;
        }
        self.frames.push(Frame::Switch);
        let text = self.captured(|stmts| stmts.list(rest));
        self.frames.pop();
        self.func.stored.append(&mut after);
        let default = case_body(text, rest.last().is_some_and(diverges));
        if cases.iter().all(|(_, body)| *body == default) && default.text.trim_start() == "break;\n" {
            return;
        }
        self.func.put_before(before);
        let head = format!("switch ({}) {{", value.text);
        self.func.write_before(std::slice::from_ref(&head));
        self.func.out.line(match trailing {
            Some(trailing) => format!("{head} {trailing}"),
            None => head,
        });
        for (labels, body) in &cases {
            for label in labels {
                self.func.out.line(format!("case {label}:"));
            }
            self.func.out.append(body);
        }
        self.func.out.line("default:");
        self.func.out.append(&default);
        self.func.out.line("}");
    }

    /// The number that stands for a value of the subject of a switch.
    fn code(&self, subject: ExprId, wanted: &Value) -> Option<i128> {
        match (self.func.ty(subject), wanted) {
            (Type::Enum(of), Value::Enum(member)) => {
                let members = &self.func.unit.layout.design.types.enums[of.index()].members;
                members.get(*member as usize).and_then(|(_, code)| to_i128(code))
            }
            _ => wanted.as_int().and_then(to_i128),
        }
    }

    /// The label of a case; `None` where the subject, as C has it, is never this value.
    fn case_label(&self, subject: ExprId, wanted: &Value, value: &CExpr) -> Option<String> {
        match (self.func.ty(subject), wanted) {
            (Type::Enum(of), Value::Enum(member)) => Some(self.func.unit.layout.member(*of, *member)),
            (_, Value::Int(_)) => {
                let wanted = self.code(subject, wanted)?;
                let (lo, hi) = value.bounds();
                let label = if lo < 0 { wanted.to_string() } else { format!("{wanted}U") };
                (lo <= wanted && wanted <= hi).then_some(label)
            }
            _ => None,
        }
    }

    fn counting_loop(
        &mut self,
        label: LabelId,
        var: VarId,
        [start, stop, step]: [&Int; 3],
        body: &[Stmt],
        trailing: Option<String>,
        span: Span,
    ) {
        let Some(turns) = Turns::new(start, stop, step) else { return };
        let hull =
            Range::new(start.clone(), turns.end.clone()).union(&Range::new(stop.clone(), stop.clone()));
        let hull = Range {
            min: hull.min.map(|min| min.min(turns.end.clone()).min(stop.clone())),
            max: hull.max.map(|max| max.max(start.clone())),
        };
        let (Some((lo, hi)), Some(by)) = (bounds_of(&hull), to_i128(step)) else {
            self.func.unit.refuse(span, "C does not count beyond 64 bits");
            return;
        };
        let Some(ty) = Ty::for_range(lo, hi) else {
            self.func.unit.refuse(span, "C does not count beyond 64 bits");
            return;
        };
        let (name, target) = self.func.vars[var.index()].clone();
        let is_counter = self.declarations.is_counter(var);
        let counter = if is_counter { name.clone() } else { self.func.fresh(&format!("{name}_next")) };
        let number = |value: &Int| {
            let value = to_i128(value).unwrap_or(0);
            CExpr::literal(value).stored(ty)
        };
        let test = if by > 0 {
            format!("{counter} < {}", number(stop))
        } else if *stop == Int::MINUS_ONE {
            format!("{counter} >= 0")
        } else {
            format!("{counter} > {}", number(stop))
        };
        let advance = match by {
            1 => format!("{counter}++"),
            -1 => format!("{counter}--"),
            by if by > 0 => {
                format!("{counter} = ({})({counter} + {})", ty.name(), CExpr::literal(by).stored(ty))
            }
            by => format!("{counter} = ({})({counter} - {})", ty.name(), CExpr::literal(-by).stored(ty)),
        };
        self.func.stored.extend(stored_nets(body));
        let declared = self.func.vars[var.index()].1.clone();
        if is_counter {
            self.func.vars[var.index()].1 = Some(Storage::Scalar { ty, width: ty.bits });
        }
        self.frames.push(Frame::Loop(label));
        let mut inner = self.captured(|stmts| stmts.list(body));
        self.frames.pop();
        self.func.vars[var.index()].1 = declared;
        if !is_counter
            && !self.declarations.is_dead(var)
            && let Some(Storage::Scalar { ty: target, .. }) = target
        {
            let text = if target == ty { counter.clone() } else { format!("({}){counter}", target.name()) };
            inner = self.captured(|stmts| {
                stmts.func.out.line(format!("{name} = {text};"));
                stmts.func.out.append(&inner);
            });
        }
        let next = self.next_turn.remove(&label);
        if inner.text.is_empty() {
            return;
        }
        let end = trailing.map(|trailing| format!(" {trailing}")).unwrap_or_default();
        self.func.out.line(format!(
            "for ({} {counter} = {}; {test}; {advance}) {{{end}",
            ty.name(),
            number(start)
        ));
        self.func.out.indent();
        self.func.out.append(&inner);
        if let Some(name) = next {
            self.func.out.line(format!("{name}: ;"));
        }
        self.func.out.dedent();
        self.func.out.line("}");
        self.land(label);
    }

    fn conditional_loop(
        &mut self,
        label: LabelId,
        cond: ExprId,
        body: &[Stmt],
        trailing: Option<String>,
        span: Span,
    ) {
        if !is_bounded(self.func.body, label, cond, body) {
            let text = "C needs a loop whose number of turns is known";
            self.func.unit.errors.push(Diagnostic::new(Code::PH0204, span, text).help(
                "let a variable count up or down by a constant in every turn, and compare it with a constant",
            ));
            return;
        }
        self.func.stored.extend(stored_nets(body));
        self.func.begin(&[(cond, EXACT)]);
        let cond = self.func.cond(cond);
        if cond.known == Some(false) {
            self.func.forget_before();
            return;
        }
        let end = trailing.map(|trailing| format!(" {trailing}")).unwrap_or_default();
        if self.func.has_before() {
            // What the condition needs is computed anew for each turn.
            self.func.out.line(format!("for (;;) {{{end}"));
            self.func.out.indent();
            let stop = cond.not();
            self.func.write_before(std::slice::from_ref(&stop.text));
            self.func.out.line(format!("if ({}) {{", stop.text));
            self.func.out.indent();
            self.func.out.line("break;");
            self.func.out.dedent();
            self.func.out.line("}");
        } else {
            self.func.out.line(format!("while ({}) {{{end}", cond.text));
            self.func.out.indent();
        }
        self.frames.push(Frame::Loop(label));
        self.list(body);
        self.frames.pop();
        if let Some(name) = self.next_turn.remove(&label) {
            self.func.out.line(format!("{name}: ;"));
        }
        self.func.out.dedent();
        self.func.out.line("}");
        self.land(label);
    }

    /// The place behind a block or loop, where something jumps to it.
    fn land(&mut self, label: LabelId) {
        if let Some(name) = self.leave.remove(&label) {
            self.func.out.line(format!("{name}: ;"));
        }
    }

    fn label_name(&self, label: LabelId) -> String {
        let name = self.func.body.labels.get(label.index()).map_or("", String::as_str);
        if name.is_empty() { "block".to_owned() } else { name.to_owned() }
    }

    fn leave(&mut self, label: LabelId) {
        if matches!(self.frames.last(), Some(Frame::Loop(of)) if *of == label) {
            self.func.out.line("break;");
            return;
        }
        let wanted = format!("{}_done", self.label_name(label));
        let name = match self.leave.get(&label) {
            Some(name) => name.clone(),
            None => self.func.fresh(&wanted),
        };
        self.leave.insert(label, name.clone());
        self.func.out.line(format!("goto {name};"));
    }

    fn go_on(&mut self, label: LabelId) {
        let innermost = self.frames.iter().rev().find(|frame| matches!(frame, Frame::Loop(_)));
        if matches!(innermost, Some(Frame::Loop(of)) if *of == label) {
            self.func.out.line("continue;");
            return;
        }
        let wanted = format!("{}_next", self.label_name(label));
        let name = match self.next_turn.get(&label) {
            Some(name) => name.clone(),
            None => self.func.fresh(&wanted),
        };
        self.next_turn.insert(label, name.clone());
        self.func.out.line(format!("goto {name};"));
    }

    fn leave_function(&mut self) {
        if self.deferred.is_empty() {
            self.func.out.line("return;");
            return;
        }
        let name = match &self.end {
            Some(name) => name.clone(),
            None => self.func.fresh("end"),
        };
        self.func.out.line(format!("goto {name};"));
        self.end = Some(name);
    }
}

/// What a statement does, those inside it included.
struct Effects {
    reads: BTreeSet<NetId>,
    stores: BTreeSet<NetId>,
    /// Variables that it reads.
    uses: BTreeSet<VarId>,
    /// Variables that it assigns.
    assigns: BTreeSet<VarId>,
    /// Whether it may leave what is around it.
    jumps: bool,
    /// Whether it only chooses and stores into nets.
    is_movable: bool,
}

impl Effects {
    fn new(func: &Func<'_, '_>, stmt: &Stmt) -> Effects {
        let mut effects = Effects {
            reads: BTreeSet::new(),
            stores: BTreeSet::new(),
            uses: BTreeSet::new(),
            assigns: BTreeSet::new(),
            jumps: false,
            is_movable: true,
        };
        let exprs = &func.body.exprs;
        walk_stmts(std::slice::from_ref(stmt), &mut |stmt| {
            for root in stmt.kind.exprs() {
                exprs.walk(root, &mut |id| match exprs.kind(id) {
                    pyhw_ir::ExprKind::Net(net) => {
                        effects.reads.insert(*net);
                    }
                    pyhw_ir::ExprKind::Var(var) => {
                        effects.uses.insert(*var);
                    }
                    pyhw_ir::ExprKind::Const(_) | pyhw_ir::ExprKind::Op(..) => {}
                });
            }
            match &stmt.kind {
                StmtKind::Next { place, .. } => {
                    if let Root::Net(net) = place.root {
                        effects.stores.insert(net);
                    }
                }
                StmtKind::If { .. } | StmtKind::Switch { .. } | StmtKind::Assert { .. } => {}
                StmtKind::Assign { place, .. } => {
                    effects.is_movable = false;
                    if let Root::Var(var) = place.root {
                        effects.assigns.insert(var);
                    }
                }
                StmtKind::For { var, .. } => {
                    effects.is_movable = false;
                    effects.assigns.insert(*var);
                }
                StmtKind::While { .. } | StmtKind::Block { .. } | StmtKind::Print { .. } => {
                    effects.is_movable = false;
                }
                StmtKind::Break(_)
                | StmtKind::Continue(_)
                | StmtKind::Return
                | StmtKind::Raise { .. }
                | StmtKind::Finish { .. }
                | StmtKind::Wait(_) => {
                    effects.is_movable = false;
                    effects.jumps = true;
                }
            }
        });
        effects
    }
}

/// The interval of the integers that an array consists of.
fn element_range(ty: &Type) -> Option<&Range> {
    match ty {
        Type::Array(element, _) => element_range(element),
        Type::Int(range) => Some(range),
        Type::Bool | Type::Enum(_) | Type::Struct(_) | Type::Text | Type::Opaque => None,
    }
}

/// Whether nothing after the statement in its list is reached.
fn diverges(stmt: &Stmt) -> bool {
    let all = |blocks: &[&[Stmt]]| blocks.iter().all(|block| block.last().is_some_and(diverges));
    match &stmt.kind {
        StmtKind::Break(_)
        | StmtKind::Continue(_)
        | StmtKind::Return
        | StmtKind::Raise { .. }
        | StmtKind::Finish { .. } => true,
        StmtKind::If { .. } | StmtKind::Switch { .. } => all(&stmt.kind.blocks()),
        StmtKind::Assign { .. }
        | StmtKind::Next { .. }
        | StmtKind::For { .. }
        | StmtKind::While { .. }
        | StmtKind::Block { .. }
        | StmtKind::Wait(_)
        | StmtKind::Assert { .. }
        | StmtKind::Print { .. } => false,
    }
}

/// The statements of a case, in braces where they declare something, with the `break` at the end unless something else leaves.
fn case_body(stmts: Text, is_left: bool) -> Text {
    let mut out = Writer::new("    ");
    out.indent();
    let is_declaration = stmts.text.lines().any(is_declaration);
    if is_declaration {
        out.line("{");
        out.indent();
    }
    out.append(&stmts);
    if !is_left {
        out.line("break;");
    }
    if is_declaration {
        out.dedent();
        out.line("}");
    }
    out.finish_with_origins()
}

/// The nets that statements store into.
pub fn stored_nets(stmts: &[Stmt]) -> BTreeSet<NetId> {
    let mut nets = BTreeSet::new();
    walk_stmts(stmts, &mut |stmt| {
        if let StmtKind::Next { place, .. } = &stmt.kind
            && let Root::Net(net) = place.root
        {
            nets.insert(net);
        }
    });
    nets
}

fn guarded(guard: &Cond, line: String) -> Vec<String> {
    match guard.known {
        Some(true) => vec![line],
        Some(false) => Vec::new(),
        None => vec![format!("if ({}) {{", guard.text), format!("    {line}"), "}".into()],
    }
}

/// Whether a line at the beginning of a case declares something, which may not follow a label.
fn is_declaration(line: &str) -> bool {
    if line.starts_with(' ') {
        return false;
    }
    let word = line.split(' ').next().unwrap_or_default();
    word == "const" || word == "bool" || word.ends_with("_t")
}

/// A comment of the source.
pub fn comment(text: &str) -> String {
    format!("/* {} */", clean(text))
}

/// Text without what a compiler could take for something else: the end of a comment, a trigraph.
pub fn clean(text: &str) -> String {
    pyhw_text::one_line(text).replace("??", "? ?")
}
