//! Waits of timed processes.

use crate::emitter::{Emitter, indented};
use crate::phrase::Prec;
use crate::types::{Result, Shape, inexpressible};
use pyhw_diagnostics::Span;
use pyhw_ir::{Edge, Event, NetId, Single, Type, Wait, walk_waits};

impl Emitter<'_> {
    /// The statements that wait for one of these.
    pub fn wait(&mut self, waits: &[Wait], span: Span) -> Result<Vec<String>> {
        let mut events = Vec::new();
        let mut delay: Option<String> = None;
        for wait in waits {
            match wait {
                Wait::Event(event) => events.push(*event),
                Wait::Delay(steps) if delay.is_none() => delay = Some(self.delay(*steps)?),
                Wait::Delay(_) => {
                    return Err(inexpressible(
                        span,
                        "a wait for the shorter of two delays has no form in VHDL",
                    ));
                }
                Wait::Join(parts) if waits.len() == 1 => return self.join(parts, span),
                Wait::Join(_) => {
                    return Err(inexpressible(span, "a join beside other waits has no form in VHDL"));
                }
            }
        }
        let mut text = String::from("wait");
        if !events.is_empty() {
            let only_changes = events.iter().all(|event| event.edge == Edge::Any);
            // `wait until` listens to every signal of its condition; a list is needed only beside changes.
            let needs_list = events.iter().any(|event| event.edge == Edge::Any);
            if needs_list {
                text.push_str(&format!(" on {}", self.nets_of(&events).join(", ")));
            }
            if !only_changes {
                let conditions: Result<Vec<String>> =
                    events.iter().map(|event| self.happened(event, span)).collect();
                text.push_str(&format!(" until {}", conditions?.join(" or ")));
            }
        }
        if let Some(delay) = delay {
            text.push_str(&format!(" for {delay}"));
        }
        text.push(';');
        Ok(vec![text])
    }

    fn delay(&mut self, steps: pyhw_ir::ExprId) -> Result<String> {
        if let Some(steps) = self.facts.constant(steps).and_then(|steps| steps.to_u64()) {
            return Ok(self.unit.time(steps));
        }
        let count = self.integer(steps)?;
        Ok(format!("{} * {}", count.at_least(Prec::Multiplying), self.unit.time(1)))
    }

    fn nets_of(&self, events: &[Event]) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        for event in events {
            let name = self.unit.net(event.net).to_owned();
            if !names.contains(&name) {
                names.push(name);
            }
        }
        names
    }

    /// Whether the event happened in this delta, as a condition.
    pub fn happened(&self, event: &Event, span: Span) -> Result<String> {
        let name = self.unit.net(event.net);
        match event.edge {
            Edge::Any => Ok(format!("{name}'event")),
            Edge::Rising | Edge::Falling => {
                let bit = self.edge_bit(event.net, span)?;
                let edge = if event.edge == Edge::Rising { "rising_edge" } else { "falling_edge" };
                Ok(format!("{edge}({bit})"))
            }
        }
    }

    /// The `std_logic` whose edges are those of the net.
    fn edge_bit(&self, net: NetId, span: Span) -> Result<String> {
        let name = self.unit.net(net);
        let net = self.unit.module.net(net);
        match &net.ty {
            Type::Bool => Ok(name.to_owned()),
            ty if Shape::of(ty).and_then(|shape| shape.kind()).is_some_and(|kind| kind.width == 1) => {
                Ok(format!("{name}(0)"))
            }
            _ => Err(inexpressible(
                span,
                format!("an edge of `{}`, which has more than one bit, has no form in VHDL", net.name),
            )),
        }
    }

    /// Waits for all of these: delays run beside each other, so that the longest counts; events are marked as they come.
    fn join(&mut self, parts: &[Wait], span: Span) -> Result<Vec<String>> {
        let (mut events, mut delays) = (Vec::new(), Vec::new());
        walk_waits(parts, &mut |wait| match wait {
            Single::Event(event) => events.push(event),
            Single::Delay(steps) => delays.push(steps),
        });
        let mut longest = None;
        for steps in delays {
            match self.facts.constant(steps).and_then(|steps| steps.to_u64()) {
                Some(steps) => longest = longest.max(Some(steps)),
                None => {
                    return Err(inexpressible(
                        span,
                        "a join of delays that are computed has no form in VHDL",
                    ));
                }
            }
        }
        match (longest, events.len()) {
            (Some(steps), 0) => return Ok(vec![format!("wait for {};", self.unit.time(steps))]),
            (Some(_), _) => {
                return Err(inexpressible(span, "a join of delays and events has no form in VHDL"));
            }
            (None, 0) => return Ok(vec!["wait;".to_owned()]),
            (None, _) => {}
        }
        let flags: Vec<String> = events
            .iter()
            .map(|event| {
                let past = match event.edge {
                    Edge::Any => "changed",
                    Edge::Rising => "rose",
                    Edge::Falling => "fell",
                };
                let wanted = format!("{}_{past}", self.unit.net(event.net));
                self.temp(&wanted, Shape::Boolean)
            })
            .collect();
        let mut lines: Vec<String> = flags.iter().map(|flag| format!("{flag} := false;")).collect();
        let mut body = vec![format!("wait on {};", self.nets_of(&events).join(", "))];
        for (event, flag) in events.iter().zip(&flags) {
            body.push(format!("{flag} := {flag} or {};", self.happened(event, span)?));
        }
        body.push(format!("exit when {};", flags.join(" and ")));
        lines.push("loop".to_owned());
        lines.extend(indented(body));
        lines.push("end loop;".to_owned());
        Ok(lines)
    }
}
