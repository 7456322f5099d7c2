//! A straight-line process stores what the original does, and faults exactly where that does.

#![allow(clippy::unwrap_used, reason = "only tests use it")]

mod support;

use pyhw_ir::eval::{Exit, Fault, FaultKind};
use pyhw_ir::{Design, Type, Value, print};
use pyhw_passes::dataflow::{Limits, dataflow};
use pyhw_passes::{NarrowOptions, narrow};
use std::collections::BTreeMap;
use support::designs::Rng;
use support::designs::random::{random_design, random_value};
use support::programs::{Programs, without_refine};
use support::*;

/// How a run ended; where a fault stands in the source may be that of an equal expression.
fn outcome(result: Result<Exit, Fault>) -> Result<Exit, FaultKind> {
    result.map_err(|fault| {
        assert!(!matches!(*fault.kind, FaultKind::Internal { .. }), "{fault}");
        *fault.kind
    })
}

/// What was seen of the processes of some designs.
#[derive(Debug, Default)]
struct Seen {
    straight: usize,
    kept: BTreeMap<String, usize>,
    /// Runs that ended well, and with a fault.
    ended: usize,
    faulted: usize,
}

/// Runs every process of the design before and after on `rounds` random states of its nets.
fn compare(before: &Design, rounds: usize, rng: &mut Rng, what: &str, seen: &mut Seen) {
    let mut after = before.clone();
    let kept = dataflow(&mut after, Limits::default());
    assert_valid(&after, what);
    for (index, module) in before.modules.iter().enumerate() {
        for process in 0..module.processes.len() {
            let (Some(old), Some(new)) = (body(before, index, process), body(&after, index, process)) else {
                continue;
            };
            match kept.iter().find(|kept| kept.module.index() == index && kept.process.index() == process) {
                Some(kept) => {
                    *seen.kept.entry(format!("{:?}", kept.reason)).or_default() += 1;
                    assert!(old == new, "what is kept is as it was");
                    continue;
                }
                None => seen.straight += 1,
            }
            for _ in 0..rounds {
                let mut world = World::new(module);
                for (value, net) in world.now.iter_mut().zip(&module.nets) {
                    if !matches!(net.ty, Type::Opaque | Type::Text) && *value != Value::Z {
                        *value = random_value(&net.ty, &before.types, rng);
                    }
                }
                world.next = world.now.clone();
                let mut other = world.clone();
                let first = outcome(run(old, &mut world, &before.types, 0));
                assert!(first != Ok(Exit::Interrupted), "a loop without an end was written out\n{what}");
                let second = outcome(run(new, &mut other, &after.types, 0));
                let name = &module.processes[process].name;
                let show = || {
                    let (before, after) = (print::print_pretty(before), print::print_pretty(&after));
                    format!("{what}\nprocess {name}, nets {:?}\n{before}\n{after}", world.now)
                };
                assert!(first == second, "before {first:?}\nafter {second:?}\n{}", show());
                match first {
                    Ok(_) => {
                        assert!(world.next == other.next, "{:?}\n{:?}\n{}", world.next, other.next, show());
                        seen.ended += 1;
                    }
                    Err(_) => seen.faulted += 1,
                }
            }
        }
    }
}

#[test]
fn any_design_does_the_same() {
    let (mut rng, mut seen) = (Rng(7), Seen::default());
    for seed in 0..150 {
        let mut design = random_design(seed);
        without_refine(&mut design);
        compare(&design, 4, &mut rng, &format!("seed {seed}"), &mut seen);
        narrow(&mut design, NarrowOptions::default());
        compare(&design, 4, &mut rng, &format!("seed {seed}, narrowed"), &mut seen);
    }
    assert!(seen.straight > 100 && seen.ended > 400 && seen.faulted > 400, "{seen:?}");
}

#[test]
fn programs_do_the_same() {
    let (mut rng, mut seen) = (Rng(11), Seen::default());
    for seed in 0..200 {
        let text = Programs::text(seed, false);
        let mut design = design(&text);
        let what = format!("seed {seed}\n{text}");
        compare(&design, 8, &mut rng, &what, &mut seen);
        narrow(&mut design, NarrowOptions::default());
        compare(&design, 8, &mut rng, &what, &mut seen);
    }
    assert!(seen.straight > 200 && seen.ended > 500 && seen.faulted > 200, "{seen:?}");
}
