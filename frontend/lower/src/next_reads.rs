//! Where reading `s.next` is reading `s`.
//!
//! MyHDL converts the one to the other; in simulation `s.next` is what the last store of any process left. The two are the same at the
//! edge of a clock if nothing has stored into `s` since it changed last: if only combinational logic drives it, and that does not run
//! together with the process that asks. So it is where all that the logic follows from are registers of the same edges, whose
//! changes are a delta cycle away, and signals that nothing drives. A port may change at the very edge, and what a test bench drives
//! too: there the answer would depend on the order of processes, and the read stays outside the subset.

use crate::hierarchy::Placed;
use crate::lowerer::Context;
use crate::typed::next_is_read;
use pyhw_diagnostics::Span;
use pyhw_elaborate::ProcessId;
use pyhw_ir::{Event, HostBody, NetId, NetKind, ProcessBody, ProcessKind};
use std::collections::HashSet;

/// Processes that read the next values of signals: by their place, with these nets and where they are read.
pub type Reads = Vec<(usize, ProcessId, Vec<(NetId, Span)>)>;

/// Leaves those processes to the host for which a next value may be another one than the value.
pub fn settle(cx: &Context<'_>, placed: &mut [Placed], reads: Reads) {
    for (at, id, nets) in reads {
        let unsettled = nets.iter().find(|(net, _)| !is_settled(cx, placed, at, *net));
        let Some((_, span)) = unsettled else { continue };
        let handle = cx.elaborated.process(id).handle;
        placed[at].process.body = ProcessBody::Host(HostBody { handle, reason: vec![next_is_read(*span)] });
    }
}

fn is_settled(cx: &Context<'_>, placed: &[Placed], at: usize, asked: NetId) -> bool {
    let ProcessKind::Clocked { events, reset } = &placed[at].process.kind else { return false };
    if reset.as_ref().is_some_and(|reset| reset.is_async) {
        return false;
    }
    let mut seen = HashSet::from([asked]);
    let mut open = vec![asked];
    while let Some(net) = open.pop() {
        if cx.nets.net(net).kind != NetKind::Signal {
            return false;
        }
        let drivers: Vec<&Placed> = placed.iter().filter(|one| one.drives.contains(&net)).collect();
        // A signal of the outside is driven there.
        if drivers.is_empty() && cx.nets.owner(net).is_none() {
            return false;
        }
        for driver in drivers {
            match (&driver.process.kind, &driver.process.body) {
                (ProcessKind::Comb { sensitivity }, ProcessBody::Ir(_)) => {
                    open.extend(sensitivity.iter().copied().filter(|net| seen.insert(*net)));
                }
                (ProcessKind::Clocked { events: others, reset: None }, ProcessBody::Ir(_))
                    // A register that is asked itself has another next value as soon as it is stored into.
                    if net != asked && same(events, others) => {}
                (ProcessKind::Clocked { .. } | ProcessKind::Timed | ProcessKind::Comb { .. }, _) => return false,
            }
        }
    }
    true
}

fn same(one: &[Event], other: &[Event]) -> bool {
    one.len() == other.len() && one.iter().all(|event| other.contains(event))
}
