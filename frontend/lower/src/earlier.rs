//! What an attempt to lower a process has to know from its beginning, and only a later place in the process tells.
//!
//! A process is lowered with what is known at first, which is nothing. A place that asks for more notes it here and gives the attempt
//! up; the next one has it. Each attempt adds to what is known, so there is a last one.

use crate::lists::has_elements;
use crate::lowerer::{Frame, Lowerer, Lowers};
use crate::value::{Val, Width};
use pyhw_diagnostics::Span;
use pyhw_elaborate::FunctionId;
use pyhw_ir::VarId;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

/// Local names, each with the function that has it.
pub type Names = BTreeSet<(FunctionId, String)>;

/// What earlier attempts to lower a process have found: which of its local lists are not kept element by element, and what names are at the
/// heads of loops.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Earlier {
    /// Lists of `intbv`s that are arrays.
    pub tables: Names,
    /// Lists of numbers whose elements are variables.
    pub variables: Names,
    /// Names that are numbers before a loop, and something else, or in another variable, after a turn of it.
    pub others: Names,
    /// Names that one variable holds wherever they are numbers: they are read where paths meet on which they are different kinds of
    /// numbers, or counters.
    pub numbers: Names,
    /// Names that are something else after a turn even so.
    pub objects: Names,
    /// What their numbers are together: of names before a loop and after a turn of it, and of elements of lists, which have names in the
    /// text, before and after a store.
    pub widths: BTreeMap<(FunctionId, String), Width>,
}

impl Earlier {
    /// Whether it is not known what a name is at the head of a loop whose turns bind it.
    pub fn is_unknown_at_head(&self, key: &(FunctionId, String)) -> bool {
        self.objects.contains(key) || (self.others.contains(key) && !self.numbers.contains(key))
    }
}

impl<'a> Lowerer<'a> {
    /// Whether the name under way is in one of these.
    pub fn is_in(&mut self, names: impl Fn(&Earlier) -> &Names, name: &str) -> bool {
        let key = (self.frame().home, name.to_owned());
        names(&self.earlier).contains(&key)
    }

    /// What the numbers that a name stands for are together, as far as a later place has told.
    pub fn later_width(&mut self, name: &str) -> Option<Width> {
        let key = (self.frame().home, name.to_owned());
        self.earlier.widths.get(&key).copied()
    }

    /// Notes names that are something else at the head of a loop than they were before it. Gives whether that is news.
    pub fn other_at_head(&mut self, others: Vec<String>, widths: Vec<(String, Width)>) -> bool {
        let home = self.frame().home;
        let before = self.earlier.clone();
        for name in others {
            let key = (home, name);
            match self.earlier.numbers.contains(&key) {
                false => self.earlier.others.insert(key),
                true => self.earlier.objects.insert(key),
            };
        }
        for (name, width) in widths {
            self.add_width((home, name), width);
        }
        self.earlier != before
    }

    /// Notes that one variable is to hold the numbers of this name of a function. Gives whether that is news.
    pub fn in_one_variable(&mut self, home: FunctionId, name: &str) -> bool {
        self.earlier.numbers.insert((home, name.to_owned()))
    }

    /// Notes what the variable of an element holds before and after a store together. Gives whether that is news.
    pub fn other_in_element(&mut self, var: VarId, width: Width) -> bool {
        let before = self.earlier.clone();
        let named = |frame: &Frame<'a>| {
            let found = frame.plain.iter().find(|(_, known)| **known == var);
            found.map(|((name, _), _)| (frame.home, name.clone()))
        };
        if let Some(key) = self.frames.iter().find_map(named) {
            self.add_width(key, width);
        }
        self.earlier != before
    }

    /// Notes something of the lists with these elements. Gives whether that is news.
    pub fn note(&mut self, elements: &Rc<Vec<Val<'a>>>, names: impl Fn(&mut Earlier) -> &mut Names) -> bool {
        let found = self.names_of(elements);
        let known = names(&mut self.earlier);
        let before = known.len();
        known.extend(found);
        known.len() > before
    }

    /// Ends the attempt to lower the process, which has found what the next one needs to know.
    pub fn begin_anew<T>(&mut self, span: Span) -> Lowers<T> {
        self.outside(span, "the process is lowered once more")
    }

    fn add_width(&mut self, key: (FunctionId, String), width: Width) {
        let known = self.earlier.widths.entry(key).or_insert(width);
        *known = Width::merge(Some(*known), Some(width)).unwrap_or(width);
    }

    /// The names that lead to a list with these elements.
    fn names_of(&self, elements: &Rc<Vec<Val<'a>>>) -> Vec<(FunctionId, String)> {
        let mut found = Vec::new();
        for frame in &self.frames {
            let holding = frame.locals.iter().filter(|(_, local)| has_elements(local, elements));
            found.extend(holding.map(|(name, _)| (frame.home, name.clone())));
        }
        found
    }
}
