//! `pyhw passes`.

use super::Done;
use crate::pipeline::LOWER;
use crate::stdout;
use pyhw_passes::{PASSES, Pipeline};
use std::fmt::Write;

pub fn run() -> Done<()> {
    stdout::write(&list())
}

fn list() -> String {
    let mut text = format!(
        "{LOWER:<14}  Makes IR of what was elaborated; not a pass, but the IR can be printed after it.\n"
    );
    for pass in PASSES {
        // Writing into a String cannot fail.
        let _ = writeln!(text, "{:<14}  {}", pass.name, pass.description);
        for option in pass.options {
            // As it stands in the pipelines below.
            let name = format!("{}[{}]", pass.name, option.name);
            let _ = writeln!(text, "  {name}  {}", option.description);
        }
    }
    let pipelines = [
        ("sim", Pipeline::for_simulation()),
        ("check", Pipeline::for_check()),
        ("emit", Pipeline::for_emission(false)),
        ("emit --flat", Pipeline::for_emission(true)),
    ];
    text.push('\n');
    for (command, pipeline) in pipelines {
        let _ = writeln!(text, "pyhw {command:<11}  {pipeline}");
    }
    text
}
