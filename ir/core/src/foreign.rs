//! Code of a user's own, in which `${net}` stands for a net.

/// The text with each `${name}` replaced; a name for which there is nothing stays as it is.
pub fn substitute(text: &str, mut with: impl FnMut(&str) -> Option<String>) -> String {
    let mut result = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("${") {
        result.push_str(&rest[..at]);
        rest = &rest[at..];
        let Some(end) = rest.find('}') else { break };
        match with(&rest[2..end]) {
            Some(value) => result.push_str(&value),
            None => result.push_str(&rest[..=end]),
        }
        rest = &rest[end + 1..];
    }
    result.push_str(rest);
    result
}

/// Whether the code may give `${name}` a value: it stands left of an assignment, or is connected to a port.
///
/// Verilog, VHDL and C are told by their assignment signs alone, so that this is a guess; it is asked only of signals of which the
/// design says that something drives them.
pub fn stores(text: &str, name: &str) -> bool {
    places(text, name).any(|(before, after)| is_connected(before, after) || is_assigned(before, after))
}

/// Whether Verilog of a user's own gives `${name}` a value within a procedure: by an assignment that neither `assign` nor a
/// declaration makes. A guess as well.
pub fn stores_in_procedure(text: &str, name: &str) -> bool {
    places(text, name).any(|(before, after)| {
        is_assigned(before, after) && !words(before).any(|word| word == "assign" || word == "wire")
    })
}

/// Whether Verilog of a user's own gives something its first value itself, in an `initial` block.
pub fn has_initial(text: &str) -> bool {
    let code = text.lines().map(|line| line.split("//").next().unwrap_or(line));
    code.into_iter()
        .any(|line| line.split(|c: char| !c.is_alphanumeric() && c != '_').any(|word| word == "initial"))
}

/// Whether Verilog of a user's own fills `${name}` from a file.
pub fn loads(text: &str, name: &str) -> bool {
    places(text, name).any(|(before, _)| {
        is_open(before, '(', ')') && words(before).any(|word| matches!(word, "readmemh" | "readmemb"))
    })
}

/// Where `${name}` stands: what is before it on its line or in its statement, and all that follows.
fn places<'t>(text: &'t str, name: &str) -> impl Iterator<Item = (&'t str, &'t str)> {
    let mark = format!("${{{name}}}");
    let mut from = 0;
    std::iter::from_fn(move || {
        let at = from + text[from..].find(&mark)?;
        from = at + mark.len();
        Some((text[..at].rsplit([';', '\n']).next().unwrap_or(""), text[from..].trim_start()))
    })
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric())
}

fn is_connected(before: &str, after: &str) -> bool {
    let before = before.trim_end();
    before.ends_with("=>") || (before.ends_with('(') && before.contains('.') && after.starts_with(')'))
}

fn is_assigned(before: &str, mut after: &str) -> bool {
    // A part of it, or a concatenation that it is in.
    loop {
        after = match after.chars().next() {
            Some('[') => after.split_once(']').map_or("", |(_, rest)| rest).trim_start(),
            Some('(') => after.split_once(')').map_or("", |(_, rest)| rest).trim_start(),
            Some(',') if is_open(before, '{', '}') => {
                after.split_once('}').map_or("", |(_, rest)| rest).trim_start()
            }
            Some('}') if is_open(before, '{', '}') => after[1..].trim_start(),
            _ => break,
        };
    }
    let assigned = after.starts_with("<=")
        || after.starts_with(":=")
        || (after.starts_with('=') && !after.starts_with("==") && !after.starts_with("=>"));
    let any_of = |wanted: &[&str]| words(before).any(|word| wanted.contains(&word));
    let condition = any_of(&["if", "elsif", "when", "while", "until", "assert", "and", "or"])
        && !before.contains(')')
        && !any_of(&["then"]);
    assigned && !condition && !is_open(before, '(', ')')
}

/// Whether a bracket is still open at the end of the text.
fn is_open(text: &str, open: char, close: char) -> bool {
    text.matches(open).count() > text.matches(close).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_replaced_where_there_is_something_for_them() {
        let with = |name: &str| (name == "a").then(|| "x".to_owned());
        assert_eq!(substitute("assign ${a} = ${b} + ${a};", with), "assign x = ${b} + x;");
        assert_eq!(substitute("${a", with), "${a");
    }

    #[test]
    fn assignments_of_each_language_are_seen() {
        for text in [
            "assign ${q} = 1;",
            "assign {${c}, ${q}} = a + b;",
            "assign {${q}, ${c}} = a + b;",
            "if (${reset} == 0) ${q} <= 0;",
            "    ${q}[3:0] <= ${d};",
            "${q} <= ${d} and ${e};",
            "if ${e} = '1' then ${q} <= ${d}; end if;",
            "u : entity work.part port map (q => ${q});",
            "part u (.q (${q}));",
        ] {
            assert!(stores(text, "q"), "{text}");
        }
        for text in [
            "assign ${d} = ${q};",
            "if (${q} <= 3) ${d} <= 0;",
            "if ${q} <= 3 then",
            "if (${q} == 1) ${d} = 2;",
        ] {
            assert!(!stores(text, "q"), "{text}");
        }
    }

    #[test]
    fn what_is_filled_from_a_file_is_seen() {
        assert!(loads("initial begin\n    $readmemh(\"a.hex\", ${mem}, 0, ${top});\nend", "mem"));
        assert!(loads("initial $readmemb(\"a.hex\", ${mem});", "mem"));
        assert!(!loads("initial $readmemb(\"a.hex\", ${mem}); assign x = ${q};", "q"));
        assert!(!loads("assign x = ${mem};", "mem"));
    }

    #[test]
    fn assignments_of_procedures_are_told_from_others() {
        for text in [
            "always @(posedge ${clk}) ${q} <= ${d};",
            "always @(${d} or ${e})\n    ${q} = ${d};",
            "if (${reset} == 0) ${q} <= 0;",
            "initial {${c}, ${q}} = 2'b01;",
            "    begin ${q}[3:0] <= ${d}; end",
        ] {
            assert!(stores_in_procedure(text, "q"), "{text}");
        }
        for text in [
            "assign ${q} = 1;",
            "assign ${q}[1] = ${d} <= 1;",
            "part u (.q (${q}));",
            "wire first = ${q}, ${q} = 2;",
            "always @(*) ${d} = ${q} == 2;",
            "always @(*) if (${q} <= 3) ${d} = 2;",
        ] {
            assert!(!stores_in_procedure(text, "q"), "{text}");
        }
    }
}
