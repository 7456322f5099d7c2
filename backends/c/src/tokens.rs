//! The names that emitted C mentions.

/// The identifiers of a text, in order, apart from members of structs and from what stands in comments.
pub fn names(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    let mut is_member = false;
    std::iter::from_fn(move || {
        loop {
            let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
            let start = rest.find(|c: char| is_part(c) || matches!(c, '/' | '.' | '-'))?;
            rest = &rest[start..];
            if let Some(comment) = rest.strip_prefix("/*") {
                rest = &comment[comment.find("*/").map_or(comment.len(), |end| end + 2)..];
                continue;
            }
            if let Some(member) = rest.strip_prefix("->").or_else(|| rest.strip_prefix('.')) {
                (rest, is_member) = (member, true);
                continue;
            }
            let end = rest.find(|c: char| !is_part(c)).unwrap_or(rest.len());
            let (word, after) = rest.split_at(end.max(1));
            rest = after;
            let is_name = word.starts_with(|c: char| is_part(c) && !c.is_ascii_digit());
            if is_name && !std::mem::take(&mut is_member) {
                return Some(word);
            }
        }
    })
}

/// How often a name stands in a text.
pub fn count(text: &str, name: &str) -> usize {
    names(text).filter(|word| *word == name).count()
}

/// The text with another expression in the place of a name.
pub fn renamed(text: &str, name: &str, to: &str) -> String {
    let mut result = String::new();
    let mut done = 0;
    for word in names(text).filter(|word| *word == name) {
        let start = word.as_ptr() as usize - text.as_ptr() as usize;
        result += &text[done..start];
        result += to;
        done = start + word.len();
    }
    result + &text[done..]
}

/// Whether a local stands in the text only where it, or a part of it, is declared or set.
pub fn is_only_set(text: &str, name: &str) -> bool {
    let mut sets = 0;
    for line in text.lines() {
        match count(line, name) {
            0 => {}
            1 if sets_name(line.trim_start(), name) => sets += 1,
            _ => return false,
        }
    }
    sets > 0
}

/// Whether the line declares the local, stores into it or a part of it, or lets a helper function do so.
fn sets_name(line: &str, name: &str) -> bool {
    let target = line.strip_prefix("const ").unwrap_or(line);
    // The type before a declaration, or the helper that takes its result's place first.
    let target = match target.split_once([' ', '(']) {
        Some((first, rest)) if first != name && !first.contains('[') && rest.starts_with(name) => rest,
        _ => target,
    };
    let Some(mut rest) = target.strip_prefix(name) else { return false };
    while let Some(index) = rest.strip_prefix('[') {
        let Some(end) = matching(index) else { return false };
        rest = &index[end + 1..];
    }
    if rest.starts_with('.') {
        return rest.contains(" = ");
    }
    rest.starts_with(" = ") || rest.starts_with(';') || (rest.starts_with(", ") && line.starts_with("wide_"))
}

/// Where the bracket that is open at the beginning of the text is closed.
fn matching(text: &str) -> Option<usize> {
    let mut depth = 0usize;
    text.char_indices().find_map(|(at, c)| {
        match c {
            '[' => depth += 1,
            ']' if depth == 0 => return Some(at),
            ']' => depth -= 1,
            _ => {}
        }
        None
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_and_comments_are_no_names() {
        let found: Vec<&str> = names("self->x = (uint8_t)(t.x + 12U); /* x */ x_1 - y->z[k]").collect();
        assert_eq!(found, ["self", "uint8_t", "t", "x_1", "y", "k"]);
    }

    #[test]
    fn a_name_gives_way_but_neither_a_member_nor_a_longer_name() {
        assert_eq!(renamed("old < t.old + old_2[old]", "old", "self->x"), "self->x < t.old + old_2[self->x]");
    }

    #[test]
    fn a_declaration_or_store_is_no_use() {
        for line in [
            "uint8_t x;",
            "const uint8_t x = self->x;",
            "x = 5U; /* x */",
            "x[y[2]] = 0U;",
            "uint16_t x[3][2];",
            "x.a[1] = 2U;",
            "wide_copy(x, y, 3U);",
        ] {
            assert!(is_only_set(line, "x"), "{line}");
        }
        for line in
            ["x = x + 1U;", "y = x;", "if (x) {", "y[x] = 1U;", "wide_copy(y, x, 3U);", "self->x = 1U;"]
        {
            assert!(!is_only_set(line, "x"), "{line}");
        }
    }
}
