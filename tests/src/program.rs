//! The program `pyhw` for the tests that run it.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// The program, built once for a test executable whose folder of scratch files is `scratch` (`CARGO_TARGET_TMPDIR`).
///
/// It is built with the packages and targets that the test runner builds, so that nothing is compiled for other features.
///
/// # Panics
///
/// Panics if it cannot be built.
pub fn program(scratch: &str) -> &'static Path {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM.get_or_init(|| {
        let target = Path::new(scratch).parent().expect("the folder of scratch files has a parent");
        let built = Command::new(env!("CARGO"))
            .args(["build", "--quiet", "--workspace", "--all-targets", "--target-dir"])
            .arg(target)
            .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
            .status()
            .expect("cargo runs");
        assert!(built.success(), "`cargo build` failed");
        target.join("debug/pyhw")
    })
}
