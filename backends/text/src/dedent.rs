//! Code of a user's own on its way into a file.

/// The lines of a text without the indentation that all of them share, and without blank lines at both ends.
pub fn dedented(text: &str) -> Vec<&str> {
    let mut lines: Vec<&str> = text.lines().map(str::trim_end).skip_while(|line| line.is_empty()).collect();
    while lines.last().is_some_and(|line| line.is_empty()) {
        lines.pop();
    }
    let indent = |line: &&str| line.len() - line.trim_start_matches([' ', '\t']).len();
    let shared = lines.iter().filter(|line| !line.is_empty()).map(indent).min().unwrap_or(0);
    lines.into_iter().map(|line| line.get(shared..).unwrap_or("")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_keeps_the_indentation_within_it() {
        let text = "\n  \n    a\n\n      b  \n   \n    c\n  ";
        assert_eq!(dedented(text), ["a", "", "  b", "", "c"]);
        assert!(dedented(" \n\n").is_empty());
    }
}
