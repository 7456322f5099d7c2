//! Text of the source on its way into comments.

/// The lines of a docstring or comment for comment lines of at most `width` characters (the comment sign not counted).
///
/// Indentation that all lines but the first share is removed, as are blank lines at both ends. Line breaks of the source stay;
/// longer lines are broken at blanks. `*/` is taken apart, so that a C comment does not end early.
pub fn comment_lines(text: &str, width: usize) -> Vec<String> {
    let clean = clean(text);
    let lines: Vec<&str> = clean.lines().map(str::trim_end).collect();
    let indent = |line: &str| line.len() - line.trim_start().len();
    let shared =
        lines.iter().skip(1).filter(|line| !line.is_empty()).map(|line| indent(line)).min().unwrap_or(0);
    let mut result: Vec<String> = Vec::new();
    // What did not fit on a line goes on at the beginning of the next one, if that is of the same paragraph.
    let mut rest: Option<String> = None;
    for (index, line) in lines.iter().enumerate() {
        let line = if index == 0 { line.trim_start() } else { &line[shared.min(indent(line))..] };
        if result.is_empty() && rest.is_none() && line.is_empty() {
            continue;
        }
        let line = match rest.take() {
            Some(rest) if goes_on(&rest, line) => format!("{rest} {}", line.trim_start()),
            Some(rest) => {
                result.push(rest);
                line.to_owned()
            }
            None => line.to_owned(),
        };
        let before = result.len();
        wrap(&line, width, &mut result);
        if result.len() > before + 1 {
            rest = result.pop();
        }
    }
    result.extend(rest);
    while result.last().is_some_and(String::is_empty) {
        result.pop();
    }
    result
}

/// The text on one line, for a comment at the end of a line.
pub fn one_line(text: &str) -> String {
    clean(text).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The comment of a declaration: the lines that stand before it, of at most `width` characters, and what stands behind it. Behind
/// it stands the last line, which is empty if there are only lines before.
pub fn around(comment: &str, width: usize) -> (Vec<String>, Option<String>) {
    let (before, behind) = match comment.rsplit_once('\n') {
        Some((before, behind)) => (comment_lines(before, width), behind),
        None => (Vec::new(), comment),
    };
    let behind = one_line(behind);
    (before, (!behind.is_empty()).then_some(behind))
}

/// The text in ASCII, for languages whose tools take nothing else: typographic signs become their plain forms, every other
/// character a question mark.
pub fn to_ascii(text: &str) -> String {
    let mut result = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            c if c.is_ascii() => result.push(c),
            '\u{2010}'..='\u{2015}' | '\u{2212}' => result.push('-'),
            '\u{2018}' | '\u{2019}' => result.push('\''),
            '\u{201c}' | '\u{201d}' | '\u{201e}' => result.push('"'),
            '\u{2026}' => result.push_str("..."),
            '\u{a0}' => result.push(' '),
            'µ' | 'μ' => result.push('u'),
            '·' => result.push('*'),
            '×' => result.push('x'),
            '≤' => result.push_str("<="),
            '≥' => result.push_str(">="),
            '≠' => result.push_str("!="),
            '→' => result.push_str("->"),
            '←' => result.push_str("<-"),
            'ä' => result.push_str("ae"),
            'ö' => result.push_str("oe"),
            'ü' => result.push_str("ue"),
            'ß' => result.push_str("ss"),
            'à'..='å' => result.push('a'),
            'è'..='ë' => result.push('e'),
            'ì'..='ï' => result.push('i'),
            _ => result.push('?'),
        }
    }
    result
}

/// Without control characters other than line ends, and without what would end or nest a C comment.
fn clean(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\t', "    ");
    let text: String = text.chars().filter(|c| *c == '\n' || !c.is_control()).collect();
    text.replace("*/", "* /").replace("/*", "/ *")
}

/// Whether a line belongs to the paragraph of the one before: it stands as deep, and is no item of a list.
fn goes_on(before: &str, line: &str) -> bool {
    let indent = |line: &str| line.len() - line.trim_start().len();
    let first = line.trim_start().chars().next();
    indent(before) == indent(line) && first.is_some_and(|c| c.is_alphabetic() || "`'\"(".contains(c))
}

fn wrap(line: &str, width: usize, into: &mut Vec<String>) {
    if line.chars().count() <= width {
        into.push(line.to_owned());
        return;
    }
    let indent = &line[..line.len() - line.trim_start().len()];
    let mut current = String::from(indent);
    let mut is_empty = true;
    for word in line.split_whitespace() {
        if !is_empty && current.chars().count() + 1 + word.chars().count() > width {
            into.push(std::mem::replace(&mut current, String::from(indent)));
            is_empty = true;
        }
        if !is_empty {
            current.push(' ');
        }
        current.push_str(word);
        is_empty = false;
    }
    into.push(current);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_docstring_loses_its_indentation_and_keeps_its_lines() {
        let doc = "Serial port.\n\n    Sends bytes:\n      - LSB first\n    ";
        assert_eq!(comment_lines(doc, 80), ["Serial port.", "", "Sends bytes:", "  - LSB first"]);
        assert_eq!(comment_lines("\n   first\n   second\n", 80), ["first", "second"]);
        assert!(comment_lines(" \n ", 80).is_empty());
    }

    #[test]
    fn long_lines_are_broken_at_blanks() {
        assert_eq!(comment_lines("one two three four", 9), ["one two", "three", "four"]);
        assert_eq!(comment_lines("x\n  aa bb cc", 5), ["x", "aa bb", "cc"]);
        assert_eq!(comment_lines("unbreakable", 4), ["unbreakable"]);
    }

    #[test]
    fn what_does_not_fit_goes_on_in_the_next_line_of_a_paragraph() {
        assert_eq!(
            comment_lines("one two three\nfour five\n\nsix", 9),
            ["one two", "three", "four five", "", "six"]
        );
        assert_eq!(comment_lines("one two three\nfour\nfive", 10), ["one two", "three four", "five"]);
        assert_eq!(comment_lines("one two three\n- four", 9), ["one two", "three", "- four"]);
        assert_eq!(comment_lines("one two three\n\nfour", 9), ["one two", "three", "", "four"]);
    }

    #[test]
    fn a_comment_cannot_end_early() {
        assert_eq!(comment_lines("a */ b /* c\u{7}", 80), ["a * / b / * c"]);
        assert_eq!(one_line("two\n  lines"), "two lines");
    }

    #[test]
    fn ascii_keeps_what_can_be_read() {
        assert_eq!(to_ascii("5 µs – “größer” … 漢"), "5 us - \"groesser\" ... ?");
    }
}
