//! What Python code changes while a simulation runs: attributes of objects and of modules, and names after `nonlocal` and `global`.
//!
//! A compiled process has the values that these had when it was made. Where a function that a process leads to stores into one of them,
//! the processes that use it are left to Python. Lists, dicts and integers that change in place are followed as objects
//! ([`changed_objects`]). What other code changes while no run goes on, between two steps of a
//! simulation, only the host can see: [`Assumed`] names what it has to look at.

use crate::lowerer::Context;
use crate::reach::step;
use crate::ways::ways;
use pyhw_diagnostics::FileId;
use pyhw_elaborate::{Binding, Function, FunctionId, ObjectId};
use pyhw_syntax::names::{Segment, reads_and_writes};
use std::collections::HashSet;

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
    slots: HashSet<Slot>,
    /// Names around the functions of a file. Two that are called the same count as one.
    names: HashSet<(FileId, String)>,
}

impl Changed {
    /// All that functions change which the processes of the design lead to.
    pub fn of(cx: &Context<'_>) -> Changed {
        let mut changed = Changed::default();
        cx.elaborated.functions.iter().for_each(|function| changed.add(cx, function));
        changed
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

    fn add(&mut self, cx: &Context<'_>, function: &Function) {
        let Some(def) = cx.parsed.function(function) else { return };
        let stored = reads_and_writes(def).stored;
        let names = stored.into_iter().filter(|(path, _)| path.segments.is_empty());
        self.names.extend(names.map(|(path, _)| (function.file, path.root)));
        for (from, segments) in ways(cx, function, def, &[]) {
            let Some((Segment::Attribute(name), before)) = segments.split_last() else { continue };
            let owners = along(cx, from, before).pop().unwrap_or_default();
            self.slots.extend(owners.into_iter().filter_map(|owner| match owner {
                Binding::Object(id) => Some(Slot::Attribute(*id, name.clone())),
                Binding::Module(module, _) => Some(Slot::Member(module.clone(), name.clone())),
                _ => None,
            }));
        }
    }
}

/// What the steps lead to, one after the other: first to where they begin.
fn along<'a>(cx: &Context<'a>, from: &'a Binding, segments: &[Segment]) -> Vec<Vec<&'a Binding>> {
    let mut places = vec![vec![from]];
    for segment in segments {
        let next = places.last().into_iter().flatten().flat_map(|at| step(cx, at, segment)).collect();
        places.push(next);
    }
    places
}

/// Methods that change the object they are called on.
const CHANGING: [&str; 14] = [
    "add",
    "append",
    "appendleft",
    "extend",
    "insert",
    "pop",
    "popleft",
    "remove",
    "clear",
    "discard",
    "sort",
    "reverse",
    "update",
    "setdefault",
];

/// The mutable objects that a function changes: by storing into them or into what is in them, or by calling a method that does.
pub fn changed_objects(cx: &Context<'_>, function: &Function) -> Vec<ObjectId> {
    let Some(def) = cx.parsed.function(function) else { return Vec::new() };
    let ways = ways(cx, function, def, &CHANGING);
    let places = ways.iter().flat_map(|(from, segments)| along(cx, from, segments)).flatten();
    let objects = places.filter_map(|place| match place {
        Binding::Object(id) => Some(*id),
        _ => None,
    });
    objects.collect()
}
