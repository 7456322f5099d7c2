//! Statements.

use crate::emitter::{Emitter, Variable};
use crate::facts::variables;
use crate::phrase::{Kind, Phrase, Prec, fits_integer, integer, range_fits_integer};
use crate::types::{Result, Shape, bug, inexpressible};
use pyhw_ir::{
    ExprId, Int, LabelId, NetKind, Place, Projection, Root, Stmt, StmtKind, SwitchArm, Type, Value, VarId,
};
use pyhw_text::{Row, Writer, comment_lines, one_line, to_ascii};

/// Stores whose targets are longer are not aligned with their neighbours.
const MAX_ALIGNED: usize = 32;

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

/// The part of a net or variable that a store changes.
pub(crate) struct Target {
    /// Its name.
    pub text: String,
    pub shape: Shape,
    /// The interval that a stored value wraps into, where cutting it off is not enough.
    wraps_into: Option<pyhw_ir::Range>,
    /// ` after 10 ns` for delayed nets.
    pub after: String,
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
    fn write_before(&mut self, writer: &mut Writer) {
        for line in self.take_before() {
            writer.line(line);
        }
    }

    fn exit_of(&self, stmt: &Stmt) -> Option<Exit> {
        match &stmt.kind {
            StmtKind::Return if !self.is_timed => Some(Exit::Return),
            StmtKind::Break(label) => Some(Exit::Break(*label)),
            StmtKind::Continue(label) => Some(Exit::Continue(*label)),
            _ => None,
        }
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
        if let [(cond, body)] = &arms[..]
            && let [only] = &body[..]
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
                {
                    let cond = self.condition(*cond);
                    if let Some(cond) = self.check(cond) {
                        self.write_before(writer);
                        let (word, label) = self.leave(exit);
                        writer.line(format!("{word} {label} when {};{comment}", cond.text));
                    }
                    return;
                }
                self.if_chain(writer, arms, orelse, tail, &comment, false);
            }
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
                let mut inner = Writer::new("    ");
                self.stmts(&mut inner, body, &exits);
                let inner = inner.finish_with_origins();
                if !self.labels[label.index()].used {
                    writer.append(&inner);
                    return;
                }
                let name = self.label(*label);
                // A loop of one turn is what every tool lets one leave early.
                writer.line(format!("{name} : for once in 0 to 0 loop{comment}"));
                writer.indent();
                writer.append(&inner);
                writer.dedent();
                writer.line(format!("end loop {name};"));
            }
            StmtKind::Break(label) => {
                let (word, label) = self.leave(Exit::Break(*label));
                writer.line(format!("{word} {label};{comment}"));
            }
            StmtKind::Continue(label) => {
                let (word, label) = self.leave(Exit::Continue(*label));
                writer.line(format!("{word} {label};{comment}"));
            }
            StmtKind::Return if self.is_timed => writer.line(format!("wait;{comment}")),
            StmtKind::Return => {
                let (word, label) = self.leave(Exit::Return);
                writer.line(format!("{word} {label};{comment}"));
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
                let text = self.text(*text);
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

    /// `exit` or `next`, and the label to name.
    fn leave(&mut self, exit: Exit) -> (&'static str, String) {
        match exit {
            Exit::Break(label) | Exit::Continue(label) => {
                self.labels[label.index()].used = true;
                let word = if matches!(exit, Exit::Continue(_)) { "next" } else { "exit" };
                (word, self.label(label))
            }
            Exit::Return => {
                let name = match &self.return_label {
                    Some(name) => name.clone(),
                    None => self.names.fresh("activation"),
                };
                self.return_label = Some(name.clone());
                ("exit", name)
            }
        }
    }

    fn store(&mut self, writer: &mut Writer, stmt: &Stmt, rows: &mut Vec<Row>) {
        let (place, value, operator) = match &stmt.kind {
            StmtKind::Assign { place, value } => (place, *value, ":="),
            StmtKind::Next { place, value } => (place, *value, "<="),
            _ => return,
        };
        let lines = self.store_lines(place, value, operator, stmt);
        let Some((target, lines)) = self.check(lines) else { return };
        let comment = stmt.comments.trailing.as_ref().map(|text| format!("-- {}", to_ascii(&one_line(text))));
        if let [line] = &lines[..]
            && !line.contains('\n')
            && target <= MAX_ALIGNED
        {
            rows.push(
                Row::new([&line[..target], line[target..].trim_start()]).comment(comment).at(stmt.span),
            );
            return;
        }
        flush(writer, rows);
        let before = writer.set_span(stmt.span);
        match (&lines[..], comment) {
            ([line], Some(comment)) if !line.contains('\n') => writer.line(format!("{line}  {comment}")),
            (_, comment) => {
                for line in comment.into_iter().chain(lines) {
                    writer.line(line);
                }
            }
        }
        writer.set_span(before);
    }

    /// The lines of a store, and the length of its target in the last one.
    fn store_lines(
        &mut self,
        place: &Place,
        value: ExprId,
        operator: &str,
        stmt: &Stmt,
    ) -> Result<(usize, Vec<String>)> {
        let target = self.target(place, stmt)?;
        let mut lines = self.take_before();
        if let Some(range) = &target.wraps_into
            && let Some(kind) = target.shape.kind()
            && !range.contains_range(&self.facts.range(value))
        {
            let text = self.wrap(value, range, kind)?;
            lines.extend(self.take_before());
            lines.push(format!("{} {operator} {}{};", target.text, text.text, target.after));
        } else {
            lines.extend(self.assignment(&target.text, operator, &target.after, &target.shape, value)?);
        }
        Ok((target.text.len(), lines))
    }

    /// The value for a target, reduced where the target wraps.
    pub fn target_value(&mut self, target: &Target, value: ExprId) -> Result<String> {
        if let Some(range) = &target.wraps_into
            && let Some(kind) = target.shape.kind()
            && !range.contains_range(&self.facts.range(value))
        {
            return Ok(self.wrap(value, range, kind)?.text);
        }
        Ok(self.value(value, &target.shape)?.text)
    }

    /// The part of a net or variable that a place means.
    pub fn target(&mut self, place: &Place, stmt: &Stmt) -> Result<Target> {
        let span = stmt.span;
        let (mut text, mut ty, wraps, after) = match place.root {
            Root::Net(id) => {
                let net = self.unit.module.net(id);
                let after = match net.kind {
                    NetKind::Delayed(steps) => format!(" after {}", self.unit.time(steps)),
                    NetKind::Signal | NetKind::TriState | NetKind::Driver(_) => String::new(),
                };
                (self.unit.net(id).to_owned(), &net.ty, net.wraps, after)
            }
            Root::Var(id) => {
                let Variable::Local(name, _) = &self.vars[id.index()] else {
                    return Err(bug(span, "a store into a variable that is not declared"));
                };
                let var = self.body.var(id);
                (name.clone(), &var.ty, var.wraps, String::new())
            }
        };
        let mut shape = match place.root {
            Root::Var(id) => self.var_shape(id).cloned(),
            Root::Net(_) => Shape::of(ty),
        }
        .ok_or_else(|| inexpressible(span, "VHDL has no type for this value"))?;
        for step in &place.path {
            match step {
                Projection::Index(index) => {
                    let (Type::Array(element, _), Shape::Array(inner, _)) = (ty, shape) else {
                        return Err(bug(span, "an element of what is no array"));
                    };
                    text = format!("{text}({})", self.integer(*index)?.text);
                    (ty, shape) = (element, *inner);
                }
                Projection::Field(index) => {
                    let Type::Struct(of) = ty else {
                        return Err(bug(span, "a field of what is no struct"));
                    };
                    let Some((name, inner)) = self.unit.types.field(*of, *index).cloned() else {
                        return Err(bug(span, "a field that does not exist"));
                    };
                    text = format!("{text}.{name}");
                    ty = &self.unit.design.types.structs[of.index()].fields[*index as usize].1;
                    shape = inner;
                }
                Projection::Bit(index) => {
                    let kind = shape.kind().ok_or_else(|| bug(span, "a bit of what is no integer"))?;
                    check_part(ty, wraps, stmt)?;
                    if let Some(at) = self.facts.constant(self.body, *index)
                        && at >= Int::from(kind.width)
                    {
                        return Err(inexpressible(span, format!("there is no bit {at} to store into")));
                    }
                    text = format!("{text}({})", self.integer(*index)?.text);
                    shape = Shape::Logic;
                    return Ok(Target { text, shape, wraps_into: None, after });
                }
                Projection::Slice { low, width } => {
                    let kind = shape.kind().ok_or_else(|| bug(span, "a slice of what is no integer"))?;
                    check_part(ty, wraps, stmt)?;
                    let mut taken = *width;
                    if let Some(at) = self.facts.constant(self.body, *low) {
                        let room = at.to_u32().map_or(0, |at| kind.width.saturating_sub(at));
                        taken = taken.min(room);
                        if taken == 0 {
                            return Err(inexpressible(span, format!("there is no bit {at} to store into")));
                        }
                    }
                    let low = self.integer(*low)?;
                    let high = match low.text.parse::<u32>() {
                        Ok(low) => Phrase::primary((low + taken - 1).to_string()),
                        Err(_) => {
                            let more = Phrase::primary((taken - 1).to_string());
                            Phrase::binary(&low, "+", &more, Prec::Adding)
                        }
                    };
                    text = format!("{text}({} downto {})", high.text, low.text);
                    shape = Shape::Vector(Kind { signed: kind.signed, width: taken });
                    return Ok(Target { text, shape, wraps_into: None, after });
                }
            }
        }
        let wraps_into = ty.range().filter(|range| wraps && Kind::of(range).range() != **range).cloned();
        Ok(Target { text, shape, wraps_into, after })
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
        let mut chain: Vec<&(ExprId, Vec<Stmt>)> = arms.iter().collect();
        let mut orelse = orelse;
        while let [Stmt { kind: StmtKind::If { arms, orelse: last }, comments, .. }] = orelse
            && comments.leading.is_empty()
            && comments.trailing.is_none()
        {
            chain.extend(arms);
            orelse = last;
        }
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
        if !orelse.is_empty() && open > 0 && !self.is_void(orelse, tail) {
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

    /// Whether the statements are nothing but an exit that needs no words.
    fn is_void(&self, list: &[Stmt], tail: &[Exit]) -> bool {
        match list {
            [only] => {
                only.comments.leading.is_empty()
                    && self.exit_of(only).is_some_and(|exit| tail.contains(&exit))
            }
            _ => false,
        }
    }

    fn switch(
        &mut self,
        writer: &mut Writer,
        subject: ExprId,
        arms: &[SwitchArm],
        default: Option<&[Stmt]>,
        tail: &[Exit],
        comment: &str,
    ) {
        let range = self.facts.range(subject);
        let head = match self.body.exprs.ty(subject) {
            Type::Enum(of) => {
                let names = self.unit.types.enumeration(*of);
                if names.encoded && !self.is_name(subject) {
                    self.hoist(subject, "subject")
                } else {
                    self.enumeration(subject)
                }
            }
            Type::Int(_) if range_fits_integer(&range) && has_literals(arms) => self.integer(subject),
            Type::Bool | Type::Int(_) => {
                return self.switch_as_if(writer, subject, arms, default, tail, comment);
            }
            Type::Array(..) | Type::Struct(_) | Type::Text | Type::Opaque => {
                Err(bug(self.body.exprs.span(subject), "a switch over values that cannot be told apart"))
            }
        };
        let Some(head) = self.check(head) else { return };
        self.write_before(writer);
        writer.line(format!("case {} is{comment}", head.text));
        writer.indent();
        let native = match self.body.exprs.ty(subject) {
            Type::Enum(of) => !self.unit.types.enumeration(*of).encoded,
            _ => false,
        };
        let reachable: Vec<(Vec<String>, &SwitchArm)> = arms
            .iter()
            .map(|arm| {
                let choices = arm.values.iter().filter_map(|value| self.choice_text(value, subject, &range));
                (choices.collect::<Vec<_>>(), arm)
            })
            .filter(|(choices, _)| !choices.is_empty())
            .collect();
        let count = reachable.len();
        for (at, (choices, arm)) in reachable.into_iter().enumerate() {
            // Without a default the last arm takes what is no value at all as well.
            if default.is_none() && at + 1 == count && !native {
                writer.line(format!("when others =>  -- {}", choices.join(", ")));
            } else {
                writer.line(format!("when {} =>", choices.join(" | ")));
            }
            self.block(writer, &arm.body, tail);
        }
        if let Some(default) = default {
            writer.line("when others =>");
            self.block(writer, default, tail);
        }
        writer.dedent();
        writer.line("end case;");
    }

    fn choice_text(&self, value: &Value, subject: ExprId, range: &pyhw_ir::Range) -> Option<String> {
        match (value, self.body.exprs.ty(subject)) {
            (Value::Int(value), _) if range.contains(value) => integer(value).map(|text| text.text),
            (Value::Enum(member), Type::Enum(of)) => {
                self.unit.types.enumeration(*of).members.get(*member as usize).cloned()
            }
            _ => None,
        }
    }

    /// For subjects that no `case` takes: booleans, and integers past VHDL's.
    fn switch_as_if(
        &mut self,
        writer: &mut Writer,
        subject: ExprId,
        arms: &[SwitchArm],
        default: Option<&[Stmt]>,
        tail: &[Exit],
        comment: &str,
    ) {
        let mut word = "if";
        let mut comment = comment;
        for (at, arm) in arms.iter().enumerate() {
            if default.is_none() && at + 1 == arms.len() && at > 0 {
                writer.line("else");
                self.block(writer, &arm.body, tail);
                break;
            }
            let mut cond: Option<Phrase> = None;
            for value in &arm.values {
                let text = match value {
                    Value::Bool(true) => self.condition(subject),
                    Value::Bool(false) => self.negation(subject),
                    Value::Int(value) => self.exact(subject).map(|(text, own)| {
                        let constant = crate::phrase::vector(value, own);
                        Phrase::relation(&text, "=", &integer(value).unwrap_or(constant))
                    }),
                    _ => Err(bug(self.body.exprs.span(subject), "a choice of another type")),
                };
                let Some(text) = self.check(text) else { return };
                cond = Some(match cond {
                    Some(cond) => Phrase::logical(&cond, "or", &text),
                    None => text,
                });
            }
            let Some(cond) = cond else { continue };
            let before = self.take_before();
            if at == 0 {
                for line in before {
                    writer.line(line);
                }
            }
            writer.line(format!("{word} {} then{comment}", cond.text));
            self.block(writer, &arm.body, tail);
            (word, comment) = ("elsif", "");
        }
        if let Some(default) = default
            && !default.is_empty()
        {
            writer.line("else");
            self.block(writer, default, tail);
        }
        writer.line("end if;");
    }

    #[allow(clippy::too_many_arguments)]
    fn for_loop(
        &mut self,
        writer: &mut Writer,
        label: LabelId,
        var: VarId,
        (start, stop, step): (&Int, &Int, &Int),
        body: &[Stmt],
        comment: &str,
        stmt: &Stmt,
    ) -> Result<()> {
        // Rounded up: how many turns.
        let distance = stop.sub(start);
        let turns = distance.neg().floor_div(step).map(|turns| turns.neg()).unwrap_or(Int::ZERO);
        if turns <= Int::ZERO {
            return Ok(());
        }
        let last = start.add(&turns.sub(&Int::ONE).mul(step));
        let too_far = || inexpressible(stmt.span, "VHDL counts loops with 32 bits");
        let (Some(first_text), Some(last_text), Some(turn_text)) =
            (integer(start), integer(&last), integer(&turns.sub(&Int::ONE)))
        else {
            return Err(too_far());
        };
        let source = &self.body.var(var).name;
        let is_param = matches!(self.vars[var.index()], Variable::Parameter);
        let by_one = *step == Int::ONE || *step == Int::MINUS_ONE;
        let wanted = if by_one && is_param { source.clone() } else { format!("{source}_turn") };
        let name = self.param_name(&wanted);
        let counter = Phrase::primary(name.clone());
        let (bounds, value) = if *step == Int::ONE {
            (format!("{} to {}", first_text.text, last_text.text), counter)
        } else if *step == Int::MINUS_ONE {
            (format!("{} downto {}", first_text.text, last_text.text), counter)
        } else {
            let size = integer(&step.abs()).ok_or_else(too_far)?;
            let product = Phrase::binary(&counter, "*", &size, Prec::Multiplying);
            let value = if start.is_zero() && !step.is_negative() {
                product
            } else {
                let operator = if step.is_negative() { "-" } else { "+" };
                Phrase::binary(&first_text, operator, &product, Prec::Adding)
            };
            (format!("0 to {}", turn_text.text), value)
        };
        let mut inner = Writer::new("    ");
        if is_param {
            self.params[var.index()] = Some(value);
        } else if let Variable::Local(variable, Shape::Vector(kind)) = &self.vars[var.index()] {
            inner.line(format!("{variable} := to_{}({}, {});", kind.name(), value.text, kind.width));
        } else {
            return Err(bug(stmt.span, "a counter that is no integer"));
        }
        self.stmts(&mut inner, body, &[Exit::Continue(label)]);
        self.params[var.index()] = None;
        self.active_params.retain(|active| *active != name);
        self.write_loop(writer, label, &format!("for {name} in {bounds} "), inner, comment);
        Ok(())
    }

    fn while_loop(
        &mut self,
        writer: &mut Writer,
        label: LabelId,
        cond: ExprId,
        body: &[Stmt],
        comment: &str,
    ) {
        let mut inner = Writer::new("    ");
        let head = if let Some(Value::Bool(true)) = self.body.exprs.as_const(cond) {
            String::new()
        } else {
            let text = self.condition(cond);
            let Some(text) = self.check(text) else { return };
            let before = self.take_before();
            if before.is_empty() {
                format!("while {} ", text.text)
            } else {
                for line in before {
                    inner.line(line);
                }
                inner.line(format!("exit when not {};", text.at_least(Prec::Primary)));
                String::new()
            }
        };
        self.stmts(&mut inner, body, &[Exit::Continue(label)]);
        self.write_loop(writer, label, &head, inner, comment);
    }

    fn write_loop(&mut self, writer: &mut Writer, label: LabelId, head: &str, body: Writer, comment: &str) {
        let name = if self.labels[label.index()].used { Some(self.label(label)) } else { None };
        match &name {
            Some(name) => writer.line(format!("{name} : {head}loop{comment}")),
            None => writer.line(format!("{head}loop{comment}")),
        }
        writer.indent();
        let body = body.finish_with_origins();
        let is_empty = body.text.lines().all(|line| line.trim_start().starts_with("--"));
        writer.append(&body);
        if is_empty {
            writer.line("null;");
        }
        writer.dedent();
        match name {
            Some(name) => writer.line(format!("end loop {name};")),
            None => writer.line("end loop;"),
        }
    }

    /// A name for a loop parameter; loops that do not stand in each other share names.
    fn param_name(&mut self, wanted: &str) -> String {
        let known = self
            .param_names
            .iter()
            .find(|(source, name)| source == wanted && !self.active_params.contains(name));
        let name = match known {
            Some((_, name)) => name.clone(),
            None => {
                let name = self.names.fresh(wanted);
                self.param_names.push((wanted.to_owned(), name.clone()));
                name
            }
        };
        self.active_params.push(name.clone());
        name
    }

    /// Decides how each variable is written, and names those that become variables of the process.
    pub fn name_variables(&mut self) {
        let body = self.body;
        let mut used = vec![false; body.vars.len()];
        let mut local = vec![false; body.vars.len()];
        let mut active = vec![false; body.vars.len()];
        survey(body, &body.stmts, &mut used, &mut local, &mut active);
        for (index, var) in body.vars.iter().enumerate() {
            if !used[index] {
                continue;
            }
            if !local[index] {
                self.vars[index] = Variable::Parameter;
                continue;
            }
            match Shape::of(&var.ty) {
                Some(shape) => {
                    let name = self.names.fresh(&var.name);
                    self.vars[index] = Variable::Local(name, shape);
                }
                None => self.errors.push(*inexpressible(
                    var.span,
                    format!("the values of `{}` have no type in VHDL", var.name),
                )),
            }
        }
        self.choose_booleans();
    }

    /// A boolean variable that is stored from a comparison first is a `boolean`.
    fn choose_booleans(&mut self) {
        let body = self.body;
        let mut decided = vec![false; body.vars.len()];
        pyhw_ir::walk_stmts(&body.stmts, &mut |stmt| {
            if let StmtKind::Assign { place, value } = &stmt.kind
                && let Root::Var(var) = place.root
                && place.path.is_empty()
                && !std::mem::replace(&mut decided[var.index()], true)
                && self.is_condition(*value)
                && let Variable::Local(_, shape) = &mut self.vars[var.index()]
                && *shape == Shape::Logic
            {
                *shape = Shape::Boolean;
            }
        });
    }
}

/// Marks variables that are used, and those that are more than the parameter of a loop.
fn survey(body: &pyhw_ir::Body, list: &[Stmt], used: &mut [bool], local: &mut [bool], active: &mut [bool]) {
    for stmt in list {
        for expr in stmt.kind.exprs() {
            for var in variables(body, expr) {
                used[var.index()] = true;
                local[var.index()] |= !active[var.index()];
            }
        }
        if let StmtKind::Assign { place, .. } = &stmt.kind
            && let Root::Var(var) = place.root
        {
            used[var.index()] = true;
            local[var.index()] = true;
        }
        if let StmtKind::For { var, body: inner, .. } = &stmt.kind {
            used[var.index()] = true;
            let was = std::mem::replace(&mut active[var.index()], true);
            // A counter that counts two loops at once is a plain variable.
            local[var.index()] |= was;
            survey(body, inner, used, local, active);
            active[var.index()] = was;
        } else {
            for inner in stmt.kind.blocks() {
                survey(body, inner, used, local, active);
            }
        }
    }
}

/// Whether every choice can be written as an integer.
fn has_literals(arms: &[SwitchArm]) -> bool {
    arms.iter().flat_map(|arm| &arm.values).all(|value| value.as_int().is_some_and(fits_integer))
}

/// A partial store leaves the whole in need of wrapping unless cutting it off is wrapping.
fn check_part(ty: &Type, wraps: bool, stmt: &Stmt) -> Result<()> {
    match ty.range() {
        Some(range) if wraps && Kind::of(range).range() != *range => Err(inexpressible(
            stmt.span,
            format!("a store into a part of what wraps into {range} has no form in VHDL"),
        )),
        _ => Ok(()),
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
fn flush(writer: &mut Writer, rows: &mut Vec<Row>) {
    if !rows.is_empty() {
        writer.table(rows);
        rows.clear();
    }
}
