//! Names that the target language allows, each given once.

use crate::keywords;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// What a language allows as a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Rules {
    /// Legal in Verilog, SystemVerilog and VHDL alike.
    Hdl,
    /// Legal in C and C++.
    C,
}

/// Gives names within one scope.
#[derive(Clone, Debug)]
pub struct Namer {
    rules: Rules,
    /// The names of the scopes around this one, as compared.
    outer: Vec<Arc<HashSet<String>>>,
    /// As compared: in lower case where the language does not tell cases apart.
    taken: Arc<HashSet<String>>,
    /// The last number that was tried for a name, so that many equal wishes stay cheap.
    tried: HashMap<String, u32>,
}

impl Namer {
    /// For Verilog and VHDL: no keyword of Verilog-2005, SystemVerilog-2017, VHDL-93 or VHDL-2008 and no name of
    /// `numeric_std` that emitted VHDL needs; `[A-Za-z][A-Za-z0-9_]*` without a double or trailing underscore; names that
    /// differ only in case are the same.
    pub fn hdl() -> Namer {
        Namer { rules: Rules::Hdl, outer: Vec::new(), taken: Arc::default(), tried: HashMap::new() }
    }

    /// For C: no keyword of C99, C11 or C++ and no identifier of `<stdbool.h>`, `<stddef.h>`, `<stdint.h>` and `<limits.h>`;
    /// `[A-Za-z][A-Za-z0-9_]*`; cases differ.
    pub fn c() -> Namer {
        Namer { rules: Rules::C, outer: Vec::new(), taken: Arc::default(), tried: HashMap::new() }
    }

    /// A scope within this one: its names differ from those given so far out here. It costs little, however many these are.
    pub fn scope(&self) -> Namer {
        let outer = self.outer.iter().chain([&self.taken]).map(Arc::clone).collect();
        Namer { rules: self.rules, outer, taken: Arc::default(), tried: HashMap::new() }
    }

    /// A legal name that was not given before, as close to `wanted` as may be: what is illegal is replaced, and `_1`, `_2`, …
    /// is appended where the name is reserved or taken.
    pub fn fresh(&mut self, wanted: &str) -> String {
        let base = self.legal(wanted);
        if self.is_free(&base) {
            self.reserve(&base);
            return base;
        }
        let mut number = self.tried.get(&base).copied().unwrap_or(0);
        loop {
            number += 1;
            let name = format!("{base}_{number}");
            if self.is_free(&name) {
                self.tried.insert(base, number);
                self.reserve(&name);
                return name;
            }
        }
    }

    /// A legal name for something within this scope: it is free here and none of `locals`, which it joins. Cheaper than a scope of
    /// its own where the names out here are many and those within are few.
    pub fn local(&self, wanted: &str, locals: &mut HashSet<String>) -> String {
        let base = self.legal(wanted);
        let mut name = base.clone();
        let mut number = 0u32;
        while !self.is_free(&name) || locals.contains(&self.key(&name)) {
            number += 1;
            name = format!("{base}_{number}");
        }
        locals.insert(self.key(&name));
        name
    }

    /// Takes a name as it stands, so that it is not given any more.
    pub fn reserve(&mut self, exact: &str) {
        let key = self.key(exact);
        Arc::make_mut(&mut self.taken).insert(key);
    }

    /// Whether nothing may be called so because the language, or emitted text, means something else by it.
    pub fn is_reserved(&self, name: &str) -> bool {
        match self.rules {
            Rules::Hdl => keywords::is_hdl(&name.to_ascii_lowercase()),
            Rules::C => keywords::is_c(name),
        }
    }

    /// Whether each of its characters may stand where it does.
    pub fn is_legal(&self, name: &str) -> bool {
        self.legal(name) == name
    }

    /// Whether [`Namer::fresh`] would give this name, which is legal, as it stands.
    pub fn is_free(&self, name: &str) -> bool {
        let key = self.key(name);
        !self.is_reserved(name)
            && !self.taken.contains(&key)
            && self.outer.iter().all(|taken| !taken.contains(&key))
    }

    fn key(&self, name: &str) -> String {
        match self.rules {
            Rules::Hdl => name.to_ascii_lowercase(),
            Rules::C => name.to_owned(),
        }
    }

    /// The name with everything illegal replaced; it may still be reserved or taken.
    fn legal(&self, wanted: &str) -> String {
        let mut name = String::with_capacity(wanted.len());
        for c in wanted.chars() {
            let single = self.rules == Rules::Hdl && (name.ends_with('_') || name.is_empty());
            match c {
                'a'..='z' | 'A'..='Z' => name.push(c),
                '0'..='9' if !name.is_empty() => name.push(c),
                '0'..='9' => {
                    name.push('n');
                    name.push(c);
                }
                // A letter of another script keeps its place, so that two such names stay apart.
                c if !c.is_ascii() && c.is_alphanumeric() => {
                    name.push_str(&format!("u{:x}", u32::from(c)));
                }
                // A leading underscore is reserved in C and illegal in VHDL.
                _ if single || name.is_empty() => {}
                _ => name.push('_'),
            }
        }
        if self.rules == Rules::Hdl {
            name.truncate(name.trim_end_matches('_').len());
        }
        if name.is_empty() { "unnamed".to_owned() } else { name }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_legal_name_is_kept() {
        let mut namer = Namer::hdl();
        assert_eq!(namer.fresh("uart_tx"), "uart_tx");
        assert_eq!(namer.fresh("Q7"), "Q7");
    }

    #[test]
    fn keywords_of_either_hdl_are_avoided_in_any_case() {
        let mut namer = Namer::hdl();
        for word in ["in", "OUT", "logic", "Signal", "casez", "to_unsigned", "vunit"] {
            assert_eq!(namer.fresh(word), format!("{word}_1"));
        }
        assert_eq!(Namer::c().fresh("in"), "in");
        assert_eq!(Namer::c().fresh("INT8_MAX"), "INT8_MAX_1");
        assert_eq!(Namer::c().fresh("class"), "class_1");
    }

    #[test]
    fn names_that_differ_in_case_only_are_one_in_hdl_and_two_in_c() {
        let mut hdl = Namer::hdl();
        assert_eq!(hdl.fresh("Data"), "Data");
        assert_eq!(hdl.fresh("data"), "data_1");
        let mut c = Namer::c();
        assert_eq!(c.fresh("Data"), "Data");
        assert_eq!(c.fresh("data"), "data");
    }

    #[test]
    fn what_is_illegal_is_replaced() {
        let mut namer = Namer::hdl();
        assert_eq!(namer.fresh("__a__b__"), "a_b");
        assert_eq!(namer.fresh("bus[3].valid"), "bus_3_valid");
        assert_eq!(namer.fresh("8b10b"), "n8b10b");
        assert_eq!(namer.fresh("α"), "u3b1");
        assert_eq!(namer.fresh("_"), "unnamed");
        assert_eq!(namer.fresh(""), "unnamed_1");
    }

    #[test]
    fn a_number_that_is_taken_is_passed_over() {
        let mut namer = Namer::hdl();
        namer.reserve("a_1");
        assert_eq!(namer.fresh("a"), "a");
        assert_eq!(namer.fresh("a"), "a_2");
        assert_eq!(namer.fresh("A"), "A_3");
    }

    #[test]
    fn a_local_name_avoids_outer_and_other_local_names() {
        let mut outer = Namer::hdl();
        outer.fresh("a");
        let mut locals = HashSet::new();
        assert_eq!(outer.local("a", &mut locals), "a_1");
        assert_eq!(outer.local("i", &mut locals), "i");
        assert_eq!(outer.local("I", &mut locals), "I_1");
        assert_eq!(outer.local("i", &mut HashSet::new()), "i");
    }

    #[test]
    fn an_inner_scope_avoids_outer_names_and_leaves_them_alone() {
        let mut outer = Namer::hdl();
        outer.fresh("a");
        let mut inner = outer.scope();
        assert_eq!(inner.fresh("a"), "a_1");
        assert_eq!(inner.fresh("b"), "b");
        assert_eq!(outer.fresh("b"), "b");
    }
}
