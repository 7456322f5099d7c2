//! How names, texts and types are written in IR text: shared by printer, parser and verifier.

use crate::design::{EnumId, StructId, Types};
use crate::types::Type;
use std::collections::HashMap;

/// Whether a name can stand in IR text without quotes.
pub(crate) fn is_plain(name: &str) -> bool {
    let mut chars = name.chars();
    chars.next().is_some_and(is_name_start) && chars.all(is_name_part)
}

/// Whether a name without quotes can begin with it.
pub(crate) fn is_name_start(c: char) -> bool {
    c == '_' || c.is_alphabetic()
}

/// Whether a name without quotes can go on with it.
pub(crate) fn is_name_part(c: char) -> bool {
    c == '_' || c.is_alphanumeric()
}

/// The text in quotes; what cannot be seen or would end it is escaped.
pub(crate) fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() => out.push_str(&format!("\\u{{{:x}}}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// What stands between the quotes, unescaped; `None` for an escape that does not exist.
pub(crate) fn unquoted(inside: &str) -> Option<String> {
    let mut out = String::with_capacity(inside.len());
    let mut chars = inside.chars();
    while let Some(c) = chars.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        match chars.next()? {
            'n' => out.push('\n'),
            'r' => out.push('\r'),
            't' => out.push('\t'),
            'u' => {
                let (digits, rest) = chars.as_str().strip_prefix('{')?.split_once('}')?;
                out.push(u32::from_str_radix(digits, 16).ok().and_then(char::from_u32)?);
                chars = rest.chars();
            }
            other @ ('"' | '\\') => out.push(other),
            _ => return None,
        }
    }
    Some(out)
}

/// The name as it is written: in quotes unless it is plain.
pub(crate) fn shown(name: &str) -> String {
    if is_plain(name) { name.to_owned() } else { quoted(name) }
}

/// Whether a type's name must be quoted because a built-in type looks like it.
pub(crate) fn is_type_word(name: &str) -> bool {
    let has_width = |rest: &str| !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_digit());
    matches!(name, "bool" | "int" | "array" | "text" | "opaque")
        || name.strip_prefix(['u', 's']).is_some_and(has_width)
}

/// Each name as it is written, the second and later bearers of a shared one with `.1`, `.2`…
pub(crate) fn distinct<'a>(
    names: impl IntoIterator<Item = &'a str>,
    show: fn(&str) -> String,
) -> Vec<String> {
    let mut counts: HashMap<&str, usize> = HashMap::new();
    names
        .into_iter()
        .map(|name| {
            let count = counts.entry(name).or_default();
            *count += 1;
            if *count == 1 { show(name) } else { format!("{}.{}", show(name), *count - 1) }
        })
        .collect()
}

/// How the named types of a design are written.
pub(crate) struct TypeNames {
    enums: Vec<String>,
    structs: Vec<String>,
}

impl TypeNames {
    pub(crate) fn new(types: &Types) -> TypeNames {
        let names = types.enums.iter().map(|of| &*of.name).chain(types.structs.iter().map(|of| &*of.name));
        let mut enums = distinct(names, |name| if is_type_word(name) { quoted(name) } else { shown(name) });
        let structs = enums.split_off(types.enums.len());
        TypeNames { enums, structs }
    }

    pub(crate) fn enum_name(&self, id: EnumId) -> Option<&str> {
        self.enums.get(id.index()).map(String::as_str)
    }

    pub(crate) fn struct_name(&self, id: StructId) -> Option<&str> {
        self.structs.get(id.index()).map(String::as_str)
    }

    /// The type as it is written; one that does not exist as `?`, which does not parse.
    pub(crate) fn text(&self, ty: &Type) -> String {
        let (mut open, mut close) = (String::new(), String::new());
        let mut ty = ty;
        while let Type::Array(element, length) = ty {
            open.push_str("array[");
            close.insert_str(0, &format!(", {length}]"));
            ty = element;
        }
        let inner = match ty {
            Type::Bool => "bool".to_owned(),
            Type::Int(range) => range.to_string(),
            Type::Enum(id) => self.enum_name(*id).map_or_else(|| format!("?{id}"), str::to_owned),
            Type::Struct(id) => self.struct_name(*id).map_or_else(|| format!("?{id}"), str::to_owned),
            Type::Text => "text".to_owned(),
            Type::Opaque | Type::Array(..) => "opaque".to_owned(),
        };
        open + &inner + &close
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quoting_is_undone_by_unquoting() {
        for text in ["", "plain", "a\"b\\c", "line\nnext\r\t", "\u{7}\u{85}é…", "\\u{41}"] {
            let quoted = quoted(text);
            assert_eq!(unquoted(&quoted[1..quoted.len() - 1]).as_deref(), Some(text));
            assert!(!quoted.contains('\n'));
        }
        assert_eq!(unquoted("\\x"), None);
        assert_eq!(unquoted("\\u{110000}"), None);
        assert_eq!(unquoted("\\"), None);
    }

    #[test]
    fn a_shared_name_gets_a_number_from_its_second_bearer_on() {
        assert_eq!(distinct(["a", "b", "a", "a.1", "a"], shown), ["a", "b", "a.1", "\"a.1\"", "a.2"]);
    }

    #[test]
    fn a_type_of_a_built_in_name_is_quoted() {
        assert!(is_type_word("u8") && is_type_word("s12") && is_type_word("bool"));
        assert!(!is_type_word("u") && !is_type_word("u8x") && !is_type_word("State"));
    }
}
