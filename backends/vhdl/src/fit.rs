//! Vectors of one type as vectors of another.

use crate::phrase::{Kind, Phrase, Prec, fits_integer, vector};
use crate::types::Shape;
use pyhw_ir::{Int, Range, interval};

/// A vector of type `own` reduced into the interval, as a vector of type `kind`. Its distance from the least value must fit
/// into `own`.
pub(crate) fn wrapped(operand: &Phrase, own: Kind, range: &Range, kind: Kind) -> Phrase {
    let (Some((min, _)), Some(size)) = (range.bounds(), range.size()) else { return operand.clone() };
    if size == Int::ONE {
        return vector(min, kind);
    }
    // The distance from the least value, reduced, and the least value added again.
    let reduced = Range::new(Int::ZERO, size.sub(&Int::ONE));
    let operand = plus(operand, &min.neg(), own);
    let (text, made) = if !own.signed && fits_integer(&size) {
        (Phrase::binary(&operand, "mod", &Phrase::primary(size.to_string()), Prec::Multiplying), own)
    } else {
        let size_kind = Kind::of(&Range::new(if own.signed { -1i64 } else { 0 }, size.clone()));
        let divisor = vector(&size, size_kind);
        (Phrase::binary(&operand, "mod", &divisor, Prec::Multiplying), size_kind)
    };
    let text = fit(&text, made, kind, &reduced);
    plus(&text, min, kind)
}

/// The values of a vector after a shift to the right.
pub(crate) fn shifted(kind: Kind, amount: u32) -> Range {
    interval::shr(&kind.range(), &Range::exactly(amount))
}

/// The same bits as `unsigned` or `signed`.
pub(crate) fn convert(text: &Phrase, from_signed: bool, to_signed: bool) -> Phrase {
    if from_signed == to_signed {
        return text.clone();
    }
    // What was converted the other way is taken back instead.
    let back = if to_signed { "unsigned(" } else { "signed(" };
    if let Some(inner) = text.text.strip_prefix(back).and_then(|rest| rest.strip_suffix(')'))
        && encloses(inner)
    {
        return Phrase::primary(inner);
    }
    Phrase::call(if to_signed { "signed" } else { "unsigned" }, &[&text.text])
}

/// Whether a text is one operand: its parentheses are closed within it, and no blank stands outside of them.
fn encloses(text: &str) -> bool {
    let mut depth = 0;
    for c in text.chars() {
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            ' ' if depth == 0 => return false,
            _ => {}
        }
        if depth < 0 {
            return false;
        }
    }
    depth == 0
}

/// A name of type `own` as a vector of type `kind`: extended, cut or as it is.
pub(crate) fn fit_name(name: &str, own: Kind, kind: Kind) -> Phrase {
    let text = if kind.width > own.width {
        Phrase::call("resize", &[name, &kind.width.to_string()])
    } else if kind.width < own.width {
        Phrase::primary(format!("{name}({} downto 0)", kind.width - 1))
    } else {
        Phrase::primary(name)
    };
    convert(&text, own.signed, kind.signed)
}

/// A name of one type as a value of another that differs in the widths of elements; `None` where more than that differs.
pub(crate) fn fit_elements(name: &str, own: &Shape, shape: &Shape) -> Option<String> {
    match (own, shape) {
        _ if own == shape => Some(name.to_owned()),
        (Shape::Vector(own), Shape::Vector(kind)) => Some(fit_name(name, *own, *kind).text),
        (Shape::Array(own, length), Shape::Array(element, same)) if length == same => {
            let of = |at| Some(format!("{at} => {}", fit_elements(&format!("{name}({at})"), own, element)?));
            let elements: Option<Vec<String>> = (0..*length).map(of).collect();
            Some(format!("({})", elements?.join(", ")))
        }
        _ => None,
    }
}

/// A computed vector of type `own`, whose value lies in `range`, as one of type `kind`.
///
/// `resize` of a `signed` to fewer bits keeps the sign and drops a bit, so that values which do not fit go through `unsigned`.
pub(crate) fn fit(text: &Phrase, own: Kind, kind: Kind, range: &Range) -> Phrase {
    if own.width == kind.width {
        return convert(text, own.signed, kind.signed);
    }
    let width = kind.width.to_string();
    if own.signed && kind.width < own.width && !Range::signed(kind.width).contains_range(range) {
        let low = Phrase::call("resize", &[&convert(text, true, false).text, &width]);
        return convert(&low, false, kind.signed);
    }
    convert(&Phrase::call("resize", &[&text.text, &width]), own.signed, kind.signed)
}

/// The vector with a constant added.
fn plus(text: &Phrase, value: &Int, kind: Kind) -> Phrase {
    if value.is_zero() {
        return text.clone();
    }
    let (operator, amount) = if value.is_negative() { ("-", value.neg()) } else { ("+", value.clone()) };
    let operand = if fits_integer(&amount) && kind.range().contains(&amount) {
        Phrase::primary(amount.to_string())
    } else {
        vector(&amount, kind)
    };
    Phrase::binary(text, operator, &operand, Prec::Adding)
}
