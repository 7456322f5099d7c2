//! Processes: concurrent assignments, combinational, clocked and timed processes.

use crate::emitter::{Emitter, Variable};
use crate::facts::strip;
use crate::stmt::{Exit, leading_comments, trailing};
use crate::types::{Result, Shape, inexpressible, range_note};
use crate::unit::{Unit, Uses};
use pyhw_diagnostics::Diagnostic;
use pyhw_ir::{
    Body, Edge, Event, ExprId, ExprKind, NetId, NetKind, Op, Place, Process, ProcessBody, ProcessId,
    ProcessKind, Projection, Reset, Stmt, StmtKind, Value, walk_stmts,
};
use pyhw_passes::tested_level;
use pyhw_text::{Namer, Row, Writer, comment_lines, to_ascii};

/// Statements are not nested deeper than this.
const MAX_NESTING: usize = 200;

/// Writes a process; the findings say what has no form in VHDL.
pub(crate) fn write_process(
    unit: &Unit<'_>,
    uses: &mut Uses,
    names: &Namer,
    id: ProcessId,
    label: &str,
    writer: &mut Writer,
) -> Vec<Diagnostic> {
    let (process, body) = match writable(unit, id) {
        Ok(found) => found,
        Err(errors) => return errors,
    };
    let before = writer.set_span(process.span);
    writer.blank();
    let errors = match concurrent(unit, uses, id, process, body) {
        Some(lines) => {
            heading(unit, process, writer);
            leading_comments(writer, &body.stmts[0]);
            for line in lines {
                writer.line(line);
            }
            Vec::new()
        }
        None => sequential(unit, uses, names, process, body, label, writer),
    };
    writer.set_span(before);
    errors
}

/// Writes clocked processes that store into one memory as one process: a signal has one driver for each, and several would be resolved to
/// unknown values.
pub(crate) fn write_ports(
    unit: &Unit<'_>,
    uses: &mut Uses,
    names: &Namer,
    ids: &[ProcessId],
    label: &str,
    writer: &mut Writer,
) -> Vec<Diagnostic> {
    let mut errors = Vec::new();
    let mut names = names.scope();
    let mut sensitivity: Vec<String> = Vec::new();
    let mut rows = Vec::new();
    let mut inner = Writer::new("    ");
    for (at, id) in ids.iter().enumerate() {
        let (process, body) = match writable(unit, *id) {
            Ok(found) => found,
            Err(found) => {
                errors.extend(found);
                continue;
            }
        };
        let ProcessKind::Clocked { events, reset } = &process.kind else { continue };
        if at > 0 {
            inner.blank();
        }
        inner.set_span(process.span);
        heading(unit, process, &mut inner);
        let mut emitter = Emitter::new(unit, uses, body, names);
        emitter.name_variables();
        emitter.name_shadows();
        for net in emitter.clocked(process, events, reset.as_ref(), &mut inner) {
            if !sensitivity.contains(&net) {
                sensitivity.push(net);
            }
        }
        rows.extend(emitter.declarations());
        errors.append(&mut emitter.errors);
        names = emitter.names;
    }
    let before = writer.set_span(unit.module.processes[ids[0].index()].span);
    writer.blank();
    writer.line("-- In one process, because they store into one memory, which has one driver.");
    framed(label, &sensitivity, &rows, inner, writer);
    writer.set_span(before);
    errors
}

/// A process with its body, if it can be written at all.
fn writable<'a>(
    unit: &Unit<'a>,
    id: ProcessId,
) -> std::result::Result<(&'a Process, &'a Body), Vec<Diagnostic>> {
    let process = &unit.module.processes[id.index()];
    let body = match &process.body {
        ProcessBody::Ir(body) => body,
        ProcessBody::Host(_) => return Err(process.refusals()),
    };
    let mut errors = limits(unit, process, body);
    errors.extend(pyhw_passes::structure::unheard(unit.module, unit.facts, id));
    if errors.is_empty() { Ok((process, body)) } else { Err(errors) }
}

/// Writes a process around its statements.
fn framed(label: &str, sensitivity: &[String], declarations: &[Row], inner: Writer, writer: &mut Writer) {
    let list = if sensitivity.is_empty() { String::new() } else { format!("({}) ", sensitivity.join(", ")) };
    writer.line(format!("{label} : process {list}is"));
    writer.indent();
    writer.table(declarations);
    writer.dedent();
    writer.line("begin");
    writer.indent();
    writer.append(&inner.finish_with_origins());
    writer.dedent();
    writer.line(format!("end process {label};"));
}

fn limits(unit: &Unit<'_>, process: &Process, body: &Body) -> Vec<Diagnostic> {
    let facts = crate::facts::Facts::new(body, &unit.design.types);
    let mut errors = Vec::new();
    if nesting(&body.stmts) > MAX_NESTING {
        let message = format!("statements nested more than {MAX_NESTING} deep are not emitted");
        errors.push(*inexpressible(process.span, message));
    }
    walk_stmts(&body.stmts, &mut |stmt| {
        if stmt.kind.exprs().into_iter().any(|expr| !facts.is_writable(expr)) {
            errors.push(*inexpressible(stmt.span, "the expression is too large to be written out"));
        }
    });
    errors
}

fn nesting(list: &[Stmt]) -> usize {
    let mut deepest = 0;
    let mut stack: Vec<(&[Stmt], usize)> = vec![(list, 1)];
    while let Some((list, depth)) = stack.pop() {
        deepest = deepest.max(depth);
        for stmt in list {
            stack.extend(stmt.kind.blocks().into_iter().map(|inner| (inner, depth + 1)));
        }
    }
    deepest
}

/// Where the process comes from and what its docstring says.
fn heading(unit: &Unit<'_>, process: &Process, writer: &mut Writer) {
    let place = unit.design.sources.line(process.span);
    if !place.is_empty() {
        writer.line(format!("-- {}", to_ascii(&place)));
    }
    if let Some(doc) = &process.doc {
        for line in comment_lines(doc, 100) {
            writer.line(format!("-- {}", to_ascii(&line)));
        }
    }
}

/// A combinational process that is one assignment, or a choice between values for one target.
fn concurrent(
    unit: &Unit<'_>,
    uses: &mut Uses,
    id: ProcessId,
    process: &Process,
    body: &Body,
) -> Option<Vec<String>> {
    let ProcessKind::Comb { sensitivity } = &process.kind else { return None };
    if !unit.facts.reads(id).iter().all(|net| sensitivity.contains(net)) {
        return None;
    }
    let [stmt] = &body.stmts[..] else { return None };
    let mut choices = Vec::new();
    let place = alternatives(&body.stmts, &mut choices, true)?;
    let mut tried = uses.clone();
    // Nothing in it has a name of its own.
    let mut emitter = Emitter::new(unit, &mut tried, body, Namer::hdl());
    emitter.name_variables();
    if emitter.vars.iter().any(|var| !matches!(var, Variable::Unused)) || !is_fixed(&emitter, place) {
        return None;
    }
    let comment = trailing(stmt);
    emitter.name_shadows();
    let lines = emitter.conditional(place, choices, &comment, stmt).ok()??;
    if !emitter.before.is_empty() || !emitter.temps.is_empty() || !emitter.errors.is_empty() {
        return None;
    }
    *uses = tried;
    Some(lines)
}

/// The values that the statements store into one place, each with its condition; the last one has none.
fn alternatives<'a>(
    list: &'a [Stmt],
    into: &mut Vec<(Option<ExprId>, ExprId)>,
    is_outer: bool,
) -> Option<&'a Place> {
    let [stmt] = list else { return None };
    let has_comments = !stmt.comments.leading.is_empty() || stmt.comments.trailing.is_some();
    if has_comments && !is_outer {
        return None;
    }
    if let StmtKind::Next { place, value } = &stmt.kind {
        into.push((None, *value));
        return Some(place);
    }
    let StmtKind::If { arms, orelse } = &stmt.kind else { return None };
    let mut target = None;
    for (cond, body) in arms {
        let [Stmt { kind: StmtKind::Next { place, value }, comments, .. }] = &body[..] else { return None };
        if !comments.leading.is_empty() || comments.trailing.is_some() {
            return None;
        }
        if *target.get_or_insert(place) != place {
            return None;
        }
        into.push((Some(*cond), *value));
    }
    let last = alternatives(orelse, into, false)?;
    (Some(last) == target).then_some(last)
}

/// Whether a target does not depend on anything, as the target of a concurrent assignment must not.
fn is_fixed(emitter: &Emitter<'_>, place: &Place) -> bool {
    place.path.iter().all(|step| match step {
        Projection::Index(index) | Projection::Bit(index) => emitter.facts.constant(*index).is_some(),
        Projection::Slice { low, .. } => emitter.facts.constant(*low).is_some(),
        Projection::Field(_) => true,
    })
}

impl Emitter<'_> {
    /// `target <= a when condition else b;`
    fn conditional(
        &mut self,
        place: &Place,
        choices: Vec<(Option<ExprId>, ExprId)>,
        comment: &str,
        stmt: &Stmt,
    ) -> Result<Option<Vec<String>>> {
        let body = self.body;
        let Some((target, name, shape)) = self.plain_target(place, stmt)? else { return Ok(None) };
        let choices = self.undecided_choices(choices);
        let mut texts: Vec<(String, Option<String>)> = Vec::new();
        let last = choices.len() - 1;
        for (at, (cond, value)) in choices.into_iter().enumerate() {
            let cond = match cond {
                Some(cond) => Some(self.condition(cond)?.text),
                None => None,
            };
            let mut value = value;
            // A choice at the end goes on with the chain.
            while at == last
                && let ExprKind::Op(Op::Mux, args) = body.exprs.kind(strip(body, value))
                && self.facts.constant(value).is_none()
            {
                let cond = self.condition(args[0])?.text;
                texts.push((self.target_value(&target, &shape, args[1])?, Some(cond)));
                value = args[2];
            }
            if at == last && shape == Shape::Logic && self.is_condition(value) {
                texts.push(("'1'".to_owned(), Some(self.condition(value)?.text)));
                texts.push(("'0'".to_owned(), None));
            } else {
                texts.push((self.target_value(&target, &shape, value)?, cond));
            }
        }
        let head = format!("{name} <= ");
        let parts: Vec<String> = texts
            .into_iter()
            .map(|(value, cond)| match cond {
                Some(cond) => format!("{value}{} when {cond} else", target.after),
                None => format!("{value}{};{comment}", target.after),
            })
            .collect();
        let one_line = format!("{head}{}", parts.join(" "));
        if parts.len() <= 2 && one_line.len() <= 100 {
            return Ok(Some(vec![one_line]));
        }
        let margin = " ".repeat(head.len());
        Ok(Some(
            parts
                .into_iter()
                .enumerate()
                .map(|(at, part)| if at == 0 { format!("{head}{part}") } else { format!("{margin}{part}") })
                .collect(),
        ))
    }

    /// Without the choices that are known not to be made, and those behind one that is.
    fn undecided_choices(&self, choices: Vec<(Option<ExprId>, ExprId)>) -> Vec<(Option<ExprId>, ExprId)> {
        let mut left = Vec::with_capacity(choices.len());
        for (cond, value) in choices {
            match cond.and_then(|cond| self.facts.truth(cond)) {
                Some(false) => {}
                Some(true) => {
                    left.push((None, value));
                    break;
                }
                None => left.push((cond, value)),
            }
        }
        left
    }

    /// The lines of the process's reset: what it restores takes its initial value.
    fn reset_lines(&mut self, nets: &[NetId], writer: &mut Writer) {
        let module = self.unit.module;
        let (ports, inner): (Vec<NetId>, Vec<NetId>) =
            nets.iter().partition(|net| module.direction(**net).is_some());
        let mut rows = Vec::new();
        for id in inner.into_iter().chain(ports) {
            let net = module.net(id);
            let name = self.unit.net(id);
            let after = match net.kind {
                NetKind::Delayed(steps) => format!(" after {}", self.unit.time(steps)),
                NetKind::Signal | NetKind::TriState | NetKind::Driver(_) => String::new(),
            };
            let Some(value) = self.unit.init(id) else {
                self.errors
                    .push(*inexpressible(net.span, format!("`{}` has no value to reset to", net.name)));
                continue;
            };
            if let Some(shadow) = self.shadows.get(&id) {
                rows.push(Row::new([shadow.clone(), format!(":= {value};")]).at(net.span));
            }
            rows.push(Row::new([name.to_owned(), format!("<= {value}{after};")]).at(net.span));
        }
        for row in &mut rows {
            row.span = None;
        }
        writer.table(&rows);
    }
}

#[allow(clippy::too_many_arguments)]
fn sequential(
    unit: &Unit<'_>,
    uses: &mut Uses,
    names: &Namer,
    process: &Process,
    body: &Body,
    label: &str,
    writer: &mut Writer,
) -> Vec<Diagnostic> {
    let mut emitter = Emitter::new(unit, uses, body, names.scope());
    emitter.is_timed = process.kind == ProcessKind::Timed;
    emitter.name_variables();
    emitter.name_shadows();
    let mut inner = Writer::new("    ");
    inner.set_span(process.span);
    let sensitivity = match &process.kind {
        ProcessKind::Comb { sensitivity } => {
            emitter.activation(&mut inner, &body.stmts);
            if sensitivity.is_empty() {
                inner.line("wait;");
            }
            distinct(unit, sensitivity.iter().copied())
        }
        ProcessKind::Clocked { events, reset } => {
            emitter.clocked(process, events, reset.as_ref(), &mut inner)
        }
        ProcessKind::Timed => {
            emitter.timed(&mut inner);
            Vec::new()
        }
    };
    heading(unit, process, writer);
    framed(label, &sensitivity, &emitter.declarations(), inner, writer);
    std::mem::take(&mut emitter.errors)
}

fn distinct(unit: &Unit<'_>, nets: impl Iterator<Item = NetId>) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for net in nets {
        let name = unit.net(net).to_owned();
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

impl Emitter<'_> {
    /// The variables of the process.
    fn declarations(&self) -> Vec<Row> {
        let mut rows = Vec::new();
        for (at, var) in self.vars.iter().enumerate() {
            if let Variable::Local(name, shape) = var {
                let ty = &self.body.vars[at].ty;
                let note = range_note(ty).map(|note| format!("-- {note}"));
                rows.push(
                    Row::new([format!("variable {name}"), format!(": {};", self.unit.types.text(shape))])
                        .comment(note),
                );
            }
        }
        for (id, name) in &self.shadows {
            let net = self.unit.module.net(*id);
            let Some(shape) = Shape::of(&net.ty) else { continue };
            let init = self.unit.init(*id).unwrap_or_default();
            rows.push(
                Row::new([
                    format!("variable {name}"),
                    format!(": {} := {init};", self.unit.types.text(&shape)),
                ])
                .comment(range_note(&net.ty).map(|note| format!("-- {note}"))),
            );
        }
        for (name, shape) in &self.temps {
            rows.push(Row::new([format!("variable {name}"), format!(": {};", self.unit.types.text(shape))]));
        }
        rows
    }

    /// The statements of an activation; where something leaves it early, they stand in a loop of one turn.
    fn activation(&mut self, writer: &mut Writer, list: &[Stmt]) {
        let mut inner = Writer::new("    ");
        self.stmts(&mut inner, list, &[Exit::Return]);
        self.wrap_activation(writer, inner);
    }

    fn wrap_activation(&mut self, writer: &mut Writer, inner: Writer) {
        let inner = inner.finish_with_origins();
        let is_empty = inner.text.lines().all(|line| line.trim_start().starts_with("--"));
        if std::mem::take(&mut self.returns) {
            let run = self.names.fresh("run");
            let name = self.return_label.take();
            let head = name.as_ref().map(|name| format!("{name} : ")).unwrap_or_default();
            writer.line(format!("{head}for {run} in 0 to 0 loop"));
            writer.indent();
            writer.append(&inner);
            writer.dedent();
            writer.line(match name {
                Some(name) => format!("end loop {name};"),
                None => "end loop;".to_owned(),
            });
        } else {
            writer.append(&inner);
            if is_empty {
                writer.line("null;");
            }
        }
    }

    /// Writes the body of a clocked process and gives its sensitivity list.
    fn clocked(
        &mut self,
        process: &Process,
        events: &[Event],
        reset: Option<&Reset>,
        writer: &mut Writer,
    ) -> Vec<String> {
        let body = self.body;
        let list = &body.stmts;
        if reset.is_none()
            && let Some((clock, reset)) = reset_by_hand(body, events)
            && let [Stmt { kind: StmtKind::If { arms, orelse }, comments, .. }] = &list[..]
        {
            return self.clocked_by_hand(process, clock, reset, arms, orelse, &comments.leading, writer);
        }
        let reset_net = reset.map(|reset| reset.net);
        let clocks: Vec<Event> =
            events.iter().filter(|event| Some(event.net) != reset_net).copied().collect();
        let happened: Result<Vec<String>> =
            clocks.iter().map(|event| self.happened(event, process.span)).collect();
        let Some(happened) = self.check(happened) else { return Vec::new() };
        let clock = happened.join(" or ");
        let mut nets: Vec<NetId> = clocks.iter().map(|event| event.net).collect();
        let restored = pyhw_passes::restored_nets(process);
        match reset {
            None => {
                writer.line(format!("if {clock} then"));
                writer.indent();
                self.activation(writer, list);
            }
            Some(reset) => {
                let is = |level: bool| format!("{} = '{}'", self.unit.net(reset.net), u8::from(level));
                let active = is(reset.active_high);
                if restored.is_empty() {
                    let inactive = is(!reset.active_high);
                    writer.line(format!("if {clock} then"));
                    writer.indent();
                    let mut inner = Writer::new("    ");
                    inner.set_span(process.span);
                    inner.line(format!("if {inactive} then"));
                    self.block(&mut inner, list, &[Exit::Return]);
                    inner.line("end if;");
                    self.wrap_activation(writer, inner);
                } else if reset.is_async {
                    nets.push(reset.net);
                    writer.line(format!("if {active} then"));
                    writer.indent();
                    self.reset_lines(&restored, writer);
                    writer.dedent();
                    writer.line(format!("elsif {clock} then"));
                    writer.indent();
                    self.activation(writer, list);
                } else {
                    writer.line(format!("if {clock} then"));
                    writer.indent();
                    let mut inner = Writer::new("    ");
                    inner.set_span(process.span);
                    inner.line(format!("if {active} then"));
                    inner.indent();
                    self.reset_lines(&restored, &mut inner);
                    inner.dedent();
                    if let [Stmt { kind: StmtKind::If { arms, orelse }, comments, .. }] = &list[..]
                        && comments.leading.is_empty()
                    {
                        let comment = trailing(&list[0]);
                        self.if_chain(&mut inner, arms, orelse, &[Exit::Return], &comment, true);
                    } else {
                        inner.line("else");
                        self.block(&mut inner, list, &[Exit::Return]);
                        inner.line("end if;");
                    }
                    self.wrap_activation(writer, inner);
                }
            }
        }
        writer.dedent();
        writer.line("end if;");
        distinct(self.unit, nets.into_iter())
    }

    /// A reset that the source tests itself: `if reset … elsif rising_edge(clock) …`.
    #[allow(clippy::too_many_arguments)]
    fn clocked_by_hand(
        &mut self,
        process: &Process,
        clock: Event,
        reset: Event,
        arms: &[(ExprId, Vec<Stmt>)],
        orelse: &[Stmt],
        comments: &[String],
        writer: &mut Writer,
    ) -> Vec<String> {
        for comment in comments {
            for line in comment_lines(comment, 100) {
                writer.line(format!("-- {}", to_ascii(&line)));
            }
        }
        let active = self.condition(arms[0].0);
        let edge = self.happened(&clock, process.span);
        if let (Some(active), Some(edge)) = (self.check(active), self.check(edge)) {
            writer.line(format!("if {} then", active.text));
            self.block(writer, &arms[0].1, &[]);
            writer.line(format!("elsif {edge} then"));
            writer.indent();
            let rest = match &arms[1..] {
                [] => orelse.to_vec(),
                arms => vec![Stmt::new(
                    StmtKind::If { arms: arms.to_vec(), orelse: orelse.to_vec() },
                    process.span,
                )],
            };
            self.activation(writer, &rest);
            writer.dedent();
            writer.line("end if;");
        }
        distinct(self.unit, [clock.net, reset.net].into_iter())
    }

    fn timed(&mut self, writer: &mut Writer) {
        let list = &self.body.stmts;
        let forever = |stmt: &Stmt| {
            let StmtKind::While { label, cond, .. } = &stmt.kind else { return None };
            (self.body.exprs.as_const(*cond) == Some(&Value::Bool(true))).then_some(*label)
        };
        if let [only] = &list[..]
            && only.comments.leading.is_empty()
            && let Some(label) = forever(only)
            && let StmtKind::While { body, .. } = &only.kind
        {
            // A process starts over by itself.
            let mut inner = Writer::new("    ");
            self.loop_body(&mut inner, label, body, &[Exit::Continue(label)]);
            if !self.labels[label.index()].is_left {
                writer.append(&inner.finish_with_origins());
                return;
            }
            self.write_loop(writer, label, "", inner, "");
            writer.line("wait;");
            return;
        }
        let last = list.last().map(|stmt| (forever(stmt), &stmt.kind));
        self.stmts(writer, list, &[]);
        let ends = match last {
            Some((Some(label), _)) => !self.labels[label.index()].is_left,
            Some((None, StmtKind::Wait(waits))) => waits.is_empty(),
            Some((None, kind)) => matches!(kind, StmtKind::Return | StmtKind::Finish { .. }),
            None => false,
        };
        if !ends {
            writer.line("wait;");
        }
    }
}

/// The clock and the reset of a process that is woken by two edges and tests the level of one of them first, to store constants.
fn reset_by_hand(body: &Body, events: &[Event]) -> Option<(Event, Event)> {
    let [first, second] = events else { return None };
    let [Stmt { kind: StmtKind::If { arms, .. }, .. }] = &body.stmts[..] else { return None };
    let (cond, stores) = arms.first()?;
    let constant = stores.iter().all(|stmt| {
        let StmtKind::Next { place, value } = &stmt.kind else { return false };
        place.path.is_empty() && body.exprs.as_const(*value).is_some()
    });
    let (net, level) = tested_level(body, *cond)?;
    let tests = |event: &Event| {
        event.net == net
            && match event.edge {
                Edge::Rising => level,
                Edge::Falling => !level,
                Edge::Any => false,
            }
    };
    if !constant || first.net == second.net {
        return None;
    }
    match (tests(first), tests(second)) {
        (true, false) if second.edge != Edge::Any => Some((*second, *first)),
        (false, true) if first.edge != Edge::Any => Some((*first, *second)),
        _ => None,
    }
}
