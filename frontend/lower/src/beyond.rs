//! Bits that are read and lie beyond the width of what has them.

use crate::lowerer::Lowerer;
use crate::value::{Typed, Val};
use pyhw_diagnostics::{Code, Diagnostic, Severity, Span};
use pyhw_ir::{ExprId, Type};

impl<'a> Lowerer<'a> {
    /// Tells of bits that lie beyond the width of what is read: they are its sign, and 0 where it has none. A slice from bit 0 of what is
    /// no signal gives it another width, and is meant.
    pub fn warn_beyond(
        &mut self,
        value: &Val<'a>,
        typed: Typed,
        low: ExprId,
        width: Option<u32>,
        span: Span,
    ) {
        let (Some(has), Some(low)) = (typed.sized(), self.known_int(low)) else {
            return;
        };
        let Some(low) = low.to_u32() else { return };
        let (is_of_signal, end) = (matches!(value, Val::Signal(_)), low.saturating_add(width.unwrap_or(1)));
        if end <= has || (low == 0 && !is_of_signal) {
            return;
        }
        let is_signed = matches!(self.body.exprs.ty(typed.id), Type::Int(range) if range.is_signed());
        let bits = match (width, low >= has) {
            (None, _) => format!("bit {low} lies"),
            (Some(1), _) => format!("bit {low} lies"),
            (Some(_), true) => format!("bits {low} to {} lie", end - 1),
            (Some(_), false) if end - 1 == has => format!("bit {has} lies"),
            (Some(_), false) => format!("bits {has} to {} lie", end - 1),
        };
        let (verb, what) = match (bits.ends_with("lies"), is_signed) {
            (true, true) => ("is", "its sign"),
            (false, true) => ("are", "its sign"),
            (true, false) => ("is", "always 0"),
            (false, false) => ("are", "always 0"),
        };
        let name = match value {
            Val::Signal(signal) => self.cx.elaborated.signal(signal.like()).name.clone(),
            _ => None,
        };
        let name = name.map_or("a value".to_owned(), |name| format!("`{name}`"));
        let message = format!("{bits} beyond the {has} bits of {name}, and {verb} {what}");
        self.warnings.push(Diagnostic::new(Code::PH0315, span, message).severity(Severity::Warning));
    }
}
