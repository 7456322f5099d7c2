//! Statements of processes.

use crate::display::Message;
use crate::expr::{Around, Scope, VarForm};
use crate::flow::{self, Exit};
use crate::leaf::Target;
use crate::literal::{Style, literal};
use crate::text::{Prec, Text};
use pyhw_diagnostics::Span;
use pyhw_ir::{
    Comments, Edge, Event, ExprId, ExprKind, Int, LabelId, NetId, Place, Range, Root, Stmt, StmtKind,
    SwitchArm, Type, Value, VarId, Wait,
};
use pyhw_text::{Row, Writer, comment_lines, one_line};
use std::collections::{BTreeMap, BTreeSet};

/// The width that leading comments are wrapped to, in characters.
const COMMENT_WIDTH: usize = 96;

/// The longest target, in characters, that others are aligned with.
const LONG_TARGET: usize = 24;

/// How a process stores into nets and leaves statements.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Manner {
    /// `<=` rather than `=`.
    pub nonblocking: bool,
    /// Waits and `disable` may stand here; else everything is kept from synthesisers that they do not take.
    pub timed: bool,
}

/// Writes the statements of one process.
pub struct Stmts<'s, 'e, 'a> {
    pub scope: &'s mut Scope<'e, 'a>,
    pub manner: Manner,
    /// The name of the process's block.
    pub process: String,
    /// The flags of exits (or, in timed processes, the blocks that they disable).
    pub exits: BTreeMap<Exit, String>,
    /// Which exits skip something.
    pub needed: BTreeSet<Exit>,
    /// Further counters of the block, of 32 bits.
    pub counters: Vec<String>,
    /// Assignments that wait for others to be aligned with.
    rows: Vec<Row>,
}

impl<'s, 'e, 'a> Stmts<'s, 'e, 'a> {
    /// For the statements of a process.
    pub fn new(scope: &'s mut Scope<'e, 'a>, manner: Manner, process: String, stmts: &[Stmt]) -> Self {
        Stmts {
            scope,
            manner,
            process,
            exits: BTreeMap::new(),
            needed: flow::needed(stmts),
            counters: Vec::new(),
            rows: Vec::new(),
        }
    }

    /// Writes a list of statements.
    pub fn list(&mut self, stmts: &[Stmt], w: &mut Writer) {
        let mut depth = 0;
        for (index, stmt) in stmts.iter().enumerate() {
            self.stmt(stmt, w);
            let left: Vec<Exit> = flow::exits(stmt).into_iter().collect();
            if index + 1 == stmts.len() || left.is_empty() || self.manner.timed {
                continue;
            }
            if matches!(stmt.kind, StmtKind::Break(_) | StmtKind::Continue(_) | StmtKind::Return) {
                // What follows is never reached.
                break;
            }
            self.flush(w);
            let guard = self.none_of(&left);
            w.line(format!("if ({}) begin", guard.s));
            w.indent();
            depth += 1;
        }
        self.flush(w);
        for _ in 0..depth {
            w.dedent();
            w.line("end");
        }
    }

    /// Writes the assignments that have been gathered.
    pub fn flush(&mut self, w: &mut Writer) {
        let rows = std::mem::take(&mut self.rows);
        // Aligned among neighbours of one kind; a long target would push the others' values out of sight.
        let kind = |row: &Row| {
            let is_long = row.cells.first().is_some_and(|target| target.len() > LONG_TARGET);
            (is_long, row.cells.get(1).is_some_and(|value| value.starts_with('<')))
        };
        for group in rows.chunk_by(|a, b| kind(a) == kind(b) && !kind(a).0) {
            w.table(group);
        }
    }

    /// Adds an assignment to those that are aligned with each other.
    pub fn assignment(
        &mut self,
        target: String,
        sign: &str,
        value: &Text,
        comment: Option<String>,
        span: Span,
    ) {
        let value = format!("{sign} {};", value.s);
        self.rows.push(Row::new([target, value]).comment(comment).at(span));
    }

    fn stmt(&mut self, stmt: &Stmt, w: &mut Writer) {
        let before = w.set_span(stmt.span);
        let scope_before = std::mem::replace(&mut self.scope.span, stmt.span);
        self.leading(&stmt.comments, w);
        let trailing = stmt.comments.trailing.as_deref().map(comment);
        let is_assignment = matches!(stmt.kind, StmtKind::Assign { .. } | StmtKind::Next { .. });
        if !is_assignment {
            self.flush(w);
        }
        let end = trailing.as_ref().map_or_else(String::new, |text| format!("  {text}"));
        match &stmt.kind {
            StmtKind::Assign { place, value } => self.store(place, *value, "=", trailing, stmt.span),
            StmtKind::Next { place, value } => {
                let sign = if self.manner.nonblocking { "<=" } else { "=" };
                self.store(place, *value, sign, trailing, stmt.span);
            }
            StmtKind::If { arms, orelse } => {
                let mut open = Vec::new();
                let mut otherwise = orelse;
                for (cond, body) in arms {
                    match self.scope.value(*cond).and_then(Value::as_bool) {
                        None => open.push((*cond, body.clone())),
                        Some(false) => {}
                        Some(true) => {
                            otherwise = body;
                            break;
                        }
                    }
                }
                if open.is_empty() {
                    self.list(otherwise, w);
                } else {
                    self.branches(&open, otherwise, "", &end, w);
                }
            }
            StmtKind::Switch { subject, arms, default } if self.scope.value(*subject).is_some() => {
                let value = self.scope.value(*subject).cloned();
                let chosen =
                    arms.iter().find(|arm| arm.values.iter().any(|label| Some(label) == value.as_ref()));
                self.list(chosen.map_or(default.as_deref().unwrap_or(&[]), |arm| &arm.body), w);
            }
            StmtKind::While { cond, .. } if self.scope.value(*cond) == Some(&Value::Bool(false)) => {}
            StmtKind::Switch { subject, arms, default } => {
                self.switch(*subject, arms, default.as_deref(), &end, w);
            }
            StmtKind::For { label, var, start, stop, step, body } => {
                self.count(*label, *var, [start, stop, step], body, &end, w);
            }
            StmtKind::While { label, cond, body } => self.repeat(*label, *cond, body, &end, w),
            StmtKind::Block { label, body } => self.block(*label, body, &end, w),
            StmtKind::Break(label) => self.leave(Exit::Break(*label), &end, w),
            StmtKind::Continue(label) => self.leave(Exit::Continue(*label), &end, w),
            StmtKind::Return => self.leave(Exit::Return, &end, w),
            StmtKind::Wait(waits) => {
                if self.manner.timed {
                    self.wait(waits, &end, w);
                } else {
                    self.scope
                        .cx
                        .refuse(stmt.span, "a wait in a process that runs from its beginning to its end");
                }
            }
            StmtKind::Assert { cond, message } => self.assert(*cond, *message, stmt.span, &end, w),
            StmtKind::Print { text } => {
                let message = self.scope.message(*text);
                self.simulated(w, |_, w| w.line(format!("{}{end}", message.statement())));
            }
            StmtKind::Raise { exception, message } => {
                let text = message.map(|message| self.scope.message(message));
                let message = self.fault(exception, text, stmt.span);
                self.simulated(w, |this, w| {
                    w.line(format!("{}{end}", message.statement()));
                    this.finish(w);
                });
            }
            StmtKind::Finish { message } => {
                let text = message.map(|message| self.scope.message(message));
                self.simulated(w, |this, w| {
                    if let Some(text) = text.filter(|text| !text.format.is_empty()) {
                        w.line(text.then(Message::text("\n")).statement());
                    }
                    w.line(format!("$finish;{end}"));
                    if this.manner.timed {
                        w.line(format!("disable {};", this.process));
                    }
                });
            }
        }
        self.scope.span = scope_before;
        w.set_span(before);
    }

    fn leading(&mut self, comments: &Comments, w: &mut Writer) {
        if comments.leading.is_empty() {
            return;
        }
        self.flush(w);
        for line in comments.leading.iter().flat_map(|text| comment_lines(text, COMMENT_WIDTH)) {
            w.line(comment(&line));
        }
    }

    fn store(&mut self, place: &Place, value: ExprId, sign: &str, trailing: Option<String>, span: Span) {
        if let Root::Net(net) = place.root
            && let Some(enable) = self.scope.cx.form(net).enable.clone()
        {
            return self.drive(net, enable, value, sign, trailing, span);
        }
        let (target, kind) = self.scope.target(place);
        let text = match kind {
            Target::Bits(width) => self.scope.assigned(value, width),
            Target::Whole(ty, wraps) => self.stored_value(&ty, wraps, value, place),
        };
        self.assignment(target, sign, &text, trailing, span);
    }

    /// A store into a driver of a tri-state net: its value, and whether it drives.
    fn drive(
        &mut self,
        net: NetId,
        enable: String,
        value: ExprId,
        sign: &str,
        trailing: Option<String>,
        span: Span,
    ) {
        let form = self.scope.cx.form(net).clone();
        let (value, drives) = self.scope.driven(value, form.width);
        let value = match value {
            // In a combinational process every path gives it a value, so that no latch is inferred.
            None if !self.manner.nonblocking => Some(literal(&Int::ZERO, form.width, Style::Plain)),
            value => value,
        };
        if let Some(value) = value {
            self.assignment(form.name, sign, &value, None, span);
        }
        self.assignment(enable, sign, &drives, trailing, span);
    }

    fn stored_value(&mut self, ty: &Type, wraps: bool, value: ExprId, place: &Place) -> Text {
        let width = match place.root {
            Root::Var(var) if place.path.is_empty() => self.scope.vars[var.index()].width,
            Root::Var(_) | Root::Net(_) => self.scope.cx.bits(ty, self.scope.span),
        };
        match ty {
            Type::Int(range) => {
                let whole = *range == Range::unsigned(width) || *range == Range::signed(width);
                if wraps && !whole && !range.contains_range(&self.scope.range(value)) {
                    return self.scope.wrapped(value, range, width, Around::Assigned);
                }
                match self.scope.constant(value) {
                    Some(bits) if range.is_signed() => literal(&bits, width, Style::Signed),
                    _ => self.scope.assigned(value, width),
                }
            }
            Type::Bool | Type::Enum(_) | Type::Array(..) | Type::Struct(_) | Type::Text | Type::Opaque => {
                self.scope.assigned(value, width)
            }
        }
    }

    /// An `if` with its `else if`s. `keyword` is what the first line begins with.
    pub fn branches(
        &mut self,
        arms: &[(ExprId, Vec<Stmt>)],
        orelse: &[Stmt],
        keyword: &str,
        end: &str,
        w: &mut Writer,
    ) {
        let mut lead = keyword.to_owned();
        let mut end = end;
        if !orelse.is_empty() && arms.iter().all(|(_, body)| self.is_silent(body)) {
            let cond = arms
                .iter()
                .map(|(cond, _)| self.scope.negated(*cond))
                .reduce(|a, b| Text::relation("&&", Prec::LogicAnd, a, b))
                .unwrap_or_else(|| Text::primary("1'b1"));
            w.line(format!("{lead}if ({}) begin{end}", cond.s));
            self.indented(orelse, w);
            w.line("end");
            return;
        }
        for (cond, body) in arms {
            let cond = self.scope.cond(*cond);
            w.line(format!("{lead}if ({}) begin{end}", cond.s));
            self.indented(body, w);
            lead = "end else ".to_owned();
            end = "";
        }
        if !orelse.is_empty() {
            w.line("end else begin");
            self.indented(orelse, w);
        }
        w.line("end");
    }

    /// Whether the statements have no text: exits that skip nothing.
    fn is_silent(&self, stmts: &[Stmt]) -> bool {
        !self.manner.timed
            && stmts.iter().all(|stmt| {
                let exit = match &stmt.kind {
                    StmtKind::Break(label) => Exit::Break(*label),
                    StmtKind::Continue(label) => Exit::Continue(*label),
                    StmtKind::Return => Exit::Return,
                    _ => return false,
                };
                !self.needed.contains(&exit) && stmt.comments == Comments::default()
            })
    }

    fn indented(&mut self, stmts: &[Stmt], w: &mut Writer) {
        w.indent();
        self.list(stmts, w);
        w.dedent();
    }

    fn switch(
        &mut self,
        subject: ExprId,
        arms: &[SwitchArm],
        default: Option<&[Stmt]>,
        end: &str,
        w: &mut Writer,
    ) {
        let width = self.scope.natural_width(subject);
        let signed = self.scope.is_negative(subject);
        let text = self.scope.low(subject, width, Around::Alone);
        let text = if signed { text.into_signed() } else { text };
        let ty = self.scope.body.exprs.ty(subject).clone();
        w.line(format!("case ({}){end}", text.s));
        w.indent();
        let count: usize = arms.iter().map(|arm| arm.values.len()).sum();
        let is_full = width < 32 && count as u64 >= 1u64 << width;
        for (index, arm) in arms.iter().enumerate() {
            let marks = self.scope.cx.enum_used.clone();
            let labels: Vec<String> =
                arm.values.iter().filter_map(|value| self.label(value, &ty, width, text.signed)).collect();
            // Codes that stand for no value are left over: without a default they would infer a latch.
            let last = default.is_none() && !is_full && index + 1 == arms.len();
            let (label, note) = if last {
                // A comment is no use of a name.
                self.scope.cx.enum_used = marks;
                ("default".to_owned(), format!("  // {}", labels.join(", ")))
            } else {
                (labels.join(", "), String::new())
            };
            if labels.is_empty() {
                continue;
            }
            w.line(format!("{label}: begin{note}"));
            self.indented(&arm.body, w);
            w.line("end");
        }
        if let Some(body) = default {
            if body.is_empty() {
                w.line("default: ;");
            } else {
                w.line("default: begin");
                self.indented(body, w);
                w.line("end");
            }
        }
        w.dedent();
        w.line("endcase");
    }

    /// A value of a case; `None` where no subject of this width can have it.
    fn label(&mut self, value: &Value, ty: &Type, width: u32, signed: bool) -> Option<String> {
        if let (Value::Enum(member), Type::Enum(id)) = (value, ty) {
            return self.scope.cx.member(*id, *member).map(|text| text.s);
        }
        let bits = crate::layout::pack(value, ty, &self.scope.cx.design.types)?;
        let range = if signed { Range::signed(width) } else { Range::unsigned(width) };
        if !range.contains(&bits) {
            return None;
        }
        let style = if signed { Style::Signed } else { Style::Plain };
        Some(literal(&bits, width, style).s)
    }

    /// The flag of an exit, declared at its first use.
    fn flag(&mut self, exit: Exit) -> String {
        if let Some(name) = self.exits.get(&exit) {
            return name.clone();
        }
        let label = |label: LabelId| self.scope.body.labels.get(label.index()).map_or("loop", |name| name);
        let wanted = match exit {
            Exit::Break(name) => format!("{}_done", label(name)),
            Exit::Continue(name) => format!("{}_next", label(name)),
            Exit::Return => "returned".to_owned(),
        };
        let name = self.scope.local(&wanted);
        self.exits.insert(exit, name.clone());
        name
    }

    fn none_of(&mut self, exits: &[Exit]) -> Text {
        let flags: Vec<Text> = exits.iter().map(|exit| Text::primary(self.flag(*exit))).collect();
        let any = flags
            .into_iter()
            .reduce(|a, b| Text::relation("||", Prec::LogicOr, a, b))
            .unwrap_or_else(|| Text::primary("1'b0"));
        Text::unary("!", any)
    }

    fn clear(&mut self, exit: Exit, w: &mut Writer) {
        if self.needed.contains(&exit) {
            let flag = self.flag(exit);
            w.line(format!("{flag} = 1'b0;"));
        }
    }

    fn leave(&mut self, exit: Exit, end: &str, w: &mut Writer) {
        if self.manner.timed {
            let block = match exit {
                Exit::Return => self.process.clone(),
                Exit::Break(_) | Exit::Continue(_) => self.exits.get(&exit).cloned().unwrap_or_default(),
            };
            w.line(format!("disable {block};{end}"));
        } else if self.needed.contains(&exit) {
            let flag = self.flag(exit);
            w.line(format!("{flag} = 1'b1;{end}"));
        } else if !end.is_empty() {
            w.line(end.trim_start());
        }
    }

    /// In a timed process: opens the block that an exit disables, if any does.
    fn open_block(&mut self, exit: Exit, used: bool, w: &mut Writer) {
        if !used {
            return;
        }
        let label = match exit {
            Exit::Break(label) | Exit::Continue(label) => {
                self.scope.body.labels.get(label.index()).map_or("loop", |name| name)
            }
            Exit::Return => "process",
        };
        let wanted =
            if matches!(exit, Exit::Continue(_)) { format!("{label}_turn") } else { label.to_owned() };
        let name = self.scope.local(&wanted);
        w.line(format!("begin : {name}"));
        w.indent();
        self.exits.insert(exit, name);
    }

    fn close_block(&mut self, used: bool, w: &mut Writer) {
        if used {
            w.dedent();
            w.line("end");
        }
    }

    /// A loop: `head` opens it. The exits of its body are flags or blocks around it and around each turn.
    fn turns(
        &mut self,
        label: LabelId,
        body: &[Stmt],
        first: Option<String>,
        head: impl FnOnce(&mut Self, Option<Text>) -> String,
        w: &mut Writer,
    ) {
        let exits = flow::exits_of(body);
        let breaks = exits.contains(&Exit::Break(label));
        let continues = exits.contains(&Exit::Continue(label));
        if self.manner.timed {
            self.open_block(Exit::Break(label), breaks, w);
            let line = head(self, None);
            w.line(line);
            w.indent();
            self.open_block(Exit::Continue(label), continues, w);
            first.into_iter().for_each(|line| w.line(line));
            self.list(body, w);
            self.close_block(continues, w);
            w.dedent();
            w.line("end");
            self.close_block(breaks, w);
            return;
        }
        if breaks {
            self.clear(Exit::Break(label), w);
        }
        let leaving: Vec<Exit> =
            exits.iter().copied().filter(|exit| *exit != Exit::Continue(label)).collect();
        let guard = if leaving.is_empty() { None } else { Some(self.none_of(&leaving)) };
        let in_head = guard.clone();
        let line = head(self, in_head);
        let guarded = guard.is_some() && line.starts_with("for");
        w.line(line);
        w.indent();
        if let (true, Some(guard)) = (guarded, &guard) {
            w.line(format!("if ({}) begin", guard.s));
            w.indent();
        }
        if continues {
            self.clear(Exit::Continue(label), w);
        }
        first.into_iter().for_each(|line| w.line(line));
        self.list(body, w);
        if guarded {
            w.dedent();
            w.line("end");
        }
        w.dedent();
        w.line("end");
    }

    fn count(
        &mut self,
        label: LabelId,
        var: VarId,
        bounds: [&Int; 3],
        body: &[Stmt],
        end: &str,
        w: &mut Writer,
    ) {
        let [start, stop, step] = bounds;
        let form: VarForm = self.scope.vars[var.index()].clone();
        let runs = if step.is_negative() { start > stop } else { start < stop };
        if !runs {
            return;
        }
        if [start, stop, step].iter().any(|bound| bound.bit_length() > 31) {
            self.scope.cx.refuse(self.scope.span, "a loop that counts beyond 31 bits");
        }
        // A variable that is used behind the loop keeps the last value that it had in it.
        let (counter, first) = if form.is_integer {
            (form.name.clone(), None)
        } else {
            let counter = self.scope.local(&format!("{}_count", form.name));
            self.counters.push(counter.clone());
            let value = crate::helper::select(&counter, 32, 0, form.width.min(32));
            (counter, Some(format!("{} = {value};", form.name)))
        };
        let test = if *stop == Int::MINUS_ONE && step.is_negative() {
            format!("{counter} >= 0")
        } else {
            format!("{counter} {} {stop}", if step.is_negative() { ">" } else { "<" })
        };
        let advance = format!("{counter} {} {}", if step.is_negative() { "-" } else { "+" }, step.abs());
        let line = format!("for ({counter} = {start}; {test}; {counter} = {advance}) begin{end}");
        self.turns(label, body, first, |_, _| line, w);
    }

    fn repeat(&mut self, label: LabelId, cond: ExprId, body: &[Stmt], end: &str, w: &mut Writer) {
        let end = end.to_owned();
        let forever = matches!(self.scope.value(cond), Some(Value::Bool(true)));
        let head = |this: &mut Self, guard: Option<Text>| match (forever, guard) {
            (true, None) => format!("forever begin{end}"),
            (_, guard) => {
                let mut test = this.scope.cond(cond);
                if let Some(guard) = guard {
                    test = Text::relation("&&", Prec::LogicAnd, test, guard);
                }
                format!("while ({}) begin{end}", test.s)
            }
        };
        self.turns(label, body, None, head, w);
    }

    fn block(&mut self, label: LabelId, body: &[Stmt], end: &str, w: &mut Writer) {
        let breaks = flow::exits_of(body).contains(&Exit::Break(label));
        if !end.is_empty() {
            w.line(end.trim_start());
        }
        if self.manner.timed {
            self.open_block(Exit::Break(label), breaks, w);
            self.list(body, w);
            self.close_block(breaks, w);
        } else {
            if breaks {
                self.clear(Exit::Break(label), w);
            }
            self.list(body, w);
        }
    }

    fn wait(&mut self, waits: &[Wait], end: &str, w: &mut Writer) {
        match waits {
            [] => w.line(format!("disable {};{end}", self.process)),
            [Wait::Delay(_)] => {
                let text = self.single_wait(&waits[0]);
                w.line(format!("{text};{end}"));
            }
            [Wait::Join(all)] => self.fork(all, None, w),
            _ if waits.iter().all(|wait| matches!(wait, Wait::Event(_))) => {
                let events: Vec<String> = waits
                    .iter()
                    .filter_map(|wait| match wait {
                        Wait::Event(event) => Some(self.event(event)),
                        Wait::Delay(_) | Wait::Join(_) => None,
                    })
                    .collect();
                w.line(format!("@({});{end}", events.join(" or ")));
            }
            _ => {
                // The first one that comes ends the others.
                let name = self.scope.local("first");
                w.line(format!("begin : {name}{end}"));
                w.indent();
                self.fork(waits, Some(&name), w);
                w.dedent();
                w.line("end");
            }
        }
    }

    fn fork(&mut self, waits: &[Wait], first: Option<&str>, w: &mut Writer) {
        w.line("fork");
        w.indent();
        for wait in waits {
            let ends = first.map_or_else(String::new, |name| format!(" disable {name};"));
            match wait {
                Wait::Join(inner) => {
                    w.line("begin");
                    w.indent();
                    self.fork(inner, None, w);
                    if !ends.is_empty() {
                        w.line(ends.trim_start());
                    }
                    w.dedent();
                    w.line("end");
                }
                Wait::Event(_) | Wait::Delay(_) => {
                    let text = self.single_wait(wait);
                    if ends.is_empty() {
                        w.line(format!("{text};"))
                    } else {
                        w.line(format!("begin {text};{ends} end"))
                    }
                }
            }
        }
        w.dedent();
        w.line("join");
    }

    fn single_wait(&mut self, wait: &Wait) -> String {
        match wait {
            Wait::Event(event) => format!("@({})", self.event(event)),
            Wait::Delay(steps) => match self.scope.constant(*steps) {
                Some(steps) => format!("#{steps}"),
                None => {
                    let width = self.scope.natural_width(*steps);
                    let steps = self.scope.low(*steps, width, Around::Alone);
                    format!("#({})", steps.into_unsigned().s)
                }
            },
            Wait::Join(_) => String::new(),
        }
    }

    /// An event in a sensitivity list.
    pub fn event(&mut self, event: &Event) -> String {
        event_text(self.scope, event)
    }

    /// The message of a fault of the design, with its place.
    fn fault(&mut self, what: &str, text: Option<Message>, span: Span) -> Message {
        let place = self.scope.cx.design.sources.line(span);
        let mut message =
            Message::text(&if place.is_empty() { what.to_owned() } else { format!("{place}: {what}") });
        if let Some(text) = text.filter(|text| !text.format.is_empty()) {
            message = message.then(Message::text(": ")).then(text);
        }
        message.then(Message::text("\n"))
    }

    fn assert(&mut self, cond: ExprId, message: Option<ExprId>, span: Span, end: &str, w: &mut Writer) {
        if self.scope.constant(cond) == Some(Int::ONE) {
            return;
        }
        let text = message.map(|message| self.scope.message(message));
        let message = self.fault("assertion failed", text, span);
        let test = Text::unary("!", self.scope.cond(cond));
        self.simulated(w, |this, w| {
            w.line(format!("if ({}) begin{end}", test.s));
            w.indent();
            w.line(message.statement());
            this.finish(w);
            w.dedent();
            w.line("end");
        });
    }

    fn finish(&self, w: &mut Writer) {
        w.line("$finish;");
        if self.manner.timed {
            w.line(format!("disable {};", self.process));
        }
    }

    /// Writes what only simulators take.
    fn simulated(&mut self, w: &mut Writer, write: impl FnOnce(&mut Self, &mut Writer)) {
        if self.manner.timed {
            write(self, w);
        } else {
            w.line("`ifndef SYNTHESIS");
            write(self, w);
            w.line("`endif");
        }
    }
}

/// An event as it stands in a sensitivity list.
pub fn event_text(scope: &mut Scope<'_, '_>, event: &Event) -> String {
    let form = scope.cx.form(event.net).clone();
    let edge = match event.edge {
        Edge::Any => "",
        Edge::Rising => "posedge ",
        Edge::Falling => "negedge ",
    };
    if form.memory.is_some() {
        scope.cx.refuse(scope.span, format!("a wait for a change of the memory `{}`", form.name));
    } else if event.edge != Edge::Any && form.width > 1 {
        // `posedge` looks at the lowest bit only.
        scope.cx.refuse(scope.span, format!("an edge of `{}`, which has {} bits", form.name, form.width));
    }
    format!("{edge}{}", form.name)
}

/// Whether every use of the variable stands in the body of a loop that counts it and that does not store into it.
pub fn counts_only(stmts: &[Stmt], var: VarId, inside: bool, body: &pyhw_ir::Body) -> bool {
    stmts.iter().all(|stmt| {
        let reads = !inside
            && stmt.kind.exprs().into_iter().any(|root| {
                let mut found = false;
                body.exprs.walk(root, &mut |part| found |= *body.exprs.kind(part) == ExprKind::Var(var));
                found
            });
        let stores = matches!(&stmt.kind, StmtKind::Assign { place, .. } if place.root == Root::Var(var));
        if reads || stores {
            return false;
        }
        let inner = match &stmt.kind {
            StmtKind::For { var: counted, .. } if *counted == var => {
                if inside {
                    // A loop that counts it once more changes it under the outer one's hands.
                    return false;
                }
                true
            }
            _ => inside,
        };
        stmt.kind.blocks().into_iter().all(|block| counts_only(block, var, inner, body))
    })
}

/// A comment that no tool takes for a directive.
pub fn comment(text: &str) -> String {
    let text = text.trim_end();
    let first = text.trim_start().split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or("");
    let directives =
        ["verilator", "synopsys", "synthesis", "pragma", "cadence", "exemplar", "ambit", "altera", "xilinx"];
    if directives.iter().any(|word| first.eq_ignore_ascii_case(word)) {
        format!("// : {}", text.trim_start())
    } else if text.is_empty() {
        "//".to_owned()
    } else {
        format!("// {text}")
    }
}

/// A comment at the end of a line.
pub fn end_comment(parts: &[String]) -> Option<String> {
    let text = parts
        .iter()
        .map(|part| one_line(part))
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join("; ");
    if text.is_empty() { None } else { Some(comment(&text)) }
}
