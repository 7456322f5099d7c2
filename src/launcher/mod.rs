//! Becomes a Python with pyhw in it.

mod cache;
mod interpreter;
mod library;
mod prune;

use std::env::consts::{DLL_PREFIX, DLL_SUFFIX};
use std::ffi::OsString;
use std::path::PathBuf;
use std::process::{Command, ExitCode};

/// What Python runs: it is told the library's folder and the extension's file, and the words of the command line.
const BOOT: &str = include_str!("boot.py");

/// Runs the command in Python. Returns only where that failed, or where a process cannot become another one.
///
/// # Errors
/// What is missing, and what to do about it.
pub fn launch(words: &[OsString]) -> Result<ExitCode, String> {
    let extension = extension()?;
    let library = library::unpack()?;
    let python = interpreter::find(&library)?;
    let mut command = Command::new(python);
    command.arg("-c").arg(BOOT).arg(library).arg(extension).args(words);
    become_it(command)
}

/// The extension module beside the program.
fn extension() -> Result<PathBuf, String> {
    let program =
        std::env::current_exe().map_err(|error| format!("the program's own place is not known: {error}"))?;
    let name = format!("{DLL_PREFIX}pyhw{DLL_SUFFIX}");
    // A program that was started through a link lies elsewhere.
    let program = program.canonicalize().unwrap_or(program);
    let path = program.with_file_name(&name);
    match path.is_file() {
        true => Ok(path),
        false => Err(format!("`{}` is not there: `cargo build` makes it beside the program", path.display())),
    }
}

#[cfg(unix)]
fn become_it(mut command: Command) -> Result<ExitCode, String> {
    use nix::sys::signal::{SigSet, Signal};
    use std::os::unix::process::CommandExt;
    // Ctrl-C waits until the program in Python can answer it: while Python starts, it would answer with a traceback of its own.
    let mut interrupts = SigSet::empty();
    interrupts.add(Signal::SIGINT);
    interrupts.thread_block().map_err(|error| format!("interrupts cannot be held back: {error}"))?;
    // Signals, exit code and terminal are then those of Python itself.
    let error = command.exec();
    Err(format!("`{}` cannot be started: {error}", command.get_program().display()))
}

#[cfg(not(unix))]
fn become_it(mut command: Command) -> Result<ExitCode, String> {
    match command.status() {
        Ok(status) => Ok(ExitCode::from(status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(1))),
        Err(error) => Err(format!("`{}` cannot be started: {error}", command.get_program().display())),
    }
}
