//! What Python code changes while a simulation runs: attributes of objects and of modules, and names after `nonlocal` and `global`.
//!
//! A compiled process has the values that these had when it was made. Where a function that a process leads to stores into one of them,
//! the processes that use it are left to Python. Lists, dicts and integers that change in place are followed as objects
//! ([`changed_objects`]). What other code changes while no run goes on, between two steps of a
//! simulation, only the host can see: [`Assumed`] names what it has to look at.

use crate::lowerer::Context;
use crate::reach::attribute;
use pyhw_diagnostics::FileId;
use pyhw_elaborate::{Binding, Function, FunctionId, Object, ObjectId};
use pyhw_syntax::ast::{Expr, ExprKind, FunctionDef};
use pyhw_syntax::names::{Path, Segment, reads_and_writes};
use pyhw_syntax::visit::{Visitor, walk_block, walk_expr, walk_target};
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
        for (path, _) in reads_and_writes(def).stored {
            if path.segments.is_empty() {
                self.names.insert((function.file, path.root));
            } else {
                self.slots.extend(slot(cx, function.names.get(&path.root), &path.segments));
            }
        }
        if let (Some(receiver), Some(own)) = (&function.receiver, def.params.first()) {
            let stores = stored_in(def, &own.name.name);
            self.slots.extend(stores.iter().filter_map(|segments| slot(cx, Some(receiver), segments)));
        }
    }
}

/// What a store through these steps changes, if the last one is an attribute.
fn slot(cx: &Context<'_>, from: Option<&Binding>, segments: &[Segment]) -> Option<Slot> {
    let (Segment::Attribute(name), before) = segments.split_last()? else { return None };
    let mut at = from?;
    for segment in before {
        let Segment::Attribute(name) = segment else { return None };
        at = attribute(cx, at, name)?;
    }
    match at {
        Binding::Object(id) => Some(Slot::Attribute(*id, name.clone())),
        Binding::Module(module, _) => Some(Slot::Member(module.clone(), name.clone())),
        _ => None,
    }
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

/// The mutable objects that a function changes: by storing into them, or by calling a method that does.
pub fn changed_objects(cx: &Context<'_>, function: &Function) -> Vec<ObjectId> {
    let Some(def) = cx.parsed.function(function) else { return Vec::new() };
    let accesses = reads_and_writes(def);
    let mut changed = Vec::new();
    let calls = accesses.read.iter().filter_map(|(path, _)| match path.segments.split_last() {
        Some((Segment::Attribute(method), before)) if CHANGING.contains(&method.as_str()) => {
            Some(Path { root: path.root.clone(), segments: before.to_vec() })
        }
        _ => None,
    });
    let named = accesses.stored.iter().map(|(path, _)| path.clone()).chain(calls);
    let mut paths: Vec<(Option<&Binding>, Vec<Segment>)> =
        named.map(|path| (function.names.get(&path.root), path.segments)).collect();
    // A method names the object that it belongs to by its first parameter.
    if let (Some(receiver), Some(own)) = (&function.receiver, def.params.first()) {
        let own = changed_in_place(def, &own.name.name, &CHANGING);
        paths.extend(own.into_iter().map(|segments| (Some(receiver), segments)));
    }
    for (from, segments) in paths {
        let mut at = from;
        for segment in &segments {
            at = match (segment, at) {
                (_, Some(Binding::Object(id))) => match cx.elaborated.object(*id) {
                    Object::Instance { attributes, .. } => match segment {
                        Segment::Attribute(name) => attributes.get(name),
                        Segment::Index => None,
                    },
                    _ => {
                        changed.push(*id);
                        None
                    }
                },
                _ => None,
            };
        }
        if let Some(Binding::Object(id)) = at {
            changed.push(*id);
        }
    }
    changed
}

/// The steps from a parameter to what a function stores into.
fn stored_in(def: &FunctionDef, param: &str) -> Vec<Vec<Segment>> {
    let mut stores = Stores { param, found: Vec::new() };
    walk_block(&mut stores, &def.body);
    stores.found
}

struct Stores<'p> {
    param: &'p str,
    found: Vec<Vec<Segment>>,
}

impl<'a> Visitor<'a> for Stores<'_> {
    fn target(&mut self, target: &'a Expr) {
        self.found.extend(steps_from(target, self.param));
        walk_target(self, target);
    }
}

/// The steps that lead from a name to an expression.
fn steps_from(expr: &Expr, name: &str) -> Option<Vec<Segment>> {
    Path::of(expr).filter(|path| path.root == name).map(|path| path.segments)
}

/// The steps from a parameter to what a function changes in place: what it stores into, and what it calls such a method of.
fn changed_in_place(def: &FunctionDef, param: &str, methods: &[&str]) -> Vec<Vec<Segment>> {
    let mut calls = Calls { param, methods, found: stored_in(def, param) };
    walk_block(&mut calls, &def.body);
    calls.found
}

struct Calls<'p> {
    param: &'p str,
    methods: &'p [&'p str],
    found: Vec<Vec<Segment>>,
}

impl<'a> Visitor<'a> for Calls<'_> {
    fn expr(&mut self, expr: &'a Expr) {
        if let ExprKind::Call { function, .. } = &expr.kind
            && let ExprKind::Attribute { value, attr } = &function.kind
            && self.methods.contains(&attr.name.as_str())
        {
            self.found.extend(steps_from(value, self.param));
        }
        walk_expr(self, expr);
    }
}
