//! Statements.

use crate::emitter::Emitter;
use crate::phrase::Phrase;
use crate::types::Result;
use pyhw_ir::{ExprId, LabelId, Stmt, StmtKind};
use pyhw_text::{Row, Writer, comment_lines, one_line, to_ascii};

/// Ways to leave a statement list that do the same as falling off its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Of the process, or of its present activation.
    Return,
    /// Of a loop or block.
    Break(LabelId),
    /// To the next turn of a loop.
    Continue(LabelId),
}

impl Emitter<'_> {
    /// Writes a list of statements. `tail` are the exits that mean no more than its end.
    pub fn stmts(&mut self, writer: &mut Writer, list: &[Stmt], tail: &[Exit]) {
        let mut rows = Vec::new();
        for (at, stmt) in list.iter().enumerate() {
            let rest = &list[at + 1..];
            let inner: &[Exit] = if rest.is_empty() { tail } else { &[] };
            if self.exit_of(stmt).is_some_and(|exit| inner.contains(&exit)) {
                continue;
            }
            if let StmtKind::Next { .. } | StmtKind::Assign { .. } = &stmt.kind
                && stmt.comments.leading.is_empty()
            {
                self.store(writer, stmt, &mut rows);
                continue;
            }
            flush(writer, &mut rows);
            let before = writer.set_span(stmt.span);
            leading_comments(writer, stmt);
            if self.guard(writer, stmt, rest, tail) {
                writer.set_span(before);
                return;
            }
            if let StmtKind::Next { .. } | StmtKind::Assign { .. } = &stmt.kind {
                self.store(writer, stmt, &mut rows);
            } else {
                self.stmt(writer, stmt, inner);
            }
            writer.set_span(before);
        }
        flush(writer, &mut rows);
    }

    /// The statements one level deeper; `null` where there is nothing to write.
    pub fn block(&mut self, writer: &mut Writer, list: &[Stmt], tail: &[Exit]) {
        let mut inner = Writer::new("    ");
        self.stmts(&mut inner, list, tail);
        let inner = inner.finish_with_origins();
        writer.indent();
        let is_empty = inner.text.lines().all(|line| line.trim_start().starts_with("--"));
        writer.append(&inner);
        if is_empty {
            writer.line("null;");
        }
        writer.dedent();
    }

    /// Takes a finding; the rest is written nevertheless, so that one run shows all of them.
    pub fn check<T>(&mut self, result: Result<T>) -> Option<T> {
        match result {
            Ok(value) => Some(value),
            Err(error) => {
                self.errors.push(*error);
                None
            }
        }
    }

    /// Writes what must stand before the present statement.
    pub fn write_before(&mut self, writer: &mut Writer) {
        for line in self.take_before() {
            writer.line(line);
        }
    }

    fn exit_of(&self, stmt: &Stmt) -> Option<Exit> {
        if let StmtKind::Break(label) = &stmt.kind {
            return Some(Exit::Break(*label));
        }
        if let StmtKind::Continue(label) = &stmt.kind {
            return Some(Exit::Continue(*label));
        }
        (stmt.kind == StmtKind::Return && !self.is_timed).then_some(Exit::Return)
    }

    /// An `if` without `else` all of whose branches leave: what follows it becomes its `else`. Whether it was one.
    fn guard(&mut self, writer: &mut Writer, stmt: &Stmt, rest: &[Stmt], tail: &[Exit]) -> bool {
        let StmtKind::If { arms, orelse } = &stmt.kind else { return false };
        let leaves = |body: &Vec<Stmt>| {
            body.last().and_then(|last| self.exit_of(last)).is_some_and(|exit| tail.contains(&exit))
        };
        if rest.is_empty() || !orelse.is_empty() || !arms.iter().all(|(_, body)| leaves(body)) {
            return false;
        }
        if arms.iter().all(|(cond, _)| self.facts.truth(*cond) == Some(false)) {
            return false;
        }
        if let [(cond, body)] = &arms[..]
            && let [only] = &body[..]
            && self.facts.truth(*cond).is_none()
        {
            if matches!(only.kind, StmtKind::Continue(_)) {
                return false;
            }
            let cond = self.negation(*cond);
            if let Some(cond) = self.check(cond) {
                self.write_before(writer);
                writer.line(format!("if {} then{}", cond.text, trailing(stmt)));
                self.block(writer, rest, tail);
                writer.line("end if;");
            }
            return true;
        }
        self.if_chain(writer, arms, rest, tail, &trailing(stmt), false);
        true
    }

    fn stmt(&mut self, writer: &mut Writer, stmt: &Stmt, tail: &[Exit]) {
        let comment = trailing(stmt);
        match &stmt.kind {
            StmtKind::Assign { .. } | StmtKind::Next { .. } => {
                let mut rows = Vec::new();
                self.store(writer, stmt, &mut rows);
                flush(writer, &mut rows);
            }
            StmtKind::If { arms, orelse } => {
                if let ([(cond, body)], []) = (&arms[..], &orelse[..])
                    && let [only] = &body[..]
                    && only.comments.leading.is_empty()
                    && let Some(exit) = self.exit_of(only)
                    && exit != Exit::Return
                    && !tail.contains(&exit)
                    && self.facts.truth(*cond).is_none()
                {
                    let cond = self.condition(*cond);
                    if let Some(cond) = self.check(cond) {
                        self.write_before(writer);
                        let leave = self.leave(exit);
                        writer.line(format!("{leave} when {};{comment}", cond.text));
                    }
                    return;
                }
                self.if_chain(writer, arms, orelse, tail, &comment, false);
            }
            // Here a variable holds something at any time.
            StmtKind::Unset(_) => {}
            StmtKind::Switch { subject, arms, default } => {
                self.switch(writer, *subject, arms, default.as_deref(), tail, &comment);
            }
            StmtKind::For { label, var, start, stop, step, body } => {
                let bounds = (start, stop, step);
                if let Err(error) = self.for_loop(writer, *label, *var, bounds, body, &comment, stmt) {
                    self.errors.push(*error);
                }
            }
            StmtKind::While { label, cond, body } => {
                self.while_loop(writer, *label, *cond, body, &comment);
            }
            StmtKind::Block { label, body } => {
                let mut exits = vec![Exit::Break(*label)];
                exits.extend(tail);
                let once = self.param_name("once");
                let mut inner = Writer::new("    ");
                self.loop_body(&mut inner, *label, body, &exits);
                self.active_params.retain(|active| *active != once);
                if !self.labels[label.index()].is_left {
                    writer.append(&inner.finish_with_origins());
                    return;
                }
                // A loop of one turn is what every tool lets one leave early.
                self.write_loop(writer, *label, &format!("for {once} in 0 to 0 "), inner, &comment);
            }
            StmtKind::Break(label) => {
                let leave = self.leave(Exit::Break(*label));
                writer.line(format!("{leave};{comment}"));
            }
            StmtKind::Continue(label) => {
                let leave = self.leave(Exit::Continue(*label));
                writer.line(format!("{leave};{comment}"));
            }
            StmtKind::Return if self.is_timed => writer.line(format!("wait;{comment}")),
            StmtKind::Return => {
                let leave = self.leave(Exit::Return);
                writer.line(format!("{leave};{comment}"));
            }
            StmtKind::Wait(waits) => {
                let lines = self.wait(waits, stmt.span);
                if let Some(lines) = self.check(lines) {
                    self.write_before(writer);
                    let last = lines.len() - 1;
                    for (at, line) in lines.into_iter().enumerate() {
                        writer.line(if at == last { format!("{line}{comment}") } else { line });
                    }
                }
            }
            StmtKind::Assert { cond, .. } if self.facts.truth(*cond) == Some(true) => {}
            StmtKind::Assert { cond, message } => {
                let cond = self.condition(*cond);
                let place = self.unit.design.sources.line(stmt.span);
                let text = match message {
                    Some(message) => self.text(*message),
                    None if place.is_empty() => Ok(Phrase::primary("\"assertion failed\"")),
                    None => Ok(crate::phrase::string(&format!("assertion failed: {place}"))),
                };
                if let (Some(cond), Some(text)) = (self.check(cond), self.check(text)) {
                    self.write_before(writer);
                    writer.line(format!(
                        "assert {} report {} severity failure;{comment}",
                        cond.text, text.text
                    ));
                }
            }
            StmtKind::Print { text } => {
                // Equal operands are one, which has the place of the first.
                let text = self.text(*text).map_err(|mut fault| {
                    if !stmt.span.contains(fault.primary.span) {
                        fault.primary.span = stmt.span;
                    }
                    fault
                });
                if let Some(text) = self.check(text) {
                    self.write_before(writer);
                    self.uses.textio = true;
                    let write = if self.names.is_free("write") { "write" } else { "std.textio.write" };
                    writer.line(format!("{write}(output, {});{comment}", text.text));
                }
            }
            StmtKind::Raise { exception, message } => {
                let text = match message {
                    Some(message) => self.text(*message).map(|text| {
                        let head = crate::phrase::string(&format!("{exception}: "));
                        format!("{} & {}", head.text, text.text)
                    }),
                    None => Ok(crate::phrase::string(exception).text),
                };
                if let Some(text) = self.check(text) {
                    self.write_before(writer);
                    writer.line(format!("report {text} severity failure;{comment}"));
                }
            }
            StmtKind::Finish { message } => {
                if let Some(message) = message {
                    let text = self.text(*message);
                    if let Some(text) = self.check(text) {
                        self.write_before(writer);
                        writer.line(format!("report {} severity note;", text.text));
                    }
                }
                match self.unit.options.standard {
                    crate::Standard::V2008 => writer.line(format!("std.env.finish;{comment}")),
                    // VHDL-93 ends a simulation only by a failure.
                    crate::Standard::V93 => {
                        writer.line(format!("report \"end of simulation\" severity failure;{comment}"));
                    }
                }
                if self.is_timed {
                    writer.line("wait;");
                }
            }
        }
    }

    /// `exit` or `next`, with the label of what is left unless that is the innermost loop.
    fn leave(&mut self, exit: Exit) -> String {
        let word = if matches!(exit, Exit::Continue(_)) { "next" } else { "exit" };
        match exit {
            Exit::Break(label) | Exit::Continue(label) => {
                let is_innermost = self.around.last() == Some(&label);
                let known = &mut self.labels[label.index()];
                known.is_left = true;
                if is_innermost {
                    return word.to_owned();
                }
                known.is_named = true;
                format!("{word} {}", self.label(label))
            }
            Exit::Return => {
                self.returns = true;
                if self.around.is_empty() {
                    return word.to_owned();
                }
                let name = match &self.return_label {
                    Some(name) => name.clone(),
                    None => self.names.fresh("activation"),
                };
                self.return_label = Some(name.clone());
                format!("{word} {name}")
            }
        }
    }

    /// The statements of a loop or block.
    pub fn loop_body(&mut self, writer: &mut Writer, label: LabelId, list: &[Stmt], tail: &[Exit]) {
        self.around.push(label);
        self.stmts(writer, list, tail);
        self.around.pop();
    }

    /// `if … elsif … else … end if;`, or the rest of one that is open already if it `continues`. A condition that needs
    /// statements before it starts an `if` of its own.
    pub fn if_chain(
        &mut self,
        writer: &mut Writer,
        arms: &[(ExprId, Vec<Stmt>)],
        orelse: &[Stmt],
        tail: &[Exit],
        mut comment: &str,
        continues: bool,
    ) {
        let (chain, orelse) = self.undecided(arms, orelse);
        let mut open = usize::from(continues);
        for (cond, body) in chain {
            let cond = self.condition(*cond);
            let Some(cond) = self.check(cond) else { continue };
            let before = self.take_before();
            if open > 0 && before.is_empty() {
                writer.line(format!("elsif {} then{comment}", cond.text));
            } else {
                if open > 0 {
                    writer.line("else");
                    writer.indent();
                }
                open += 1;
                for line in before {
                    writer.line(line);
                }
                writer.line(format!("if {} then{comment}", cond.text));
            }
            comment = "";
            self.block(writer, body, tail);
        }
        if open == 0 {
            // Nothing is left to decide.
            if !comment.is_empty() {
                writer.line(comment.trim_start());
            }
            self.stmts(writer, orelse, tail);
        } else if !orelse.is_empty() && !self.is_void(orelse, tail) {
            writer.line("else");
            self.block(writer, orelse, tail);
        }
        for at in 0..open {
            writer.line("end if;");
            if at + 1 < open {
                writer.dedent();
            }
        }
    }

    /// The arms that are neither known to be taken nor known not to be, those of an `if` in the last branch among them, and
    /// what is done otherwise.
    fn undecided<'s>(
        &self,
        arms: &'s [(ExprId, Vec<Stmt>)],
        orelse: &'s [Stmt],
    ) -> (Vec<&'s (ExprId, Vec<Stmt>)>, &'s [Stmt]) {
        let (mut arms, mut orelse) = (arms, orelse);
        let mut chain = Vec::new();
        loop {
            for arm in arms {
                match self.facts.truth(arm.0) {
                    Some(false) => {}
                    Some(true) => {
                        orelse = &arm.1;
                        break;
                    }
                    None => chain.push(arm),
                }
            }
            let [Stmt { kind: StmtKind::If { arms: more, orelse: last }, comments, .. }] = orelse else {
                break;
            };
            if !comments.leading.is_empty() || comments.trailing.is_some() {
                break;
            }
            (arms, orelse) = (more, last);
        }
        (chain, orelse)
    }

    /// Whether the statements are nothing but an exit that needs no words.
    fn is_void(&self, list: &[Stmt], tail: &[Exit]) -> bool {
        let [only] = list else { return false };
        only.comments.leading.is_empty() && self.exit_of(only).is_some_and(|exit| tail.contains(&exit))
    }
}

/// Comments that stand before a statement.
pub(crate) fn leading_comments(writer: &mut Writer, stmt: &Stmt) {
    for comment in &stmt.comments.leading {
        for line in comment_lines(comment, 100) {
            writer.line(format!("-- {}", to_ascii(&line)));
        }
    }
}

/// The comment at the end of a statement's first line, with the blanks before it; empty if there is none.
pub(crate) fn trailing(stmt: &Stmt) -> String {
    match &stmt.comments.trailing {
        Some(text) => format!("  -- {}", to_ascii(&one_line(text))),
        None => String::new(),
    }
}

/// Stores that stand beside each other are aligned.
pub(crate) fn flush(writer: &mut Writer, rows: &mut Vec<Row>) {
    if !rows.is_empty() {
        writer.table(rows);
        rows.clear();
    }
}
