//! Formats of Python that a print of hardware cannot follow.

/// What of a format specification neither `$display` nor VHDL's images have, in words for a message; `None` of any other.
pub fn beyond_hardware(spec: &str) -> Option<&'static str> {
    let has = |letters: &str| spec.contains(|c: char| letters.contains(c));
    if has("^") {
        Some("what is centred in its field")
    } else if has(",_") {
        Some("digits in groups")
    } else if has("+ ") {
        Some("a sign for numbers that are not negative")
    } else if has(".eEfFgG%") {
        Some("fractions")
    } else if has("=") || spec.chars().nth(1).is_some_and(|align| "<>".contains(align)) {
        Some("what fills a field, other than blanks and zeros")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cause_is_named() {
        let of = |spec| beyond_hardware(spec).unwrap_or("nothing");
        assert_eq!(of("^5d"), "what is centred in its field");
        assert_eq!(of(","), "digits in groups");
        assert_eq!(of("+d"), "a sign for numbers that are not negative");
        assert_eq!(of(".3f"), "fractions");
        assert_eq!(of("*>8"), "what fills a field, other than blanks and zeros");
        assert_eq!([of("08x"), of(">5"), of("#b"), of("<8")], ["nothing"; 4]);
    }
}
