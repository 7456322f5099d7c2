//! Mutated texts through the front doors: 200,000 for each target in a whole run, in parts that run side by side.

use libtest_mimic::{Arguments, Trial};
use pyhw_tests::fuzz::{Target, run};
use pyhw_tests::selection::Selection;
use std::process::ExitCode;

/// Inputs of one test.
const PART: usize = 20_000;
/// Tests of a target in a whole run.
const PARTS: u64 = 10;
/// Inputs of the one test of the fast set.
const FAST: usize = 1_000;

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let selection = Selection::read(std::env::var_os("PYHW_TEST_SET").as_deref());
    // The first parts have the same seeds in every run, the others those of the commit.
    let parts = |parts: u64, shift: u64| {
        let seed = move |part| if part < PARTS / 2 { part } else { 1000 * (1 + shift) + part };
        (0..parts).map(seed).collect::<Vec<u64>>()
    };
    let (seeds, count) = match selection {
        Selection::Fast => (parts(1, 0), FAST),
        Selection::Shard(number) => (parts(PARTS, number), PART),
        Selection::All => (parts(2 * PARTS, 0), PART),
        Selection::Seeds(seeds) => (seeds.collect(), PART),
    };
    let mut trials = Vec::new();
    for target in Target::ALL {
        for &seed in &seeds {
            trials.push(Trial::test(format!("{}, seed {seed}", target.name()), move || {
                let accepted = run(target, seed, count)?;
                // Enough of them get past the parser to try what comes after it.
                if accepted * 20 < count {
                    return Err(format!("only {accepted} of {count} inputs were accepted").into());
                }
                Ok(())
            }));
        }
    }
    libtest_mimic::run(&arguments, trials).exit_code()
}
