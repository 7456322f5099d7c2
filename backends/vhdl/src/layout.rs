//! Long lines are broken where the language lets them be.

use pyhw_text::{LineOrigin, Text};

/// Lines are broken so that they fit, where they can be.
const MAX_COLUMNS: usize = 100;

/// The text with its long lines broken behind operators and commas; what goes on is one level deeper.
pub(crate) fn fold_long_lines(text: &Text) -> Text {
    let mut result = Text { text: String::with_capacity(text.text.len()), origins: Vec::new() };
    let mut origins = text.origins.iter().peekable();
    let mut count = 0;
    for (index, line) in text.text.lines().enumerate() {
        let origin = origins.next_if(|origin| origin.line as usize == index + 1);
        for part in fold(line) {
            count += 1;
            if let Some(origin) = origin {
                result.origins.push(LineOrigin { line: count, span: origin.span });
            }
            result.text.push_str(&part);
            result.text.push('\n');
        }
    }
    result
}

fn fold(line: &str) -> Vec<String> {
    if line.len() <= MAX_COLUMNS || line.trim_start().starts_with("--") {
        return vec![line.to_owned()];
    }
    let (code, comment) = split_comment(line);
    if code.trim_end().len() <= MAX_COLUMNS {
        // Only the comment is too long for the line.
        return vec![line.to_owned()];
    }
    let margin = code.len() - code.trim_start().len() + 4;
    let breaks = breaks(code);
    let deepest = breaks.iter().map(|(_, level)| *level).max().unwrap_or(0);
    // The outermost level at which the lines become short enough; if none, all breaks are used.
    let mut parts = vec![code.to_owned()];
    for level in 0..=deepest {
        parts = filled(code, &breaks, level, margin);
        if parts.iter().all(|part| part.len() <= MAX_COLUMNS) {
            break;
        }
    }
    if let (Some(first), false) = (parts.first_mut(), comment.is_empty()) {
        first.push_str("  ");
        first.push_str(comment);
    }
    parts
}

/// The line cut at the breaks up to a level, each part as long as may be.
fn filled(code: &str, breaks: &[(usize, usize)], level: usize, margin: usize) -> Vec<String> {
    let mut parts: Vec<String> = Vec::new();
    let mut start = 0;
    let mut last = 0;
    let indent = " ".repeat(margin);
    let ends = breaks.iter().filter(|(_, at)| *at <= level).map(|(at, _)| *at).chain([code.len()]);
    for end in ends {
        let lead = if parts.is_empty() { margin - 4 } else { margin };
        if lead + code[start..end].trim().len() > MAX_COLUMNS && last > start {
            let part = code[start..last].trim_end();
            parts.push(if parts.is_empty() {
                part.to_owned()
            } else {
                format!("{indent}{}", part.trim_start())
            });
            start = last;
        }
        last = end;
    }
    let part = code[start..].trim_end();
    parts.push(if parts.is_empty() { part.to_owned() } else { format!("{indent}{}", part.trim_start()) });
    parts
}

/// What a line may be broken behind, with how loosely it binds: the loosest first.
const BREAKS: [(&str, usize); 13] = [
    (", ", 0),
    (" else ", 0),
    (" downto ", 0),
    (" and ", 1),
    (" or ", 1),
    (" xor ", 1),
    (" xnor ", 1),
    (" & ", 2),
    (" + ", 2),
    (" - ", 2),
    (" * ", 3),
    (" / ", 3),
    (" mod ", 3),
];

/// The places behind operators and commas, with their level: how deep in parentheses they stand, then how loosely they bind.
/// Nothing within literals.
fn breaks(code: &str) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let mut depth = 0usize;
    let mut in_string = false;
    for (at, c) in code.char_indices() {
        match c {
            '"' => in_string = !in_string,
            '(' if !in_string => depth += 1,
            ')' if !in_string => depth = depth.saturating_sub(1),
            _ => {}
        }
        if !in_string
            && matches!(c, ' ' | ',')
            && let Some((word, rank)) = BREAKS.iter().find(|(word, _)| code[at..].starts_with(word))
        {
            let end = at + word.len();
            // `7 downto 0` stays together.
            if *word != " downto " || !code[end..].starts_with(|c: char| c.is_ascii_digit()) {
                found.push((end, depth * 4 + rank));
            }
        }
    }
    found
}

/// The code of a line and the comment at its end.
fn split_comment(line: &str) -> (&str, &str) {
    let mut in_string = false;
    for (at, c) in line.char_indices() {
        if c == '"' {
            in_string = !in_string;
        }
        if !in_string && line[at..].starts_with("-- ") {
            return (&line[..at], &line[at..]);
        }
    }
    (line, "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_line_stays() {
        assert_eq!(fold("    a <= b;  -- c"), ["    a <= b;  -- c"]);
    }

    #[test]
    fn a_long_line_is_broken_outside_of_parentheses_and_texts() {
        let name = "x".repeat(40);
        let line = format!("    y <= f({name}, 1) and \"a, b\" and f({name}, 2);  -- why");
        assert_eq!(
            fold(&line),
            [format!("    y <= f({name}, 1) and \"a, b\" and  -- why"), format!("        f({name}, 2);")]
        );
    }

    #[test]
    fn what_binds_most_loosely_is_broken_first() {
        let name = "x".repeat(30);
        let line = format!("y({name} * {name} + 3 downto {name} * 4) <= a;");
        assert_eq!(fold(&line), [format!("y({name} * {name} + 3 downto"), format!("    {name} * 4) <= a;")]);
    }

    #[test]
    fn what_cannot_be_broken_stays() {
        let line = format!("    {}", "x".repeat(200));
        assert_eq!(fold(&line), [line]);
    }
}
