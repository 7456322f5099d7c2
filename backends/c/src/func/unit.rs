//! What all functions of a file share.

use crate::bounds::Bounds;
use crate::layout::{LIMB_BITS, Layout, Storage, limbs};
use crate::support::{Helper, Support};
use crate::table::Tables;
use pyhw_diagnostics::{Code, Diagnostic, Span};
use pyhw_text::Namer;

/// What the functions of a file share.
#[derive(Debug)]
pub struct Unit<'a> {
    /// Names and storage.
    pub layout: Layout<'a>,
    /// What values can be.
    pub bounds: Bounds,
    /// Nets that nothing drives and that are no inputs: constants.
    pub fixed: Vec<bool>,
    /// The helper functions in use.
    pub support: Support,
    /// The constant tables in use.
    pub tables: Tables,
    /// Names that no local may have, besides those that start with the module's name.
    pub locals: Namer,
    /// What could not be said.
    pub errors: Vec<Diagnostic>,
}

/// The most limbs that a helper function counts.
const MAX_LIMBS: u32 = 255;

impl Unit<'_> {
    /// Notes that something cannot be said in C.
    pub fn refuse(&mut self, span: Span, message: impl Into<String>) {
        let error = Diagnostic::new(Code::PH0501, span, message);
        if !self.errors.contains(&error) {
            self.errors.push(error);
        }
    }

    /// Notes that the design holds what no verified one does, or that this crate is wrong: a fault of pyhw itself. What is given
    /// instead of a value is never written, since any finding keeps the files back.
    pub fn bug(&mut self, span: Span, message: impl Into<String>) {
        let bug = Diagnostic::bug(span, message);
        if !self.errors.contains(&bug) {
            self.errors.push(bug);
        }
    }

    /// The call of a helper function.
    pub fn call(&mut self, helper: Helper, args: &[String]) -> String {
        self.support.need(helper);
        format!("{}({})", helper.name(), args.join(", "))
    }

    /// The number of limbs as an argument.
    pub fn count(&mut self, count: u32) -> String {
        if count > MAX_LIMBS {
            let bits = count * LIMB_BITS;
            self.refuse(Span::NONE, format!("an intermediate result of {bits} bits is too long for C"));
        }
        self.support.longest = self.support.longest.max(count);
        format!("{count}U")
    }

    /// Lines that copy a value from place to place; `names` are taken where they stand.
    pub fn copy_lines(&mut self, names: &Namer, storage: &Storage, to: &str, from: &str) -> Vec<String> {
        match storage {
            Storage::Bool | Storage::Scalar { .. } | Storage::Enum(..) | Storage::Struct(_) => {
                vec![format!("{to} = {from};")]
            }
            Storage::Wide { width, .. } => {
                let count = self.count(limbs(*width));
                vec![format!("{};", self.call(Helper::WideCopy, &[to.into(), from.into(), count]))]
            }
            Storage::Array(element, length) => {
                let mut names = names.scope();
                let counter = names.fresh("i");
                let at = |place: &str| format!("{place}[{counter}]");
                let inner = self.copy_lines(&names, element, &at(to), &at(from));
                counted(&counter, *length, inner)
            }
        }
    }
}

/// A loop over the elements of an array.
pub fn counted(counter: &str, length: u32, inner: Vec<String>) -> Vec<String> {
    let ty = match length {
        0..=255 => "uint8_t",
        256..=65535 => "uint16_t",
        _ => "uint32_t",
    };
    let mut lines = vec![format!("for ({ty} {counter} = 0U; {counter} < {length}U; {counter}++) {{")];
    lines.extend(inner.into_iter().map(|line| format!("    {line}")));
    lines.push("}".into());
    lines
}
