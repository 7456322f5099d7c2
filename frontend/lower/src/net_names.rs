//! Names of nets in a module: those that lead to them, and distinct ones.

use crate::nets::{Nets, SignalPlace};
use pyhw_elaborate::{Binding, Elaborated, Object};
use pyhw_ir::NetId;
use std::collections::HashSet;

/// Finds the nets that a name leads to: `clk`, `bus.data` as `bus_data`, `taps[3]` as `taps_3`.
pub struct Names<'a> {
    pub elaborated: &'a Elaborated,
    pub nets: &'a Nets,
    pub found: Vec<(NetId, String)>,
    pub seen: HashSet<u32>,
}

impl Names<'_> {
    pub fn collect(&mut self, name: &str, binding: &Binding, depth: usize) {
        if depth > 8 {
            return;
        }
        match binding {
            Binding::Signal(id) => match self.nets.place(*id) {
                SignalPlace::Net(net) => self.found.push((net, name.to_owned())),
                // The memory is found by its list.
                SignalPlace::Element(..) => {}
            },
            Binding::Object(id) => {
                if !self.seen.insert(id.0) {
                    return;
                }
                if let Some(memory) = self.nets.memory(*id) {
                    self.found.push((memory, name.to_owned()));
                    return;
                }
                match self.elaborated.object(*id) {
                    Object::List(elements) => {
                        for (index, element) in elements.iter().enumerate() {
                            self.collect(&format!("{name}_{index}"), element, depth + 1);
                        }
                    }
                    Object::Instance { attributes, .. } => {
                        for (attribute, value) in attributes {
                            self.collect(&format!("{name}_{attribute}"), value, depth + 1);
                        }
                    }
                    Object::Dict(_) | Object::Intbv { .. } | Object::Cell(_) => {}
                }
            }
            Binding::Tuple(elements, _) => {
                for (index, element) in elements.iter().enumerate() {
                    self.collect(&format!("{name}_{index}"), element, depth + 1);
                }
            }
            Binding::Const(_)
            | Binding::TupleClass(_)
            | Binding::EnumType(_)
            | Binding::Function(_)
            | Binding::Property(_)
            | Binding::Builtin(_)
            | Binding::Module(..)
            | Binding::Unknown(_) => {}
        }
    }
}

/// Gives out names that are distinct.
#[derive(Clone, Default)]
pub struct Fresh {
    taken: HashSet<String>,
    /// Names that are kept for those who are called so.
    kept: HashSet<String>,
}

impl Fresh {
    /// Keeps names for those who are called so.
    pub fn keep<'n>(&mut self, names: impl Iterator<Item = &'n String>) {
        self.kept.extend(names.cloned());
    }

    /// A name for a net that is called `own`, or else for one that has no name here, and elsewhere is called `foreign`.
    pub fn named(&mut self, own: Option<&str>, foreign: &str) -> String {
        match own {
            Some(own) => {
                self.kept.remove(own);
                self.fresh(own)
            }
            None => self.fresh(foreign),
        }
    }

    pub fn fresh(&mut self, wanted: &str) -> String {
        let mut name = wanted.to_owned();
        let mut count = 1;
        while self.kept.contains(&name) || !self.taken.insert(name.clone()) {
            name = format!("{wanted}_{count}");
            count += 1;
        }
        name
    }
}
