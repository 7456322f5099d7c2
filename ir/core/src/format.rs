//! Text templates of prints and assertion messages: Python's `format` language.

/// How a value becomes text before its specification is applied.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Conversion {
    /// As `format(value, spec)`: integers as integers.
    Format,
    /// As `str(value)`.
    Str,
    /// As `repr(value)`.
    Repr,
    /// As `repr` of an `intbv` or `modbv` of this value: `intbv(5)`.
    ReprNamed(&'static str),
}

/// A part of a template.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Piece {
    /// Literal text.
    Text(String),
    /// The next operand.
    Operand {
        /// What is done first.
        conversion: Conversion,
        /// Python's format specification, such as `08b`; empty for the plain form.
        spec: String,
    },
}

/// Literal text with places for the operands of a `format` operator, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Template {
    /// The parts in order.
    pub pieces: Vec<Piece>,
}

impl Template {
    /// Literal text only.
    pub fn text(text: impl Into<String>) -> Template {
        Template { pieces: vec![Piece::Text(text.into())] }
    }

    /// How many operands it takes.
    pub fn operand_count(&self) -> usize {
        self.pieces.iter().filter(|piece| matches!(piece, Piece::Operand { .. })).count()
    }
}
