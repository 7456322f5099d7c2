//! Statements of processes.

use crate::comment::comment;
use crate::display::Message;
use crate::expr::{Around, Scope};
use crate::flow::{self, Exit};
use crate::layout;
use crate::leaf::Target;
use crate::literal::{Style, literal};
use crate::text::{Prec, Text};
use pyhw_diagnostics::Span;
use pyhw_ir::{Comments, ExprId, Int, NetId, Place, Range, Root, Stmt, StmtKind, SwitchArm, Type, Value};
use pyhw_text::{Row, Writer, comment_lines};
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
    /// The flags that something asks.
    pub asked: BTreeSet<String>,
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
            asked: BTreeSet::new(),
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
            // Here a variable holds something at any time.
            StmtKind::Unset(_) => {}
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
                if wraps && !range.is_full() && !range.contains_range(&self.scope.range(value)) {
                    return self.scope.wrapped(value, range, width, Around::Assigned);
                }
                match self.scope.constant(value) {
                    Some(bits) if range.is_signed() => literal(&bits, width, Style::Signed),
                    _ => self.scope.assigned(value, width),
                }
            }
            Type::Array(..) => self.scope.laid_out(value, ty, wraps),
            Type::Bool | Type::Enum(_) | Type::Struct(_) | Type::Text | Type::Opaque => {
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
        // The labels take part in the signedness of the comparison.
        let text = if signed { text.into_signed() } else { text.isolated() };
        let ty = self.scope.body.exprs.ty(subject).clone();
        w.line(format!("case ({}){end}", text.s));
        w.indent();
        let count: usize = arms.iter().map(|arm| arm.values.len()).sum();
        let is_full = width < 32 && count as u64 >= 1u64 << width;
        for (index, arm) in arms.iter().enumerate() {
            let marks = self.scope.cx.enum_used.clone();
            let labels: Vec<String> =
                arm.values.iter().filter_map(|value| self.label(value, &ty, width, signed)).collect();
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
        let bits = layout::pack(value, ty, &self.scope.cx.design.types)?;
        let range = if signed { Range::signed(width) } else { Range::unsigned(width) };
        if !range.contains(&bits) {
            return None;
        }
        let style = if signed { Style::Signed } else { Style::Plain };
        Some(literal(&bits, width, style).s)
    }
}
