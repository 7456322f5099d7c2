//! Long lines, broken where Verilog and the reader allow it.

/// From this length on a line is broken, in characters.
const MAX_LINE: usize = 110;
/// How much further in the rest of a broken line stands.
const HANG: usize = 8;
/// What a line can be broken behind.
const BREAKS: [&str; 12] =
    [" && ", " || ", " ? ", " : ", ", ", " + ", " - ", " | ", " & ", " ^ ", " * ", " == "];

/// The line as one or more: broken behind an operator or comma, as far out of the parentheses as possible.
pub fn lines(line: &str) -> Vec<String> {
    // A directive ends with its line.
    let is_whole = line.contains('"') || line.trim_start().starts_with('`') || line.ends_with('\\');
    if code(line).trim_end().len() <= MAX_LINE || is_whole || !line.is_ascii() {
        return vec![line.to_owned()];
    }
    let indent = line.len() - line.trim_start().len();
    let hang = " ".repeat(indent + HANG);
    let mut result = Vec::new();
    let mut rest = line.to_owned();
    let (mut depth, mut last) = (0usize, indent + HANG);
    while code(&rest).trim_end().len() > MAX_LINE {
        let Some((at, depth_there)) = best_break(&rest, depth, last) else { break };
        result.push(rest[..at].trim_end().to_owned());
        rest = format!("{hang}{}", rest[at..].trim_start());
        (depth, last) = (depth_there, indent + HANG);
    }
    result.push(rest);
    result
}

/// The line without the comment at its end. There are no texts in it.
fn code(line: &str) -> &str {
    &line[..line.find("//").unwrap_or(line.len())]
}

/// Where to break: the outermost place, and of several the last one, that leaves no more than a line. `depth` is that of the
/// parentheses at the line's beginning.
fn best_break(line: &str, depth: usize, from: usize) -> Option<(usize, usize)> {
    let comment = code(line).len();
    let mut depth = depth;
    let mut best: Option<(usize, usize)> = None;
    for (at, c) in line.char_indices() {
        match c {
            '(' | '{' | '[' => depth += 1,
            ')' | '}' | ']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if at < from || at >= comment {
            continue;
        }
        let found = BREAKS.iter().find(|mark| line[at..].starts_with(**mark));
        if let Some(mark) = found {
            let end = at + mark.len();
            if end <= MAX_LINE && best.is_none_or(|(_, known)| depth <= known) {
                best = Some((end, depth));
            }
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_line_is_broken_at_its_outermost_operator() {
        let sum = "a_long_name + another_long_name";
        let line = format!("    assign y = f({sum}, {sum}) && g({sum}, third);");
        let broken = lines(&line);
        assert_eq!(broken.len(), 2);
        assert!(broken[0].ends_with("&&"), "{broken:?}");
        assert_eq!(broken[1], format!("            g({sum}, third);"));
    }

    #[test]
    fn short_lines_comments_and_texts_stay() {
        let long = "x".repeat(200);
        let words = "a + b, ".repeat(30);
        for line in [
            "a = b;".to_owned(),
            format!("// {long}"),
            format!("$display(\"{long}\", a, b);"),
            format!("q <= d; // {words}"),
            format!("    q <= a + b;  // {words}// {words}"),
            format!("`define SUM {words} c"),
            format!("    {words} \\"),
        ] {
            assert_eq!(lines(&line).concat(), line);
        }
    }

    #[test]
    fn nothing_is_lost() {
        let line = format!("        y <= {};", vec!["{8'd0, some_name}"; 20].join(" + "));
        let broken = lines(&line);
        assert!(broken.iter().all(|line| line.len() <= MAX_LINE), "{broken:?}");
        let squeeze = |text: &str| text.replace(' ', "");
        assert_eq!(squeeze(&broken.concat()), squeeze(&line));
    }
}
