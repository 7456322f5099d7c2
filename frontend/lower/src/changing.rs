//! What Python code changes while a simulation runs: attributes of objects and of modules, and names after `nonlocal` and `global`.
//!
//! A compiled process has the values that these had when it was made. Where a function that a process leads to stores into one of them,
//! the processes that use it are left to Python. Lists, dicts and integers that change in place are followed as objects
//! ([`Effects`]). What other code changes while no run goes on, between two steps of a
//! simulation, only the host can see: [`Assumed`] names what it has to look at.

use crate::effects::Effects;
use crate::lowerer::Context;
use pyhw_diagnostics::FileId;
use pyhw_elaborate::{FunctionId, ObjectId};
use pyhw_syntax::names::reads_and_writes;
use std::collections::{BTreeSet, HashSet};

/// Something that has a value, and may have another one later.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Slot {
    /// An attribute of an object.
    Attribute(ObjectId, String),
    /// A name of a module.
    Member(String, String),
    /// A name that a function finds around it.
    Name(FunctionId, String),
}

impl Slot {
    /// What the slot is called.
    pub fn name(&self) -> &str {
        match self {
            Slot::Attribute(_, name) | Slot::Member(_, name) | Slot::Name(_, name) => name,
        }
    }
}

/// What a compiled process took for a constant.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Assumed {
    /// What is there.
    Slot(Slot),
    /// What is in a list, a dict or an integer.
    Content(ObjectId),
}

/// What functions change.
#[derive(Default)]
pub struct Changed {
    slots: BTreeSet<Slot>,
    /// Names around the functions of a file. Two that are called the same count as one.
    names: HashSet<(FileId, String)>,
}

impl Changed {
    /// All that functions change which the processes of the design lead to.
    pub fn of(cx: &Context<'_>, effects: Effects) -> Changed {
        let mut names = HashSet::new();
        for function in &cx.elaborated.functions {
            let Some(def) = cx.parsed.function(function) else { continue };
            let stored =
                reads_and_writes(def).stored.into_iter().filter(|(path, _)| path.segments.is_empty());
            names.extend(stored.map(|(path, _)| (function.file, path.root)));
        }
        Changed { slots: effects.slots, names }
    }

    /// Whether some function changes it.
    pub fn contains(&self, cx: &Context<'_>, slot: &Slot) -> bool {
        match slot {
            Slot::Attribute(..) | Slot::Member(..) => self.slots.contains(slot),
            Slot::Name(function, name) => {
                self.names.contains(&(cx.elaborated.function(*function).file, name.clone()))
            }
        }
    }
}
