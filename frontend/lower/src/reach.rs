//! What the names of a function lead to: along a path of its text, or by any way.

use crate::lowerer::Context;
use crate::process::net_of;
use pyhw_elaborate::{Binding, FunctionId, Object, ObjectId, SignalId};
use pyhw_ir::NetId;
use pyhw_syntax::ast::FunctionDef;
use pyhw_syntax::names::{Path, Segment};
use std::collections::{BTreeSet, HashSet};

/// The signals that a path from a free name leads to: one, or those of a list.
pub fn signals_at(cx: &Context<'_>, home: FunctionId, path: &Path) -> Vec<SignalId> {
    let mut found = Vec::new();
    if let Some(at) = binding_at(cx, home, path) {
        signals_in(cx, at, &mut found);
    }
    found
}

/// What a path from a free name leads to, as far as that is known: up to a signal, and up to an index.
pub fn binding_at<'a>(cx: &Context<'a>, home: FunctionId, path: &Path) -> Option<&'a Binding> {
    let function = cx.elaborated.function(home);
    let mut at = function.names.get(&path.root)?;
    for segment in &path.segments {
        at = match (segment, at) {
            (Segment::Attribute(name), Binding::Object(_) | Binding::Module(..)) => attribute(cx, at, name)?,
            (
                Segment::Attribute(_) | Segment::Index,
                Binding::Const(_)
                | Binding::Signal(_)
                | Binding::Tuple(..)
                | Binding::TupleClass(_)
                | Binding::EnumType(_)
                | Binding::Function(_)
                | Binding::Property(_)
                | Binding::Builtin(_)
                | Binding::Unknown(_),
            )
            | (Segment::Index, Binding::Object(_) | Binding::Module(..)) => break,
        };
    }
    Some(at)
}

/// What an attribute of an object or a module leads to.
pub fn attribute<'a>(cx: &Context<'a>, of: &'a Binding, name: &str) -> Option<&'a Binding> {
    match of {
        Binding::Object(id) => match cx.elaborated.object(*id) {
            Object::Instance { attributes, .. } => attributes.get(name),
            Object::List(_) | Object::Dict(_) | Object::Intbv { .. } | Object::Cell(_) => None,
        },
        Binding::Module(_, members) => members.get(name),
        Binding::Const(_)
        | Binding::Signal(_)
        | Binding::Tuple(..)
        | Binding::TupleClass(_)
        | Binding::EnumType(_)
        | Binding::Function(_)
        | Binding::Property(_)
        | Binding::Builtin(_)
        | Binding::Unknown(_) => None,
    }
}

/// The signals of a binding: itself, or those of a list or a struct, at any depth.
pub fn signals_in(cx: &Context<'_>, binding: &Binding, into: &mut Vec<SignalId>) {
    match binding {
        Binding::Signal(id) => into.push(*id),
        Binding::Object(id) => match cx.elaborated.object(*id) {
            Object::List(elements) => elements.iter().for_each(|element| signals_in(cx, element, into)),
            Object::Instance { attributes, is_struct: true, .. } => {
                attributes.values().for_each(|field| signals_in(cx, field, into));
            }
            Object::Instance { .. } | Object::Dict(_) | Object::Intbv { .. } | Object::Cell(_) => {}
        },
        Binding::Tuple(elements, _) => elements.iter().for_each(|element| signals_in(cx, element, into)),
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

/// Every net that the function's names lead to, through objects and functions.
pub fn reachable(cx: &Context<'_>, home: FunctionId) -> BTreeSet<NetId> {
    reached(cx, home).0
}

/// Every object that the function's names lead to, through objects and functions.
pub fn reached_objects(cx: &Context<'_>, home: FunctionId) -> HashSet<ObjectId> {
    reached(cx, home).1
}

fn reached(cx: &Context<'_>, home: FunctionId) -> (BTreeSet<NetId>, HashSet<ObjectId>) {
    let mut nets = BTreeSet::new();
    let mut objects = HashSet::new();
    let mut functions = HashSet::new();
    let mut stack: Vec<&Binding> = Vec::new();
    functions.insert(home);
    let function = cx.elaborated.function(home);
    stack.extend(function.names.values().chain(function.receiver.iter()).chain(function.defaults.values()));
    while let Some(binding) = stack.pop() {
        match binding {
            Binding::Signal(id) => {
                nets.insert(net_of(cx, *id));
            }
            Binding::Object(id) => {
                if !objects.insert(*id) {
                    continue;
                }
                match cx.elaborated.object(*id) {
                    Object::List(elements) => stack.extend(elements),
                    Object::Dict(items) => items.iter().for_each(|(key, value)| stack.extend([key, value])),
                    Object::Instance { attributes, .. } => stack.extend(attributes.values()),
                    Object::Cell(inner) => stack.push(inner),
                    Object::Intbv { .. } => {}
                }
            }
            Binding::Tuple(elements, _) => stack.extend(elements),
            Binding::Module(_, members) => stack.extend(members.values()),
            Binding::Function(id) | Binding::Property(id) => {
                if !functions.insert(*id) {
                    continue;
                }
                let function = cx.elaborated.function(*id);
                stack.extend(
                    function.names.values().chain(function.receiver.iter()).chain(function.defaults.values()),
                );
            }
            Binding::Const(_)
            | Binding::TupleClass(_)
            | Binding::EnumType(_)
            | Binding::Builtin(_)
            | Binding::Unknown(_) => {}
        }
    }
    (nets, objects)
}

/// The nets that the text of a function drives.
pub fn driven_nets(cx: &Context<'_>, home: FunctionId, def: &FunctionDef) -> BTreeSet<NetId> {
    let accesses = pyhw_syntax::names::reads_and_writes(def);
    let driven = accesses.driven.iter().flat_map(|(path, _)| signals_at(cx, home, path));
    driven.map(|signal| net_of(cx, signal)).collect()
}
