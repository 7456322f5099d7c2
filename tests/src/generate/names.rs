//! Names inside of a design, some of which the targets do not allow.

use super::rng::Rng;

/// Names as designers give them, and among them keywords of each target and names that differ in case only.
const WORDS: &[&str] = &[
    "count",
    "data",
    "state",
    "acc",
    "shift",
    "index",
    "tmp",
    "sum",
    "flag",
    "busy",
    "ready",
    "valid",
    "x",
    "y",
    "n",
    "k",
    "wire",
    "reg",
    "begin",
    "signal",
    "process",
    "variable",
    "entity",
    "int",
    "static",
    "switch",
    "Data",
    "STATE",
    "table",
    "output",
    "logic",
    "bit",
    "self",
    "bool",
    "unsigned",
    "signed",
    "to_unsigned",
    "_private",
    "trailing_",
    "a__b",
    "rising_edge",
    "resize",
    "uint8_t",
    "default",
    "case",
    "is",
    "abs",
    "mod",
];

/// Gives names of one scope; each is given once where [`Names::distinct`] is asked.
#[derive(Clone, Debug)]
pub struct Names {
    plain: bool,
    used: Vec<String>,
}

impl Names {
    /// A scope; in half of them names are plain, so that what comes out reads well.
    pub fn new(rng: &mut Rng) -> Names {
        Names { plain: rng.once_in(2), used: Vec::new() }
    }

    /// A name that may have been given before.
    pub fn any(&self, rng: &mut Rng) -> String {
        let words = if self.plain { &WORDS[..16] } else { WORDS };
        (*rng.pick(words)).to_owned()
    }

    /// A name that was not given before.
    pub fn distinct(&mut self, rng: &mut Rng) -> String {
        let word = self.any(rng);
        let mut name = word.clone();
        while self.used.contains(&name) {
            name = format!("{word}{}", rng.below(100));
        }
        self.used.push(name.clone());
        name
    }

    /// Takes a name out.
    pub fn reserve(&mut self, name: &str) {
        self.used.push(name.to_owned());
    }
}
