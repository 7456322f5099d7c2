//! Results go to stdout. A reader that went away (`| head`) is no fault.

use crate::exit::Exit;
use std::io::{ErrorKind, Write};

/// Writes text; a failure is the exit code to end with.
pub fn write(text: &str) -> Result<(), Exit> {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Ok(()) => Ok(()),
        Err(error) => Err(failed(&error)),
    }
}

/// Tells that stdout could not be written; gives the exit code to end with.
pub fn failed(error: &std::io::Error) -> Exit {
    if error.kind() == ErrorKind::BrokenPipe {
        return Exit::Success;
    }
    // Where that cannot be written either there is nobody to tell.
    let _ = writeln!(std::io::stderr(), "error: stdout: {}", crate::of_error(error));
    Exit::Usage
}
