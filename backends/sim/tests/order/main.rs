//! The order of events is MyHDL's: random programs whose traces MyHDL 0.11.52 has written.
//!
//! Each seed gives one program of processes that print, store and wait in every way there is. `golden.txt` holds what MyHDL
//! prints for it. `cargo test -p pyhw-sim --test order -- --ignored --nocapture` prints the same programs in Python;
//! running that under MyHDL writes the file anew.

#![allow(clippy::unwrap_used)]

mod program;
mod run;

use program::{Program, SEEDS};

const GOLDEN: &str = include_str!("golden.txt");

/// What MyHDL prints for the program of a seed.
fn expected(seed: u64) -> &'static str {
    let head = format!("== {seed}\n");
    let start = GOLDEN.find(&head).map(|at| at + head.len()).expect("each seed has its trace");
    let rest = &GOLDEN[start..];
    &rest[..rest.find("== ").unwrap_or(rest.len())]
}

#[test]
fn evaluated_processes_run_in_the_order_of_myhdl() {
    for seed in 0..SEEDS {
        let program = Program::random(seed);
        let trace = run::trace(&program, &|_| false);
        assert_eq!(trace, expected(seed), "seed {seed}:\n{}", program.python());
    }
}

#[test]
fn processes_of_the_host_run_in_the_order_of_myhdl() {
    for seed in 0..SEEDS {
        let program = Program::random(seed);
        let trace = run::trace(&program, &|_| true);
        assert_eq!(trace, expected(seed), "seed {seed}:\n{}", program.python());
    }
}

#[test]
fn processes_of_both_kinds_mix() {
    for seed in 0..SEEDS {
        let program = Program::random(seed);
        let trace = run::trace(&program, &|process| (process + seed as usize).is_multiple_of(2));
        assert_eq!(trace, expected(seed), "seed {seed}:\n{}", program.python());
    }
}

#[test]
#[ignore = "prints the programs for MyHDL"]
fn print_programs() {
    println!("from myhdl import *\nimport sys");
    for seed in 0..SEEDS {
        println!("{}", Program::random(seed).python());
    }
}
