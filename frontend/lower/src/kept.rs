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
//! net takes it afterwards. The reset of `@always_seq` restores it, as MyHDL does. A simulation in Python leaves such a process to the
//! host: there the object itself is the register, and may be looked at after the run.

use crate::lowerer::Context;
use crate::nets::Register;
use crate::process;
use pyhw_elaborate::{Binding, Elaborated, Object, ObjectId, ProcessId, Sense, Trigger};
use pyhw_ir::Edge;
use std::collections::HashSet;

/// The registers of all processes. An integer that something else reaches as well is none.
pub fn registers(cx: &Context<'_>) -> Vec<Register> {
    let ids = || (0..cx.elaborated.processes.len()).map(|index| ProcessId(index as u32));
    let mut found: Vec<Register> = Vec::new();
    for id in ids().filter(|id| is_clocked(&cx.elaborated.process(*id).trigger)) {
        let process = cx.elaborated.process(id);
        let Some(home) = process.function else { continue };
        let function = cx.elaborated.function(home);
        let Some(def) = cx.parsed.function(function) else { continue };
        for object in process::changed_objects(cx, function) {
            if !is_bounded_integer(cx.elaborated, object) || found.iter().any(|one| one.object == object) {
                continue;
            }
            let is_it = |binding: &Binding| matches!(binding, Binding::Object(id) if *id == object);
            let Some((name, _)) = function.names.iter().find(|(_, binding)| is_it(binding)) else { continue };
            found.push(Register {
                process: id,
                object,
                name: name.clone(),
                block: process.block,
                span: def.span,
            });
        }
    }
    if found.is_empty() {
        return found;
    }
    let reached: Vec<(ProcessId, HashSet<ObjectId>)> = ids()
        .filter_map(|id| Some((id, process::reached_objects(cx, cx.elaborated.process(id).function?))))
        .collect();
    found.retain(|one| {
        reached.iter().all(|(process, objects)| *process == one.process || !objects.contains(&one.object))
    });
    found
}

fn is_clocked(trigger: &Trigger) -> bool {
    match trigger {
        Trigger::Seq { .. } => true,
        Trigger::Always(senses) => {
            senses.iter().all(|sense| matches!(sense, Sense::Event(_, Edge::Rising | Edge::Falling)))
        }
        Trigger::Comb | Trigger::Instance => false,
    }
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
