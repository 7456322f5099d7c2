//! Clocked processes: the edge, the reset, and resets that the source tests itself.

use crate::emitter::Emitter;
use crate::process::distinct;
use crate::stmt::{Exit, trailing};
use crate::types::{Result, inexpressible};
use pyhw_ir::{Body, Edge, Event, ExprId, NetId, NetKind, Process, Reset, Stmt, StmtKind};
use pyhw_passes::tested_level;
use pyhw_text::{Row, Writer, comment_lines, to_ascii};

impl Emitter<'_> {
    /// Writes the body of a clocked process and gives its sensitivity list.
    pub(crate) fn clocked(
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
