//! What the tests share: random numbers, folders for tools, and whether GHDL is there.
#![allow(dead_code, clippy::unwrap_used)]

#[path = "../../../text/tests/support/installed.rs"]
mod installed;

pub mod bench;
pub mod exprs;

use pyhw_ir::Int;
use std::path::{Path, PathBuf};

/// Random numbers that are the same on every machine.
pub struct Rng(u64);

impl Rng {
    /// From a seed.
    pub fn new(seed: u64) -> Rng {
        Rng(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x2545_f491_4f6c_dd1d)
    }

    /// Any 64 bits.
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Less than the limit.
    pub fn below(&mut self, limit: usize) -> usize {
        (self.next() >> 11) as usize % limit
    }

    /// True one time in so many.
    pub fn chance(&mut self, of: usize) -> bool {
        self.below(of) == 0
    }

    /// One of these.
    pub fn pick<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len())]
    }

    /// Any unsigned number of so many bits.
    pub fn bits(&mut self, width: u32) -> Int {
        let limbs: Vec<u32> = (0..width.div_ceil(32)).map(|_| self.next() as u32).collect();
        Int::from_limbs_32(&limbs).low_bits(width)
    }
}

/// A folder that is removed at the end, unless the test fails.
pub struct WorkDir(PathBuf);

impl WorkDir {
    /// An empty folder; tests run beside each other.
    pub fn new(name: &str) -> WorkDir {
        let path = std::env::temp_dir().join(format!("pyhw-vhdl-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        WorkDir(path)
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for WorkDir {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            let _ = std::fs::remove_dir_all(&self.0);
        }
    }
}

/// Whether GHDL is installed.
pub fn has_ghdl() -> bool {
    installed::installed("ghdl", "--version")
}

/// Findings as lines.
pub fn told(findings: &[pyhw_diagnostics::Diagnostic]) -> String {
    let lines: Vec<String> = findings
        .iter()
        .map(|found| format!("{} {} at {}", found.code, found.message, found.primary.span))
        .collect();
    lines.join("\n")
}
