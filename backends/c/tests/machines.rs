//! Random clocked designs, compiled and run, against a plain simulator on the evaluator.

mod common;

use common::machine::{driver, machine};
use pyhw_ir::Design;
use std::path::Path;

fn run(dir: &Path, seeds: std::ops::Range<u64>, steps: u32) {
    let designs: Vec<(u64, Design)> = seeds.map(|seed| (seed, machine(seed))).collect();
    for (seed, design) in &designs {
        let faults = pyhw_ir::verify::verify(design);
        assert!(faults.is_empty(), "seed {seed}: {faults:#?}");
    }
    let cases: Vec<(String, &Design, String)> = designs
        .iter()
        .map(|(seed, design)| {
            (format!("machine_{seed}"), design, driver(design, &format!("run_machine_{seed}"), steps))
        })
        .collect();
    common::run_on_host(dir, &cases);
    let sources: Vec<String> = designs.iter().map(|(seed, _)| format!("machine_{seed}.c")).collect();
    let sources: Vec<&str> = sources.iter().map(String::as_str).collect();
    common::compile_everywhere(dir, &sources);
    // Random statements are redundant, and other checks say so.
    common::cppcheck(dir, &sources, "performance,portability");
}

#[test]
fn random_machines_do_what_the_evaluator_says() {
    if common::has_tool("gcc") {
        run(&common::folder("machines"), 0..20, 12);
    }
}

#[test]
#[ignore = "takes minutes: many more of the same"]
fn many_random_machines() {
    let dir = common::folder("machines_many");
    for block in 0..30 {
        let first = 1000 + 20 * block;
        run(&dir, first..first + 20, 15);
        println!("seeds {first} to {} are fine", first + 19);
    }
}
