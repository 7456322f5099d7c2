//! Telling of stores that cannot fit, or may not.

use super::known::Known;
use super::partial::{Domain, Partial, deciding};
use super::ranges::{BASE, Knowledge, Scope};
use pyhw_diagnostics::{Code, Diagnostic, Severity, Sources, Span};
use pyhw_ir::{
    ExprId, ExprKind, Int, Op, Place, Projection, Range, Root, Stmt, StmtKind, Type, Value, VarId,
};
use std::collections::{HashMap, HashSet};

/// What was found in one body.
pub(super) struct Report<'a> {
    scope: Scope<'a>,
    /// The texts that spans point into.
    sources: &'a Sources,
    /// Variables that were given 32 bits because nothing bounds them; that was told already.
    given: &'a HashSet<VarId>,
    told: HashSet<(Code, Span, String)>,
    /// Of each statement, the operands that decide whether it is a fault.
    deciding: HashMap<*const Stmt, Vec<ExprId>>,
    /// What they were, over all turns of the loops around; `None` where a turn said nothing.
    seen: HashMap<(*const Stmt, ExprId), Option<Known>>,
    /// Variables of which was told that they may be unset.
    unset: HashSet<VarId>,
    pub findings: Vec<Diagnostic>,
}

/// What takes a value.
struct Target<'a> {
    name: &'a str,
    /// Where it was declared.
    span: Span,
    is_net: bool,
    is_port: bool,
}

/// What an index lies outside of.
struct Indexed<'d> {
    /// How many elements or bits it has, in words.
    holds: String,
    declared: Option<Span>,
    places: &'d Domain,
    /// Where it is indexed.
    span: Span,
}

impl<'a> Report<'a> {
    pub fn new(scope: Scope<'a>, sources: &'a Sources, given: &'a HashSet<VarId>) -> Report<'a> {
        Report {
            scope,
            sources,
            given,
            told: HashSet::new(),
            deciding: HashMap::new(),
            seen: HashMap::new(),
            unset: HashSet::new(),
            findings: Vec::new(),
        }
    }

    /// Each finding once, however often its statement was written out.
    fn tell(&mut self, finding: Diagnostic) {
        if self.told.insert((finding.code, finding.primary.span, finding.message.clone())) {
            self.findings.push(finding);
        }
    }

    /// A visit to a statement in one turn of the loops around it.
    pub fn note_operands(&mut self, know: &mut Knowledge<'a>, stmt: &'a Stmt) {
        let scope = self.scope;
        let operands = self.deciding.entry(stmt).or_insert_with(|| deciding(scope, stmt));
        for operand in operands {
            let now = know.eval(*operand, BASE);
            self.seen
                .entry((stmt, *operand))
                .and_modify(|all| *all = all.as_ref().zip(now.as_ref()).map(|(all, now)| all.join(now)))
                .or_insert(now);
        }
    }

    /// What is known of an operand of a statement: what holds here, and what its turns gave.
    fn operand(&self, stmt: &Stmt, operand: ExprId, known: Known) -> Known {
        match self.seen.get(&(stmt as *const Stmt, operand)) {
            Some(Some(all)) => known.meet(all).unwrap_or(known),
            Some(None) | None => known,
        }
    }

    /// An operator that is reached, and that has no result for some of what is known of its operand.
    pub fn operator(&mut self, know: &mut Knowledge<'a>, stmt: &'a Stmt, id: ExprId, known: Known) {
        let exprs = &self.scope.body.exprs;
        let (Some(partial), ExprKind::Op(_, args)) = (Partial::of(self.scope, id), exprs.kind(id)) else {
            return;
        };
        let known = self.operand(stmt, partial.operand, known);
        if partial.domain.admits(&known) {
            return;
        }
        let never = partial.domain.excludes(&known);
        let is_bit = matches!(exprs.kind(id), ExprKind::Op(Op::Bit, _));
        let what = match exprs.kind(args[0]) {
            _ if args[0] == partial.operand => None,
            ExprKind::Net(net) => Some(&self.scope.module.net(*net)).map(|net| (net.name.as_str(), net.span)),
            ExprKind::Var(var) => Some(self.scope.body.var(*var)).map(|var| (var.name.as_str(), var.span)),
            ExprKind::Const(_) | ExprKind::Op(..) => None,
        };
        let span = self.value_span(stmt, id);
        let is = if never { "is" } else { "may be" };
        let finding = match partial.domain {
            ref places @ (Domain::Elements(length) | Domain::FromEnd(length)) => {
                let whole = match (what, exprs.kind(id)) {
                    (Some((name, _)), _) => format!("`{name}`"),
                    (None, ExprKind::Op(Op::Check { .. }, _)) => "the list".to_owned(),
                    (None, _) => "the table".to_owned(),
                };
                let declared = what.map(|(_, span)| span);
                let holds = format!("{whole} has {length} elements");
                return self.out_of_range(
                    know,
                    Indexed { holds, declared, places, span },
                    partial.operand,
                    &known,
                );
            }
            Domain::Boolean => {
                let target = self.stored_as_it_is(stmt, id);
                let finding = boolean(span, &known.range, never, target.map(|(name, _)| name));
                let finding = finding.at(operand_in_words(know, partial.operand, &known.range));
                return self.tell(match target {
                    Some((_, declared)) => finding.label(declared, "declared here"),
                    None => finding,
                });
            }
            Domain::NotZero => Diagnostic::new(Code::PH0317, span, format!("the divisor {is} 0")),
            Domain::Bits(width) => {
                self.bits_beyond(know, width, (args[0], partial.operand), &known, span);
                let below = known.range.min.as_ref().is_none_or(Int::is_negative);
                if !below {
                    return;
                }
                let is = if known.range.max.as_ref().is_some_and(Int::is_negative) { "is" } else { "may be" };
                Diagnostic::new(Code::PH0317, span, format!("the place of the bit {is} negative"))
            }
            Domain::NotNegative => {
                let amount = if is_bit { "place of the bit" } else { "amount" };
                Diagnostic::new(Code::PH0317, span, format!("the {amount} {is} negative"))
            }
        };
        let finding = finding.at(operand_in_words(know, partial.operand, &known.range));
        // Text of an operator that never has a result could not mean anything.
        self.tell(match (never, what) {
            (false, _) => finding.help("if this cannot happen, say so with an `assert`"),
            (true, Some((name, declared))) if is_bit => finding
                .severity(Severity::Error)
                .label(declared, "declared here")
                .help(format!("the lowest bit is `{name}[0]`: Python counts from the end in lists only")),
            (true, _) => finding.severity(Severity::Error),
        });
    }

    /// The name of what a statement stores this expression into, and where it was declared.
    fn stored_as_it_is(&self, stmt: &Stmt, id: ExprId) -> Option<(&'a str, Span)> {
        let scope = self.scope;
        match &stmt.kind {
            StmtKind::Next { place, value } | StmtKind::Assign { place, value } if *value == id => {
                match place.root {
                    Root::Net(net) => Some((scope.module.net(net).name.as_str(), scope.module.net(net).span)),
                    Root::Var(var) => Some((scope.body.var(var).name.as_str(), scope.body.var(var).span)),
                }
            }
            _ => None,
        }
    }

    /// A bit that is read, and that may lie beyond those that were declared.
    fn bits_beyond(
        &mut self,
        know: &mut Knowledge<'a>,
        width: u32,
        (of, at): (ExprId, ExprId),
        known: &Known,
        span: Span,
    ) {
        let scope = self.scope;
        let places = Range::new(0i64, i64::from(width) - 1);
        let beyond = Range { min: Some(Int::from(width)), max: None };
        let Some(beyond) = beyond.intersection(&known.range) else { return };
        let (name, declared) = match scope.body.exprs.kind(of) {
            ExprKind::Net(net) => (&scope.module.net(*net).name, scope.module.net(*net).span),
            ExprKind::Var(var) => (&scope.body.var(*var).name, scope.body.var(*var).span),
            ExprKind::Const(_) | ExprKind::Op(..) => return,
        };
        let is_signed = matches!(scope.body.exprs.ty(of), Type::Int(range) if range.is_signed());
        let bits = if width == 1 { "1 bit".to_owned() } else { format!("{width} bits") };
        let is = if places.intersection(&known.range).is_some() { "may be" } else { "is" };
        let message = format!("`{name}` has {bits}, and the index {is} {}", beyond.in_words());
        let read = if is_signed { "its sign is read there" } else { "0 is read there" };
        let finding = Diagnostic::new(Code::PH0316, span, message)
            .at(operand_in_words(know, at, &known.range))
            .label(declared, "declared here")
            .note(read)
            .help("if this cannot happen, say so with an `assert`");
        self.tell(finding);
    }

    /// A read of a variable that may be unset there; told of the first one.
    pub fn unset(&mut self, stmt: &'a Stmt, at: ExprId, var: VarId) {
        if !self.unset.insert(var) {
            return;
        }
        let declared = self.scope.body.var(var);
        let name = &declared.name;
        // What a function returned has no name in the text.
        if declared.span.is_known() && declared.span.start == declared.span.end {
            let message = "on some path this call ends without a value";
            let finding = Diagnostic::new(Code::PH0318, self.value_span(stmt, at), message)
                .label(declared.span, "returned on other paths")
                .help("end every path of the function with `return VALUE`");
            return self.tell(finding);
        }
        let message = format!("`{name}` may be read before anything is assigned to it");
        let finding = Diagnostic::new(Code::PH0318, self.value_span(stmt, at), message)
            .label(declared.span, "assigned on some paths")
            .help(format!("give `{name}` a value on every path, or one before they part"));
        self.tell(finding);
    }

    /// A store that is reached, of a value of which this is known.
    pub fn store(
        &mut self,
        know: &mut Knowledge<'a>,
        stmt: &'a Stmt,
        place: &'a Place,
        value: ExprId,
        known: Option<&Known>,
    ) {
        let scope = self.scope;
        let (target, mut ty, wraps) = match place.root {
            Root::Net(id) => {
                let net = scope.module.net(id);
                let is_port = scope.module.ports.iter().any(|port| port.net == id);
                (Target { name: &net.name, span: net.span, is_net: true, is_port }, &net.ty, net.wraps)
            }
            Root::Var(var) => {
                if self.given.contains(&var) {
                    return;
                }
                let var = scope.body.var(var);
                let target = Target { name: &var.name, span: var.span, is_net: false, is_port: false };
                (target, &var.ty, var.wraps)
            }
        };
        for step in &place.path {
            match (step, ty) {
                (Projection::Index(index), Type::Array(element, length)) => {
                    self.index(know, stmt, &target, *index, *length);
                    ty = element;
                }
                (Projection::Field(field), Type::Struct(id)) => {
                    ty = &scope.types.structs[id.index()].fields[*field as usize].1;
                }
                (Projection::Slice { width, .. }, _) => {
                    if let Some(known) = known {
                        self.slice(stmt, &target, value, &known.range, *width);
                    }
                    return;
                }
                (Projection::Bit(at), Type::Int(limits)) => {
                    // Of a place that wraps, a bit beyond its end is dropped.
                    if let (false, Some(width)) = (wraps, limits.width_bits()) {
                        let holds = format!("`{}` has {width} bits", target.name);
                        self.place(know, stmt, &target, *at, holds, width);
                    }
                    return;
                }
                (Projection::Bit(_) | Projection::Index(_) | Projection::Field(_), _) => return,
            }
        }
        let (Type::Int(limits), Some(known)) = (ty, known) else { return };
        let range = &known.range;
        if wraps || limits.contains_range(range) {
            return;
        }
        let span = self.value_span(stmt, value);
        let holds = format!("`{}` holds {}", target.name, in_words(limits));
        if range.intersection(limits).is_none() {
            let message = format!(
                "{} {} not fit into `{}`, which holds {}",
                in_words(range),
                if range.single().is_some() { "does" } else { "do" },
                target.name,
                in_words(limits)
            );
            let mut finding = Diagnostic::new(Code::PH0312, span, message)
                .at(explained(know, value, range))
                .label(target.span, holds);
            if let (Some(wider), true) = (wide_enough(&range.union(limits)), target.is_net) {
                finding = finding.help(if target.is_port {
                    format!("widen the port: `{wider}`")
                } else {
                    format!("widen the signal: `Signal({wider})`")
                });
            }
            self.tell(finding);
        } else if limits.is_bounded() {
            let message = format!("{holds}, and {} may be stored into it", outside(range, limits));
            let finding = Diagnostic::new(Code::PH0313, span, message)
                .at(explained(know, value, range))
                .label(target.span, "declared here")
                .help(advice(&scope, place, value, &target, limits));
            self.tell(finding);
        }
    }

    fn slice(&mut self, stmt: &Stmt, target: &Target<'_>, value: ExprId, range: &Range, width: u32) {
        let limits = Range::unsigned(width);
        if limits.contains_range(range) {
            return;
        }
        let span = self.value_span(stmt, value);
        let bits = if width == 1 { "1 bit".to_owned() } else { format!("{width} bits") };
        let finding = if range.intersection(&limits).is_none() {
            let verb = if range.single().is_some() { "does" } else { "do" };
            let message =
                format!("{} {verb} not fit into a slice of {bits} of `{}`", in_words(range), target.name);
            Diagnostic::new(Code::PH0312, span, message)
        } else {
            let message = format!(
                "{} may be stored into a slice of {bits} of `{}`",
                outside(range, &limits),
                target.name
            );
            Diagnostic::new(Code::PH0313, span, message)
                .help(format!("take the bits that are meant: `intbv(…)[{width}:]`"))
        };
        self.tell(finding.at(in_words(range)).label(target.span, "declared here"));
    }

    fn index(
        &mut self,
        know: &mut Knowledge<'a>,
        stmt: &Stmt,
        target: &Target<'_>,
        index: ExprId,
        length: u32,
    ) {
        let holds = format!("`{}` has {length} elements", target.name);
        self.place(know, stmt, target, index, holds, length);
    }

    /// The index of a place that is stored into, which has places 0 to `length` - 1.
    fn place(
        &mut self,
        know: &mut Knowledge<'a>,
        stmt: &Stmt,
        target: &Target<'_>,
        index: ExprId,
        holds: String,
        length: u32,
    ) {
        let Some(known) = know.eval(index, BASE) else { return };
        let known = self.operand(stmt, index, known);
        let places = &Domain::Elements(length);
        if !places.admits(&known) {
            let span = self.value_span(stmt, index);
            let indexed = Indexed { holds, declared: Some(target.span), places, span };
            self.out_of_range(know, indexed, index, &known);
        }
    }

    /// An index of which some values, or all, lie outside of what it indexes.
    fn out_of_range(&mut self, know: &mut Knowledge<'a>, of: Indexed<'_>, index: ExprId, known: &Known) {
        let finding = if of.places.excludes(known) {
            let message = format!("{}, and the index is {}", of.holds, in_words(&known.range));
            Diagnostic::new(Code::PH0315, of.span, message)
        } else {
            let message =
                format!("{}, and the index may be {}", of.holds, outside(&known.range, &of.places.hull()));
            Diagnostic::new(Code::PH0316, of.span, message)
                .help("if this cannot happen, say so with an `assert`")
        };
        let finding = finding.at(operand_in_words(know, index, &known.range));
        self.tell(match of.declared {
            Some(span) => finding.label(span, "declared here"),
            None => finding,
        });
    }

    fn value_span(&self, stmt: &Stmt, value: ExprId) -> Span {
        let exprs = &self.scope.body.exprs;
        let span = exprs.span(value);
        // Equal expressions are one, which has the place of the first: of a name that stands in a statement twice it is unknown which is meant.
        let name = match exprs.kind(value) {
            ExprKind::Op(..) if stmt.span.contains(span) => return span,
            ExprKind::Net(_) | ExprKind::Var(_) if stmt.span.contains(span) => {
                let word = self.sources.text_at(span).unwrap_or_default();
                return self.sources.word_in(stmt.span, word).unwrap_or(stmt.span);
            }
            ExprKind::Net(net) => &self.scope.module.net(*net).name,
            ExprKind::Var(var) => &self.scope.body.var(*var).name,
            ExprKind::Const(_) | ExprKind::Op(..) => return stmt.span,
        };
        self.sources.word_in(stmt.span, name).unwrap_or(stmt.span)
    }
}

/// A value of the range that becomes a boolean, which it may not be, or never is.
fn boolean(span: Span, range: &Range, never: bool, target: Option<&str>) -> Diagnostic {
    let holds = Domain::Boolean.hull();
    if never {
        let verb = if range.single().is_some() { "does" } else { "do" };
        let into = target.map_or("a boolean".to_owned(), |name| format!("the boolean `{name}`"));
        let message = format!("{} {verb} not fit into {into}, which holds 0 and 1", in_words(range));
        return Diagnostic::new(Code::PH0312, span, message);
    }
    let what = target.map_or("a boolean".to_owned(), |name| format!("the boolean `{name}`"));
    let message = format!("{what} holds 0 and 1, and {} may be stored into it", outside(range, &holds));
    Diagnostic::new(Code::PH0313, span, message)
        .help("if every other value is to count as true, compare it: `… != 0`; if it cannot come, say so with an `assert`")
}

/// PH0314: a local that nothing bounds.
pub(super) fn unbounded(var: &pyhw_ir::Var) -> Diagnostic {
    let name = &var.name;
    let message = format!("nothing bounds `{name}`: it is emitted with 32 bits and a sign");
    Diagnostic::new(Code::PH0314, var.span, message)
        .help(format!("give it a width: `{name} = intbv(0)[8:]`, or say what holds: `assert {name} < 256`"))
}

/// PH0314: a signal that nothing bounds.
pub(super) fn unbounded_net(net: &pyhw_ir::Net) -> Diagnostic {
    let name = &net.name;
    let message = format!("nothing bounds the signal `{name}`: it is emitted with 32 bits and a sign");
    Diagnostic::new(Code::PH0314, net.span, message)
        .help(format!("give it a width: `{name} = Signal(intbv(0)[8:])`"))
}

/// PH0303: an operator that needs too many bits.
pub(super) fn too_wide(
    scope: &Scope<'_>,
    id: ExprId,
    error: &pyhw_ir::TypeError,
    process: Span,
) -> Diagnostic {
    let span = scope.body.exprs.span(id);
    let message = match (error, scope.body.exprs.kind(id)) {
        (pyhw_ir::TypeError::TooWide { .. }, ExprKind::Op(op, _)) => {
            format!("the result of `{}` needs more than 4,096 bits", op.symbol())
        }
        _ => error.to_string(),
    };
    Diagnostic::new(Code::PH0303, if span.is_known() { span } else { process }, message)
}

/// `5`, `0 to 255`, `0 and more`.
pub(super) fn in_words(range: &Range) -> String {
    range.in_words()
}

/// The interval of an operand, by its name if it has one.
fn operand_in_words(know: &mut Knowledge<'_>, operand: ExprId, range: &Range) -> String {
    let scope = know.scope;
    match scope.body.exprs.kind(operand) {
        ExprKind::Net(net) => format!("`{}` is {}", scope.module.net(*net).name, in_words(range)),
        ExprKind::Var(var) => format!("`{}` is {}", scope.body.var(*var).name, in_words(range)),
        ExprKind::Const(_) | ExprKind::Op(..) => explained(know, operand, range),
    }
}

/// The interval of a value, with those of the one or two names that it is computed from.
fn explained(know: &mut Knowledge<'_>, value: ExprId, range: &Range) -> String {
    let words = in_words(range);
    let scope = know.scope;
    if scope.body.exprs.operands(value).is_empty() {
        return words;
    }
    let mut names: Vec<(&str, ExprId)> = Vec::new();
    scope.body.exprs.walk(value, &mut |id| {
        let name = match scope.body.exprs.kind(id) {
            ExprKind::Net(net) => &scope.module.net(*net).name,
            ExprKind::Var(var) => &scope.body.var(*var).name,
            ExprKind::Const(_) | ExprKind::Op(..) => return,
        };
        names.push((name, id));
    });
    let mut known = |id| know.eval(id, BASE).map(|known| in_words(&known.range));
    match names[..] {
        [(a, id)] => match known(id) {
            Some(range) => format!("{words}: `{a}` is {range}"),
            None => words,
        },
        [(a, of_a), (b, of_b)] => match (known(of_a), known(of_b)) {
            (Some(of_a), Some(of_b)) if of_a == of_b => format!("{words}: `{a}` is {of_a} and so is `{b}`"),
            (Some(of_a), Some(of_b)) => format!("{words}: `{a}` is {of_a} and `{b}` is {of_b}"),
            _ => words,
        },
        _ => words,
    }
}

/// What can be done about a store that may not fit.
fn advice(scope: &Scope<'_>, place: &Place, value: ExprId, target: &Target<'_>, limits: &Range) -> String {
    let mut help = "if this cannot happen, say so with an `assert`".to_owned();
    let exprs = &scope.body.exprs;
    let is_itself = |id: ExprId| match (exprs.kind(id), place.root) {
        (ExprKind::Net(read), Root::Net(stored)) => *read == stored,
        (ExprKind::Var(read), Root::Var(stored)) => *read == stored,
        _ => false,
    };
    // A counter that goes on: the bound follows from the step.
    if let (ExprKind::Op(op @ (Op::Add | Op::Sub), args), [], Some((min, max))) =
        (exprs.kind(value), &place.path[..], limits.bounds())
        && let (true, Some(step)) = (is_itself(args[0]), exprs.as_const(args[1]).and_then(Value::as_int))
    {
        let name = target.name;
        let step = if *op == Op::Sub { step.neg() } else { step.clone() };
        let condition = if step.is_negative() {
            format!("{name} >= {}", min.sub(&step))
        } else if step == Int::ONE {
            format!("{name} < {max}")
        } else {
            format!("{name} <= {}", max.sub(&step))
        };
        help = format!("if this cannot happen, say so: `assert {condition}`");
    }
    match limits.size() {
        Some(size) if !limits.is_signed() && target.is_net && place.path.is_empty() => {
            let wrapping =
                if target.is_port { format!("Mod[{size}]") } else { format!("Signal(Mod[{size}])") };
            format!("{help}; if it should wrap, declare `{wrapping}`")
        }
        _ => help,
    }
}

/// The values of `range` outside the limits, in words.
fn outside(range: &Range, limits: &Range) -> String {
    let above = limits.max.as_ref().filter(|max| range.max.as_ref().is_none_or(|greatest| greatest > *max));
    let below = limits.min.as_ref().filter(|min| range.min.as_ref().is_none_or(|least| least < *min));
    let above = above.map(|max| Range { min: Some(max.add(&Int::ONE)), max: range.max.clone() });
    let below = below.map(|min| Range { min: range.min.clone(), max: Some(min.sub(&Int::ONE)) });
    match (below, above) {
        (Some(below), Some(above)) => format!("{} or {}", in_words(&below), in_words(&above)),
        (Some(one), None) | (None, Some(one)) => in_words(&one),
        (None, None) => String::new(),
    }
}

/// The type of a signal that holds all of the interval.
fn wide_enough(range: &Range) -> Option<String> {
    let width = range.width_bits()?;
    Some(if range.is_signed() { format!("sint[{width}]") } else { format!("uint[{width}]") })
}
