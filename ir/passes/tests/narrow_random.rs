//! Narrowing never changes what a body does, and no `refine` that it puts in is ever wrong.

#![allow(clippy::unwrap_used, reason = "only tests use it")]

mod support;

use pyhw_ir::eval::{Exit, Fault, FaultKind};
use pyhw_ir::*;
use pyhw_passes::{NarrowOptions, narrow};
use support::designs::Rng;
use support::designs::random::{random_design, random_value};
use support::programs::{Programs, without_refine};
use support::*;

/// How a run ended, without what narrowing may change: nothing but pyhw's own names for variables' bounds.
fn outcome(result: Result<Exit, Fault>) -> Result<Exit, String> {
    result.map_err(|fault| {
        assert!(!matches!(*fault.kind, FaultKind::Internal { .. }), "{fault}");
        format!("{fault:?}").split("span").next().unwrap().to_owned()
    })
}

/// Runs every process of the design before and after narrowing on `rounds` random states of its nets.
fn compare(before: &Design, rounds: usize, rng: &mut Rng, what: &str) -> usize {
    let mut after = before.clone();
    narrow(&mut after, NarrowOptions::default());
    assert_valid(&after, what);
    let mut ran = 0;
    for (index, module) in before.modules.iter().enumerate() {
        for process in 0..module.processes.len() {
            let (Some(old), Some(new)) = (body(before, index, process), body(&after, index, process)) else {
                continue;
            };
            for _ in 0..rounds {
                let mut world = World::new(module);
                for (value, net) in world.now.iter_mut().zip(&module.nets) {
                    if !matches!(net.ty, Type::Opaque | Type::Text) && *value != Value::Z {
                        *value = random_value(&net.ty, &before.types, rng);
                    }
                }
                world.next = world.now.clone();
                let mut other = world.clone();
                let first = outcome(run(old, &mut world, &before.types, 8));
                // Loops without an end, and what reading `z` means within a `mux`, are left to other tests.
                if first == Ok(Exit::Interrupted) {
                    break;
                }
                if first.as_ref().is_err_and(|fault| fault.contains("Undriven")) {
                    continue;
                }
                let second = outcome(run(new, &mut other, &after.types, 8));
                if second.as_ref().is_err_and(|fault| fault.contains("Undriven")) {
                    continue;
                }
                let name = &module.processes[process].name;
                let show = || {
                    let (before, after) = (print::print_pretty(before), print::print_pretty(&after));
                    format!("{what}\nprocess {name}, nets {:?}\n{before}\n{after}", world.now)
                };
                assert!(first == second, "before {first:?}\nafter {second:?}\n{}", show());
                assert!(world.next == other.next, "{:?}\n{:?}\n{}", world.next, other.next, show());
                assert!(world.printed == other.printed, "{}", show());
                ran += usize::from(first.is_ok());
            }
        }
    }
    ran
}

#[test]
fn any_design_does_the_same_after_narrowing() {
    let mut rng = Rng(7);
    for seed in 0..150 {
        let mut design = random_design(seed);
        without_refine(&mut design);
        assert_valid(&design, "");
        compare(&design, 4, &mut rng, &format!("seed {seed}"));
    }
}

/// How many programs are tried.
const PROGRAMS: u64 = 300;

#[test]
fn programs_that_narrowing_learns_from_do_the_same() {
    let mut rng = Rng(11);
    let mut ran = 0;
    for seed in 0..PROGRAMS {
        let text = Programs::text(seed, seed.is_multiple_of(3));
        let design = design(&text);
        ran += compare(&design, 8, &mut rng, &format!("seed {seed}\n{text}"));
    }
    assert!(ran as u64 > 2 * PROGRAMS, "too few runs end without a fault: {ran}");
}
