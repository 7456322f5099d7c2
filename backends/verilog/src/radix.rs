//! Numbers in another radix.

use pyhw_ir::Int;

/// The line with its decimal sized literals in hexadecimal; of a single bit they are binary already. Comments and texts stay.
pub fn in_hex(line: &str) -> String {
    let mut result = String::with_capacity(line.len());
    let mut rest = line;
    while let Some(first) = rest.chars().next() {
        let taken = match first {
            '"' => text_length(rest),
            '/' if rest.starts_with("//") => rest.len(),
            '0'..='9' => {
                let (length, literal) = literal(rest);
                if let Some(literal) = literal {
                    result.push_str(&literal);
                    rest = &rest[length..];
                    continue;
                }
                length
            }
            _ if is_word(first) => word_length(rest),
            _ => first.len_utf8(),
        };
        result.push_str(&rest[..taken]);
        rest = &rest[taken..];
    }
    result
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '$')
}

fn word_length(text: &str) -> usize {
    text.find(|c: char| !is_word(c)).unwrap_or(text.len())
}

/// The length of the text in quotes at the beginning.
fn text_length(text: &str) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            '"' if !escaped => return at + 1,
            '\\' if !escaped => escaped = true,
            _ => escaped = false,
        }
    }
    text.len()
}

/// The length of the number at the beginning, and what stands for it if it is a sized decimal literal.
fn literal(text: &str) -> (usize, Option<String>) {
    let width = word_length(text);
    let after = &text[width..];
    let (sign, digits_at) = if after.starts_with("'d") {
        ("", width + 2)
    } else if after.starts_with("'sd") {
        ("s", width + 3)
    } else {
        return (width, None);
    };
    let digits = &text[digits_at..];
    let length = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
    let Ok(value) = digits[..length].parse::<Int>() else { return (width, None) };
    (digits_at + length, Some(format!("{}'{sign}h{}", &text[..width], value.to_radix(16))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sized_decimal_literals_become_hexadecimal() {
        assert_eq!(in_hex("q <= (a == 8'd200) ? -8'sd16 : 4'd9;"), "q <= (a == 8'hc8) ? -8'sh10 : 4'h9;");
    }

    #[test]
    fn names_texts_comments_and_other_numbers_stay() {
        for line in
            ["x8'b1", "a10 = b[3:0];", "$display(\"8'd3 \\\" 8'd4\", q);", "q = 1'b0;  // 8'd12", "é = 3'b2"]
        {
            assert_eq!(in_hex(line), line);
        }
    }
}
