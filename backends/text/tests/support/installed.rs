//! What the tests of the back-ends share: whether a tool is there to read what was emitted.

use std::process::Command;

/// Whether a tool is installed. A test that misses it says so and does without; in continuous integration it fails.
///
/// # Panics
/// The tool is missing, and the variable `CI` is set to anything but `false`.
pub fn installed(tool: &str, option: &str) -> bool {
    let found = Command::new(tool).arg(option).output().is_ok();
    let ci = std::env::var_os("CI").is_some_and(|ci| !ci.is_empty() && ci != "false");
    assert!(found || !ci, "{tool} is not installed");
    if !found {
        eprintln!("SKIPPED: {tool} is not installed");
    }
    found
}
