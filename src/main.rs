//! The program `pyhw`: does what needs no Python, and otherwise becomes a Python that has the library and the extension.
//!
//! The library is carried in the program and unpacked once; the extension lies beside the program. Which Python `python3` means is
//! asked once and remembered, since what stands under that name may be a script that takes longer to find it than a short
//! simulation takes to run.

mod launcher;

use pyhw_cli::{Exit, Start};
use std::ffi::OsString;
use std::process::ExitCode;

fn main() -> ExitCode {
    let words: Vec<OsString> = std::env::args_os().collect();
    match pyhw_cli::main(words.iter().cloned()) {
        Start::Done(exit) => ExitCode::from(exit.code()),
        Start::NeedsPython => match launcher::launch(words.get(1..).unwrap_or_default()) {
            Ok(code) => code,
            Err(why) => {
                eprintln!("error: {why}");
                ExitCode::from(Exit::Usage.code())
            }
        },
    }
}
