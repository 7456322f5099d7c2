//! Waits of timed processes.

use crate::expr::{Around, Scope};
use crate::stmt::Stmts;
use pyhw_ir::{Edge, Event, Wait};
use pyhw_text::Writer;

impl Stmts<'_, '_, '_> {
    pub(crate) fn wait(&mut self, waits: &[Wait], end: &str, w: &mut Writer) {
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
                        Wait::Event(event) => Some(event_text(self.scope, event)),
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

    pub(crate) fn fork(&mut self, waits: &[Wait], first: Option<&str>, w: &mut Writer) {
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

    pub(crate) fn single_wait(&mut self, wait: &Wait) -> String {
        match wait {
            Wait::Event(event) => format!("@({})", event_text(self.scope, event)),
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
