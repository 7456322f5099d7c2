//! Integers that a clocked process keeps outside of itself and changes in place: registers in what is emitted.
//!
//! ```text
//! q = intbv(1)[8:]
//!
//! @always_seq(clk.posedge, reset=rst)         net %q: u8 = 1
//! def shift():                          ─►    process shift clocked(rising %clk) reset(%rst, high, sync) {
//!     q[8:1] = q[7:0]                           $q = %q
//!                                               $q.slice[1](7) = slice[0, 7]($q)
//!                                               %q <= $q
//!                                             }
//! ```
//!
//! The process sees what it stored at once, in its variable; nobody else knows the integer, so that it makes no difference that the
//! net takes it afterwards. The reset of `@always_seq` restores it, as MyHDL does. A list of such integers is kept likewise. What a
//! generator changes is a variable of it, which begins with the integer's value; what `@always_comb` changes is one that each run has
//! to store into before it reads it. A simulation in Python leaves such a process to the host: there the object itself is what changes,
//! and may be looked at after the run.

use crate::effects::Effects;
use crate::lowerer::Context;
use crate::nets::{Keeping, Register};
use crate::reach::reached_objects;
use pyhw_elaborate::{Binding, Elaborated, Object, ObjectId, ProcessId, Sense, Trigger};
use pyhw_ir::Edge;
use std::collections::{HashMap, HashSet};

/// The registers of all processes. An integer that something else reaches as well is none.
pub fn registers(cx: &Context<'_>) -> Vec<Register> {
    let ids = || (0..cx.elaborated.processes.len()).map(|index| ProcessId(index as u32));
    let mut found: Vec<Register> = Vec::new();
    let effects = Effects::of(cx);
    for id in ids() {
        let process = cx.elaborated.process(id);
        let Some(keeping) = keeping(&process.trigger) else { continue };
        let Some(home) = process.function else { continue };
        let function = cx.elaborated.function(home);
        let Some(def) = cx.parsed.function(function) else { continue };
        for &object in effects.contents.get(&home).into_iter().flatten() {
            let is_it = |binding: &Binding| matches!(binding, Binding::Object(id) if *id == object);
            let Some((name, _)) = function.names.iter().find(|(_, binding)| is_it(binding)) else { continue };
            let register = |object: ObjectId, name: String| Register {
                process: id,
                object,
                name,
                block: process.block,
                span: def.span,
                keeping,
            };
            let elements = elements_of_one_kind(cx.elaborated, object);
            match (keeping, elements) {
                _ if is_bounded_integer(cx.elaborated, object) => found.push(register(object, name.clone())),
                (Keeping::InNet | Keeping::InVariable, Some(_)) => found.push(register(object, name.clone())),
                (Keeping::Nothing, Some(elements)) => {
                    let named = elements.into_iter().enumerate();
                    found.extend(named.map(|(index, element)| register(element, format!("{name}_{index}"))));
                }
                (_, None) => {}
            }
        }
    }
    let mut seen = HashSet::new();
    found.retain(|one| seen.insert(one.object));
    if found.is_empty() {
        return found;
    }
    let reached: Vec<(ProcessId, HashSet<ObjectId>)> =
        ids().filter_map(|id| Some((id, reached_objects(cx, cx.elaborated.process(id).function?)))).collect();
    let holders = holders(cx.elaborated);
    found.retain(|one| {
        let own = elements_of_one_kind(cx.elaborated, one.object).unwrap_or_default();
        let is_others = |object: &ObjectId| {
            reached.iter().any(|(process, objects)| *process != one.process && objects.contains(object))
        };
        // An element that has another name is reached past the list.
        !is_others(&one.object) && own.iter().all(|of| !is_others(of) && holders.get(of) == Some(&1))
    });
    found
}

/// The names of the processes but one that lead to an object.
pub fn others_that_reach<'a>(cx: &Context<'a>, process: Option<ProcessId>, object: ObjectId) -> Vec<&'a str> {
    let ids = (0..cx.elaborated.processes.len()).map(|index| ProcessId(index as u32));
    ids.filter(|id| Some(*id) != process)
        .map(|id| cx.elaborated.process(id))
        .filter(|other| other.function.is_some_and(|home| reached_objects(cx, home).contains(&object)))
        .map(|other| other.name.as_str())
        .collect()
}

fn keeping(trigger: &Trigger) -> Option<Keeping> {
    match trigger {
        Trigger::Seq { .. } => Some(Keeping::InNet),
        Trigger::Always(senses) => {
            let is_edge = |sense: &Sense| matches!(sense, Sense::Event(_, Edge::Rising | Edge::Falling));
            senses.iter().all(is_edge).then_some(Keeping::InNet)
        }
        Trigger::Instance => Some(Keeping::InVariable),
        Trigger::Comb => Some(Keeping::Nothing),
    }
}

/// How often lists, objects and functions name each integer.
fn holders(elaborated: &Elaborated) -> HashMap<ObjectId, usize> {
    fn count(binding: &Binding, holders: &mut HashMap<ObjectId, usize>) {
        match binding {
            Binding::Object(id) => *holders.entry(*id).or_default() += 1,
            Binding::Tuple(elements, _) => elements.iter().for_each(|element| count(element, holders)),
            Binding::Module(_, members) => members.values().for_each(|member| count(member, holders)),
            Binding::Const(_)
            | Binding::Signal(_)
            | Binding::TupleClass(_)
            | Binding::EnumType(_)
            | Binding::Function(_)
            | Binding::Property(_)
            | Binding::Builtin(_)
            | Binding::Unknown(_) => {}
        }
    }
    let mut found = HashMap::new();
    for function in &elaborated.functions {
        let names = function.names.values().chain(function.defaults.values()).chain(&function.receiver);
        names.for_each(|binding| count(binding, &mut found));
    }
    for object in &elaborated.objects {
        match object {
            Object::List(elements) => elements.iter().for_each(|element| count(element, &mut found)),
            Object::Dict(items) => items.iter().for_each(|(_, value)| count(value, &mut found)),
            Object::Instance { attributes, .. } => {
                attributes.values().for_each(|value| count(value, &mut found));
            }
            Object::Cell(inner) => count(inner, &mut found),
            Object::Intbv { .. } => {}
        }
    }
    found
}

/// The integers of a list of them, if it has two or more of one declaration.
pub fn elements_of_one_kind(elaborated: &Elaborated, list: ObjectId) -> Option<Vec<ObjectId>> {
    let Object::List(elements) = elaborated.object(list) else { return None };
    let element = |binding: &Binding| match binding {
        Binding::Object(id) if is_bounded_integer(elaborated, *id) => Some(*id),
        _ => None,
    };
    let ids: Vec<ObjectId> = elements.iter().map(element).collect::<Option<_>>()?;
    let declared = |id: &ObjectId| match elaborated.object(*id) {
        Object::Intbv { range, width_bits, wraps, .. } => Some((range.clone(), *width_bits, *wraps)),
        Object::List(_) | Object::Dict(_) | Object::Instance { .. } | Object::Cell(_) => None,
    };
    let first = ids.first().and_then(declared);
    (ids.len() > 1 && ids.iter().all(|id| declared(id) == first)).then_some(ids)
}

fn is_bounded_integer(elaborated: &Elaborated, id: ObjectId) -> bool {
    match elaborated.object(id) {
        Object::Intbv { range, .. } => {
            range.is_bounded()
                && range.width_bits().is_some_and(|width| width <= pyhw_ir::types::MAX_WIDTH_BITS)
        }
        Object::List(_) | Object::Dict(_) | Object::Instance { .. } | Object::Cell(_) => false,
    }
}
