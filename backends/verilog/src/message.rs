//! Prints, assertions and faults: what only simulators take.

use crate::display::Message;
use crate::stmt::Stmts;
use crate::text::Text;
use pyhw_diagnostics::Span;
use pyhw_ir::{ExprId, Int};
use pyhw_text::Writer;

impl Stmts<'_, '_, '_> {
    /// The message of a fault of the design, with its place.
    pub(crate) fn fault(&mut self, what: &str, text: Option<Message>, span: Span) -> Message {
        let place = self.scope.cx.design.sources.line(span);
        let mut message =
            Message::text(&if place.is_empty() { what.to_owned() } else { format!("{place}: {what}") });
        if let Some(text) = text.filter(|text| !text.format.is_empty()) {
            message = message.then(Message::text(": ")).then(text);
        }
        message.then(Message::text("\n"))
    }

    pub(crate) fn assert(
        &mut self,
        cond: ExprId,
        message: Option<ExprId>,
        span: Span,
        end: &str,
        w: &mut Writer,
    ) {
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

    pub(crate) fn finish(&self, w: &mut Writer) {
        w.line("$finish;");
        if self.manner.timed {
            w.line(format!("disable {};", self.process));
        }
    }

    /// Writes what only simulators take.
    pub(crate) fn simulated(&mut self, w: &mut Writer, write: impl FnOnce(&mut Self, &mut Writer)) {
        if self.manner.timed {
            write(self, w);
        } else {
            w.line("`ifndef SYNTHESIS");
            write(self, w);
            w.line("`endif");
        }
    }
}
