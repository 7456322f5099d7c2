//! The command line of pyhw.
//!
//! *Input*: the words of a command line, files, and an [`Interpreter`] where Python is to be elaborated. *Output*: files, text on
//! stdout, messages on stderr, an exit code. *Guarantees*: nothing is written unless everything could be; the same command gives
//! the same output. *Deliberately not here*: Python itself (the extension brings it), meaning (the other crates have it): this
//! crate only puts their results together and shows them.
//!
//! [`main`] does everything that needs no Python, and tells whether one is needed; the `pyhw` program starts it then, and the
//! extension calls [`main_with`].

pub mod args;
mod commands;
pub mod emission;
mod exit;
mod findings;
pub mod interpreter;
pub mod interrupt;
mod json;
mod output;
pub mod pipeline;
pub mod progress;
mod render;
mod report;
mod silence;
pub mod source;
mod stdout;
pub mod time;
pub mod waves;

pub use exit::Exit;
pub use findings::{Findings, of_error};
pub use interpreter::Interpreter;
pub use render::{render, render_plain};
pub use report::Reporter;

use args::Args;
use clap::Parser;
use pyhw_diagnostics::Severity;
use std::ffi::OsString;
use std::io::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// How far a command came without Python.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Start {
    /// It is done.
    Done(Exit),
    /// It needs Python from here on: [`main_with`] is to be called, in one.
    NeedsPython,
}

/// Runs a command as far as it needs no Python. `words` begin with the program's name.
pub fn main(words: impl IntoIterator<Item = OsString>) -> Start {
    let args = match parse(words) {
        Ok(args) => args,
        Err(exit) => return Start::Done(exit),
    };
    if args.command.needs_python() {
        // A file that is no design is told here: then nobody waits for a Python.
        return match source::read(args.command.file().expect("invariant: such a command has a file")) {
            Ok(_) => Start::NeedsPython,
            Err(findings) => Start::Done(told(&args, &findings)),
        };
    }
    Start::Done(guarded(&args, None))
}

/// Runs a command with an interpreter at hand. `words` begin with the program's name.
pub fn main_with(words: impl IntoIterator<Item = OsString>, interpreter: &mut dyn Interpreter) -> Exit {
    match parse(words) {
        Ok(args) => guarded(&args, Some(interpreter)),
        Err(exit) => exit,
    }
}

fn parse(words: impl IntoIterator<Item = OsString>) -> Result<Args, Exit> {
    let words: Vec<OsString> = words.into_iter().collect();
    Args::try_parse_from(&words).and_then(Args::with_single_values).map_err(|error| {
        if error.use_stderr() && words.iter().take_while(|word| *word != "--").any(|word| word == "--json") {
            let message = error.to_string();
            let message = message.split("\n\n").next().unwrap_or_default();
            let line = json::remark(Severity::Error, message.strip_prefix("error: ").unwrap_or(message));
            // Where it cannot be written there is nobody to tell.
            let _ = writeln!(std::io::stderr(), "{line}");
            return Exit::Usage;
        }
        match error.print() {
            _ if error.use_stderr() => Exit::Usage,
            Ok(()) => Exit::Success,
            Err(failed) => stdout::failed(&failed),
        }
    })
}

fn told(args: &Args, findings: &Findings) -> Exit {
    let mut reporter = Reporter::new(&args.messages);
    reporter.report(findings);
    reporter.finish()
}

/// Runs a command; a panic is an internal fault with a code of its own.
fn guarded(args: &Args, interpreter: Option<&mut dyn Interpreter>) -> Exit {
    let run = AssertUnwindSafe(|| {
        let mut reporter = Reporter::new(&args.messages);
        let exit = commands::run(&args.command, &mut reporter, interpreter);
        exit.max(reporter.finish())
    });
    catch_unwind(run).unwrap_or_else(|_| told(args, &Findings::bug("pyhw stopped at a fault of its own")))
}
