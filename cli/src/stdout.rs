//! Results go to stdout. A reader that went away (`| head`) is no fault.

use crate::exit::Exit;
use std::io::{ErrorKind, Write};

/// Writes text; a failure is the exit code to end with.
pub fn write(text: &str) -> Result<(), Exit> {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Err(Exit::Success),
        Err(error) => {
            eprintln!("error: stdout: {}", crate::of_error(&error));
            Err(Exit::Usage)
        }
    }
}
