//! What users get wrong, and what they are told: each a small file, run by a command.

mod blocks;
mod commands;
mod processes;
mod slips;

use pyhw_tests::program::program;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A file of this text in a folder of its own.
fn design(test: &str, text: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("mistakes").join(test);
    fs::create_dir_all(&folder).expect("the folder can be made");
    fs::write(folder.join("design.py"), format!("from pyhw import *\n\n{text}"))
        .expect("the design can be written");
    folder
}

/// The exit code, and what a person reads.
fn run(folder: &Path, words: &str) -> (i32, String) {
    let output = Command::new(program(env!("CARGO_TARGET_TMPDIR")))
        .args(words.split_whitespace())
        .current_dir(folder)
        .stdin(Stdio::null())
        .output()
        .expect("pyhw runs");
    let text = String::from_utf8(output.stderr).expect("pyhw writes UTF-8");
    (output.status.code().unwrap_or(-1), text)
}

/// What stands in `text`, in this order.
#[track_caller]
fn assert_told(text: &str, parts: &[&str]) {
    let mut rest = text;
    for part in parts {
        match rest.split_once(part) {
            Some((_, after)) => rest = after,
            None => panic!("`{part}` is missing, or not in its place:\n{text}"),
        }
    }
}

const REGISTER: &str = "\
@block
def register(clk: Clock, d: In[uint[8]], q: Out[uint[8]]):
    @always(clk.posedge)
    def keep():
        q.next = d

    return keep

";

/// A top of two bytes and a bit, with this body of a clocked process.
fn clocked(body: &str) -> String {
    let body: String = body.lines().map(|line| format!("        {line}\n")).collect();
    format!(
        "LIMIT = 256\n\n@block\ndef top(clk: Clock, a: In[uint[8]], b: In[uint[8]], c: In[bool], q: Out[uint[8]], depth: int = 4):\n    \
         @always(clk.posedge)\n    def work():\n        q.next = 0\n{body}\n    return work\n"
    )
}
