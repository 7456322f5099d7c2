//! Parses every `.py` file under a folder and counts, within hardware processes, what the subset lacks:
//! `cargo run -p pyhw-syntax --example parse_tree DIR`.

#[path = "../tests/census/mod.rs"]
mod census;

use std::path::Path;
use std::process::ExitCode;

fn main() -> ExitCode {
    let Some(folder) = std::env::args_os().nth(1) else {
        eprintln!("usage: parse_tree DIR");
        return ExitCode::from(2);
    };
    let census = census::census(Path::new(&folder));
    println!("{} files, {} of them not parsed", census.files, census.broken.len());
    for (name, message) in &census.broken {
        println!("    {name}: {message}");
    }
    println!("{} functions, {} of them processes", census.functions, census.processes);
    println!("{} processes are inside the subset of processes", census.inside);
    for (what, places) in &census.refused {
        println!("    {:4} {what} ({}), first in {}", places.len(), what.row().accepted, places[0]);
    }
    ExitCode::SUCCESS
}
