//! `pyhw completions`.

use super::Done;
use crate::args::{Args, Completions};
use crate::stdout;
use clap::CommandFactory;

pub fn run(args: &Completions) -> Done<()> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Args::command(), "pyhw", &mut script);
    stdout::write(&String::from_utf8_lossy(&script))
}
