//! Processes: concurrent assignments, combinational, clocked and timed processes.

use crate::concurrent::concurrent;
use crate::emitter::{Emitter, Variable};
use crate::stmt::{Exit, leading_comments};
use crate::types::{Shape, inexpressible, range_note};
use crate::unit::{Unit, Uses};
use pyhw_diagnostics::Diagnostic;
use pyhw_ir::{Body, NetId, Process, ProcessBody, ProcessId, ProcessKind, Stmt, StmtKind, Value, walk_stmts};
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

pub(crate) fn distinct(unit: &Unit<'_>, nets: impl Iterator<Item = NetId>) -> Vec<String> {
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
    pub(crate) fn activation(&mut self, writer: &mut Writer, list: &[Stmt]) {
        let mut inner = Writer::new("    ");
        self.stmts(&mut inner, list, &[Exit::Return]);
        self.wrap_activation(writer, inner);
    }

    pub(crate) fn wrap_activation(&mut self, writer: &mut Writer, inner: Writer) {
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
