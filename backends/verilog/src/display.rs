//! Prints and messages: Python's formats as those of `$display`.

use crate::expr::{Around, Scope};
use crate::helper::{Helper, pad_string};
use crate::text::Text;
use pyhw_ir::{Conversion, EnumId, ExprId, ExprKind, Op, Piece, Template, Type, Value};
use pyhw_text::to_ascii;

/// A format string, without its quotes, and the arguments for it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Message {
    pub format: String,
    pub args: Vec<Text>,
}

impl Message {
    /// Literal text.
    pub fn text(text: &str) -> Message {
        Message { format: escape(text), args: Vec::new() }
    }

    /// Two messages in a row.
    pub fn then(mut self, other: Message) -> Message {
        self.format.push_str(&other.format);
        self.args.extend(other.args);
        self
    }

    /// The statement that writes the message: `$display`, or `$write` where no line ends behind it.
    pub fn statement(&self) -> String {
        let (task, format) = match self.format.strip_suffix("\\n") {
            Some(line) => ("$display", line),
            None => ("$write", &*self.format),
        };
        let mut parts = vec![format!("\"{format}\"")];
        parts.extend(self.args.iter().map(|arg| arg.s.clone()));
        format!("{task}({});", parts.join(", "))
    }
}

/// Text inside the quotes of a format string (IEEE 1364-2005, 3.6 and 17.1.1.1).
fn escape(text: &str) -> String {
    let mut result = String::new();
    for c in to_ascii(text).chars() {
        match c {
            '"' => result.push_str("\\\""),
            '\\' => result.push_str("\\\\"),
            '\n' => result.push_str("\\n"),
            '\t' => result.push_str("\\t"),
            '%' => result.push_str("%%"),
            c if c.is_ascii_control() => result.push_str(&format!("\\{:03o}", u32::from(c))),
            c => result.push(c),
        }
    }
    result
}

impl Scope<'_, '_> {
    /// A text expression as a message.
    pub fn message(&mut self, e: ExprId) -> Message {
        let body = self.body;
        match body.exprs.kind(e) {
            ExprKind::Const(Value::Text(text)) => Message::text(text),
            ExprKind::Op(Op::Format { template }, args) => self.format(template, args),
            ExprKind::Op(Op::Mux, args) => {
                let texts = [args[1], args[2]].map(|arg| match self.value(arg) {
                    Some(Value::Text(text)) => Some(to_ascii(text)),
                    _ => None,
                });
                let [Some(then), Some(otherwise)] = texts else { return self.refuse_text() };
                let cond = self.cond(args[0]);
                Message { format: "%0s".to_owned(), args: vec![either(cond, &then, &otherwise)] }
            }
            ExprKind::Const(_) | ExprKind::Net(_) | ExprKind::Var(_) | ExprKind::Op(..) => self.refuse_text(),
        }
    }

    fn refuse_text(&mut self) -> Message {
        self.cx.refuse(self.span, "a text that is computed: Verilog-2005 has no strings of their own");
        Message::default()
    }

    fn format(&mut self, template: &Template, args: &[ExprId]) -> Message {
        let mut message = Message::default();
        let mut args = args.iter();
        for piece in &template.pieces {
            let part = match piece {
                Piece::Text(text) => Message::text(text),
                Piece::Operand { conversion, spec } => match args.next() {
                    Some(arg) => self.operand(*arg, *conversion, spec),
                    None => Message::default(),
                },
            };
            message = message.then(part);
        }
        message
    }

    fn operand(&mut self, e: ExprId, conversion: Conversion, spec: &str) -> Message {
        let body = self.body;
        match body.exprs.ty(e) {
            Type::Int(_) => {
                let number = self.number(e, spec);
                match conversion {
                    Conversion::ReprNamed(name) => {
                        Message::text(&format!("{name}(")).then(number).then(Message::text(")"))
                    }
                    Conversion::Format | Conversion::Str | Conversion::Repr => number,
                }
            }
            // A format with a type or width takes a boolean for a number.
            Type::Bool if !spec.is_empty() && conversion == Conversion::Format => self.number(e, spec),
            Type::Bool => {
                let cond = self.cond(e);
                self.refuse_spec(spec);
                Message { format: "%0s".to_owned(), args: vec![either(cond, "True", "False")] }
            }
            Type::Enum(id) => {
                self.refuse_spec(spec);
                self.member_name(e, *id)
            }
            Type::Text => {
                self.refuse_spec(spec);
                self.message(e)
            }
            Type::Array(..) | Type::Struct(_) | Type::Opaque => {
                self.cx.refuse(self.span, "a print of a value that `$display` has no form for");
                Message::default()
            }
        }
    }

    fn refuse_spec(&mut self, spec: &str) {
        if !spec.is_empty() {
            let why = pyhw_text::beyond_hardware(spec)
                .or_else(|| spec.contains('<').then_some("what stands at the left of its field"));
            self.refuse_for(spec, why);
        }
    }

    /// Refuses a specification, with what `$display` lacks.
    fn refuse_for(&mut self, spec: &str, lacks: Option<&str>) {
        let message = format!("the format `{spec}`, which `$display` cannot say");
        self.cx.refuse(
            self.span,
            match lacks {
                Some(lacks) => format!("{message}: it has no form for {lacks}"),
                None => message,
            },
        );
    }

    /// Refuses a specification that only a number that may be negative has no form for.
    fn refuse_negative(&mut self, spec: &str, kind: &str) {
        match kind {
            "x" | "b" | "o" => self
                .refuse_for(spec, Some("negative numbers except in decimal, and this one may be negative")),
            _ => self.refuse_spec(spec),
        }
    }

    fn number(&mut self, e: ExprId, spec: &str) -> Message {
        let digits = spec.trim_end_matches(|c: char| c.is_ascii_alphabetic());
        let kind = &spec[digits.len()..];
        let (prefix, digits) = match digits.split_once('#') {
            Some((align, digits)) => (prefix(kind), format!("{align}{digits}")),
            None => ("", digits.to_owned()),
        };
        let zeros = digits.starts_with('0') && digits.len() > 1;
        let width = digits.strip_prefix('>').unwrap_or(&digits);
        let is_plain = width.chars().all(|c| c.is_ascii_digit()) && width.len() <= 4;
        let negative = self.is_negative(e);
        let sign = match kind {
            "" | "d" => "d",
            "x" if !negative => "h",
            "b" if !negative => "b",
            "o" if !negative => "o",
            _ => {
                self.refuse_negative(spec, kind);
                "d"
            }
        };
        if !is_plain {
            self.refuse_spec(spec);
        }
        let width = width.trim_start_matches('0');
        // The width of Python's format counts the prefix; blanks before it are refused below.
        let narrowed = width.parse::<usize>().map(|width| width.saturating_sub(prefix.len()).to_string());
        let width = match &narrowed {
            Ok(narrowed) if zeros => narrowed.trim_start_matches('0'),
            Ok(_) | Err(_) => width,
        };
        // A width pads with blanks for decimal numbers and with zeros for the others (IEEE 1364-2005, 17.1.1.2).
        let format = match (width, zeros) {
            ("", _) => format!("%0{sign}"),
            (width, true) => format!("%0{width}{sign}"),
            (width, false) => {
                if sign != "d" {
                    self.refuse_spec(spec);
                }
                format!("%{width}{sign}")
            }
        };
        let bits = self.natural_width(e);
        let arg = if negative {
            self.low_signed(e, bits)
        } else {
            self.low(e, bits, Around::Alone).into_unsigned()
        };
        Message::text(prefix).then(Message { format, args: vec![arg] })
    }

    fn member_name(&mut self, e: ExprId, id: EnumId) -> Message {
        let ty = &self.cx.design.types.enums[id.index()];
        let names: Vec<_> = ty.members.iter().map(|(name, code)| (code.clone(), to_ascii(name))).collect();
        let chars = names.iter().map(|(_, name)| name.len() as u32).max().unwrap_or(1).max(1);
        let code_bits = ty.width_bits;
        let code = self.low(e, code_bits, Around::Alone);
        let name = self.call(Helper::Name { code_bits, names, chars }, &[code]);
        Message { format: "%0s".to_owned(), args: vec![name] }
    }
}

/// What Python's alternate form puts before a number.
fn prefix(kind: &str) -> &'static str {
    match kind {
        "x" => "0x",
        "b" => "0b",
        "o" => "0o",
        _ => "",
    }
}

/// One of two texts, at one width.
fn either(cond: Text, then: &str, otherwise: &str) -> Text {
    let chars = then.len().max(otherwise.len()).max(1) as u32;
    let string = |text: &str| Text::primary(pad_string(&escape(text), chars));
    Text::cond(cond, string(then), string(otherwise))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_escaped() {
        assert_eq!(escape("100 % of \"x\"\\\n"), "100 %% of \\\"x\\\"\\\\\\n");
    }

    #[test]
    fn a_line_end_chooses_display() {
        assert_eq!(Message::text("done\n").statement(), "$display(\"done\");");
        assert_eq!(Message::text("done").statement(), "$write(\"done\");");
    }
}
